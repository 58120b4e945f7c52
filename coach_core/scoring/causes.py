"""What lay behind a deduction: where the learner's driving left the plan before it, or what was done at that moment.

A rubric names for each cause a finder, its limits and the rules it can explain. Of all clues that came before a finding
the heaviest is taken for its cause; weights are measured over limit, so that they can be compared.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import numpy as np

from coach_core.contracts import SECTORS
from coach_core.scoring.findings import NO_PARAMS, Case, Finding, Limits, Params
from coach_core.scoring.plans import Stretch
from coach_core.scoring.track import GEAR_D, GEAR_R, Bools, Floats

_MOVING_MPS = 0.05
_ROLLING_MPS = 0.15
_LEAST_DRIVEN_M = 0.2
"""A stretch shorter than this says nothing about how it was driven."""
_MOST_WEIGHT = 4.0
"""Beyond this much over its limit, one clue says no more than another."""
_AT_THE_TIME = 0.5
"""Weight of what the car was just doing: any clear departure from the plan before it explains more."""


class Clue(NamedTuple):
    """A sign of a cause, from t0 [s] on."""

    t0: float
    weight: float
    params: Params = NO_PARAMS


class Finder(NamedTuple):
    """find: the clues of a session; or, if `moment`, those at one finding."""

    find: Callable[[Case, Limits, Finding], list[Clue]]
    limits: tuple[str, ...] = ()
    moment: bool = False


# --- where the driving left the plan ----------------------------------------------------------------------


def turned_late(case: Case, limits: Limits, _: Finding) -> list[Clue]:
    """Driven more than `over_m` of a curve, or all of it, before the wheel was within `off_rad` of what it needs."""
    clues = []
    for drive in _drives(case):
        if not drive.turns(limits["off_rad"]) or drive.rolling or drive.hurried(limits["fast_mps"]):
            continue
        driven, ratio = drive.until(~drive.short_of(limits["off_rad"]), limits["over_m"])
        wrong = float(drive.step[drive.wrong_way(limits["off_rad"])].sum())
        if ratio >= 1.0 and wrong < 0.5 * driven:
            clues.append(drive.clue(ratio, m=driven))
    return clues


def turned_early(case: Case, limits: Limits, _: Finding) -> list[Clue]:
    """The wheel left where it should be for the next curve more than `over_m` before the end of the stretch."""
    clues = []
    for drive in _drives(case):
        following = drive.stretch.following
        if following is None:
            continue
        toward = math.copysign(1.0, following.steering_angle_rad - drive.wanted)
        away = (drive.steer - drive.wanted) * toward > limits["off_rad"]
        settled = np.flatnonzero(np.abs(drive.steer - drive.wanted) <= limits["off_rad"])
        if not len(settled):
            continue
        away[: settled[0]] = False
        before_end = drive.along < drive.stretch.segment.length_m
        driven = float(drive.step[away & before_end].sum())
        if driven > limits["over_m"]:
            row = int(np.flatnonzero(away & before_end)[0])
            clues.append(drive.clue(driven / limits["over_m"], row, m=driven))
    return clues


def not_straightened(case: Case, limits: Limits, _: Finding) -> list[Clue]:
    """Driven more than `over_m` of a straight stretch, or all of it, before the wheel was straight to `off_rad`."""
    clues = []
    for drive in _drives(case):
        if drive.turns(limits["off_rad"]) or drive.rolling or drive.hurried(limits["fast_mps"]):
            continue
        driven, ratio = drive.until(np.abs(drive.steer - drive.wanted) <= limits["off_rad"], limits["over_m"])
        if ratio >= 1.0:
            clues.append(drive.clue(ratio, m=driven))
    return clues


def wrong_way(case: Case, limits: Limits, _: Finding) -> list[Clue]:
    """Driven more than `over_m` with the wheel turned to the other side by `off_rad` or more."""
    clues = []
    for drive in _drives(case):
        wrong = drive.wrong_way(limits["off_rad"])
        driven = float(drive.step[wrong].sum())
        if driven > limits["over_m"]:
            side = "left" if drive.wanted > 0.0 else "right"
            row = int(np.flatnonzero(wrong)[0])
            clues.append(drive.clue(driven / limits["over_m"], row, m=driven, side=side))
    return clues


def start_missed(case: Case, limits: Limits, _: Finding) -> list[Clue]:
    """Rolled more than `over_m` past a stop of the way to where the first reverse begins."""
    return _overshoots(case, limits, first=True)


def stop_missed(case: Case, limits: Limits, _: Finding) -> list[Clue]:
    """Rolled more than `over_m` past a later stop."""
    return _overshoots(case, limits, first=False)


def wrong_gear(case: Case, limits: Limits, _: Finding) -> list[Clue]:
    """Driven more than `over_m` against the direction of the plan."""
    clues = []
    for drive in _drives(case):
        against = drive.speed * drive.stretch.segment.gear < -_MOVING_MPS
        driven = float(drive.step[against].sum())
        if driven > limits["over_m"]:
            row = int(np.flatnonzero(against)[0])
            clues.append(drive.clue(driven / limits["over_m"], row, m=driven))
    return clues


def went_fast(case: Case, limits: Limits, _: Finding) -> list[Clue]:
    """Faster than `over_mps` in the manoeuvre."""
    track = case.track
    clues = []
    for span in track.spans((np.abs(track.speed) > limits["over_mps"]) & track.manoeuvre()):
        fastest = float(np.abs(track.speed[span.first : span.last + 1]).max())
        # a little over the limit is much: the way to stop grows with the square of the speed
        clues.append(Clue(span.t0, _weight((fastest / limits["over_mps"]) ** 2), {"kmh": round(3.6 * fastest, 1)}))
    return clues


def shifted_rolling(case: Case, limits: Limits, _: Finding) -> list[Clue]:
    """Changed between D and R while still rolling faster than `over_mps`: the stroke did not end where it should."""
    track = case.track
    rows = np.flatnonzero(np.diff(track.gear) != 0) + 1
    rows = rows[np.isin(track.gear[rows], (GEAR_D, GEAR_R))]
    rows = rows[track.speed[rows] * track.gear[rows] < -limits["over_mps"]]
    return [Clue(float(track.t[row]), _weight(abs(float(track.speed[row])) / limits["over_mps"])) for row in rows]


def stood_long(case: Case, limits: Limits, _: Finding) -> list[Clue]:
    """Stood for more than `over_s` at a time, once under way."""
    track = case.track
    under_way = np.maximum.accumulate(np.abs(track.speed) > _MOVING_MPS)
    clues = []
    for span in track.spans((np.abs(track.speed) < _MOVING_MPS) & under_way):
        stood = span.t1 - span.t0
        if stood > limits["over_s"]:
            clues.append(Clue(span.t0, _weight(stood / limits["over_s"]), {"s": round(stood)}))
    return clues


def end_turned(case: Case, limits: Limits, _: Finding) -> list[Clue]:
    """The front wheels were left turned by more than `off_rad`."""
    steer = abs(float(case.track.steer[-1]))
    return [Clue(float(case.track.t[-1]), _AT_THE_TIME)] if steer > limits["off_rad"] else []


# --- what the car was doing at that moment ----------------------------------------------------------------


def swung_out(case: Case, limits: Limits, finding: Finding) -> list[Clue]:
    """Reversing with the wheel turned by `off_rad`, something came close at the front or beside it."""
    return _near_corner(case, limits, finding, lambda sector: "front" in sector)


def cut_in(case: Case, limits: Limits, finding: Finding) -> list[Clue]:
    """Reversing with the wheel turned by `off_rad`, something came close at the back or beside it."""
    return _near_corner(case, limits, finding, lambda sector: "rear" in sector)


def always(_case: Case, _limits: Limits, finding: Finding) -> list[Clue]:
    """What the finding itself says, where nothing before it explains it."""
    return [Clue(finding.t0, 0.0)]


FINDERS: Mapping[str, Finder] = {
    "turned_late": Finder(turned_late, ("over_m", "off_rad", "fast_mps")),
    "turned_early": Finder(turned_early, ("over_m", "off_rad")),
    "not_straightened": Finder(not_straightened, ("over_m", "off_rad", "fast_mps")),
    "wrong_way": Finder(wrong_way, ("over_m", "off_rad")),
    "start_missed": Finder(start_missed, ("over_m", "fast_mps")),
    "stop_missed": Finder(stop_missed, ("over_m", "fast_mps")),
    "wrong_gear": Finder(wrong_gear, ("over_m",)),
    "went_fast": Finder(went_fast, ("over_mps",)),
    "shifted_rolling": Finder(shifted_rolling, ("over_mps",)),
    "stood_long": Finder(stood_long, ("over_s",)),
    "end_turned": Finder(end_turned, ("off_rad",)),
    "swung_out": Finder(swung_out, ("off_rad",), moment=True),
    "cut_in": Finder(cut_in, ("off_rad",), moment=True),
    "always": Finder(always, (), moment=True),
}
"""By the name a rubric's cause gives."""


