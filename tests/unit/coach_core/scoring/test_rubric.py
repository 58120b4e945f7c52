import copy
import json
from typing import Any

import pytest

from coach_core.errors import ContractError
from coach_core.scoring import DETECTORS, STRENGTHS, TEXTS_FILE, load_rubric
from tests.unit.coach_core.scoring.sessions import DATA, parkit_1, rubric_data


def changed(**changes: Any) -> dict[str, Any]:
    """parkit-1 with some of its top-level fields replaced."""
    return {**copy.deepcopy(rubric_data()), **changes}


def with_rule(**changes: Any) -> dict[str, Any]:
    """parkit-1 with its first rule changed; a value of None takes the field away."""
    data = copy.deepcopy(rubric_data())
    rule = {**data["rules"][0], **changes}
    data["rules"][0] = {name: value for name, value in rule.items() if value is not None}
    return data


def test_parkit_1_is_the_rubric_of_the_book() -> None:
    """docs/scoring.md's table: maxima, points and caps."""
    rubric = parkit_1()
    assert {c.key: c.max for c in rubric.components} == {
        "safety": 40, "position": 25, "control": 15, "procedure": 10, "efficiency": 10,
    }  # fmt: skip
    assert {rule.key: (rule.points, rule.cap) for rule in rubric.rules} == {
        "safety.critical_unbraked": (8, 24),
        "safety.low_clearance": (4, 12),
        "safety.person_not_yielded": (20, None),
        "position.outside_bay": (25, None),
        "position.wheel_on_line": (10, None),
        "position.heading": (1, 8),
        "position.off_centre": (1, 8),
        "position.depth": (1, 5),
        "position.wheels_turned": (2, None),
        "control.too_fast": (1, 6),
        "control.jerky": (2, 6),
        "control.gear_while_rolling": (3, 3),
        "procedure.no_look": (3, None),
        "procedure.not_secured": (5, None),
        "procedure.belt_signal": (2, None),
        "efficiency.extra_cusps": (3, 6),
        "efficiency.over_time": (1, 4),
    }
    assert (rubric.pass_score, rubric.contact_cap) == (80, 39)


def test_every_rule_strength_and_band_has_a_sentence_in_both_languages() -> None:
    texts = json.loads((DATA / TEXTS_FILE).read_text(encoding="utf-8"))
    rubric = parkit_1()
    assert {rule.key for rule in rubric.rules} | {"total.contact"} == set(texts["rules"])
    assert set(STRENGTHS) == set(texts["strengths"])
    assert {band.key for band in rubric.bands} == set(texts["bands"])
    assert {c.key for c in rubric.components} | {"total"} == set(texts["components"])

    def leaves(value: Any) -> Any:
        if isinstance(value, dict) and "ko" in value:
            yield value
        elif isinstance(value, dict):
            for child in value.values():
                yield from leaves(child)

    pairs = list(leaves(texts))
    assert len(pairs) > 60
    assert all(set(pair) == {"ko", "en"} and pair["ko"] and pair["en"] for pair in pairs)


def test_every_cue_a_rule_names_is_in_the_catalogue() -> None:
    cues = json.loads((DATA / "cues.json").read_text(encoding="utf-8"))["cues"]
    assert {rule.cue_id for rule in parkit_1().rules if rule.cue_id} <= set(cues)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "missing required field `name`"),
        (changed(version=0), "rubric: .*version"),
        (changed(extra=1), "unknown field `extra`"),
        (changed(pass_score=101), "pass_score must be at most 100"),
        (changed(contact_cap=39.1), "contact_cap must be a multiple of 0.25"),
        (changed(components=rubric_data()["components"][:-1]), "must add up to 100, they add up to 90"),
        (changed(components=rubric_data()["components"] * 2), "names a component twice"),
        (changed(rules=rubric_data()["rules"] + rubric_data()["rules"][:1]), "two rules 'safety.critical_unbraked'"),
        (changed(rules=rubric_data()["rules"][:-4]), "must add up to its maximum 10, they add up to 3"),
        (with_rule(component="style"), "names 'style', which is none of its components"),
        (with_rule(detector="vibes"), "names the detector 'vibes'; known: critical_unbraked"),
        (with_rule(limits={"brake": 0.1}), "exactly the limits of 'critical_unbraked': within_s, brake, standing_mps"),
        (with_rule(limits={"within_s": -1.0, "brake": 0.1, "standing_mps": 0.1}), "'within_s' .* positive number"),
        (with_rule(points=0.3), "points of safety.critical_unbraked must be a multiple of 0.25"),
        (with_rule(points=None), "missing required field `points`"),
        (with_rule(cap_group="safety.low_clearance"), "cap group 'safety.low_clearance' must give the same cap"),
        (with_rule(component="procedure"), "rescaled component and cannot have a cap"),
    ],
)  # fmt: skip
def test_a_broken_rubric_is_refused_in_one_sentence_that_names_the_place(data: dict[str, Any], message: str) -> None:
    with pytest.raises(ContractError, match=message) as caught:
        load_rubric(data)
    assert caught.value.reason == "invalid_rubric"
    assert "\n" not in str(caught.value)


def test_every_detector_is_used_by_the_built_in_rubric() -> None:
    assert {rule.detector for rule in parkit_1().rules} == set(DETECTORS)
