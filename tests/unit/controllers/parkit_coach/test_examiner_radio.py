"""What the car says to the examiner and makes of what it hears."""

from __future__ import annotations

import json
from typing import Any

import pytest

from coach_core.contracts import Contact, LineTouched, Pose2, Retried
from controllers.parkit_coach.examiner_radio import ExaminerRadio
from controllers.parkit_coach.retries import PATIENCE_S, RetryDesk


class Radio:
    """Both ends of the car's radio, and the robot that has them."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.waiting: list[str] = []

    def getDevice(self, _name: str) -> Radio:
        return self

    def enable(self, period_ms: int) -> None:
        assert period_ms > 0

    def send(self, message: str) -> int:
        self.sent.append(json.loads(message))
        return 1

    def getQueueLength(self) -> int:
        return len(self.waiting)

    def getString(self) -> str:
        return self.waiting[0]

    def nextPacket(self) -> None:
        self.waiting.pop(0)

    def say(self, kind: str, **facts: Any) -> None:
        self.waiting.append(json.dumps({"type": kind, **facts}))


VERDICT = {"result": "parked", "slot_id": "A4", "duration_s": 41.0, "contacts": 0, "tries": 2}


@pytest.fixture
def radio() -> Radio:
    return Radio()


@pytest.fixture
def car(radio: Radio) -> ExaminerRadio:
    return ExaminerRadio(radio, 10)


def test_touches_become_events_in_their_order(radio: Radio, car: ExaminerRadio) -> None:
    radio.say("line", line_id="stop", line_kind="detection", wheel="front_left", at=[1.0, 2.0])
    radio.say("contact", part="wheel_front_left", other="kerb", at=[1.5, 2.0], speed_mps=0.4)
    assert car.hear().events == (
        LineTouched("stop", "detection", "front_left", 1.0, 2.0),
        Contact("wheel_front_left", 1.5, 2.0, 0.4, "kerb"),
    )
    assert car.hear().events == ()


def test_the_verdict_says_how_many_tries_it_took(radio: Radio, car: ExaminerRadio) -> None:
    radio.say("verdict", **VERDICT)
    ended = car.hear().verdict
    assert ended is not None
    assert (ended.result, ended.slot_id, ended.tries, ended.end_pose) == ("parked", "A4", 2, None)


def test_a_new_scene_makes_what_was_said_before_void(radio: Radio, car: ExaminerRadio) -> None:
    radio.say("verdict", **VERDICT)
    radio.say("scenario", free_slots=["A4"])
    heard = car.hear()
    assert heard.verdict is None
    assert heard.scenario == {"type": "scenario", "free_slots": ["A4"]}


def test_slot_and_standing_are_said_when_they_change(radio: Radio, car: ExaminerRadio) -> None:
    for slot, secured in ((None, False), ("A4", False), ("A4", True), ("A4", True), ("A4", False), ("A4", True)):
        car.aim(slot)
        car.stand(secured, slot)
    assert radio.sent == [
        {"type": "target", "slot_id": "A4"},
        {"type": "secured", "slot_id": "A4"},
        {"type": "secured", "slot_id": "A4"},
    ]


# --- retries ------------------------------------------------------------------------------------------


def rewind(radio: Radio) -> None:
    radio.say("rewound", **{"try": 1, "left": 2, "back_s": 3.05, "pose": [1.0, 2.0, 0.5]})


def test_a_retry_is_asked_for_once_however_many_ask_and_all_are_told(radio: Radio, car: ExaminerRadio) -> None:
    desk = RetryDesk(car)
    desk.command("c-1", 5.0)
    desk.key(True, 5.02)
    desk.key(True, 5.04)
    desk.command("c-2", 5.04)
    assert radio.sent == [{"type": "retry"}]
    assert desk.answer(car.hear(), 5.06) == []
    rewind(radio)
    heard = car.hear()
    assert heard.events == (Retried(1, 3.05, Pose2(1.0, 2.0, 0.5)),)
    assert [(ack.command_id, ack.status) for ack in desk.answer(heard, 5.1)] == [("c-1", "applied"), ("c-2", "applied")]


def test_a_key_that_is_held_asks_once_and_again_after_it_was_let_go(radio: Radio, car: ExaminerRadio) -> None:
    desk = RetryDesk(car)
    desk.key(True, 1.0)
    rewind(radio)
    desk.answer(car.hear(), 1.1)
    desk.key(True, 1.2)
    assert len(radio.sent) == 1
    desk.key(False, 1.3)
    desk.key(True, 1.4)
    assert len(radio.sent) == 2


@pytest.mark.parametrize(
    ("kind", "facts", "later", "why"),
    [
        ("no_retry", {"reason": "no try left of 3"}, 0.1, "no try left of 3"),
        ("verdict", VERDICT, 0.1, "the session is over"),
        ("", {}, PATIENCE_S + 0.1, "no examiner in this world"),
    ],
)
def test_a_retry_that_cannot_be_is_refused_with_the_reason(
    radio: Radio, car: ExaminerRadio, kind: str, facts: dict[str, Any], later: float, why: str
) -> None:
    desk = RetryDesk(car)
    desk.command("c-1", 5.0)
    if kind:
        radio.say(kind, **facts)
    (ack,) = desk.answer(car.hear(), 5.0 + later)
    assert (ack.command_id, ack.status, ack.detail) == ("c-1", "refused", why)


def test_what_nobody_asked_for_is_answered_to_nobody(radio: Radio, car: ExaminerRadio) -> None:
    rewind(radio)
    assert RetryDesk(car).answer(car.hear(), 1.0) == []
