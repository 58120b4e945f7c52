"""Counting: leads, misses and what a clean manoeuvre hears."""

import json
from typing import Any

import pytest

from ops.study.simulator import Settings
from ops.study.warnings import study
from ops.study.warnings.clean import TO_WALL, CleanRow, entries, entries_straight_to_critical
from ops.study.warnings.clean import measure as measure_clean
from ops.study.warnings.contact import Row, _Lead
from ops.study.warnings.contact import measure as measure_contact
from ops.study.warnings.patterns import PATTERNS
from ops.study.warnings.study import is_possible, leads_of, nuisance_of


def row(**changes: Any) -> Row:
    plain = Row("nose_in", 1, "garage", "wall", True, 3.0, 1.0, 2.0, 2.5, 0.2, 0.5, True, False, None)
    return plain._replace(**changes)


def lead_after(*given: bool, every: float = 0.2) -> float | None:
    lead = _Lead()
    for i, signal in enumerate(given):
        lead.note(i * every, signal)
    return lead.before(len(given) * every)


def test_a_lead_counts_from_the_beginning_of_the_signal_that_lasted() -> None:
    assert lead_after(False, True, True, True) == pytest.approx(0.6)
    assert lead_after(True, True, True, False) == pytest.approx(0.8)


def test_a_signal_that_ended_well_before_the_contact_is_a_miss() -> None:
    assert lead_after(True, False, False, False, False) is None
    assert lead_after(False, False) is None


def test_a_signal_that_came_back_counts_from_its_return() -> None:
    assert lead_after(True, False, False, False, False, True) == pytest.approx(0.2)


def test_a_miss_counts_as_no_lead_at_all() -> None:
    figures = leads_of([row(), row(critical_s=None), row(critical_s=0.9), row(critical_s=1.0)])
    assert (figures.episodes, figures.missed, figures.in_time) == (4, 1, 0.5)
    assert figures.lead_p50_s == pytest.approx(0.95)
    assert figures.missed_95 > 0.25


def test_what_could_not_be_warned_of_is_named_by_what_the_driver_did_and_what_was_heard() -> None:
    assert is_possible(row())
    assert not is_possible(row(short_notice=True))
    assert not is_possible(row(known=False, sensed_s=0.8))
    assert is_possible(row(known=False, sensed_s=1.2))


def test_levels_are_counted_when_they_begin() -> None:
    levels = ["clear", "warning", "warning", "critical", "warning", "clear", "critical", "caution", "warning"]
    assert entries(levels, ("critical",)) == 2
    assert entries(levels, ("warning", "critical")) == 3
    assert entries_straight_to_critical(levels) == 1


def test_only_clean_manoeuvres_are_counted() -> None:
    good = CleanRow("perpendicular", 1, True, "parked", 30.0, 0, 1, 0.5, 10.0)
    figures = nuisance_of([good, good._replace(warning=0), good._replace(clean=False, critical=9)])
    assert (figures.manoeuvres, figures.not_clean, figures.critical, figures.warning) == (2, 1, 0.0, 0.5)
    assert figures.tone_ratio == pytest.approx(0.05)


def test_the_same_contact_is_driven_again_for_the_same_seed() -> None:
    first = measure_contact("pedal_surge", 3, Settings())
    assert first == measure_contact("pedal_surge", 3, Settings())
    assert first is not None
    assert first.critical_s is not None


def test_a_car_that_begins_in_touch_with_something_makes_no_episode() -> None:
    assert measure_contact("front_swing_out", 1016000000, Settings()) is None


def test_backing_up_to_a_wall_with_care_ends_before_it() -> None:
    found = measure_clean(TO_WALL, 2, Settings())
    assert (found.clean, found.result) == (True, "stopped")
    assert found.pdw_sounding_s > 0.0


def test_a_small_study_takes_the_patterns_in_turn_and_fits_into_json() -> None:
    told: list[float] = []
    found = study(3, 0, 4, on_done=told.append)
    assert [r.pattern for r in found.rows] == list(PATTERNS[:3])
    assert told == [1.0, 2.0, 3.0]
    assert json.loads(json.dumps(found.to_json()))["leads"]["all"]["episodes"] == 3
