"""Every error Parkit raises on purpose, as one tree.

    ParkitError
    ├── GeometryError      a pose, polygon or vehicle that cannot be computed with
    ├── ContractError      a message that does not follow its contract
    ├── RelayError         the path from car to cloud; ``retriable`` says whether to try again
    └── UsageError         a person asked for something that cannot be done (exit status 2)

"No path found" is an answer (`PlanStatus.NO_PATH`), not an error.
"""

from __future__ import annotations


class ParkitError(Exception):
    """Base of all errors that Parkit raises on purpose."""


class GeometryError(ParkitError):
    """A pose, polygon or vehicle is not finite, has the wrong shape or is out of range."""


class ContractError(ParkitError):
    """A message does not follow its contract. ``reason`` is a short, stable word for metrics."""

    def __init__(self, message: str, *, reason: str = "invalid") -> None:
        super().__init__(message)
        self.reason = reason


class RelayError(ParkitError):
    """A hop between car and cloud failed. ``retriable`` tells the retry loop whether to go on."""

    def __init__(self, message: str, *, retriable: bool) -> None:
        super().__init__(message)
        self.retriable = retriable


class UsageError(ParkitError):
    """What the user asked for cannot be done; the message names the thing and what to do."""