class _Drive(NamedTuple):
    """One stretch as it was driven; arrays over its rows. step, along: way driven [m] in the row, and up to it in the
    direction of the plan."""

    stretch: Stretch
    t: Floats
    steer: Floats
    speed: Floats
    step: Floats
    along: Floats

    @property
    def wanted(self) -> float:
        return self.stretch.segment.steering_angle_rad

    @property
    def rolling(self) -> bool:
        """Whether the car rolled when the stretch began: then nobody could have turned the wheel before."""
        return bool(abs(self.speed[0]) > _ROLLING_MPS)

    def hurried(self, fast: float) -> bool:
        """Whether the car was too fast for hands to keep up: then that is the cause, not the steering."""
        return bool((np.abs(self.speed) > fast).any())

    def turns(self, off: float) -> bool:
        return abs(self.wanted) > off

    def wrong_way(self, off: float) -> Bools:
        """Rows with the wheel turned to the other side, while going where the plan goes."""
        if not self.turns(off):
            return np.zeros(len(self.t), dtype=np.bool_)
        going = self.speed * self.stretch.segment.gear > _MOVING_MPS
        return going & (self.steer * math.copysign(1.0, self.wanted) < -off)

    def short_of(self, off: float) -> Bools:
        """Rows with the wheel not turned far enough."""
        return self.steer * math.copysign(1.0, self.wanted) < abs(self.wanted) - off

    def until(self, reached: Bools, over: float) -> tuple[float, float]:
        """Way [m] driven before `reached` first holds while the car moves, and its ratio to `over`: at least 1 where it
        never holds, since a stretch that went wrong is soon given up."""
        rows = np.flatnonzero(reached & (np.abs(self.speed) > _MOVING_MPS))
        if len(rows):
            driven = float(self.step[: rows[0]].sum())
            return driven, driven / over
        driven = float(self.step.sum())
        return driven, max(1.0, driven / over)

    def clue(self, ratio: float, row: int = 0, *, m: float, **params: str) -> Clue:
        return Clue(float(self.t[row]), _weight(ratio), {"m": round(m, 1), **params})


