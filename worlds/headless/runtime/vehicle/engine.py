"""Torque of a car's engine, out of the numbers that Car.proto leaves in customData."""

from __future__ import annotations

import math
from typing import NamedTuple

_FIXED = 20
_KINDS = {"C": 0, "E": 1, "P": 2, "S": 3}


class CarData(NamedTuple):
    """customData of a car, in order; metres, newton metres, watts, revolutions per minute."""

    wheelbase: float
    track_front: float
    track_rear: float
    front_radius: float
    rear_radius: float
    brake: float
    damping: float
    engine: str
    max_torque: float
    max_power: float
    min_rpm: float
    max_rpm: float
    c0: float
    c1: float
    c2: float
    split_ratio: float
    split_rpm: float
    gears: tuple[float, ...]

    @property
    def engine_type(self) -> int:
        return _KINDS[self.engine]


def parse_car_data(text: str) -> CarData | None:
    """None when the text has fewer than 20 values: then the robot is no car, or somebody overwrote its customData."""
    words = text.split()
    if len(words) < _FIXED:
        return None
    count = int(words[18])
    gears = [float(word) for word in words[_FIXED : _FIXED + count]]
    return CarData._make([*map(float, words[:7]), words[7], *map(float, words[8:17]), tuple(gears)])


def wheel_torque(car: CarData, gear: int, throttle: float, wheel_speed: float) -> tuple[float, float]:
    """Torque on all driven wheels together [N m] and engine speed [rpm], for a mean wheel speed [rad/s]."""
    index = 0 if gear < 0 else gear
    if gear == 0 or index >= len(car.gears):
        # setGear(getGearNumber()) is accepted and reads past the table: no ratio, no torque
        return 0.0, 0.0
    ratio = car.gears[index]
    rpm = abs(wheel_speed * ratio) * 30.0 / math.pi
    if rpm >= car.max_rpm:
        return 0.0, rpm
    burning = max(rpm, car.min_rpm)
    if car.engine == "S":
        # the power split keeps the combustion engine at its speed while the car is slow, and takes its share
        burning = max(burning, car.split_rpm)
    combustion = car.c0 + car.c1 * burning + car.c2 * burning * burning
    if car.engine == "S":
        combustion *= 1.0 - car.split_ratio
    electric = min(car.max_torque, car.max_power * 30.0 / (math.pi * rpm)) if rpm > 0.0 else car.max_torque
    torque = {"C": combustion, "E": electric}.get(car.engine, combustion + electric)
    return torque * throttle * ratio, rpm
