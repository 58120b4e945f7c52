import copy
import json
from typing import Any

import pytest

from coach_core.errors import ContractError
from coach_core.scoring import DETECTORS, FINDERS, STRENGTHS, TEXTS_FILE, load_rubric
from tests.unit.coach_core.scoring.sessions import DATA, RUBRICS, parkit_1, rubric_data


def changed(**changes: Any) -> dict[str, Any]:
    """parkit-1 with some of its top-level fields replaced."""
    return {**copy.deepcopy(rubric_data()), **changes}


def with_rule(index: int = 0, **changes: Any) -> dict[str, Any]:
    """parkit-1 with one rule changed, its first if not said; a value of None takes the field away."""
    data = copy.deepcopy(rubric_data())
    rule = {**data["rules"][index], **changes}
    data["rules"][index] = {name: value for name, value in rule.items() if value is not None}
    return data


def with_cause(**changes: Any) -> dict[str, Any]:
    """parkit-1 with its first cause changed."""
    data = copy.deepcopy(rubric_data())
    data["causes"][0].update(changes)
    return data


def test_parkit_1_is_the_rubric_of_the_book() -> None:
    """docs/scoring.md's table: maxima, points and caps."""
    rubric = parkit_1()
    assert {c.key: c.max for c in rubric.components} == {
        "safety": 40, "position": 25, "control": 15, "procedure": 10, "efficiency": 10,
    }  # fmt: skip
    assert {rule.key: (rule.points, rule.cap) for rule in rubric.rules if rule.ceiling is None} == {
        "safety.critical_unbraked": (8, 24),
        "safety.low_clearance": (4, 12),
        "safety.kerb_struck": (8, 16),
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
    assert rubric.pass_score == 80
    assert [(rule.key, rule.ceiling) for rule in rubric.rules if rule.ceiling is not None] == [("total.contact", 39)]


def test_every_rule_cause_strength_and_band_has_a_sentence_in_both_languages() -> None:
    texts = json.loads((DATA / TEXTS_FILE).read_text(encoding="utf-8"))
    rubrics = [load_rubric(rubric_data(name)) for name in RUBRICS]
    assert {rule.key for rubric in rubrics for rule in rubric.rules} == set(texts["rules"])
    assert {cause.key for rubric in rubrics for cause in rubric.causes} == set(texts["causes"])
    assert all({"title", "sentence", "change"} <= set(words) for words in texts["causes"].values())
    assert set(STRENGTHS) == set(texts["strengths"])
    assert {band.key for rubric in rubrics for band in rubric.bands} == set(texts["bands"])
    assert {c.key for rubric in rubrics for c in rubric.components} | {"total"} == set(texts["components"])

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
    rules = [rule for name in RUBRICS for rule in load_rubric(rubric_data(name)).rules]
    assert {rule.cue_id for rule in rules if rule.cue_id} <= set(cues)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "missing required field `name`"),
        (changed(version=0), "rubric: .*version"),
        (changed(extra=1), "unknown field `extra`"),
        (changed(pass_score=101), "pass_score must be at most 100"),
        (changed(pass_score=79.9), "pass_score must be a multiple of 0.25"),
        (changed(scheme="faults"), "component 'safety' must give `allowed`, and no points"),
        (changed(voice="examiner"), "examiner's voice: it gives no causes"),
        (with_cause(finder="hunch"), "names the finder 'hunch'; known: always"),
        (with_cause(limits={}), "exactly the limits of 'start_missed': over_m, fast_mps"),
        (with_cause(explains=["style.points"]), "explains 'style.points', which is none of its rules"),
        (with_rule(ceiling=100.5), "ceiling of 'total.contact' must be at most 100"),
        (with_rule(ceiling=39.1), "ceiling of total.contact must be a multiple of 0.25"),
        (with_rule(points=5), "must give either points or a ceiling"),
        (with_rule(ceiling=None, points=5), "belong to 'total' exactly if it gives a ceiling"),
        (changed(components=rubric_data()["components"][:-1]), "must add up to 100, they add up to 90"),
        (changed(components=rubric_data()["components"] * 2), "names a component twice"),
        (changed(rules=rubric_data()["rules"] + rubric_data()["rules"][:1]), "two rules 'total.contact'"),
        (changed(rules=rubric_data()["rules"][:-4]), "must add up to its maximum 10, they add up to 3"),
        (with_rule(1, component="style"), "names 'style', which is none of its components"),
        (with_rule(1, detector="vibes"), "names the detector 'vibes'; known: accident"),
        (with_rule(1, limits={"brake": 0.1}), "limits of 'critical_unbraked': within_s, brake, standing_mps"),
        (with_rule(1, limits={"within_s": -1.0, "brake": 0.1, "standing_mps": 0.1}), "'within_s' .* positive number"),
        (with_rule(1, points=0.3), "points of safety.critical_unbraked must be a multiple of 0.25"),
        (with_rule(1, points=None), "must give either points or a ceiling"),
        (with_rule(1, cap_group="safety.low_clearance"), "cap group 'safety.low_clearance' must give the same cap"),
        (with_rule(-4, cap=5.0), "rescaled component and cannot have a cap"),
    ],
)  # fmt: skip
def test_a_broken_rubric_is_refused_in_one_sentence_that_names_the_place(data: dict[str, Any], message: str) -> None:
    with pytest.raises(ContractError, match=message) as caught:
        load_rubric(data)
    assert caught.value.reason == "invalid_rubric"
    assert "\n" not in str(caught.value)


def test_every_detector_and_finder_is_used_by_a_built_in_rubric() -> None:
    rubrics = [load_rubric(rubric_data(name)) for name in RUBRICS]
    lines_nobody_asks_for = {"bay_line", "check_line", "entry_line"}
    assert {rule.detector for rubric in rubrics for rule in rubric.rules} == set(DETECTORS) - lines_nobody_asks_for
    assert {cause.finder for rubric in rubrics for cause in rubric.causes} == set(FINDERS)


@pytest.mark.parametrize("name", RUBRICS)
def test_a_built_in_rubric_bears_the_name_of_its_file(name: str) -> None:
    assert load_rubric(rubric_data(name)).name == name


def test_every_rule_that_costs_points_can_be_explained() -> None:
    rubric = parkit_1()
    explained = {key for cause in rubric.causes for key in cause.explains}
    assert explained == {rule.key for rule in rubric.rules}
