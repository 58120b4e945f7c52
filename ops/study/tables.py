"""What a study says on the terminal: choices checked, a table of figures, the failures with their seeds."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from coach_core.errors import UsageError
from ops.study.figures import by_group, group
from ops.study.parking import Case, Row
from ops.study.report import lines
from ops.study.trace import trace

SHOWN_FAILURES = 20


def names(text: str, known: Collection[str], what: str) -> list[str]:
    """The names in `text`, by commas; UsageError for one that is not known, or for none."""
    found = [name.strip() for name in text.split(",") if name.strip()]
    for name in found:
        if name not in known:
            raise UsageError(f"unknown {what} {name!r}; there are: {', '.join(known)}")
    if not found:
        raise UsageError(f"no {what} was named; there are: {', '.join(known)}")
    return found


def tell(case: Case) -> None:
    """One episode, cue by cue, and how it ended."""
    done = trace(case, print)
    stand = done.stand
    print(f"-> {done.result} after {done.duration:.1f} s, {len(done.cues)} prompts, {done.cusps} changes of direction")
    if done.touch is not None:
        touch = done.touch
        print(f"   {touch.part} met a {touch.kind} at ({touch.x:.2f}, {touch.y:.2f}) with {touch.speed:.2f} m/s")
    if stand is not None:
        print(f"   {stand.slot_id}: {stand.lateral:+.3f} m right, {stand.depth:+.3f} m deep, {stand.yaw:+.4f} rad")


def show(rows: Sequence[Row]) -> None:
    """Figures of each family, driver and help; then the coached runs that did not park, to be looked at by seed."""
    print(
        f"{'family':<14} {'who':<10} {'help':<6} {'n':>4} {'parked':>8} {'95 %':>12} {'contact':>7}   "
        "p95: lateral  depth   yaw   p50: prompts  cusps  time"
    )
    for (family, who, coached), found in by_group(rows).items():
        figures = group(found)
        parked = figures["parked"]
        bounds = f"{100.0 * parked['low']:.1f}-{100.0 * parked['high']:.1f}"
        print(
            f"{family:<14} {who:<10} {'coach' if coached else 'recipe':<6} {figures['n']:>4} "
            f"{100.0 * parked['value']:>6.1f} % {bounds:>12} {figures['results'].get('contact', 0):>7}   "
            f"{_cell(figures['lateral_p95_m'], 2):>11} m {_cell(figures['depth_p95_m'], 2):>5} m "
            f"{_cell(figures['yaw_p95_deg'], 1):>4}° {_cell(figures['prompts_p50'], 0):>12} "
            f"{_cell(figures['cusps_p50'], 0):>6} {_cell(figures['duration_p50_s'], 0):>4} s"
        )
    failed = [row for row in rows if not row.parked and row.coached]
    for row in failed[:SHOWN_FAILURES]:
        end = (
            "" if row.lateral is None else f" at {row.lateral:+.2f} {row.depth:+.2f} m {row.yaw:+.1f}° of {row.slot_id}"
        )
        touched = "" if row.touched is None else f", {row.touched}"
        print(f"{row.family} {row.who} seed {row.seed}: {row.result} after {row.duration:.0f} s{touched}{end}")
    if len(failed) > SHOWN_FAILURES:
        print(f"... and {len(failed) - SHOWN_FAILURES} more that did not park")


def show_lines(parts: dict[str, Any]) -> None:
    """Every metric of the parts beside what it must be."""
    print()
    for line in lines(parts):
        limits = ", ".join(text for text in (line.must and f"must {line.must}", line.aim and f"aim {line.aim}") if text)
        bound = f" [{line.bound}]" if line.bound else ""
        print(f"{line.verdict:<8} {line.metric:<55} {line.measured}{bound}  {limits}")


def _cell(estimate: dict[str, float] | None, digits: int) -> str:
    return "-" if estimate is None else f"{estimate['value']:.{digits}f}"
