"""Warnings: how near, how soon, where, and how accidents begin. `RiskState.update` is the front door."""

from coach_core.risk.inputs import NO_POINTS, NO_POLYGONS, RiskInput, RiskResult
from coach_core.risk.limits import NARROW_LIMITS, RiskLimits
from coach_core.risk.movers import NO_MOVERS
from coach_core.risk.patterns import PATTERNS
from coach_core.risk.rules import CAUTION, CLEAR, CRITICAL, WARNING
from coach_core.risk.state import RiskState, warm_up

__all__ = [
    "CAUTION",
    "CLEAR",
    "CRITICAL",
    "NARROW_LIMITS",
    "NO_MOVERS",
    "NO_POINTS",
    "NO_POLYGONS",
    "PATTERNS",
    "WARNING",
    "RiskInput",
    "RiskLimits",
    "RiskResult",
    "RiskState",
    "warm_up",
]
