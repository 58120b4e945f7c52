"""Commands from a dashboard to a car: complete what the sender left out, check it, put it on Kafka."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Protocol

import msgspec

from cloud import metrics
from cloud.errors import CloudError, Refused
from coach_core.contracts import CoachCommand, Topic, decode, encode
from coach_core.errors import ContractError

MAX_TTL_S = 60.0
"""A command lives seconds: one that arrives a minute late would only startle the driver."""


class CommandWriter(Protocol):
    """Where commands go: `cloud.kafka.KafkaWriter`."""

    async def write(self, topic: str, key: str, value: bytes) -> None: ...


def complete(body: bytes, vehicle_id: str, now_us: int, ttl_s: float) -> CoachCommand:
    """The command in `body`, ids and times filled in where they are missing; Refused says what is wrong with it.

    now_us: time of the server [µs since the epoch]. The sender's own clock is not trusted for the expiry: only its
    span counts.
    """
    try:
        given = msgspec.json.decode(body)
    except msgspec.DecodeError as error:
        raise Refused("invalid_command", f"the command is not JSON: {error}") from error
    if not isinstance(given, dict):
        raise Refused(
            "invalid_command", 'the command is not a JSON object like {"action": {"kind": "hint", "text": …}}'
        )
    if given.get("vehicle_id", vehicle_id) != vehicle_id:
        raise Refused("invalid_command", f"the command names car {given['vehicle_id']!r}, its address {vehicle_id!r}")
    span_us = int(ttl_s * 1e6)
    issued, expires = given.get("issued_at"), given.get("expires_at")
    if isinstance(issued, int) and isinstance(expires, int):
        span_us = expires - issued
        if not 0 < span_us <= MAX_TTL_S * 1e6:
            raise Refused("invalid_command", f"expires_at must lie 0 to {MAX_TTL_S:.0f} s after issued_at")
    full = {
        "schema_version": 1,
        "command_id": str(uuid.uuid4()),
        "sender": "instructor",
        **given,
        "vehicle_id": vehicle_id,
        "issued_at": now_us,
        "expires_at": now_us + span_us,
    }
    try:
        return decode(msgspec.json.encode(full), CoachCommand)
    except ContractError as error:
        raise Refused("invalid_command", str(error)) from error


class Commands:
    """Sends commands to cars."""

    def __init__(self, writer: CommandWriter, clock_us: Callable[[], int], ttl_s: float) -> None:
        self._writer = writer
        self._clock_us = clock_us
        self._ttl_s = ttl_s

    async def send(self, vehicle_id: str, body: bytes) -> CoachCommand:
        """Returns the command as it went out, once Kafka has it; Refused or Unavailable if it did not."""
        try:
            command = complete(body, vehicle_id, self._clock_us(), self._ttl_s)
            await self._writer.write(Topic.COACH_COMMANDS, vehicle_id, encode(command))
        except CloudError as error:
            metrics.COMMANDS.labels(outcome=error.code).inc()
            raise
        metrics.COMMANDS.labels(outcome="sent").inc()
        return command
