"""Retry from here: which moment to go back to, and how often that is allowed."""

from __future__ import annotations

from collections import deque

from controllers.parkit_examiner.stage import Snapshot

BACK = 3.0
"""A retry begins this long [s] before the mistake."""
KEPT = 40.0
"""So much [s] of the way driven is remembered."""
FORGOTTEN = 20.0
"""A mistake longer ago than this [s] is not what the learner wants to try again."""


class Rewinder:
    """Remembers the way driven and the last mistake. Times are seconds of the attempt."""

    def __init__(self, tries: int) -> None:
        self._allowed = tries
        self._way: deque[Snapshot] = deque()
        self._mistake: float | None = None
        self.tries = 0
        """Retries so far."""

    @property
    def left(self) -> int:
        return self._allowed - self.tries

    def note(self, moment: Snapshot) -> None:
        """Remember a moment."""
        self._way.append(moment)
        while moment.time - self._way[0].time > KEPT:
            self._way.popleft()

    def mistake(self, time: float) -> None:
        """Something went wrong at `time`."""
        self._mistake = time

    def back(self, now: float) -> Snapshot | None:
        """Where a retry asked for at `now` begins, and no way further than there; None if none is left."""
        if self.left <= 0 or not self._way:
            return None
        recent = self._mistake is not None and now - self._mistake <= FORGOTTEN
        since = (self._mistake if recent and self._mistake is not None else now) - BACK
        while len(self._way) > 1 and self._way[-1].time > since:
            self._way.pop()
        self._mistake = None
        self.tries += 1
        return self._way[-1]