def _weight(ratio: float) -> float:
    return min(_MOST_WEIGHT, ratio)


def _drives(case: Case) -> Iterator[_Drive]:
    track = case.track
    step = np.nan_to_num(np.abs(track.speed)) * track.step_s()
    for stretch in track.plan.stretches():
        rows = slice(stretch.first, stretch.last + 1)
        way = step[rows]
        if float(way.sum()) < _LEAST_DRIVEN_M:
            continue
        speed = np.nan_to_num(track.speed[rows])
        along = np.cumsum(way * np.sign(speed) * stretch.segment.gear)
        yield _Drive(stretch, track.t[rows], track.steer[rows], speed, way, along)


def _overshoots(case: Case, limits: Limits, first: bool) -> list[Clue]:
    clues = []
    reversed_before = False
    for drive in _drives(case):
        # every stretch ends with a stop; those of the approach lead to where the reverse begins
        approach = drive.stretch.segment.gear > 0 and drive.stretch.following is not None
        begins = approach and not reversed_before
        reversed_before = reversed_before or bool((drive.speed < -_MOVING_MPS).any())
        beyond = float(drive.along.max()) - drive.stretch.segment.length_m
        if begins is not first or beyond <= limits["over_m"]:
            continue
        row = int(np.flatnonzero(drive.along > drive.stretch.segment.length_m)[0])
        if abs(float(drive.speed[row])) > limits["fast_mps"]:
            continue  # too fast to stop there: that is the cause, not the braking
        clues.append(drive.clue(beyond / limits["over_m"], row, m=beyond))
    return clues


def _near_corner(case: Case, limits: Limits, finding: Finding, where: Callable[[str], bool]) -> list[Clue]:
    track = case.track
    row = min(int(np.searchsorted(track.t, finding.t0)), len(track.t) - 1)
    sector = int(track.worst_sector[row])
    if sector < 0 or track.gear[row] != GEAR_R or abs(float(track.steer[row])) < limits["off_rad"]:
        return []
    name = SECTORS[sector]
    return [Clue(finding.t0, _AT_THE_TIME, {"sector": name})] if where(name) else []
