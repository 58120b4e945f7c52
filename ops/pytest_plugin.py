"""A fixture for people who test their own worlds: `parkit_world(world, driver=…, seed=…)` drives one session.

    def test_the_expert_parks_in_my_world(parkit_world):
        assert parkit_world("worlds/mine.wbt", driver="expert", seed=3)["result"] == "parked"

It is known to pytest wherever Parkit is installed. The simulator (Webots where WEBOTS_HOME is set, else the stand-in)
starts with the first test that asks, and ends with the last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

DriveWorld = Callable[..., dict[str, Any]]
"""(world, driver="expert", seed=0, **others of `SessionOptions`) -> what `parkit world run --json` prints."""


@pytest.fixture(scope="session")
def parkit_world() -> Iterator[DriveWorld]:
    """Drives sessions; each call gives the session's result, or raises what kept it from running."""
    from ops.run import SessionOptions, simulator  # a test run that never asks does not load it

    with simulator("auto") as chosen:

        def drive(world: str | Path, driver: str = "expert", seed: int = 0, **others: Any) -> dict[str, Any]:
            return chosen.run(SessionOptions(world=Path(world), driver=driver, seed=seed, **others))

        yield drive
