"""The planner's benchmark as a whole, on a few scenes."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from ops.bench.planner import run as bench
from ops.bench.planner.run import Size, run
from ops.bench.planner.scenes import Scene
from ops.bench.planner.solvers import Outcome


def test_small_run_solves_the_standard_tasks_and_says_that_tpcap_is_absent(tmp_path: Path) -> None:
    shares: list[float] = []
    report = run(
        1, Size(2, 1, 1, 0), compare=False, tpcap=tmp_path, families=("angled", "nose_in"), on_done=shares.append
    )
    count = Counter((outcome.family, outcome.solver) for outcome in report.outcomes)
    assert count == {
        ("standard", "parkit"): 4,
        ("standard", "parkit, improved"): 4,
        ("angled", "parkit"): 2,
        ("angled", "parkit, improved"): 1,
        ("nose_in", "parkit"): 1,
        ("nose_in", "parkit, improved"): 1,
    }
    assert all(outcome.solved for outcome in report.outcomes)
    assert any("0 of 8 cases" in note for note in report.notes)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_scene_that_nobody_solves_is_put_to_the_oracle(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def fail(scene: Scene) -> Outcome:
        return Outcome(scene.name, scene.family, "parkit", False, 0.1, problem="budget_exhausted")

    def oracle(scene: Scene) -> Outcome:
        asked.append(scene.name)
        return Outcome(scene.name, scene.family, "oracle", False, 9.0)

    monkeypatch.setattr(bench, "solve_parkit", fail)
    monkeypatch.setattr(bench, "solve_oracle", oracle)
    run(1, Size(1, 1, 0, 0), compare=False, families=("exit_parallel",))
    assert "exit_parallel-1-0" in asked
    assert "perp_rev" not in asked  # the second look at it was enough
