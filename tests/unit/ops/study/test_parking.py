"""Which episodes a study drives, and what it keeps of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach_core.errors import UsageError
from ops.cli.study import study
from ops.study.figures import group, quantile, share
from ops.study.parking import Case, Row, cases, from_json, to_json
from ops.study.runner import PROJECT, SOURCES, Journal, run_cases, sources_digest
from ops.study.scenes import EXIT, FAMILIES, draw
from ops.study.tables import names
from ops.study.trace import trace
from tests.unit.ops.study.rows import row


def test_everybody_meets_the_same_scenes_and_the_expert_is_never_alone() -> None:
    chosen = list(cases(["perpendicular"], ["novice", "expert"], [True, False], 2, 7))
    assert {case.seed for case in chosen} == {7, 8}
    assert Case("perpendicular", "novice", False, 8) in chosen
    assert not any(case.who == "expert" and not case.coached for case in chosen)


@pytest.mark.parametrize("family", FAMILIES)
def test_scenes_are_drawn_anew_for_each_seed_and_alike_for_the_same(family: str) -> None:
    assert draw(family, 3) == draw(family, 3)
    assert draw(family, 3) != draw(family, 4)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("seed", range(10))
def test_nothing_stands_in_a_free_slot_nor_where_the_learner_starts(family: str, seed: int) -> None:
    import shapely

    from controllers.parkit_examiner.judge import Truth, outline
    from ops.study.judge import slot_outline
    from ops.study.simulator import learner_car

    episode = draw(family, seed)
    assert episode.free_slots
    bodies = shapely.union_all([shapely.Polygon(body.outline()) for body in episode.bodies])
    near = 0.1 if family == EXIT else 0.3  # who leaves a slot starts between its neighbours
    start = shapely.Polygon(outline(Truth(episode.start.x, episode.start.y, episode.start.yaw), learner_car()))
    assert start.distance(bodies) > near
    for slot in episode.lot.slots:
        if slot.slot_id in episode.free_slots:
            assert slot_outline(slot).buffer(-0.11).disjoint(bodies)


def test_unknown_family_is_refused_with_those_there_are() -> None:
    with pytest.raises(ValueError, match="there are: perpendicular"):
        draw("diagonal", 1)
    with pytest.raises(UsageError, match="unknown family 'diagonal'; there are: perpendicular"):
        names("diagonal", FAMILIES, "family")
    with pytest.raises(UsageError, match="no skill was named"):
        names(" ,", ["novice"], "skill")


def test_a_row_survives_its_json() -> None:
    assert from_json(to_json(row())) == row()


def test_a_study_that_was_stopped_goes_on_where_it_stopped(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.add(row(1))
    journal.add(row(2, "contact"))
    with journal.path.open("a", encoding="utf-8") as file:
        file.write('{"family": "perpend')  # killed while writing
    again = Journal(tmp_path)
    seen: list[Row] = []
    chosen = [row(1).case, row(2).case]
    assert run_cases(chosen, journal=again, on_done=seen.append) == [row(1), row(2, "contact")]
    assert len(seen) == 2


def test_rows_are_kept_for_these_very_sources() -> None:
    assert all((PROJECT / source).exists() for source in SOURCES)
    assert sources_digest() == sources_digest()


def test_figures_count_everyone_but_measure_only_who_parked() -> None:
    found = group([row(1), row(2, lateral=-0.4), row(3, "contact", lateral=9.0), row(4, "error: oh")])
    assert found["results"] == {"contact": 1, "error": 1, "parked": 2}
    assert found["parked"]["value"] == 0.5
    assert found["lateral_p95_m"]["value"] == 0.4


def test_bounds_hold_the_figure_and_narrow_with_more_samples() -> None:
    few, many = share(9, 10), share(900, 1000)
    assert few is not None
    assert many is not None
    assert few.low < many.low < 0.9 < many.high < few.high
    assert share(0, 0) is None


def test_bounds_of_a_quantile_are_samples_around_it() -> None:
    found = quantile([float(i) for i in range(1, 101)], 0.95)
    assert found is not None
    assert found.value == 95.0
    assert 85.0 < found.low < 95.0 < found.high <= 100.0
    assert quantile([], 0.5) is None


def test_an_expert_parks_and_the_trace_tells_how() -> None:
    told: list[str] = []
    done = trace(Case("perpendicular", "expert", True, 1), told.append)
    assert done.result == "parked"
    assert done.stand is not None
    assert abs(done.stand.lateral) < 0.15
    assert told[0] == "perpendicular/expert/coached/1"
    assert any("gear.reverse" in line and " follow " in line for line in told)


def test_unknown_parts_are_refused_and_nothing_is_driven() -> None:
    with pytest.raises(UsageError, match="unknown part 'praking'; there are: parking, warnings, tick, rubrics"):
        study(parts="praking")
