"""One cue at a time: which of the things worth saying is said now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from coach_core.contracts import Cue, Level
from coach_core.errors import ContractError

HOLD = 0.6
"""A guidance cue stays at least this long [s] before another guidance cue may follow (stops may always follow)."""
URGENT = frozenset({"move.stop_here", "move.stop_now", "gear.stop_first", "crit.stop", "crit.contact"})
STOPS = ("move.stop_here", "move.stop_now", "crit.stop")
"""Ways to say stop, the mildest first."""
STOP_STAYS = 2.0
"""Whoever was told to stop firmly is not told so mildly within this time [s]: it would be another word for nothing."""
HINT_SHOWN = 4.0
"""Time [s] an instructor's hint is shown."""


class CueSpec(NamedTuple):
    """What the catalogue says of one id, apart from its words."""

    severity: Level
    priority: int
    """Higher wins."""
    hidden_below_assist: int


class CueCatalogue:
    """The cues that exist; built from the catalogue file's content."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        cues: Mapping[str, Any] = data["cues"]
        ranking = list(reversed(data["priorities"]))
        self._specs: dict[str, CueSpec] = {}
        for cue_id, entry in cues.items():
            try:
                self._specs[cue_id] = CueSpec(
                    entry["severity"], ranking.index(entry["priority"]), int(entry["hidden_below_assist"])
                )
            except (KeyError, ValueError, TypeError) as error:
                raise ContractError(f"cue catalogue: {cue_id!r}: {error}", reason="bad_catalogue") from error

    def spec(self, cue_id: str) -> CueSpec:
        """ContractError if the catalogue has no such cue."""
        try:
            return self._specs[cue_id]
        except KeyError:
            raise ContractError(f"cue catalogue: no cue {cue_id!r}", reason="unknown_cue") from None

    def cue(self, cue_id: str, **params: str | int) -> Cue:
        """A cue with its placeholders filled."""
        return Cue(cue_id, params, self.spec(cue_id).severity)


class CueSelector:
    """Chooses by priority; holds guidance against flicker; hides what the assist level does not show."""

    def __init__(self, catalogue: CueCatalogue) -> None:
        self._catalogue = catalogue
        self._current: Cue | None = None
        self._since = 0.0
        self._hint: tuple[Cue, float] | None = None

    def hint(self, text: str, now: float) -> None:
        """Show an instructor's hint from now on; the latest wins."""
        self._hint = (self._catalogue.cue("sys.instructor", text=text), now + HINT_SHOWN)

    def choose(self, candidates: list[Cue], assist_level: int, now: float) -> Cue | None:
        """The cue to show at `now` among `candidates` (any order; the first of equals wins)."""
        if self._hint is not None and now >= self._hint[1]:
            self._hint = None
        if self._hint is not None:
            candidates = [*candidates, self._hint[0]]
        wanted = [c for c in candidates if assist_level >= self._catalogue.spec(c.id).hidden_below_assist]
        best = max(wanted, key=lambda cue: self._catalogue.spec(cue.id).priority, default=None)
        if self._must_hold(best, now):
            return self._current
        if best != self._current:
            self._current, self._since = best, now
        return best

    def _must_hold(self, best: Cue | None, now: float) -> bool:
        if self._current is None or best is None or best == self._current:
            return False
        if best.id in STOPS and self._current.id in STOPS[STOPS.index(best.id) + 1 :]:
            return now - self._since < STOP_STAYS
        if best.id in URGENT:
            return False
        if best.id == self._current.id:  # only its numbers moved: at most as often as a person can read
            return now - self._since < HOLD
        old, new = self._catalogue.spec(self._current.id), self._catalogue.spec(best.id)
        return new.priority == old.priority and now - self._since < HOLD
