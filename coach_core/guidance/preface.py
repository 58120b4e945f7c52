"""A sentence that explains the next moves, before the first of them is asked for."""

from __future__ import annotations

from coach_core.contracts import Cue

SHOWN = 2.0
"""It is shown this long [s], and no longer than the learner waits to be told something."""


class Preface:
    """The sentence under way, and the last reason that was given: the same twice in a row says nothing new."""

    def __init__(self) -> None:
        self._cue: Cue | None = None
        self._until = 0.0
        self._reason: Cue | None = None

    def begin(self, cue: Cue, now: float) -> None:
        """Say it from `now` [s] on."""
        self._cue, self._until = cue, now + SHOWN

    def explain(self, reason: Cue, now: float) -> None:
        """Say a reason from `now` [s] on, unless it was the last one given."""
        if reason != self._reason:
            self._reason = reason
            self.begin(reason, now)

    def drop(self) -> None:
        """Say no more of it."""
        self._cue = None

    def instead_of(self, cue: Cue | None, now: float, *, waits: bool) -> Cue | None:
        """What is said at `now` [s] where `cue` would be; waits: whether that can wait."""
        if self._cue is not None and waits and now < self._until:
            return self._cue
        self._cue = None
        return cue
