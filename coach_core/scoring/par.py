"""What a session is measured against: the first plan the coach made for that slot from where the car then was."""

from __future__ import annotations

from collections.abc import Iterable

from coach_core.contracts import Decision
from coach_core.scoring.findings import Par

PACE = 0.5
"""A calm learner's speed in a manoeuvre [m/s], 1.8 km/h."""
PER_STROKE_S = 8.0
"""Stopping, selecting the gear and turning the wheel before a stroke take a learner this long [s]."""
SECURE_S = 6.0
"""Straightening the wheels, P and the parking brake."""


def par_of(decisions: Iterable[Decision]) -> Par | None:
    """Par of a session: the cusps of its first plan, and the time until then plus a calm drive along it.

    decisions in the order of their seq; None when the coach never had a plan.
    """
    began: float | None = None
    for decision in decisions:
        if began is None:
            began = decision.sim_time_s
        plan = decision.plan
        if plan is not None and plan.segments:
            drive = plan.length_m / PACE + PER_STROKE_S * len(plan.segments) + SECURE_S
            return Par(plan.cusps, decision.sim_time_s - began + drive)
    return None
