"""What a run is asked for, and how its two halves become one result."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from coach_core.errors import UsageError
from ops.run import RunError, SessionOptions, check_options, check_world, find_webots, simulator
from ops.run import _merge as merge
from ops.stack import usable_port
from tests.toy.frames import WORLD


def test_controllers_are_told_everything_that_was_asked_for(tmp_path: Path) -> None:
    options = SessionOptions(world=WORLD, driver="expert", seed=3, assist=2, mqtt=("broker", 1884), pace=1.0)
    told = options.controller_environment(tmp_path)
    assert told["PARKIT_DRIVER"] == "expert"
    assert (told["PARKIT_SEED"], told["PARKIT_ASSIST"], told["PARKIT_REAL_TIME"]) == ("3", "2", "True")
    assert (told["PARKIT_MQTT_HOST"], told["PARKIT_MQTT_PORT"]) == ("broker", "1884")
    assert told["PARKIT_RESULT_DIR"] == str(tmp_path)


def test_what_was_not_asked_for_is_left_to_the_environment(tmp_path: Path) -> None:
    told = SessionOptions(world=WORLD).controller_environment(tmp_path)
    assert not {"PARKIT_LANGUAGE", "PARKIT_RUBRIC", "PARKIT_DRIVER_NAME", "PARKIT_SESSION_ID"} & set(told)


def test_request_is_checked_as_the_controllers_will_read_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert check_options(SessionOptions(world=WORLD)) == WORLD
    monkeypatch.setenv("PARKIT_LANGUAGE", "fr")
    with pytest.raises(UsageError, match="PARKIT_LANGUAGE='fr'"):
        check_options(SessionOptions(world=WORLD))
    assert check_options(SessionOptions(world=WORLD, language="en")) == WORLD


@pytest.mark.parametrize(("world", "what"), [("none.wbt", "does not exist"), ("README.md", r"want a \.wbt file")])
def test_world_that_is_none_is_named(world: str, what: str) -> None:
    with pytest.raises(UsageError, match=rf"{world}.*{what}"):
        check_world(Path(world))


def halves(folder: Path, **examiner: Any) -> None:
    seen = {"result": "parked", "contacts": 0, "min_clearance_m": 0.4, "duration_s": 50.0, "end_pose": None}
    (folder / "examiner.json").write_text(json.dumps(seen | {"slot_id": "A3"} | examiner))
    told = {"score": 90.0, "cusps": 1, "frames": 2500, "decision_us": {"p50": 1.0}, "session_id": "s", "card": {}}
    (folder / "coach.json").write_text(json.dumps(told | {"digest": "d"}))


def test_result_is_the_examiners_verdict_with_the_coachs_figures(tmp_path: Path) -> None:
    halves(tmp_path)
    result = merge(SessionOptions(world=WORLD, seed=4), tmp_path, 50.0, 10.0, "standin")
    assert (result["result"], result["score"], result["seed"], result["real_time_factor"]) == ("parked", 90.0, 4, 5.0)
    assert json.loads(json.dumps(result)) == result


@pytest.mark.parametrize("lost", ["examiner", "coach"])
def test_half_that_is_missing_is_named(tmp_path: Path, lost: str) -> None:
    halves(tmp_path)
    (tmp_path / f"{lost}.json").unlink()
    with pytest.raises(RunError, match=f"the {lost} left no result"):
        merge(SessionOptions(world=WORLD), tmp_path, 1.0, 1.0, "standin")


def test_webots_is_looked_for_where_webots_home_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBOTS_HOME", str(tmp_path))
    assert find_webots() is None
    with pytest.raises(UsageError, match="WEBOTS_HOME"):
        simulator("webots")
    (tmp_path / "webots").touch()
    assert find_webots() == tmp_path / "webots"


def test_free_port_is_usable_and_stays_the_one_asked_for() -> None:
    port = usable_port(0)
    assert usable_port(port) == port
