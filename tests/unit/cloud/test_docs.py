"""docs/cloud.md names every setting, destination and role."""

from pathlib import Path
from typing import get_args

from cloud.gateway.destinations import ERRORS, PONG
from cloud.live.messages import PER_CAR
from cloud.settings import PREFIX, CloudSettings, Role

TEXT = (Path(__file__).parents[3] / "docs" / "cloud.md").read_text(encoding="utf-8")


def test_every_setting_is_documented() -> None:
    names = {PREFIX + name.upper() for name in CloudSettings.model_fields}
    assert {name for name in names if f"`{name}`" not in TEXT} == set()


def test_every_destination_and_role_is_documented() -> None:
    words = [f"/topic/cars/{{vehicle_id}}/{kind}" for kind in PER_CAR] + ["/topic/presence", "/app/ping", PONG, ERRORS]
    assert [word for word in (*words, *(f"`{role}`" for role in get_args(Role))) if word not in TEXT] == []
