"""What came of many runs as one Markdown table: a row for each world and driver."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from pathlib import Path

from ops.check.cases import Outcome

HEAD = (
    "world",
    "driver",
    "runs",
    "parked without contact",
    "other ends",
    "score, median",
    "lowest",
    "kerb strikes",
    "wheels on course lines",
    "not parked without contact: seeds",
)
COURSE_LINES = frozenset(("detection",))
"""Kinds of lines that no wheel should touch; bay lines are crossed on the way in."""


def write_table(outcomes: Sequence[Outcome], path: Path, facts: str) -> None:
    """Write it. facts: one line on how the runs were made."""
    groups: dict[tuple[str, str], list[Outcome]] = {}
    for outcome in outcomes:
        groups.setdefault((outcome.case.world.stem, outcome.case.driver), []).append(outcome)
    lines = ["# Worlds", "", facts, "", _line(HEAD), _line("---" for _ in HEAD)]
    lines += [_line((*group, *_cells(runs))) for group, runs in groups.items()]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _cells(runs: Sequence[Outcome]) -> Iterable[str]:
    """What there is to say of the runs of one world with one driver."""
    scores = sorted(float(run.result["score"]) for run in runs if run.result.get("score") is not None)
    events = [line for run in runs for line in run.trace if "event" in line]
    failed = [run for run in runs if not _clean(run)]
    ends = [run.result.get("result", "failed") for run in runs]
    return (
        str(len(runs)),
        str(len(runs) - len(failed)),
        ", ".join(f"{ends.count(end)} {end}" for end in sorted(set(ends) - {"parked"})) or "-",
        f"{statistics.median(scores):g}" if scores else "-",
        f"{scores[0]:g}" if scores else "-",
        str(sum(line["event"] == "contact" and line["other"] == "kerb" for line in events)),
        str(sum(line["event"] == "line" and line["line_kind"] in COURSE_LINES for line in events)),
        ", ".join(str(run.case.seed) for run in failed) or "-",
    )


def _clean(run: Outcome) -> bool:
    return run.result.get("result") == "parked" and not run.result.get("contacts")


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
