"""`/api/v1/cars`: who is there, what a newcomer must know, and commands to a car."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Body, Path
from pydantic import BaseModel, Field
from starlette.responses import Response

from cloud.api.contract_schemas import CommandJson, DecisionJson, EventJson, FrameJson, PlanJson
from cloud.api.deps import BusDep, CommandsDep
from cloud.api.errors import errors
from cloud.errors import NotFound
from coach_core.contracts import encode

router = APIRouter(prefix="/api/v1/cars", tags=["cars"])

VehicleId = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]*$", max_length=128)]


class SnapshotBody(BaseModel):
    """The newest messages of a car; what has not come yet is null."""

    frame: FrameJson | None = None
    decision: DecisionJson | None = Field(default=None, description="With the obstacles in force.")
    plan: PlanJson | None = Field(default=None, description="With its path, and how far along it the car is.")
    started: EventJson | None = Field(default=None, description="Tells the vehicle, the lot and the driver.")
    offered: EventJson | None = None
    ended: EventJson | None = None


class CarBody(BaseModel):
    """A car as it was last heard of."""

    vehicle_id: str
    session_id: str | None
    state: Literal["online", "offline"]
    last_seen_us: int = Field(description="Timestamp of its newest message, µs since the epoch.")
    snapshot: SnapshotBody


class CarsBody(BaseModel):
    cars: list[CarBody]


@router.get("", response_model=CarsBody, responses=errors(503))
async def list_cars(bus: BusDep) -> Response:
    """Every car heard of, by its id."""
    return Response(msgspec.json.encode({"cars": await bus.cars()}), media_type="application/json")


@router.get("/{vehicle_id}/snapshot", response_model=CarBody, responses=errors(404, 503))
async def snapshot(vehicle_id: VehicleId, bus: BusDep) -> Response:
    """What a newcomer must know to draw a car. Subscribe to its topics first, so that nothing falls in between."""
    car = await bus.car(vehicle_id)
    if car is None:
        raise NotFound("car_not_found", f"nothing was heard of car {vehicle_id!r} lately")
    return Response(msgspec.json.encode(car), media_type="application/json")


@router.post("/{vehicle_id}/commands", status_code=202, response_model=CommandJson, responses=errors(422, 503))
async def command(
    vehicle_id: VehicleId,
    commands: CommandsDep,
    body: Annotated[
        dict[str, Any],
        Body(
            description="A CoachCommand; ids and times may be left out.",
            examples=[{"action": {"kind": "hint", "text": "천천히"}}],
        ),
    ],
) -> Response:
    """Send a command to a car. The answer is the command as it went out; the car acks it with a `hint_acked` event."""
    sent = await commands.send(vehicle_id, msgspec.json.encode(body))
    return Response(encode(sent), status_code=202, media_type="application/json")
