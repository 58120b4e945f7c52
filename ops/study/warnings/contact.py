"""One contact episode through the real coach, and what its warnings were worth."""

from __future__ import annotations

import math
from typing import NamedTuple

from coach_core.contracts import SECTORS
from controllers.parkit_coach.drivers import Driver
from ops.study.episode import Body
from ops.study.simulator import Settings, Tick, learner_car, run
from ops.study.warnings.drivers import ActingDriver
from ops.study.warnings.foresight import foresee
from ops.study.warnings.patterns import Drawn, draw, is_known

IN_FORCE = 0.5
"""A signal counts for a contact if it was still given at most this long [s] before."""
SHORT_NOTICE = 1.0
"""A contact this soon [s] after the action that brought it about leaves no time for a second of warning."""
FORESEEABLE = 4.0
"""How far [s] ahead a danger that is there already is looked for."""
PDW_STOP, PDW_FAST = 0.30, 0.60
"""Zones of a distance-only beeper [m]: steady tone, fast tone. Hyundai and Kia manuals, DOMAIN.md section 2."""
FRONT = frozenset(f"us_{name}" for name in SECTORS if name.startswith("front"))
REAR = frozenset(f"us_{name}" for name in SECTORS if name.startswith("rear"))


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
    """The contact came within a second of the action that brought it about."""


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


def measure(pattern: str, seed: int, settings: Settings) -> Row | None:
    """Drive the episode of `pattern` that `seed` gives; None if it ends without the contact that was foreseen."""
    drawn = draw(pattern, seed, learner_car())
    episode = drawn.episode
    critical, warning, pdw_stop, pdw_fast = _Lead(), _Lead(), _Lead(), _Lead()
    named: list[tuple[float, tuple[str, ...]]] = []

    def watch(tick: Tick) -> bool:
        level = tick.decision.level
        critical.note(tick.now, level == "critical")
        warning.note(tick.now, level in ("critical", "warning"))
        ahead = REAR if tick.frame.gear == "R" else FRONT
        nearest = min(
            (r.distance for r in tick.frame.readings if r.distance is not None and r.sensor_id in ahead),
            default=math.inf,
        )
        pdw_stop.note(tick.now, nearest <= PDW_STOP)
        pdw_fast.note(tick.now, nearest <= PDW_FAST)
        named.append((tick.now, tuple(tick.decision.patterns)))
        return False

    done = run(episode, _driver(drawn), settings, watch)
    touch = done.touch
    if touch is None or abs(touch.speed) < 0.05:
        return None
    body = min(episode.bodies, key=lambda b: (b.kind != touch.kind, _gap(b.at(touch.time), touch.x, touch.y)))
    lead = critical.before(touch.time)
    short = (lead is None or lead < SHORT_NOTICE) and _short_notice(drawn, touch.time)
    return Row(
        pattern,
        seed,
        episode.family,
        touch.kind,
        not body.path and is_known(episode, body.x, body.y, body.kind),
        round(touch.time, 3),
        round(abs(touch.speed), 3),
        lead,
        warning.before(touch.time),
        pdw_stop.before(touch.time),
        pdw_fast.before(touch.time),
        any(pattern in names for at, names in named if at > touch.time - 4.0),
        short,
    )


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


def _gap(body: Body, x: float, y: float) -> float:
    cos, sin = math.cos(body.yaw), math.sin(body.yaw)
    dx, dy = x - body.x, y - body.y
    return math.hypot(
        max(0.0, abs(cos * dx + sin * dy) - 0.5 * body.length), max(0.0, abs(cos * dy - sin * dx) - 0.5 * body.width)
    )
