"""Figures that every benchmark reports alike."""

from __future__ import annotations

from typing import Any

import pytest

from ops.bench.coaching import markdown, summary
from ops.bench.statistics import spread, wilson


def test_wilson_bounds_are_those_of_the_textbook() -> None:
    assert wilson(9, 10) == pytest.approx((0.5958, 0.9821), abs=1e-3)
    assert wilson(500, 500)[0] == pytest.approx(0.9924, abs=1e-4)


@pytest.mark.parametrize(("successes", "trials"), [(0, 10), (10, 10), (5, 10), (0, 0), (1, 1)])
def test_wilson_bounds_hold_the_share_and_stay_within_it(successes: int, trials: int) -> None:
    low, high = wilson(successes, trials)
    assert 0.0 <= low <= (successes / trials if trials else 0.5) <= high <= 1.0


def test_spread_is_ordered_and_of_nothing_is_nothing() -> None:
    assert spread(list(map(float, range(101)))) == {"p50": 50.0, "p95": 95.0, "p99": 99.0, "max": 100.0}
    assert spread([]) == {}


def session(result: str, **changes: Any) -> dict[str, Any]:
    parked = {"lateral_m": -0.05, "depth_m": 0.02, "yaw_rad": 0.01}
    plain = {
        "result": result,
        "score": 90.0,
        "duration_s": 60.0,
        "cusps": 1,
        "min_clearance_m": 0.4,
        "end_pose": parked if result == "parked" else None,
    }
    return plain | changes


def test_summary_counts_results_and_measures_only_those_that_parked() -> None:
    figures = summary(
        [session("parked"), session("parked", score=80.0), session("contact", score=0.0), session("failed")]
    )
    assert figures["results"] == {"contact": 1, "failed": 1, "parked": 2}
    assert (figures["sessions"], figures["parked_share"], figures["contacts"]) == (4, 0.5, 1)
    assert figures["score"]["p50"] == 85.0
    assert figures["lateral_m"]["max"] == 0.05
    assert figures["yaw_deg"]["max"] == pytest.approx(0.57)


def test_nobody_parked_is_a_table_without_figures_not_an_error() -> None:
    figures = {
        "driver": "novice",
        "world": "perpendicular",
        "simulator": "standin",
        "machine": {"cpu": "x", "cores": 2, "measured_at": "today"},
        "levels": {"4": summary([session("timeout")]), "0": summary([])},
    }
    text = markdown(figures, "parkit bench coaching")
    assert "| 4 | 1 | 0 | 0-79 % | 0 | 1 | 0 | - | - s |" in text
    assert "`parkit bench coaching`" in text
