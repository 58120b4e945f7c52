"""The planner's benchmark as a whole, on a few scenes."""

from __future__ import annotations

from pathlib import Path

from ops.bench.planner.run import Report, render, run, summarise
from ops.bench.planner.solvers import Outcome


def outcome(scene: str, solver: str, solved: bool, seconds: float = 0.01) -> Outcome:
    return Outcome(scene, "bays", solver, solved, seconds, 1, 3, 12.0, 0.3, "" if solved else "no_path")


def test_scene_that_nobody_solves_does_not_count_as_feasible() -> None:
    outcomes = [outcome("a", "parkit", True), outcome("a", "ompl", True), outcome("b", "parkit", False)]
    outcomes += [outcome("b", "ompl", True), outcome("c", "parkit", False), outcome("c", "ompl", False)]
    ours, theirs = summarise(outcomes)
    assert (ours.solver, ours.scenes, ours.feasible, ours.solved) == ("parkit", 3, 2, 1)
    assert (theirs.solver, theirs.feasible, theirs.solved) == ("ompl", 2, 2)


def test_failures_of_ours_are_listed_by_name() -> None:
    text = render(Report("a machine", [outcome("a", "parkit", False), outcome("b", "parkit", True)], ["a note"]))
    assert "a machine" in text
    assert "a note" in text
    assert "Not solved by parkit: a (no_path)" in text


def test_small_run_solves_the_standard_tasks_and_says_that_tpcap_is_absent(tmp_path: Path) -> None:
    report = run(1, 1, compare=False, tpcap=tmp_path, families=["angled"])
    assert [o.solved for o in report.outcomes] == [True] * 5
    assert any("TPCAP skipped" in note for note in report.notes)
