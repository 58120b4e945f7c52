"""Commands of a remote station: one message, checked before it reaches a driver."""

from __future__ import annotations

import json
from typing import Any

import pytest

from coach_core.errors import ContractError
from controllers.parkit_coach.inputs.remote import decode_drive, drive_topic

GOOD: dict[str, Any] = {
    "schema_version": 1, "vehicle_id": "car-1", "station_id": "desk-1", "seq": 3, "steering_angle_rad": -0.2,
    "throttle": 0.1, "brake": 0.0, "gear": "R",
}  # fmt: skip


def payload(**changes: Any) -> bytes:
    return json.dumps(GOOD | changes).encode()


def test_topic_is_the_cars_own() -> None:
    assert drive_topic("car-1") == "parkit/v1/car-1/drive"


def test_good_command_is_read_and_unknown_fields_are_ignored() -> None:
    command = decode_drive(payload(mood="calm"), "car-1")
    assert (command.steering_angle_rad, command.gear, command.parking_brake) == (-0.2, "R", False)


@pytest.mark.parametrize(
    "changes",
    [
        {"throttle": 1.5}, {"brake": -0.1}, {"gear": "X"}, {"seq": -1}, {"steering_angle_rad": 9.0},
        {"schema_version": 2}, {"station_id": ""}, {"vehicle_id": "car-2"}, {"steering_angle_rad": None},
    ],
)  # fmt: skip
def test_command_out_of_range_or_for_another_car_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ContractError, match="DriveCommand"):
        decode_drive(payload(**changes), "car-1")


@pytest.mark.parametrize("broken", [b"", b"{", b"\xff\xfe", b'{"steering_angle_rad": NaN}'])
def test_what_is_no_message_is_refused(broken: bytes) -> None:
    with pytest.raises(ContractError, match="DriveCommand"):
        decode_drive(broken, "car-1")
