"""Known good runs: where the car was, every half second, and how far a later run may be from it."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from coach_core.errors import UsageError
from ops.check.cases import Case, Outcome

PERIOD_S = 0.5
Place = tuple[float, float, float, float]
"""Time [s], x, y [m], yaw [rad]."""


def thinned(trace: list[dict[str, Any]]) -> list[Place]:
    """A place every PERIOD_S of a trace."""
    places: list[Place] = []
    for line in trace:
        if "ego" in line and (not places or line["t"] >= places[-1][0] + PERIOD_S - 1e-6):
            x, y, yaw = line["ego"][:3]
            places.append((line["t"], x, y, yaw))
    return places


def path_of(folder: Path, case: Case) -> Path:
    """Where the golden run of a case lies."""
    return folder / f"{case.name}.json"


def keep(folder: Path, outcome: Outcome) -> None:
    """Make this run the golden one of its case."""
    folder.mkdir(parents=True, exist_ok=True)
    content = {"result": outcome.result["result"], "places": [[round(v, 3) for v in p] for p in thinned(outcome.trace)]}
    path_of(folder, outcome.case).write_text(json.dumps(content) + "\n", encoding="utf-8")


def drift(folder: Path, outcome: Outcome, metres: float, degrees: float) -> str:
    """What differs from the golden run by more than the tolerances; empty if nothing, or if there is none.

    UsageError for a golden file that cannot be read.
    """
    path = path_of(folder, outcome.case)
    if not path.exists():
        return ""
    try:
        golden = json.loads(path.read_text(encoding="utf-8"))
        known = [tuple(map(float, place)) for place in golden["places"]]
        wanted = golden["result"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"golden run {path} cannot be read ({error}); make it anew with --update-golden") from error
    if outcome.result.get("result") != wanted:
        return f"ended as {outcome.result.get('result')}, the golden run as {wanted}"
    for (t, x, y, yaw), (_, gx, gy, gyaw) in zip(thinned(outcome.trace), known, strict=False):
        off = math.hypot(x - gx, y - gy)
        turned = abs(math.degrees(math.remainder(yaw - gyaw, 2.0 * math.pi)))
        if off > metres or turned > degrees:
            return f"at {t:.1f} s it is {off:.2f} m and {turned:.1f}° from the golden run"
    return ""
