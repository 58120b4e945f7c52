"""Driving from elsewhere: a station sends what its hands and feet do, over MQTT, twenty times a second or more.

Topic `parkit/v1/{vehicle_id}/drive`, QoS 0: a command that is lost is worth less than the next. It never goes through
the relay: who drives must be near enough to be heard within a third of a second.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from coach_core.contracts.messages import Gear, Identifier
from coach_core.contracts.topics import MQTT_ROOT
from coach_core.errors import ContractError

CHANNEL = "drive"

Pedal = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]


class DriveCommand(msgspec.Struct, frozen=True):
    """Hands and feet of a remote driver at one instant. The car stops when the next one does not come."""

    schema_version: Literal[1]
    vehicle_id: Identifier
    station_id: Identifier
    """Who drives. Another station is not listened to before this one has been silent."""
    seq: Annotated[int, msgspec.Meta(ge=0)]
    """Counts the station's commands; an older one that comes late is passed over."""
    steering_angle_rad: Annotated[float, msgspec.Meta(ge=-1.6, le=1.6)]
    """Front wheels, left positive."""
    throttle: Pedal
    brake: Pedal
    gear: Gear
    parking_brake: bool = False


_DECODER = msgspec.json.Decoder(DriveCommand)


def drive_topic(vehicle_id: str) -> str:
    """MQTT topic on which a car is driven."""
    return f"{MQTT_ROOT}/{vehicle_id}/{CHANNEL}"


def decode_drive(payload: bytes, vehicle_id: str) -> DriveCommand:
    """A command for this car; ContractError says what is wrong with the message."""
    try:
        command = _DECODER.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ContractError(f"drive command: {error}", reason="invalid") from error
    if command.vehicle_id != vehicle_id:
        raise ContractError(
            f"drive command names the car {command.vehicle_id!r}, this is {vehicle_id!r}", reason="wrong_vehicle"
        )
    return command
