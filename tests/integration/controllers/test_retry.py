"""Our own car with our own examiner: a retry by the keyboard, a reset in mid-drive, the world's own rubric."""

from __future__ import annotations

import itertools
import json
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import msgspec
import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from coach_core.contracts import (
    CoachCommand,
    HintAcked,
    Retried,
    SensorFrame,
    SessionEvent,
    Started,
    decode,
    encode,
    mqtt_topic,
)
from coach_core.contracts.messages import EventDetail, RetryCommand
from ops.embedded.mqtt import EmbeddedMqtt
from tests.fixtures.brokers import unique
from worlds.headless import Runner, RunOptions, RunOutcome

pytestmark = pytest.mark.integration

ROOT = Path(__file__).resolve().parents[3]
UP_SHIFT, RETRY = 315 + 65536, ord("T")
RESET = """
from controller import Supervisor
s = Supervisor()
reset = False
while s.step(50) != -1:
    if s.getTime() > 4.0 and not reset:
        reset = True
        s.simulationReset()
"""


@pytest.fixture
def drive(tmp_path: Path) -> Callable[..., RunOutcome]:
    """`drive(keys, **settings)`: a world with our controllers; `resetter=True` adds one who resets it."""
    for name in ("worlds", "controllers", "results"):
        (tmp_path / name).mkdir()
    shutil.copytree(ROOT / "protos", tmp_path / "protos")
    for path in (ROOT / "worlds").glob("*.json"):
        shutil.copy(path, tmp_path / "worlds")
    for path in (ROOT / "worlds").glob("*.wbt"):
        shutil.copy(path, tmp_path / "worlds")
    for name in ("parkit_coach", "parkit_examiner"):
        (tmp_path / "controllers" / name).symlink_to(ROOT / "controllers" / name)

    def run(
        keys: Callable[[float], Iterable[int]],
        *,
        name: str = "perpendicular",
        resetter: bool = False,
        stop: Callable[[], bool] | None = None,
        **settings: Any,
    ) -> RunOutcome:
        world = tmp_path / "worlds" / f"{name}.wbt"
        if resetter:
            with world.open("a", encoding="utf-8") as file:
                file.write('Robot { name "somebody" supervisor TRUE controller "somebody" }\n')
            script = tmp_path / "controllers" / "somebody" / "somebody.py"
            script.parent.mkdir()
            script.write_text(RESET, encoding="utf-8")
        named = {"RESULT_DIR": tmp_path / "results", "SEED": 1, "DRIVER": "keyboard", "OVERLAY": 0, "SOUND": 0}
        named |= {"DEBRIEF_S": 0, "RECORD": 1, **settings}
        env = {f"PARKIT_{key}": str(value) for key, value in named.items()}
        with Runner() as runner:
            return runner.run(
                world,
                RunOptions(
                    seed=1,
                    env=env,
                    quiet=True,
                    keys=keys,
                    stop=stop,
                    max_sim_s=60.0,
                    start_timeout_s=900.0,  # a cold cache compiles
                ),
            )

    return run


def result(folder: Path, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "results" / name).read_text(encoding="utf-8"))
    return found


def frames(folder: Path) -> list[SensorFrame]:
    lines = (folder / "results" / "frames.jsonl").read_bytes().splitlines()
    return [msgspec.json.decode(line, type=SensorFrame) for line in lines]


def test_a_learner_who_ran_into_something_tries_again_by_a_key(
    drive: Callable[..., RunOutcome], tmp_path: Path
) -> None:
    def keys(t: float) -> list[int]:
        return [UP_SHIFT] if t < 18.0 else [RETRY] if t < 18.5 else []

    outcome = drive(keys, TIME_LIMIT_S=25.0)
    assert (outcome.verdict, outcome.status) == ("quit", 4), outcome.controllers
    verdict = result(tmp_path, "examiner.json")
    assert (verdict["tries"], verdict["contacts"]) == (1, 0)
    driven = frames(tmp_path)
    jumps = [
        (before, after) for before, after in itertools.pairwise(driven) if abs(before.pose.x_m - after.pose.x_m) > 1.0
    ]
    ((before, after),) = jumps
    assert after.pose.x_m < before.pose.x_m
    # what moved on was the car's place, not the session
    assert [frame.seq for frame in driven] == list(range(len(driven)))
    soon = [frame for frame in driven if after.sim_time_s + 0.2 < frame.sim_time_s < after.sim_time_s + 1.0]
    assert max(abs(frame.speed_mps) for frame in soon) < 0.05
    assert {frame.gear for frame in soon} == {"D"}


