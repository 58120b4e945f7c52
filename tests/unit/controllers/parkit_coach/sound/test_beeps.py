"""Beeps: faster as it gets nearer, from the obstacle's side, silent where they would only nag."""

from __future__ import annotations

import pytest

from coach_core.contracts import SECTORS
from controllers.parkit_coach.sound.beeps import (
    QUIET_AT_REST_S,
    RHYTHMS,
    SETTLED_S,
    SOLID_AT_REST_S,
    Beeper,
    Tone,
)
from tests.unit.controllers.overlay.scenes import Sectors, decision


class Car:
    """Ticks a beeper at 50 Hz."""

    def __init__(self) -> None:
        self.beeper, self.now = Beeper(), 0.0

    def hear(self, sectors: Sectors, speed: float = -0.5, gear: str = "R", assist: int = 4) -> Tone | None:
        self.now += 0.02
        return self.beeper.tick(self.now, decision(sectors, assist_level=assist), speed, gear)  # type: ignore[arg-type]

    def hold(self, seconds: float, sectors: Sectors, speed: float = -0.5) -> Tone | None:
        for _ in range(round(seconds / 0.02)):
            tone = self.hear(sectors, speed)
        return tone


@pytest.fixture
def car() -> Car:
    return Car()


@pytest.mark.parametrize(
    ("distance", "level", "rhythm"),
    [
        (1.00, "caution", "slow"),
        (0.59, "warning", "quick"),
        (0.44, "warning", "rapid"),
        (0.30, "warning", "solid"),
        (0.29, "caution", "solid"),
        (0.80, "critical", "solid"),
    ],
)
def test_rhythm_follows_the_zone(car: Car, distance: float, level: str, rhythm: str) -> None:
    tone = car.hear({"rear_centre_left": (distance, level)})  # type: ignore[dict-item]
    assert tone is not None
    assert tone.rhythm == rhythm


def test_beats_are_those_of_the_table_and_pitch_rises() -> None:
    assert [(r.on_s, r.off_s) for r in RHYTHMS.values()] == [(0.15, 0.65), (0.15, 0.15), (0.075, 0.075), (0.2, 0.0)]
    pitches = [r.pitch for r in RHYTHMS.values()]
    assert pitches == sorted(pitches)


@pytest.mark.parametrize("sector", SECTORS)
def test_tone_comes_from_the_obstacles_side_and_end(car: Car, sector: str) -> None:
    tone = car.hear({sector: (0.4, "warning")})
    assert tone is not None
    assert tone.side == ("front" if "front" in sector else "rear")
    assert (tone.balance < 0.0) == ("left" in sector)
    assert abs(tone.balance) <= 1.0


def test_clear_lot_is_silent(car: Car) -> None:
    assert car.hear({"rear_left": (2.0, "clear")}) is None
    assert car.hear({}) is None


def test_worst_level_wins_and_of_equals_the_nearest(car: Car) -> None:
    near: Sectors = {"rear_left": (0.9, "caution"), "front_right": (0.7, "caution"), "left_rear": (0.5, "warning")}
    tone = car.hear(near)
    assert tone is not None
    assert (tone.side, tone.balance) == ("rear", -0.8)
    del near["left_rear"]
    tone = car.hear(near)
    assert tone is not None
    assert tone.side == "front"


def test_wall_driven_along_falls_silent_though_it_moves_from_sensor_to_sensor(car: Car) -> None:
    wall: list[Sectors] = [{"right_front": (0.7, "caution")}, {"right_rear": (0.71, "caution")}]
    tones = [car.hear(wall[tick % 2]) for tick in range(200)]
    heard = [tone is not None for tone in tones]
    assert all(heard[: round(SETTLED_S / 0.02) - 1])
    assert not any(heard[round(SETTLED_S / 0.02) + 2 :])


def test_wall_that_comes_nearer_beeps_again(car: Car) -> None:
    assert car.hold(4.0, {"right_front": (0.7, "caution")}) is None
    assert car.hear({"right_front": (0.66, "caution")}) is not None
    assert car.hold(4.0, {"right_front": (0.66, "caution")}) is None
    assert car.hear({"right_front": (0.65, "warning")}) is not None


def test_wall_met_again_later_beeps_anew(car: Car) -> None:
    assert car.hold(4.0, {"right_front": (0.7, "caution")}) is None
    car.hold(1.5, {})
    assert car.hear({"right_front": (0.7, "caution")}) is not None


def test_warning_straight_behind_does_not_fall_silent_while_the_car_moves(car: Car) -> None:
    assert car.hold(6.0, {"rear_centre_left": (0.5, "warning")}) is not None
    assert car.hold(6.0, {"right_rear": (0.2, "critical")}) is not None


def test_standstill_mutes_beeps_soon_and_the_solid_tone_later(car: Car) -> None:
    car.hear({"rear_left": (0.5, "warning")})
    assert car.hold(QUIET_AT_REST_S - 0.1, {"rear_left": (0.5, "warning")}, speed=0.0) is not None
    assert car.hold(0.3, {"rear_left": (0.5, "warning")}, speed=0.0) is None
    assert car.hear({"rear_left": (0.5, "warning")}) is not None
    assert car.hold(SOLID_AT_REST_S - 0.1, {"rear_left": (0.2, "critical")}, speed=0.0) is not None
    assert car.hold(0.3, {"rear_left": (0.2, "critical")}, speed=0.0) is None


def test_park_is_silent(car: Car) -> None:
    assert car.hear({"rear_left": (0.2, "critical")}, gear="P") is None


def test_help_fades_for_the_ear_too(car: Car) -> None:
    assert car.hear({"rear_left": (0.5, "warning")}, assist=1) is None
    assert car.hear({"rear_left": (0.2, "critical")}, assist=1) is not None
    assert car.hear({"rear_left": (0.2, "critical")}, assist=0) is None


def test_sector_without_a_distance_is_as_near_as_can_be(car: Car) -> None:
    tone = car.hear({"rear_left": (None, "warning")})  # type: ignore[dict-item]
    assert tone is not None
    assert tone.rhythm == "rapid"
