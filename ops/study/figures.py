"""What many rows come to: shares with Wilson's bounds, quantiles with the ranks that bound them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from ops.bench.statistics import wilson
from ops.study.parking import Row

EASY = ("perpendicular", "angled60", "angled45", "parallel1.5")
"""The families whose end pose is asked for."""


class Estimate(NamedTuple):
    """A figure from `n` samples with its two-sided 95 % bounds."""

    value: float
    low: float
    high: float
    n: int


def share(successes: int, trials: int) -> Estimate | None:
    """A proportion; None without trials. With none or all, the far bound is Wilson's, a little wider than 3/n."""
    if trials == 0:
        return None
    return Estimate(successes / trials, *wilson(successes, trials), trials)


def quantile(values: Sequence[float], q: float) -> Estimate | None:
    """The q-quantile; its bounds are the samples at the ranks that bound a share of q. None without samples.

    Source: order statistics, as in Conover, Practical Nonparametric Statistics (1999), section 3.2, with Wilson's
    bounds for the binomial ones.
    """
    ordered = sorted(values)
    n = len(ordered)
    if n == 0:
        return None
    low, high = wilson(round(q * n), n)

    def at(p: float) -> float:
        return ordered[min(n - 1, max(0, math.ceil(p * n) - 1))]

    return Estimate(at(q), at(low), ordered[-1] if high >= 1.0 - 0.5 / n else at(high), n)


def group(rows: Sequence[Row]) -> dict[str, Any]:
    """The figures of rows that belong together: the same family, driver and help."""
    parked = [row for row in rows if row.parked]
    kerbs = [row.kerb for row in parked if row.kerb is not None]
    results = Counter("error" if row.result.startswith("error") else row.result for row in rows)
    return {
        "n": len(rows),
        "results": dict(sorted(results.items())),
        "parked": plain(share(len(parked), len(rows))),
        "contact": plain(share(results.get("contact", 0), len(rows))),
        "lateral_p95_m": _of(parked, "lateral", 0.95),
        "depth_p95_m": _of(parked, "depth", 0.95),
        "yaw_p95_deg": _of(parked, "yaw", 0.95),
        "kerb_p50_m": _of(parked, "kerb", 0.50),
        "prompts_p50": _of(parked, "prompts", 0.50),
        "prompts_p95": _of(parked, "prompts", 0.95),
        "cusps_p50": _of(parked, "cusps", 0.50),
        "duration_p50_s": _of(parked, "duration", 0.50),
        "duration_p95_s": _of(parked, "duration", 0.95),
        "clearance_min_m": min((row.clearance for row in parked), default=None),
        "kerb_in_range": plain(share(sum(0.10 <= kerb <= 0.30 for kerb in kerbs), len(kerbs))),
        "score_p50": _of(rows, "score", 0.50),
        "clearance_p05_m": _of(parked, "clearance", 0.05),
    }


def pooled(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The figures of each family and help, over all learners; the expert is none."""
    learners = [row for row in rows if row.who != "expert"]
    found: dict[tuple[str, bool], list[Row]] = {}
    for row in learners:
        found.setdefault((row.family, row.coached), []).append(row)
    every = [{"family": family, "coached": coached, **group(members)} for (family, coached), members in found.items()]
    for coached in (True, False):
        easy = [row for row in learners if row.coached is coached and row.family in EASY]
        if easy:
            every.append({"family": "easy", "coached": coached, **group(easy)})
    return every


def by_group(rows: Sequence[Row]) -> dict[tuple[str, str, bool], list[Row]]:
    """Rows by family, driver and help, in the order in which they first appear."""
    found: dict[tuple[str, str, bool], list[Row]] = {}
    for row in rows:
        found.setdefault((row.family, row.who, row.coached), []).append(row)
    return found


def _of(rows: Sequence[Row], name: str, q: float) -> dict[str, float] | None:
    values = [abs(value) for row in rows if (value := getattr(row, name)) is not None]
    return plain(quantile(values, q))


def plain(estimate: Estimate | None) -> dict[str, float] | None:
    """An estimate as JSON has it."""
    if estimate is None:
        return None
    return {
        "value": round(estimate.value, 4),
        "low": round(estimate.low, 4),
        "high": round(estimate.high, 4),
        "n": estimate.n,
    }
