"""Driving from elsewhere: a station sends what its hands and feet do, over MQTT, ten times a second or more.

QoS 0: a command that is lost is worth less than the next. It never goes through the relay: who drives must be near
enough to be heard within a third of a second.
"""

from __future__ import annotations

from coach_core.contracts import DriveCommand, decode, mqtt_topic
from coach_core.errors import ContractError

CHANNEL = "drive"


def drive_topic(vehicle_id: str) -> str:
    """MQTT topic on which a car is driven."""
    return mqtt_topic(vehicle_id, CHANNEL)


def decode_drive(payload: bytes, vehicle_id: str) -> DriveCommand:
    """A command for this car; ContractError says what is wrong with the message."""
    command = decode(payload, DriveCommand)
    if command.vehicle_id != vehicle_id:
        raise ContractError(
            f"DriveCommand: names the car {command.vehicle_id!r}, this is {vehicle_id!r}", reason="wrong_vehicle"
        )
    return command
