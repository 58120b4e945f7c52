"""What is known of a session when it is judged, and what a rule can find in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import msgspec

from coach_core.contracts import Contact, Ended
from coach_core.scoring.track import SessionTrack

Params = Mapping[str, str | int | float]
NO_PARAMS: Params = MappingProxyType({})


class Par(NamedTuple):
    """What the planner needs for this slot and start pose: changes of direction, and time [s]."""

    cusps: int
    time_s: float


class Case(NamedTuple):
    """All that is known of a session when it is judged. The track has at least one counted frame."""

    track: SessionTrack
    ended: Ended
    contacts: Sequence[Contact]
    par: Par | None

    @property
    def end_s(self) -> float:
        """When the session ended [s]: at the examiner's word, else with the last frame."""
        said = self.track.ended_t
        return float(self.track.t[-1]) if said is None else said

    def until(self, t: float) -> Case:
        """The case as it stood at t [s], broken off there."""
        track = self.track.until(t)
        contacts = [contact for _, contact in track.contacts]
        ended = msgspec.structs.replace(self.ended, result="aborted", contacts=len(contacts))
        return Case(track, ended, contacts, self.par)


class Finding(NamedTuple):
    """One thing found, from t0 to t1 [s]: measured against limit (units as in the rule's text), `steps` times the
    rule's points. params fill the placeholders of the sentence in score_texts.json."""

    t0: float
    t1: float
    measured: float | None
    limit: float | None
    steps: int = 1
    params: Params = NO_PARAMS


Limits = Mapping[str, float]
Findings = list[Finding] | None


class Detector(NamedTuple):
    """How to find something, and the limits it must be given."""

    find: Callable[[Case, Limits], Findings]
    limits: tuple[str, ...] = ()


def at_end(
    case: Case,
    measured: float | None,
    limit: float | None,
    steps: int = 1,
    params: Params = NO_PARAMS,
) -> Finding:
    """A finding about how things stood when the session was over."""
    t = float(case.track.t[-1])
    return Finding(t, t, measured, limit, steps, params)
