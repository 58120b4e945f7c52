"""When the car beeps, how fast and from which side. Decides; plays nothing.

The rhythm is the file's: a beep that repeats is a loop, so its beat does not depend on ticks. Zones and times follow
docs/overlay.md; levels are the coach's.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from coach_core.contracts import ClearanceState, Decision
from coach_core.contracts.messages import Gear
from controllers.parkit_coach.overlay.palette import rank

Side = Literal["front", "rear"]
RhythmName = Literal["slow", "quick", "rapid", "solid"]


class Rhythm(NamedTuple):
    """One turn of a beep's loop."""

    on_s: float
    off_s: float
    pitch: float


RHYTHMS: dict[RhythmName, Rhythm] = {
    "slow": Rhythm(0.150, 0.650, 1.0),
    "quick": Rhythm(0.150, 0.150, 1.0),
    "rapid": Rhythm(0.075, 0.075, 1.12),
    "solid": Rhythm(0.200, 0.0, 1.25),
}
TIMBRES: dict[Side, tuple[float, float]] = {"front": (1150.0, 0.15), "rear": (720.0, 0.45)}
"""Frequency [Hz] and share of the octave above it: front and rear are told apart by ear."""

SOLID_WITHIN = 0.30
"""Nearer than this [m] the tone does not stop."""
RAPID_WITHIN = 0.45
"""The nearer half of the warning zone [m]."""
SETTLED_S = 3.0
"""What has not come nearer for this long [s] falls silent: a wall the car drives along."""
NEARER = 0.03
"""Less than this [m] is no coming nearer."""
FORGOTTEN_S = 1.0
"""A side that was clear for this long [s] begins anew."""
STANDSTILL = 0.05
QUIET_AT_REST_S, SOLID_AT_REST_S = 0.3, 2.0
"""At a standstill beeps end after the one [s], the solid tone after the other."""

_BALANCE = {"left": -0.8, "centre_left": -0.3, "centre_right": 0.3, "right": 0.8}


class Tone(NamedTuple):
    """What is to be heard until told otherwise."""

    side: Side
    rhythm: RhythmName
    balance: float
    """-1 left ... 1 right."""


def beep_name(side: Side, rhythm: RhythmName) -> str:
    """Name of a beep's file, without its ending."""
    return f"{side}-{rhythm}"


class Beeper:
    """One car's beeps."""

    def __init__(self) -> None:
        self._settled: dict[str, tuple[float, float, float, int]] = {}
        """Side of the car -> least distance [m], when that was, when last seen, and at which rank."""
        self._moved_at = 0.0

    def tick(self, now: float, decision: Decision, speed: float, gear: Gear) -> Tone | None:
        """The tone for this instant; None: silence. now [s], speed [m/s]."""
        if abs(speed) >= STANDSTILL:
            self._moved_at = now
        heard = [state for state in decision.sectors if _audible(state, decision.assist_level)]
        worst = max(heard, key=lambda s: (rank(s.level), -_distance(s)), default=None)
        quiet = {_group(state): state for state in sorted(heard, key=_distance, reverse=True)}
        for group, state in quiet.items():
            self._watch(now, group, state)
        if worst is None or gear == "P":
            return None
        rhythm = _rhythm(worst)
        at_rest = now - self._moved_at
        if at_rest > (SOLID_AT_REST_S if rhythm == "solid" else QUIET_AT_REST_S):
            return None
        group = _group(worst)
        settles = rhythm == "slow" or (rhythm != "solid" and group in ("left", "right"))
        if settles and now - self._settled[group][1] > SETTLED_S:
            return None
        return Tone(_side(worst.sector), rhythm, _balance(worst.sector))

    def _watch(self, now: float, group: str, state: ClearanceState) -> None:
        """Note when something on a side last came nearer or grew more dangerous."""
        distance, danger = _distance(state), rank(state.level)
        least, since, seen, before = self._settled.get(group, (distance, now, now, danger))
        if now - seen > FORGOTTEN_S or distance < least - NEARER or danger > before:
            least, since = distance, now
        self._settled[group] = (least, since, now, danger)


def _audible(state: ClearanceState, assist: int) -> bool:
    if assist == 0:
        return False
    return state.level == "critical" if assist == 1 else state.level != "clear"


def _distance(state: ClearanceState) -> float:
    return 0.0 if state.distance_m is None else state.distance_m


def _rhythm(state: ClearanceState) -> RhythmName:
    if state.level == "critical" or (state.distance_m is not None and state.distance_m <= SOLID_WITHIN):
        return "solid"
    if state.level == "caution":
        return "slow"
    return "rapid" if _distance(state) < RAPID_WITHIN else "quick"


def _group(state: ClearanceState) -> str:
    """The side of the car a sector looks to."""
    return state.sector.partition("_")[0]


def _side(sector: str) -> Side:
    return "front" if "front" in sector else "rear"


def _balance(sector: str) -> float:
    first, _, rest = sector.partition("_")
    return _BALANCE[first] if first in ("left", "right") else _BALANCE[rest]
