"""What moves is told, and nothing else."""

from __future__ import annotations

import math

import numpy as np
import pytest

from coach_core.contracts import SECTORS
from coach_core.perception.movers import FORGET, MoverTracker
from coach_core.perception.sonar import Floats, SensorBank
from tests.toy.frames import PROFILE

PING = 0.05
RADIUS = 0.25
BANK = SensorBank(PROFILE)
FRESH = np.ones(len(SECTORS), dtype=np.bool_)


def ranges(sensors: Floats, things: Floats) -> Floats:
    """(12,) distance [m] to the nearest round thing in each cone; NaN if there is none."""
    out = np.full(len(sensors), np.nan)
    for s, (x, y, yaw, view, reach) in enumerate(sensors):
        for tx, ty in things:
            off = abs(math.remainder(math.atan2(ty - y, tx - x) - yaw, 2.0 * math.pi))
            distance = math.hypot(tx - x, ty - y) - RADIUS
            if off <= 0.5 * view and 0.0 < distance < reach and not out[s] <= distance:
                out[s] = distance
    return out


def run(
    start: tuple[float, float],
    velocity: tuple[float, float],
    *,
    speed: float = 0.0,
    seconds: float = 3.0,
    seed: int = 0,
) -> tuple[MoverTracker, list[tuple[Floats, Floats]]]:
    """A car rolling along +x from the origin at `speed` [m/s] past one thing; the movers and the truth at each ping."""
    rng = np.random.default_rng(seed)
    tracker, seen = MoverTracker(), []
    for n in range(round(seconds / PING)):
        now = n * PING
        truth = np.array([[start[0] + velocity[0] * now, start[1] + velocity[1] * now]])
        sensors = BANK.at(np.array([speed * now, 0.0, 0.0]))
        echo = ranges(sensors, truth)
        echo = echo + rng.normal(0.0, 0.01, len(echo))
        tracker.take(sensors, echo, FRESH, np.isfinite(echo), now)
        seen.append((tracker.movers, truth[0]))
    return tracker, seen


@pytest.mark.parametrize(
    ("start", "velocity", "speed"),
    [
        ((-4.2, 0.3), (1.2, 0.0), 0.0),
        ((-3.0, -3.0), (0.0, 1.3), 0.0),
        ((-2.5, 3.0), (0.0, -1.3), -0.6),
        ((7.0, 0.0), (-1.3, 0.0), 0.8),
        ((1.5, 4.0), (0.0, -0.9), 0.5),
    ],
)
def test_walker_is_found_within_half_a_second_of_being_heard_and_followed(
    start: tuple[float, float], velocity: tuple[float, float], speed: float
) -> None:
    _, seen = run(start, velocity, speed=speed, seconds=1.6)
    found = [n for n, (movers, _) in enumerate(seen) if len(movers)]
    heard = next(
        n
        for n, (_, truth) in enumerate(seen)
        if np.isfinite(ranges(BANK.at(np.array([speed * n * PING, 0.0, 0.0])), truth[None, :])).any()
    )
    assert found
    assert (found[0] - heard) * PING <= 0.5
    movers, truth = seen[found[0] + 4]
    nearest = movers[np.hypot(*(movers[:, :2] - truth).T).argmin()]
    assert np.hypot(*(nearest[:2] - truth)) < 1.7  # across a cone of 1.2 rad nobody knows better
    assert nearest[2:] @ np.array(velocity) > 0.3 * np.hypot(*velocity)


@pytest.mark.parametrize("speed", [0.0, 0.4, 1.0, 2.0, -0.5, -1.0])
@pytest.mark.parametrize("place", [(7.0, 0.4), (5.5, -1.8), (2.0, 2.2), (-3.5, 0.2), (-2.5, -1.5)])
def test_standing_thing_is_no_mover_however_the_car_passes_it(place: tuple[float, float], speed: float) -> None:
    for seed in range(3):
        _, seen = run(place, (0.0, 0.0), speed=speed, seconds=1.5, seed=seed)
        assert not any(len(movers) for movers, _ in seen)


def test_leap_of_the_range_to_another_thing_is_no_mover() -> None:
    tracker, sensors = MoverTracker(), BANK.at(np.zeros(3))
    for n, distance in enumerate([3.0, 3.0, 3.0, 2.6, 2.6, 2.6, 2.0, 2.0, 2.0, 2.5]):
        echo = np.full(12, distance)
        tracker.take(sensors, echo, FRESH, FRESH, n * PING)
        assert len(tracker.movers) == 0


def test_echo_that_the_known_explains_is_no_mover() -> None:
    tracker, sensors = MoverTracker(), BANK.at(np.zeros(3))
    for n in range(20):
        tracker.take(sensors, np.full(12, 3.0 - 0.06 * n), FRESH, ~FRESH, n * PING)
    assert len(tracker.movers) == 0


def test_mover_no_longer_heard_is_gone_soon_and_one_that_stopped_too() -> None:
    tracker, _ = run((-4.2, 0.3), (1.2, 0.0), seconds=1.5)
    assert len(tracker.movers)
    silence = np.full(12, np.nan)
    for n in range(round((FORGET + 0.1) / PING)):
        tracker.take(BANK.at(np.zeros(3)), silence, FRESH, ~FRESH, 1.5 + n * PING)
    assert len(tracker.movers) == 0


def test_echoes_of_a_mover_are_told_to_be_its_own() -> None:
    tracker, _ = run((-4.2, 0.3), (1.2, 0.0), seconds=1.5)
    sensors = BANK.at(np.zeros(3))
    echo = ranges(sensors, np.array([[-4.2 + 1.2 * 1.5, 0.3]]))
    own = tracker.take(sensors, echo, FRESH, np.isfinite(echo), 1.5)
    assert own.any()
    assert (own == np.isfinite(echo)).all()


def test_cleared_tracker_knows_nothing() -> None:
    tracker, _ = run((-4.2, 0.3), (1.2, 0.0), seconds=1.5)
    tracker.clear()
    assert len(tracker.movers) == 0
    assert tracker.movers.shape == (0, 4)
