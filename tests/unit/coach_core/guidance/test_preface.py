"""A sentence before the next moves."""

from __future__ import annotations

import pytest

from coach_core.guidance.preface import SHOWN, Preface
from tests.toy.frames import catalogue

CUES = catalogue()
CROOKED, ASIDE, GEAR = CUES.cue("fix.crooked"), CUES.cue("fix.off_centre", dir="left"), CUES.cue("gear.drive")


@pytest.fixture
def preface() -> Preface:
    return Preface()


def test_it_is_shown_its_time_before_what_can_wait(preface: Preface) -> None:
    preface.begin(CROOKED, 1.0)
    assert preface.instead_of(GEAR, 1.5, waits=True) == CROOKED
    assert preface.instead_of(GEAR, 1.0 + SHOWN, waits=True) == GEAR
    assert preface.instead_of(GEAR, 1.5, waits=True) == GEAR


def test_what_cannot_wait_ends_it(preface: Preface) -> None:
    preface.begin(CROOKED, 1.0)
    assert preface.instead_of(GEAR, 1.1, waits=False) == GEAR
    assert preface.instead_of(GEAR, 1.2, waits=True) == GEAR


def test_reason_is_given_again_only_after_another(preface: Preface) -> None:
    for reason, said in ((CROOKED, CROOKED), (CROOKED, GEAR), (ASIDE, ASIDE), (CROOKED, CROOKED)):
        preface.explain(reason, 0.0)
        assert preface.instead_of(GEAR, 0.1, waits=True) == said
        preface.drop()
    assert preface.instead_of(None, 0.2, waits=True) is None
