"""The tables of the planner's benchmark."""

from __future__ import annotations

import pytest

from ops.bench.planner.solvers import Outcome
from ops.bench.planner.summary import Promise, missed_scenes, promises, render, summarise


def outcome(
    scene: str, solver: str, solved: bool, seconds: float = 0.001, *, family: str = "angled", cusps: int = 1,
    clearance: float = 0.3,
) -> Outcome:  # fmt: skip
    return Outcome(scene, family, solver, solved, seconds, cusps, 3, 12.0, clearance, "" if solved else "no_path")


def line(found: list[Promise], metric: str) -> Promise:
    return next(promise for promise in found if promise.metric == metric)


def test_scene_that_nobody_solves_does_not_count_as_feasible() -> None:
    outcomes = [outcome("a", "parkit", True), outcome("a", "ompl", True), outcome("b", "parkit", False)]
    outcomes += [outcome("b", "ompl", True), outcome("c", "parkit", False), outcome("c", "ompl", False)]
    ours, theirs = summarise(outcomes)
    assert (ours.solver, ours.scenes, ours.feasible, ours.solved) == ("parkit", 3, 2, 1)
    assert (theirs.solver, theirs.feasible, theirs.solved) == ("ompl", 2, 2)


def test_oracle_makes_a_scene_feasible_but_has_no_line_of_its_own() -> None:
    (ours,) = summarise([outcome("a", "parkit", False), outcome("a", "oracle", True)])
    assert (ours.feasible, ours.solved) == (1, 0)


def test_feasible_scenes_that_are_missed_are_listed_with_their_reason() -> None:
    outcomes = [outcome("a", "parkit", False), outcome("a", "oracle", True)]
    outcomes += [outcome("b", "parkit", False), outcome("b", "oracle", False), outcome("c", "parkit", True)]
    assert missed_scenes(outcomes) == ["a (no_path)"]
    text = render(outcomes, ["a note"])
    assert "though feasible: a (no_path)." in text
    assert "a note" in text


@pytest.mark.parametrize(("missed", "verdict"), [(0, "aim met"), (4, "must met"), (6, "short")])
def test_success_in_easy_families_is_held_against_what_was_promised(missed: int, verdict: str) -> None:
    outcomes = [outcome(str(k), "parkit", k >= missed) for k in range(1000)]
    outcomes += [outcome(str(k), "oracle", True) for k in range(missed)]
    promise = line(promises(outcomes), "Plans in the easy families")
    assert promise.verdict == verdict
    assert f"({1000 - missed} of 1000 feasible" in promise.measured


@pytest.mark.parametrize(("slow", "verdict"), [(0.009, "aim met"), (0.04, "must met"), (0.2, "short")])
def test_latency_is_judged_by_its_p99(slow: float, verdict: str) -> None:
    outcomes = [outcome(str(k), "parkit", True, slow if k < 3 else 0.001) for k in range(100)]
    assert line(promises(outcomes), "First plan, easy families").verdict == verdict


def test_tpcap_needs_all_eight() -> None:
    cases = [outcome(f"case{k}", "parkit", True, family="tpcap") for k in range(1, 9)]
    assert line(promises(cases), "TPCAP 1-8").verdict == "aim met"
    assert line(promises(cases[:-1]), "TPCAP 1-8").verdict == "short"


def test_quality_is_held_against_the_best_that_any_solver_found() -> None:
    outcomes = [outcome("a", "parkit", True, cusps=3, clearance=0.10), outcome("a", "parkit, improved", True)]
    outcomes += [outcome("a", "long look", True, cusps=1, clearance=0.15), outcome("b", "parkit", True, cusps=9)]
    found = promises(outcomes)
    assert line(found, "Changes of gear: parkit").measured == "0 % fewest, 1 of 1 with two or more above"
    assert line(found, "Changes of gear: parkit, improved").verdict == "aim met"
    assert line(found, "Clearance 0.20 m, or 90 % of the best: parkit").measured == "0 % of 1"
