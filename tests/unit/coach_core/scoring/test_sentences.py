import json
import re
from typing import Any

import pytest

from coach_core.contracts import Contact, Deduction, EndPose, Pose2
from coach_core.errors import ContractError
from coach_core.scoring import Par, SessionTrack, deduction_sentence, score_session, strength_sentence
from tests.unit.coach_core.scoring.sessions import DATA, clean_decisions, clean_frames, ended, parkit_1

TEXTS: dict[str, Any] = json.loads((DATA / "score_texts.json").read_text(encoding="utf-8"))


def record(rule: str, **params: Any) -> Deduction:
    return Deduction(rule, rule.split(".")[0], 4.0, 4.0, 1.0, 2.0, None, None, rule, params=params)


def test_a_narrow_gap_is_told_with_place_measure_and_limit() -> None:
    found = record("safety.low_clearance", cm=12, limit_cm=15, sector="rear_right")
    assert deduction_sentence(found, TEXTS, "ko") == "오른쪽 뒤 간격이 12 cm까지 줄었어요. 기준 15 cm."
    assert deduction_sentence(found, TEXTS, "en") == "The gap at the rear right fell to 12 cm. Keep 15 cm."


def test_without_a_sector_the_plain_sentence_is_used() -> None:
    assert deduction_sentence(record("safety.low_clearance", cm=12, limit_cm=15), TEXTS, "ko").startswith(
        "간격이 12 cm"
    )


def test_whole_numbers_are_shown_without_a_decimal_point() -> None:
    assert deduction_sentence(record("safety.critical_unbraked", s=1.0), TEXTS, "ko").startswith("정지 신호 뒤 1초")


def test_a_missing_parameter_is_named() -> None:
    with pytest.raises(ContractError, match=r"no ko text for 'safety\.critical_unbraked': 's' is missing"):
        deduction_sentence(record("safety.critical_unbraked"), TEXTS, "ko")


def test_an_unknown_rule_or_strength_is_named() -> None:
    with pytest.raises(ContractError, match=r"no en text for 'style\.points'"):
        deduction_sentence(record("style.points"), TEXTS, "en")
    with pytest.raises(ContractError, match=r"strength 'strength\.luck'"):
        strength_sentence("strength.luck", TEXTS, "en")


def test_every_record_a_session_can_get_makes_a_whole_sentence_in_both_languages() -> None:
    """A session that does everything wrong, at distances in time that keep the root causes apart."""

    def frames(i: int) -> dict[str, Any]:
        x = 0.4 * (i // 20) % 0.8 + 0.02 * (i % 20)
        values: dict[str, Any] = {"pose": Pose2(x, 0.0, 0.0), "gear": "R", "speed_mps": 0.7, "steering_angle_rad": 0.4}
        if 100 <= i < 120:
            values["speed_mps"] = 1.6
        if i in (150, 151):
            values["gear"] = "D"
            values["speed_mps"] = -0.7
        return values

    def decisions(i: int) -> dict[str, Any]:
        return {"level": "critical"} if 20 <= i < 35 else {"clearance": 0.05} if 70 <= i < 75 else {}

    track = SessionTrack.from_messages(clean_frames(200, frames), clean_decisions(200, decisions), [])
    for end in (
        {"wheels_on_line": 1, "end_pose": EndPose(0.0, 0.5, 0.2)},
        {"end_pose": EndPose(-0.5, -0.5, 0.0)},
        {"in_slot": False},
    ):
        card = score_session(
            track, ended(**end, duration_s=99.0), [Contact("rear", 0, 0, 0.1)], parkit_1(), Par(0, 20.0)
        )  # fmt: skip
        for found in card.deductions:
            for language in ("ko", "en"):
                sentence = deduction_sentence(found, TEXTS, language)
                assert re.fullmatch(r"[^{}]+\.", sentence), (found.rule, sentence)
    assert {"efficiency.extra_cusps", "efficiency.over_time", "control.jerky", "control.gear_while_rolling"} <= {
        found.rule for found in card.deductions
    }
