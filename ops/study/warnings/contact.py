"""One contact episode through the real coach, and what its warnings were worth."""

from __future__ import annotations

import math
from typing import NamedTuple

import shapely

from controllers.parkit_coach.drivers import Driver
from ops.study.episode import Body
from ops.study.simulator import Settings, Tick, learner_car, run
from ops.study.warnings import pdw
from ops.study.warnings.drivers import ActingDriver
from ops.study.warnings.foresight import foresee, shape_of
from ops.study.warnings.patterns import Drawn, draw, is_known

IN_FORCE = 0.5
"""A signal counts for a contact if it was still given at most this long [s] before."""
SHORT_NOTICE = 1.0
"""A contact this soon [s] after the action that brought it about leaves no time for a second of warning."""
SLOWEST = 0.05
"""A touch at less than this [m/s] is none."""
ECHO_OF = 0.25
"""An echo within this [m] of a body's distance from the sensor is taken for its own."""
FORESEEABLE = 4.0
"""How far [s] ahead a danger that is there already is looked for."""


class Row(NamedTuple):
    """How one contact was warned of. Leads [s] are the time from the beginning of a signal that lasted until the
    contact, None where there was none."""

    pattern: str
    seed: int
    family: str
    hit: str
    known: bool
    """Whether the lot map tells of what was hit."""
    contact_s: float
    speed_mps: float
    """At the contact, unsigned."""
    critical_s: float | None
    warning_s: float | None
    """Warning or critical."""
    pdw_stop_s: float | None
    pdw_fast_s: float | None
    named: bool
    """Whether the coach named the pattern during the last 4 s."""
    short_notice: bool
    """The contact came within a second of the action that brought it about. Looked at only where the lead is short."""
    sensed_s: float | None
    """For what the map does not tell of: how long [s] before the contact a sonar first heard it."""


class _Lead:
    """Since when a signal has been given without a break, and when it was last given."""

    def __init__(self) -> None:
        self._since: float | None = None
        self._last = -math.inf

    def note(self, now: float, given: bool) -> None:
        if given:
            self._since = now if self._since is None else self._since
            self._last = now
        elif now - self._last > IN_FORCE:
            self._since = None

    def before(self, contact: float) -> float | None:
        if self._since is None or contact - self._last > IN_FORCE:
            return None
        return round(contact - self._since, 3)


class _Ear:
    """When one body was first heard by any sonar."""

    def __init__(self, body: Body) -> None:
        self._body = body
        self.since: float | None = None

    def note(self, tick: Tick) -> None:
        if self.since is not None:
            return
        car = tick.plant.car
        cos, sin = math.cos(car.yaw), math.sin(car.yaw)
        body = shape_of(self._body.at(tick.now))
        echoes = {reading.sensor_id: reading.distance for reading in tick.frame.readings}
        for mount in learner_car().sensors:
            echo = echoes.get(mount.sensor_id)
            if echo is not None:
                x, y = car.x + cos * mount.x_m - sin * mount.y_m, car.y + sin * mount.x_m + cos * mount.y_m
                if abs(body.distance(shapely.Point(x, y)) - echo) < ECHO_OF:
                    self.since = tick.now


def measure(pattern: str, seed: int, settings: Settings) -> Row | None:
    """Drive the episode of `pattern` that `seed` gives; None if it ends without a contact after all."""
    drawn = draw(pattern, seed, learner_car())
    episode, body = drawn.episode, drawn.foreseen.body
    known = not body.path and is_known(episode, body.x, body.y, body.kind)
    ear = None if known else _Ear(body)
    critical, warning, pdw_stop, pdw_fast = _Lead(), _Lead(), _Lead(), _Lead()
    named: list[tuple[float, tuple[str, ...]]] = []

    def watch(tick: Tick) -> bool:
        level = tick.decision.level
        critical.note(tick.now, level == "critical")
        warning.note(tick.now, level in ("critical", "warning"))
        echo = pdw.nearest(tick.frame)
        pdw_stop.note(tick.now, echo <= pdw.STEADY)
        pdw_fast.note(tick.now, echo <= pdw.FAST)
        if ear is not None:
            ear.note(tick)
        named.append((tick.now, tuple(tick.decision.patterns)))
        return False

    touch = run(episode, _driver(drawn), settings, watch).touch
    if touch is None or abs(touch.speed) < SLOWEST or touch.kind != body.kind:
        return None
    lead = critical.before(touch.time)
    return Row(
        pattern,
        seed,
        episode.family,
        touch.kind,
        known,
        round(touch.time, 3),
        round(abs(touch.speed), 3),
        lead,
        warning.before(touch.time),
        pdw_stop.before(touch.time),
        pdw_fast.before(touch.time),
        any(pattern in names for at, names in named if at > touch.time - FORESEEABLE),
        lead_is_short(lead) and _short_notice(drawn, touch.time),
        None if ear is None else (0.0 if ear.since is None else round(touch.time - ear.since, 3)),
    )


def lead_is_short(lead: float | None) -> bool:
    return lead is None or lead < SHORT_NOTICE


def _driver(drawn: Drawn) -> Driver:
    start = drawn.episode.start
    return ActingDriver(start.gear, drawn.actions, drawn.steer_rate, abs(start.speed))


def _short_notice(drawn: Drawn, contact: float) -> bool:
    """Whether the contact came within a second of the action without which, as it was going before, nothing would have
    been hit for `FORESEEABLE` s."""
    start = drawn.episode.start
    for count in range(1, len(drawn.actions)):
        action = drawn.actions[count]
        if contact - SHORT_NOTICE < action.at < contact:
            until = action.at + FORESEEABLE
            if (
                foresee(learner_car(), drawn.episode.bodies, start, drawn.actions[:count], drawn.steer_rate, until)
                is None
            ):
                return True
    return False
