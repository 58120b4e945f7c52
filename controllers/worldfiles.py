"""The data files beside a world: its lot map, the car's profile, the scenario."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import msgspec

from coach_core.contracts import LotMap, VehicleProfile, decode
from coach_core.errors import ContractError, UsageError

S = TypeVar("S", bound=msgspec.Struct)


def read_message(path: Path, kind: type[S], what: str) -> S:
    """The message of type `kind` in a JSON file; UsageError names the file and what is wrong with it."""
    try:
        return decode(path.read_bytes(), kind)
    except FileNotFoundError:
        raise UsageError(f"{what} {path} is missing; a world needs it beside its .wbt file") from None
    except OSError as error:
        raise UsageError(f"{what} {path} cannot be read: {error.strerror}") from error
    except ContractError as error:
        raise UsageError(f"{what} {path}: {error}") from error


def load_lot(world: Path) -> LotMap:
    """The lot map `NAME.lot.json` of world `NAME.wbt`."""
    return read_message(world.with_suffix(".lot.json"), LotMap, "lot map")


def load_profile(world: Path) -> VehicleProfile:
    """The profile of the learner's car."""
    return read_message(world.with_name("learner_car.profile.json"), VehicleProfile, "vehicle profile")