def test_a_retry_puts_the_lever_where_it_was_then(drive: Callable[..., RunOutcome], tmp_path: Path) -> None:
    def keys(t: float) -> list[int]:
        return (
            [UP_SHIFT] if t < 6.0 else [ord(" ")] if t < 8.0 else [ord("R")] if t < 8.5 else [RETRY] if t < 9.0 else []
        )

    outcome = drive(keys, TIME_LIMIT_S=9.0)
    assert (outcome.verdict, outcome.status) == ("quit", 4), outcome.controllers
    assert result(tmp_path, "examiner.json")["tries"] == 1
    driven = frames(tmp_path)
    assert {frame.gear for frame in driven if 8.2 < frame.sim_time_s < 8.5} == {"R"}
    assert {frame.gear for frame in driven if frame.sim_time_s > 8.8} == {"D"}


def test_a_reset_in_mid_drive_begins_another_session(drive: Callable[..., RunOutcome], tmp_path: Path) -> None:
    outcome = drive(lambda _: [UP_SHIFT], resetter=True, TIME_LIMIT_S=5.0, SESSION_ID="s-1", RETRIES=0)
    assert outcome.verdict == "quit", outcome.controllers
    assert result(tmp_path, "coach.json")["session_id"] == "s-1-2"
    driven = frames(tmp_path)
    assert driven[0].seq == 0
    assert driven[0].sim_time_s < 1.0
    assert {frame.session_id for frame in driven} == {"s-1-2"}
    scenario = json.loads((ROOT / "worlds" / "perpendicular.scenario.json").read_text(encoding="utf-8"))
    low, high = scenario["start"]["x_m"]
    assert low - 0.2 <= driven[0].pose.x_m <= high + 0.2
    assert "speed" not in driven[5].faults


class Instructor:
    """Asks a car for a retry as soon as it drives, and hears what it says. paho's callbacks run in its own thread."""

    def __init__(self, broker: EmbeddedMqtt, vehicle: str) -> None:
        self.heard: list[EventDetail] = []
        self._vehicle = vehicle
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=unique("instructor"), protocol=mqtt.MQTTv311)
        self._client.on_connect = lambda client, *_: client.subscribe(mqtt_topic(vehicle, "events"), qos=1)
        self._client.on_message = self._hear
        self._client.connect(broker.host, broker.port)
        self._client.loop_start()

    def _hear(self, client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        detail = decode(bytes(message.payload), SessionEvent).detail
        if isinstance(detail, Started):
            command = CoachCommand(1, self._vehicle, "c-1", 0, 2**62, "kim", RetryCommand())
            client.publish(mqtt_topic(self._vehicle, "commands"), encode(command), qos=1)
        self.heard.append(detail)

    def answered(self) -> bool:
        return any(isinstance(detail, HintAcked) for detail in self.heard)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


def test_an_instructor_puts_the_learner_back_from_the_dashboard(
    drive: Callable[..., RunOutcome], tmp_path: Path
) -> None:
    vehicle = unique("car")
    with EmbeddedMqtt() as broker:
        instructor = Instructor(broker, vehicle)
        try:
            outcome = drive(
                lambda _: [UP_SHIFT],
                stop=instructor.answered,
                VEHICLE_ID=vehicle,
                MQTT_HOST=broker.host,
                MQTT_PORT=broker.port,
                OUTBOX_DIR=tmp_path / "outbox",
                RETRY_WAIT_S=60.0,
            )
        finally:
            instructor.close()
    assert outcome.verdict == "stopped", outcome.controllers
    (ack,) = [detail for detail in instructor.heard if isinstance(detail, HintAcked)]
    assert (ack.command_id, ack.status) == ("c-1", "applied")
    (retried,) = [detail for detail in instructor.heard if isinstance(detail, Retried)]
    assert retried.attempt == 1


@pytest.mark.parametrize(("asked", "scored"), [({}, "kr-course-right-angle"), ({"RUBRIC": "uk-bay"}, "uk-bay")])
def test_a_world_is_scored_by_the_rubric_it_is_made_for_unless_another_is_asked_for(
    drive: Callable[..., RunOutcome], tmp_path: Path, asked: dict[str, str], scored: str
) -> None:
    outcome = drive(lambda _: [], name="kr_course", TIME_LIMIT_S=1.0, **asked)
    assert outcome.status == 4, outcome.controllers
    assert result(tmp_path, "coach.json")["card"]["rubric"] == scored
