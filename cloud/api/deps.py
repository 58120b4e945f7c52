"""What the endpoints are given, as named types."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from cloud.commands import Commands
from cloud.live.bus import LiveBus
from cloud.services import Services
from cloud.store.store import Store


def services(request: Request) -> Services:
    """The services of the app that serves this request."""
    found = request.app.state.services
    assert isinstance(found, Services)
    return found


ServicesDep = Annotated[Services, Depends(services)]


def _store(found: ServicesDep) -> Store:
    return found.store


def _bus(found: ServicesDep) -> LiveBus:
    return found.bus


def _commands(found: ServicesDep) -> Commands:
    return found.commands


StoreDep = Annotated[Store, Depends(_store)]
BusDep = Annotated[LiveBus, Depends(_bus)]
CommandsDep = Annotated[Commands, Depends(_commands)]
