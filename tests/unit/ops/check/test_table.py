"""Many runs as one table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ops.check.cases import Case, Outcome
from ops.check.table import HEAD, write_table


def run(seed: int, result: str, score: float | None, *events: dict[str, Any], contacts: int = 0) -> Outcome:
    answer = {"result": result, "score": score, "contacts": contacts}
    return Outcome(Case(Path("yard.wbt"), "novice", seed), "passed", "", answer, [{"trace": 1}, *events])


def cells(outcomes: list[Outcome], path: Path) -> dict[str, str]:
    write_table(outcomes, path, "some runs")
    *_, last = path.read_text(encoding="utf-8").splitlines()
    return dict(zip(HEAD, last.strip("| ").split(" | "), strict=True))


def test_a_row_counts_runs_scores_strikes_and_lines_and_names_the_seeds_that_failed(tmp_path: Path) -> None:
    kerb = {"event": "contact", "other": "kerb"}
    lines = [{"event": "line", "line_kind": kind} for kind in ("detection", "bay")]
    crashed = Outcome(Case(Path("yard.wbt"), "novice", 4), "failed", "Traceback")
    runs = [run(1, "parked", 90.0), run(2, "parked", 70.0, kerb, *lines, contacts=1), run(3, "timeout", 40.0), crashed]
    assert cells(runs, tmp_path / "new" / "table.md") == {
        "world": "yard",
        "driver": "novice",
        "runs": "4",
        "parked without contact": "1",
        "other ends": "1 failed, 1 timeout",
        "score, median": "70",
        "lowest": "40",
        "kerb strikes": "1",
        "wheels on course lines": "1",
        "not parked without contact: seeds": "2, 3, 4",
    }


def test_runs_without_a_score_leave_its_cells_empty(tmp_path: Path) -> None:
    row = cells([run(1, "parked", None)], tmp_path / "table.md")
    assert (row["score, median"], row["lowest"], row["not parked without contact: seeds"]) == ("-", "-", "-")
