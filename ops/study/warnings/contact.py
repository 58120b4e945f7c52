"""One contact episode through the real coach, and what its warnings were worth."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

import shapely

from ops.study import scenes
from ops.study.episode import Body, Episode
from ops.study.judge import Touch
from ops.study.simulator import Settings, Tick, learner_car, run
from ops.study.warnings import pdw
from ops.study.warnings.drivers import ActingDriver, WrongGearDriver
from ops.study.warnings.foresight import foresee, shape_of
from ops.study.warnings.patterns import PATTERNS, Drawn, draw, is_known

WRONG_GEAR = "wrong_gear"
ALL_PATTERNS = (*PATTERNS, WRONG_GEAR)
"""P1 to P10; the wrong gear alone needs a plan to be wrong about, and a whole drive to get there."""
GUIDED = ("perpendicular", "angled60", "nose_in")
"""Families in which the wrong gear is driven."""
IN_FORCE = 0.5
"""A signal counts for a contact if it was still given at most this long [s] before."""
SHORT_NOTICE = 1.0
"""A contact this soon [s] after the action that brought it about leaves no time for a second of warning."""
SLOWEST = 0.05
"""A touch at less than this [m/s] is none."""
AT_ONCE = 0.1
"""A touch this soon [s] after the start was there before anybody drove: no episode."""
ECHO_OF = 0.15
"""An echo within this [m] of what the sonar's cone meets of a body is taken for its own."""
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
    """When one body was first heard by any sonar, as far as the echo can be nobody else's."""

    def __init__(self, body: Body, others: Iterable[Body]) -> None:
        self._body = body
        self._others = [shape_of(other) for other in others if other != body and other.kind != "kerb"]
        self._stamp = -1
        self.since: float | None = None

    def note(self, tick: Tick) -> None:
        readings = tick.frame.readings
        if self.since is not None or not readings or readings[0].timestamp == self._stamp:
            return
        self._stamp = readings[0].timestamp
        car = tick.plant.car
        cos, sin = math.cos(car.yaw), math.sin(car.yaw)
        shape = shape_of(self._body.at(tick.now))
        echoes = {reading.sensor_id: reading.distance for reading in readings}
        for mount in learner_car().sensors:
            echo = echoes.get(mount.sensor_id)
            if echo is None:
                continue
            place = shapely.Point(car.x + cos * mount.x_m - sin * mount.y_m, car.y + sin * mount.x_m + cos * mount.y_m)
            view = shapely.Polygon([(place.x, place.y), *_fan(place, car.yaw + mount.yaw_rad, echo + ECHO_OF)])
            if abs(_seen(place, shape, view) - echo) < ECHO_OF and all(
                _seen(place, other, view) > echo + ECHO_OF for other in self._others
            ):
                self.since = tick.now


def _fan(place: shapely.Point, yaw: float, reach: float) -> list[tuple[float, float]]:
    """The far side of a sonar's cone."""
    return [
        (place.x + reach * math.cos(yaw + turn), place.y + reach * math.sin(yaw + turn))
        for turn in (-0.6, -0.3, 0.0, 0.3, 0.6)
    ]


def _seen(place: shapely.Point, shape: shapely.Polygon, view: shapely.Polygon) -> float:
    """Distance [m] from a sonar to what of a shape is in its view, inf for nothing."""
    part = shape.intersection(view)
    return math.inf if part.is_empty else float(part.distance(place))


class _Listener:
    """Follows the signals of one run."""

    def __init__(self, body: Body | None, others: Iterable[Body] = ()) -> None:
        self.critical, self.warning, self.pdw_stop, self.pdw_fast = _Lead(), _Lead(), _Lead(), _Lead()
        self.ear = None if body is None else _Ear(body, others)
        self._named: list[tuple[float, tuple[str, ...]]] = []

    def __call__(self, tick: Tick) -> bool:
        level, echo = tick.decision.level, pdw.nearest(tick.frame)
        self.critical.note(tick.now, level == "critical")
        self.warning.note(tick.now, level in ("critical", "warning"))
        self.pdw_stop.note(tick.now, echo <= pdw.STEADY)
        self.pdw_fast.note(tick.now, echo <= pdw.FAST)
        if self.ear is not None:
            self.ear.note(tick)
        self._named.append((tick.now, tuple(tick.decision.patterns)))
        return False

    def named(self, pattern: str, contact: float) -> bool:
        return any(pattern in names for at, names in self._named if at > contact - FORESEEABLE)


def measure(pattern: str, seed: int, settings: Settings) -> Row | None:
    """Drive the episode of `pattern` that `seed` gives; None if it ends without a contact after all."""
    if pattern == WRONG_GEAR:
        return _wrong_gear(seed, settings)
    drawn = draw(pattern, seed, learner_car())
    episode, body = drawn.episode, drawn.foreseen.body
    known = not body.path and is_known(episode, body.x, body.y, body.kind)
    listener = _Listener(None if known else body, episode.bodies)
    start = episode.start
    driver = ActingDriver(start.gear, drawn.actions, drawn.steer_rate, abs(start.speed))
    touch = run(episode, driver, settings, listener).touch
    if touch is None or touch.time < AT_ONCE or abs(touch.speed) < SLOWEST or touch.kind != body.kind:
        return None
    short = lead_is_short(listener.critical.before(touch.time)) and _short_notice(drawn, touch.time)
    return _row(pattern, episode, touch, listener, known=known, short=short)


def _wrong_gear(seed: int, settings: Settings) -> Row | None:
    """A whole drive along the coach's plan up to where the gear should have been changed."""
    family = GUIDED[seed % len(GUIDED)]
    episode, driver = scenes.draw(family, seed)._replace(time_limit=60.0), WrongGearDriver(seed)
    listener = _Listener(None)
    touch = run(episode, driver, settings, listener).touch
    if touch is None or driver.drives_off is None or touch.time < driver.drives_off or abs(touch.speed) < SLOWEST:
        return None
    hit = min(
        (body for body in episode.bodies if body.kind == touch.kind),
        key=lambda body: float(shape_of(body).distance(shapely.Point(touch.x, touch.y))),
    )
    short = touch.time - driver.drives_off < SHORT_NOTICE
    return _row(WRONG_GEAR, episode, touch, listener, known=is_known(episode, hit.x, hit.y, hit.kind), short=short)


def _row(pattern: str, episode: Episode, touch: Touch, listener: _Listener, *, known: bool, short: bool) -> Row:
    at, sensed = touch.time, None
    if listener.ear is not None:
        sensed = 0.0 if listener.ear.since is None else round(at - listener.ear.since, 3)
    return Row(
        pattern,
        episode.seed,
        episode.family,
        touch.kind,
        known,
        round(at, 3),
        round(abs(touch.speed), 3),
        listener.critical.before(at),
        listener.warning.before(at),
        listener.pdw_stop.before(at),
        listener.pdw_fast.before(at),
        listener.named(pattern, at),
        short,
        sensed,
    )


def lead_is_short(lead: float | None) -> bool:
    return lead is None or lead < SHORT_NOTICE


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
