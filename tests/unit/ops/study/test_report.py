"""The study's page: every metric with its limits, its bound and its verdict."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ops.study.figures import by_group, group, pooled
from ops.study.plots import draw_all, pictures
from ops.study.report import Limit, Line, lines, page
from tests.unit.ops.study.rows import row

MACHINE = {"cpu": "a processor", "cores": 2, "measured_at": "2026-01-01T00:00:00+00:00"}


def measured(figures: dict[str, Any]) -> dict[str, Any]:
    return {"command": "parkit study --seed 1", "seed": 1, "machine": MACHINE, "figures": figures}


def parking(parked: int, failed: int) -> dict[str, Any]:
    rows = [row(i) for i in range(parked)] + [row(100 + i, "contact", score=40.0) for i in range(failed)]
    rows += [row(i, "aborted", coached=False, score=None) for i in range(3)]
    groups = [{"family": f, "who": w, "coached": c, **group(found)} for (f, w, c), found in by_group(rows).items()]
    return measured({"groups": groups, "pooled": pooled(rows)})


def tick(p99_us: float = 150.0, over: int = 0) -> dict[str, Any]:
    times = {"tick_us": {"p99": p99_us, "max": 3000.0}, "processor_us": {"max": 2000.0}}
    return measured({"frames": 1000, "over_budget": over} | times)


def find(found: list[Line], metric: str) -> Line:
    return next(line for line in found if line.metric.startswith(metric))


@pytest.mark.parametrize(("value", "verdict"), [(0.99, "aim"), (0.98, "aim"), (0.96, "must"), (0.94, "short")])
def test_verdict_says_which_threshold_a_share_reaches(value: float, verdict: str) -> None:
    assert Limit(0.95, 0.98, at_least=True).verdict(value) == verdict


def test_a_figure_without_thresholds_is_only_reported() -> None:
    assert Limit(None, None).verdict(3.0) == "reported"


def test_parking_is_held_against_what_novices_must_reach() -> None:
    line = find(lines({"parking": parking(19, 1)}), "parked on cues alone, perpendicular")
    assert (line.verdict, line.must, line.aim, line.n) == ("must", "≥ 95 %", "≥ 98 %", 20)
    assert "95.0 %" in line.measured
    assert "1 contacts" in line.measured
    assert find(lines({"parking": parking(18, 2)}), "parked on cues").verdict == "short"


def test_one_tick_over_the_budget_is_one_too_many() -> None:
    most = find(lines({"tick": tick()}), "frame to decision, maximum")
    assert (most.verdict, most.measured) == ("must", "3.0 ms, 0 over; of processor time 2.0 ms")
    assert find(lines({"tick": tick(over=1)}), "frame to decision, maximum").verdict == "short"
    assert find(lines({"tick": tick(1200.0)}), "frame to decision, p99").verdict == "short"


def test_ticks_that_were_saved_without_their_processor_time_are_still_told() -> None:
    saved = tick()
    del saved["figures"]["processor_us"]
    assert find(lines({"tick": saved}), "frame to decision, maximum").measured == "3.0 ms, 0 over"


def test_score_is_held_against_skill_retest_and_the_mistakes_put_in() -> None:
    validity = {"drivers": 200, "sessions": 10, "spearman": 0.94, "spearman_median": 0.96, "icc_retest": 0.86}
    naming = {"family": "angled60", "costly": 18, "top1": 1.0, "top1_95": (0.82, 1.0)}
    silent = {"family": "parallel1.5", "costly": 0, "top1": 0.0, "top1_95": (0.0, 1.0)}
    found = lines({"score": measured({"validity": validity | {"icc_retest_apart": 0.91}, "causes": [naming, silent]})})
    assert [line.verdict for line in found] == ["short", "aim", "short", "aim", "aim"]
    assert find(found, "mistake named first, angled60").measured == "100.0 %"


def test_every_share_of_the_page_has_its_bound_and_every_part_its_command() -> None:
    parts = {"parking": parking(19, 1), "tick": tick()}
    text = page(parts, [("study-success.svg", "Who parks")])
    line = "| parked on cues alone, perpendicular | ≥ 95 % | ≥ 98 % | 95.0 %, 1 contacts | 76.4-99.1 % | 20 | met |"
    assert line in text
    assert text.count("`parkit study --seed 1`") == 2
    assert "![Who parks](study-success.svg)" in text


def test_pictures_are_drawn_for_what_was_measured(tmp_path: Path) -> None:
    assert pictures(tmp_path) == []
    draw_all({"parking": parking(5, 1)}, [row(i) for i in range(5)], [("P3", 1.4), ("P3", 0.0)], tmp_path)
    assert len(pictures(tmp_path)) == 4
    assert all((tmp_path / name).read_text(encoding="utf-8").startswith("<?xml") for name, _ in pictures(tmp_path))
