"""What travels through the relay: a record on its way to Kafka, and the MQTT delivery that waits to be acknowledged."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

Headers = tuple[tuple[str, bytes], ...]
_OVERHEAD = 64
"""What headers, key lengths and framing add to a record, roughly."""


class Record(NamedTuple):
    """One Kafka record to be. `value` holds the bytes as the car sent them."""

    topic: str
    key: bytes
    value: bytes
    headers: Headers
    received_at: int
    """When the relay first had it, microseconds since the epoch."""

    @property
    def size(self) -> int:
        """Bytes it takes in a spool, roughly."""
        return len(self.value) + len(self.key) + _OVERHEAD


class Delivery(NamedTuple):
    """An MQTT message that the broker will send again unless we acknowledge it.

    A message id means something only within one connection, so `connection` counts those.
    """

    connection: int
    mid: int


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Record)


def pack(record: Record) -> bytes:
    """The record as bytes, for a disk."""
    return _encoder.encode(record)


def unpack(data: bytes) -> Record:
    """The record in bytes that `pack` made; msgspec.DecodeError if they are something else."""
    return _decoder.decode(data)
