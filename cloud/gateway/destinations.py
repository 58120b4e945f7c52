"""The STOMP destinations of Parkit, parsed: the one place that knows their spelling.

SUBSCRIBE: /topic/cars/{vehicle_id}/frames|decisions|events · /topic/presence · /user/queue/pong · /user/queue/errors
SEND:      /app/cars/{vehicle_id}/commands · /app/ping
"""

from __future__ import annotations

import re
from typing import NamedTuple, cast

from cloud.live.bus import PRESENCE, LiveTopic
from cloud.live.messages import PER_CAR, Kind

PONG = "/user/queue/pong"
ERRORS = "/user/queue/errors"

_VEHICLE = r"(?P<vehicle_id>[A-Za-z0-9][A-Za-z0-9._:-]{0,127})"
_CAR_TOPIC = re.compile(rf"/topic/cars/{_VEHICLE}/(?P<kind>{'|'.join(PER_CAR)})")
_COMMANDS = re.compile(rf"/app/cars/{_VEHICLE}/commands")


class OwnQueue(NamedTuple):
    """A destination that only this connection's own replies are sent to."""

    destination: str


class CarCommands(NamedTuple):
    """SEND here to command a car."""

    vehicle_id: str


class Ping(NamedTuple):
    """SEND here to be told the server's time."""


def parse_subscription(destination: str) -> LiveTopic | OwnQueue | None:
    """What a SUBSCRIBE asks for, None if there is no such destination."""
    if destination == "/topic/presence":
        return PRESENCE
    if destination in (PONG, ERRORS):
        return OwnQueue(destination)
    match = _CAR_TOPIC.fullmatch(destination)
    return LiveTopic(cast(Kind, match["kind"]), match["vehicle_id"]) if match else None


def parse_send(destination: str) -> CarCommands | Ping | None:
    """What a SEND is addressed to, None if there is no such destination."""
    if destination == "/app/ping":
        return Ping()
    match = _COMMANDS.fullmatch(destination)
    return CarCommands(match["vehicle_id"]) if match else None
