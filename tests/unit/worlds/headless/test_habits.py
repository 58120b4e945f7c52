"""Questions that are answered before they are asked again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from worlds.headless.habits import Habits


def answer(call: str, arguments: Sequence[Any]) -> Any:
    if arguments[0] == 13:
        raise KeyError("the node is gone")
    return [call, *arguments]


def test_what_was_asked_at_three_steps_is_answered_unasked() -> None:
    habits = Habits()
    for step in (0, 5):
        habits.note("pose", (7, None), step)
        habits.note("pose", (7, None), step)  # twice in a step is no habit yet
        assert habits.answers(answer) == []
    habits.note("pose", (7, None), 10)
    assert habits.answers(answer) == [(("pose", 7, None), ["pose", 7, None])]


def test_only_what_moves_is_worth_a_habit() -> None:
    habits = Habits()
    for step in range(4):
        habits.note("from_def", ("EGO",), step)
        habits.note("get", (7, "size", False, None), step)
        habits.note("get", (7, "translation", False, None), step)
    assert [question for question, _ in habits.answers(answer)] == [("get", 7, "translation", False, None)]


def test_a_question_that_cannot_be_answered_any_more_is_left_to_be_asked() -> None:
    habits = Habits()
    for step in range(3):
        habits.note("velocity", (13,), step)
        habits.note("velocity", (8,), step)
    assert [question for question, _ in habits.answers(answer)] == [("velocity", 8)]
    assert len(habits.answers(answer)) == 1


def test_no_more_than_sixteen_questions_are_kept() -> None:
    habits = Habits()
    for step in range(3):
        for node in range(20, 50):
            habits.note("pose", (node, None), step)
    assert len(habits.answers(answer)) == 16
