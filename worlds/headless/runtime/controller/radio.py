# ruff: noqa: TID252
"""Emitter and receiver."""

from __future__ import annotations

import struct

from ._link import complain, link
from .device import Device, Sensor


class Emitter(Device):
    CHANNEL_BROADCAST = -1

    def __init__(self, name: str | int) -> None:
        super().__init__(name)
        self._channel = int(self._facts.get("channel", 0))
        self._range = float(self._facts.get("range", -1.0))

    def send(self, message: str | bytes | list[float], length: int | None = None) -> None:
        """Queue a packet. A str is cut to as many bytes as it has characters, as by the real library: send bytes."""
        if isinstance(message, str):
            data = message.encode()[: len(message)]
        elif isinstance(message, bytes):
            data = message
        elif isinstance(message, list):
            data = struct.pack(f"{len(message)}d", *message)
        else:
            raise TypeError("send message can be only str, bytes or list of floats")
        link().queue("emit", self._tag, self._channel, data[:length])

    def getBufferSize(self) -> int:
        return self.buffer_size

    def getChannel(self) -> int:
        return self.channel

    def setChannel(self, channel: int) -> None:
        self.channel = channel

    def getRange(self) -> float:
        return self.range

    def setRange(self, range: float) -> None:
        self.range = range

    @property
    def buffer_size(self) -> int:
        return int(self._facts["buffer"])

    @property
    def channel(self) -> int:
        return self._channel

    @channel.setter
    def channel(self, channel: int) -> None:
        self._channel = channel

    @property
    def range(self) -> float:
        return self._range

    @range.setter
    def range(self, range: float) -> None:
        self._range = range


class Receiver(Sensor):
    def __init__(self, name: str | int, sampling_period: int | None = None) -> None:
        super().__init__(name, sampling_period)
        self._packets = link().packets(self._tag)
        self._channel = int(self._facts.get("channel", 0))

    def _head(self) -> tuple[bytes, list[float], float]:
        if not self._packets:
            complain(f"Error: Receiver {self._name}: there is no packet; check getQueueLength() first.")
            return b"", [0.0, 0.0, 0.0], 0.0
        data, direction, strength = self._packets[0]
        return data, direction, strength

    def getBytes(self) -> bytes:
        return self._head()[0]

    def getString(self) -> str:
        return self.string

    def getData(self) -> bytes:
        return self._head()[0]

    def getDataSize(self) -> int:
        return self.data_size

    def getFloats(self) -> tuple[float, ...]:
        data = self._head()[0]
        return struct.unpack(f"{len(data) // 8}d", data)

    def getInts(self) -> tuple[int, ...]:
        data = self._head()[0]
        return struct.unpack(f"{len(data) // 4}i", data)

    def getBools(self) -> tuple[bool, ...]:
        data = self._head()[0]
        return struct.unpack(f"{len(data)}?", data)

    def getQueueLength(self) -> int:
        return self.queue_length

    def nextPacket(self) -> None:
        if self._packets:
            del self._packets[0]

    def getSignalStrength(self) -> float:
        return self.signal_strength

    def getEmitterDirection(self) -> list[float]:
        return self.emitter_direction

    def getChannel(self) -> int:
        return self.channel

    def setChannel(self, channel: int) -> None:
        self.channel = channel

    @property
    def queue_length(self) -> int:
        return len(self._packets)

    @property
    def data(self) -> bytes:
        return self._head()[0]

    @property
    def data_size(self) -> int:
        return len(self._head()[0])

    @property
    def string(self) -> str:
        return self._head()[0].decode()

    @property
    def signal_strength(self) -> float:
        return self._head()[2]

    @property
    def emitter_direction(self) -> list[float]:
        return list(self._head()[1])

    @property
    def channel(self) -> int:
        return self._channel

    @channel.setter
    def channel(self, channel: int) -> None:
        self._channel = channel
        link().queue("channel", self._tag, channel)
