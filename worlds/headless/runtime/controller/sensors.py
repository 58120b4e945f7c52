# ruff: noqa: TID252
"""Distance sensor, GPS, inertial unit and gyro."""

from __future__ import annotations

import math

from .device import Sensor

_NAN3 = [math.nan] * 3


class DistanceSensor(Sensor):
    GENERIC = 0
    INFRA_RED = 1
    SONAR = 2
    LASER = 3

    def getValue(self) -> float:
        return float(self._read(math.nan))

    def getAperture(self) -> float:
        return self.aperture

    def getLookupTable(self) -> list[float]:
        return self.lookup_table

    def getMaxValue(self) -> float:
        return self.max_value

    def getMinValue(self) -> float:
        return self.min_value

    def getType(self) -> int:
        return self.type

    @property
    def aperture(self) -> float:
        return float(self._facts["aperture"])

    @property
    def lookup_table(self) -> list[float]:
        return list(self._facts["table"])

    @property
    def max_value(self) -> float:
        return float(self._facts["max"])

    @property
    def min_value(self) -> float:
        return float(self._facts["min"])

    @property
    def type(self) -> int:
        return int(self._facts["type"])

    @property
    def value(self) -> float:
        return float(self._read(math.nan))


class GPS(Sensor):
    LOCAL = 0
    WGS84 = 1

    def getCoordinateSystem(self) -> int:
        return self.coordinate_system

    def getSpeed(self) -> float:
        return self.speed

    def getSpeedVector(self) -> list[float]:
        return self.speed_vector

    def getValues(self) -> list[float]:
        return self.value

    @property
    def coordinate_system(self) -> int:
        return self.LOCAL

    @property
    def speed(self) -> float:
        return math.hypot(*self.speed_vector)

    @property
    def speed_vector(self) -> list[float]:
        return list(self._read(_NAN3 * 2)[3:])

    @property
    def value(self) -> list[float]:
        return list(self._read(_NAN3 * 2)[:3])


class Gyro(Sensor):
    def getValues(self) -> list[float]:
        return self.value

    def getLookupTable(self) -> list[float]:
        return self.lookup_table

    @property
    def lookup_table(self) -> list[float]:
        return list(self._facts["table"])

    @property
    def value(self) -> list[float]:
        return list(self._read(_NAN3))


class InertialUnit(Sensor):
    def getRollPitchYaw(self) -> list[float]:
        return self.roll_pitch_yaw

    def getQuaternion(self) -> list[float]:
        return self.quaternion

    def getNoise(self) -> float:
        return self.noise

    @property
    def noise(self) -> float:
        return float(self._facts["noise"])

    @property
    def quaternion(self) -> list[float]:
        """x, y, z, w; not a number before the first sample, where the real library gives whatever was in memory."""
        return list(self._read([math.nan] * 4))

    @property
    def roll_pitch_yaw(self) -> list[float]:
        x, y, z, w = self.quaternion
        if math.isnan(w):
            return list(_NAN3)
        roll = math.atan2(2.0 * (w * x + y * z), 1.0 - 2.0 * (x * x + y * y))
        pitch = math.asin(max(-1.0, min(1.0, 2.0 * (w * y - z * x))))
        yaw = math.atan2(2.0 * (w * z + x * y), 1.0 - 2.0 * (y * y + z * z))
        return [roll, pitch, yaw]
