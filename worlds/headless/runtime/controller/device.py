# ruff: noqa: TID252 - this package is imported as `controller`, so it can only name its own modules relatively
"""Device and Sensor: what all devices share."""

from __future__ import annotations

from typing import Any

from ._link import complain, link
from .node_types import NODE_TYPES


class Device:
    """A device of the robot, by name or tag."""

    def __init__(self, name: str | int) -> None:
        entry = next((e for e in link().config["devices"] if name in (e[0], e[1])), None)
        self._tag, self._name, self._kind, self._facts = entry or (0, str(name), "", {})
        if entry is None:
            complain(f'Warning: "{name}" device not found.')

    _tag: int
    _name: str
    _kind: str
    _facts: dict[str, Any]

    def getName(self) -> str:
        return self.name

    def getModel(self) -> str:
        return self.model

    def getNodeType(self) -> int:
        return self.node_type

    @property
    def name(self) -> str:
        return self._name

    @property
    def model(self) -> str:
        return ""

    @property
    def node_type(self) -> int:
        return NODE_TYPES.get(self._kind, 0)


class Sensor(Device):
    """A device that is sampled once it is enabled."""

    def __init__(self, name: str | int, sampling_period: int | None = None) -> None:
        super().__init__(name)
        self._period = 0
        if sampling_period is not None:
            self.enable(sampling_period)

    def enable(self, p: int) -> None:
        if type(p) is not int:
            raise TypeError(
                f"{type(self).__name__}.enable: the sampling period must be an int of milliseconds, not {p!r}"
            )
        if p < 0:
            complain(f"Error: {self._name}: enable() called with negative sampling period.")
            return
        self._period = p
        link().queue("enable", self._tag, p)

    def disable(self) -> None:
        self.enable(0)

    def getSamplingPeriod(self) -> int:
        return self._period

    @property
    def sampling_period(self) -> int:
        return self._period

    @sampling_period.setter
    def sampling_period(self, p: int | None) -> None:
        self.enable(p or 0)

    def _read(self, otherwise: Any) -> Any:
        """The last sample; complains, as the real library does, when the device is not enabled."""
        if self._period == 0:
            complain(f"Error: {type(self).__name__} called for a disabled device: {self._name}! Please use: enable().")
        return link().values.get(self._tag, otherwise)
