"""Why a slot was chosen, and why not the others, as the learner reads it."""

from __future__ import annotations

from typing import Any

import pytest

from coach_core.contracts import SlotOffer, SlotOffered
from coach_core.contracts.messages import Occupancy
from coach_core.guidance.recommendation import Reason as Key
from controllers.data import cue_texts, slot_reasons
from controllers.parkit_coach.overlay import layout
from controllers.parkit_coach.overlay.commands import Paste
from controllers.parkit_coach.overlay.pictures import render
from controllers.parkit_coach.overlay.reasons import ROWS, Reason, commands, reasons_of, sprites
from controllers.parkit_coach.overlay.scene import REASONS_S, SceneKeeper
from controllers.parkit_coach.overlay.sprites import Strip
from controllers.parkit_coach.overlay.words import Language
from tests.unit.controllers.overlay.scenes import PROFILE, decision, frame


def offer(slot_id: str, occupancy: Occupancy = "free", reason: str = "unchecked", rank: int | None = None) -> SlotOffer:
    return SlotOffer(slot_id, occupancy, rank is not None, rank, None, None, reason)


OFFERS = [
    offer("A1", "occupied", "occupied"), offer("A2", "occupied", "occupied"), offer("A3", reason="nearest", rank=1),
    *(offer(f"A{n}", "unknown", "unknown") for n in range(4, 8)), offer("A8", reason="more_moves", rank=2),
]  # fmt: skip


def said(offers: list[SlotOffer], language: Language = "ko") -> list[tuple[str, str, bool]]:
    return [tuple(reason) for reason in reasons_of(offers, slot_reasons(), language)]


def test_the_choice_comes_first_then_its_rivals_then_what_cannot_be_entered() -> None:
    assert said(OFFERS) == [
        ("A3", "여기가 제일 가까워요.", True),
        ("A8", "들어갈 수 있지만 앞뒤로 더 움직여야 해요.", False),
        ("A1, A2", "다른 차나 물건이 있어요.", False),
    ]


def test_names_in_a_row_are_told_by_the_first_and_the_last() -> None:
    offers = [offer(f"A{n}", "occupied", "occupied") for n in (1, 2, 3, 5)] + [offer("B6", "occupied", "occupied")]
    assert said(offers, "en") == [("A1–A3, A5, B6", "A car or something else is in it.", False)]


def test_a_reason_this_catalogue_does_not_know_is_left_out() -> None:
    assert said([offer("A1", reason="haunted"), offer("A2", reason="only_one", rank=1)])[0][0] == "A2"


def test_every_reason_of_the_coach_has_words() -> None:
    assert {str(key) for key in Key} <= slot_reasons()["reasons"].keys()


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_panel_stays_between_the_top_and_the_map_however_much_there_is_to_say(language: Language) -> None:
    texts = slot_reasons()
    longest = sorted((words[language] for words in texts["reasons"].values()), key=len)[-ROWS:]
    names = ", ".join(f"A{2 * n}" for n in range(30))
    for command in commands([Reason(names, sentence, i == 0) for i, sentence in enumerate(longest)]):
        assert isinstance(command, Paste)
        picture = render(command.sprite)
        assert layout.MAP[0] <= command.x
        assert command.x + picture.width <= layout.MAP[0] + layout.MAP[2]
        assert command.y >= layout.MARGIN
        assert command.y + picture.height < layout.MAP[1]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_sentences_are_made_before_they_are_needed(language: Language) -> None:
    ready = set(sprites(slot_reasons(), language))
    for reason in said(OFFERS, language):
        for command in commands([Reason("", reason[1], reason[2])]):
            if isinstance(command, Paste) and isinstance(command.sprite, Strip) and command.sprite.text:
                assert command.sprite in ready


def keeper() -> SceneKeeper:
    kept = SceneKeeper(cue_texts(), "ko", PROFILE.steering_ratio, slot_texts=slot_reasons())
    kept.hear(SlotOffered(OFFERS))
    return kept


def shown(kept: SceneKeeper, now: float, assist: int = 4, **changes: Any) -> bool:
    return bool(kept.scene(frame(now, gear=changes.get("gear", "D")), decision(assist_level=assist), None).reasons)


def test_reasons_are_shown_while_they_are_news() -> None:
    kept = keeper()
    assert shown(kept, 5.0)
    assert shown(kept, 5.0 + REASONS_S - 0.1)
    assert not shown(kept, 5.0 + REASONS_S)


def test_reasons_end_when_the_learner_reverses_and_do_not_come_back() -> None:
    kept = keeper()
    assert shown(kept, 5.0)
    assert not shown(kept, 6.0, gear="R")
    assert not shown(kept, 7.0)


@pytest.mark.parametrize(("assist", "seen"), [(4, True), (3, True), (2, False), (1, False), (0, False)])
def test_reasons_are_words_and_fade_with_them(assist: int, seen: bool) -> None:
    assert shown(keeper(), 5.0, assist) == seen
