"""The examiner in the stand-in, with a car that drives by heart and speaks the radio as ours does."""

from __future__ import annotations

import json
import math
import shutil
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from controllers.parkit_examiner.trace import read_trace
from worlds.headless import Runner, RunOptions, RunOutcome

pytestmark = pytest.mark.integration

ROOT = Path(__file__).resolve().parents[3]
PRELUDE = """
import json, math, os
from vehicle import Driver
d = Driver()
out, ear = d.getDevice("to_examiner"), d.getDevice("from_examiner")
ear.enable(10)
gps = d.getDevice("gps"); gps.enable(10)
heard = []
def say(kind, **facts): out.send(json.dumps({"type": kind, **facts}))
def hear():
    while ear.getQueueLength():
        heard.append({"at_s": round(d.getTime(), 3), **json.loads(ear.getString())}); ear.nextPacket()
def step():
    if d.step() == -1:
        report(); raise SystemExit
    hear()
def report():
    with open(os.path.join(os.environ["PARKIT_RESULT_DIR"], "heard.json"), "w") as file: json.dump(heard, file)
def drive(seconds, kmh=0.0, steer=0.0):
    d.setCruisingSpeed(kmh); d.setSteeringAngle(steer)
    for _ in range(round(seconds * 100)): step()
def until(kind, seconds=60.0):
    for _ in range(round(seconds * 100)):
        found = [m for m in heard if m["type"] == kind]
        if found: return found[-1]
        step()
    raise SystemExit("never heard " + kind)
def farewell():
    until("verdict"); report(); say("bye")
    while True: step()
"""


class Bench:
    """A copy of the project's worlds with the project's examiner and a car of the test's own."""

    def __init__(self, folder: Path, runner: Runner) -> None:
        self.folder = folder
        self.results = folder / "results"
        self.results.mkdir()
        for name in ("worlds", "controllers"):
            (folder / name).mkdir()
        for path in (*(ROOT / "worlds").glob("*.wbt"), *(ROOT / "worlds").glob("*.json")):
            shutil.copy(path, folder / "worlds")
        shutil.copytree(ROOT / "protos", folder / "protos")
        # the examiner finds the project's packages from where its file really lies
        (folder / "controllers" / "parkit_examiner").symlink_to(ROOT / "controllers" / "parkit_examiner")
        self._runner = runner

    def run(self, world: str, car: str, *, seed: int = 1, **settings: Any) -> RunOutcome:
        script = self.folder / "controllers" / "parkit_coach" / "parkit_coach.py"
        script.parent.mkdir(exist_ok=True)
        script.write_text(PRELUDE + textwrap.dedent(car), encoding="utf-8")
        named = {"RESULT_DIR": self.results, "SEED": seed, "DRIVER": "expert", **settings}
        env = {f"PARKIT_{key}": str(value) for key, value in named.items()}
        options = RunOptions(seed=seed, env=env, quiet=True, max_sim_s=600.0)
        return self._runner.run(self.folder / "worlds" / f"{world}.wbt", options)

    def add_somebody(self, world: str, what: str) -> None:
        """Another supervisor, who after 4 s does this to the simulation, once."""
        path = self.folder / "worlds" / f"{world}.wbt"
        robot = 'Robot { name "somebody" supervisor TRUE controller "somebody" }\n'
        path.write_text(path.read_text(encoding="utf-8") + robot, encoding="utf-8")
        script = self.folder / "controllers" / "somebody" / "somebody.py"
        script.parent.mkdir()
        source = f"""
        import os
        from controller import Supervisor
        s = Supervisor()
        while s.step(50) != -1:
            if s.getTime() > 4.0 and not os.path.exists("done"):
                open("done", "w").close()
                s.{what}()
        """
        script.write_text(textwrap.dedent(source), encoding="utf-8")

    def verdict(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.results / "examiner.json").read_text(encoding="utf-8"))
        return found

    def heard(self, *kinds: str) -> list[dict[str, Any]]:
        """What the car heard, of these kinds."""
        messages: list[dict[str, Any]] = json.loads((self.results / "heard.json").read_text(encoding="utf-8"))
        return [message for message in messages if not kinds or message["type"] in kinds]

    def trace(self) -> list[dict[str, Any]]:
        return read_trace(self.results / "trace.jsonl.gz")

    def edit_scenario(self, world: str, **changes: Any) -> None:
        path = self.folder / "worlds" / f"{world}.scenario.json"
        path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), **changes}), encoding="utf-8")


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with Runner() as shared:
        yield shared


@pytest.fixture
def bench(tmp_path: Path, runner: Runner) -> Bench:
    return Bench(tmp_path, runner)


WALL_AHEAD = "until('scenario')\ndrive(60, 10.0)\nfarewell()"
"""From the start straight on along the aisle, into the wall at its end."""


def test_running_into_a_wall_is_a_contact_with_a_wall(bench: Bench) -> None:
    outcome = bench.run("perpendicular", WALL_AHEAD)
    assert (outcome.verdict, outcome.status) == ("quit", 3), outcome.controllers
    (contact,) = bench.heard("contact")
    assert (contact["part"], contact["other"]) == ("body", "wall")
    assert contact["at"][0] == pytest.approx(16.0, abs=0.1)
    verdict = bench.verdict()
    assert (verdict["result"], verdict["contacts"], verdict["min_clearance_m"]) == ("contact", 1, 0.0)


def test_a_session_that_takes_too_long_is_a_timeout(bench: Bench) -> None:
    outcome = bench.run("perpendicular", "farewell()", TIME_LIMIT_S=2.0)
    assert (outcome.status, bench.verdict()["result"]) == (4, "timeout")
    assert 2.0 <= bench.verdict()["duration_s"] < 2.2


def test_securing_the_car_outside_a_slot_aborts(bench: Bench) -> None:
    outcome = bench.run("perpendicular", "until('scenario')\ndrive(0.5)\nsay('secured', slot_id=None)\nfarewell()")
    assert (outcome.status, bench.verdict()["reason"]) == (5, "secured outside a slot")


# --- the scene ----------------------------------------------------------------------------------------


def test_parked_cars_stand_where_the_scenario_says_and_the_free_slots_are_empty(bench: Bench) -> None:
    bench.run("busy_lot", "farewell()", seed=3, TIME_LIMIT_S=1.0)
    header = bench.trace()[0]
    cars = {body["name"]: body for body in header["bodies"] if body["name"].startswith("PARKED_")}
    free = bench.heard("scenario")[0]["free_slots"]
    assert 3 <= len(free) <= 6
    assert not {f"PARKED_{slot}" for slot in free} & set(cars)
    lot = json.loads((bench.folder / "worlds" / "busy_lot.lot.json").read_text(encoding="utf-8"))
    for slot in lot["slots"]:
        body = cars.get(f"PARKED_{slot['slot_id']}")
        if body is not None:
            x, y = (sum(corner[i] for corner in body["outline"]) / 4.0 for i in (0, 1))
            inward = slot["inward_yaw_rad"]
            assert x == pytest.approx(slot["entrance_x_m"] + 2.5 * math.cos(inward), abs=0.22)
            assert y == pytest.approx(slot["entrance_y_m"] + 2.5 * math.sin(inward), abs=0.22)
    assert {body["kind"] for body in header["bodies"]} >= {"car", "wall"}


def test_walkers_and_cars_move_and_equal_seeds_move_them_equally(bench: Bench) -> None:
    traces = []
    for _ in range(2):
        bench.run("busy_lot", "farewell()", seed=3, TIME_LIMIT_S=15.0)
        traces.append((bench.results / "trace.jsonl.gz").read_bytes())
    assert traces[0] == traces[1]
    moved = [line["movers"] for line in bench.trace() if "movers" in line]
    assert moved
    names = set(moved[0])
    assert any(moved[0][name] != moved[-1].get(name) for name in names)


def test_a_gap_along_the_kerb_is_named_and_can_be_parked_in(bench: Bench) -> None:
    bench.run("parallel", "farewell()", seed=3, TIME_LIMIT_S=1.0)
    (scenario,) = bench.heard("scenario")
    assert scenario["goal"] == "parallel"
    assert [gap for gap in scenario["gaps"] if gap.startswith("S1:gap")]


def test_a_kerb_is_struck_by_wheels_while_the_body_passes_over_it(bench: Bench) -> None:
    outcome = bench.run("kr_course", "until('scenario')\ndrive(6, 5.0, 0.25)\nfarewell()", TIME_LIMIT_S=7.0)
    strikes = bench.heard("contact")
    assert strikes, outcome.controllers
    assert {strike["other"] for strike in strikes} == {"kerb"}
    assert strikes[0]["part"] == "wheel_front_right"
    verdict = bench.verdict()
    assert verdict["result"] == "timeout"  # a kerb does not end the session: the rubric says what it costs
    assert verdict["contacts"] == verdict["kerb_strikes"] == len(strikes)
    crossed = bench.heard("line")
    assert {"detection"} <= {line["line_kind"] for line in crossed}
    assert crossed[0]["at_s"] < strikes[0]["at_s"]  # the line lies before the kerb


# --- retry --------------------------------------------------------------------------------------------

RETRY = """
until("scenario")
d.setCruisingSpeed(10.0)
until("contact")
crashed = d.getTime()
d.setCruisingSpeed(0.0)
drive(1.0)
say("retry")
back = until("rewound")
drive(0.2)
heard.append({"type": "place", "x": gps.getValues()[0], "back": back["pose"][0], "crashed": crashed})
farewell()
"""


def test_a_retry_puts_the_car_back_to_three_seconds_before_the_contact(bench: Bench) -> None:
    bench.run("perpendicular", RETRY, RETRY_WAIT_S=5.0, TIME_LIMIT_S=20.0)
    (place,) = bench.heard("place")
    (contact,) = bench.heard("contact")
    (rewound,) = bench.heard("rewound")
    assert place["x"] == pytest.approx(place["back"], abs=0.1)
    # at 10 km/h three seconds are 8.3 m
    assert contact["at"][0] - 3.635 - place["back"] == pytest.approx(8.3, abs=0.3)
    assert (rewound["try"], rewound["left"]) == (1, 2)
    verdict = bench.verdict()
    # the time between the mistake and the retry does not count, nor does the contact
    assert (verdict["result"], verdict["contacts"], verdict["tries"]) == ("timeout", 0, 1)
    assert [line["event"] for line in bench.trace() if "event" in line] == ["contact", "rewound"]


def test_without_patience_a_contact_is_a_contact_at_once(bench: Bench) -> None:
    outcome = bench.run("perpendicular", WALL_AHEAD, DRIVER="expert")
    assert outcome.status == 3
    (contact,), (verdict,) = bench.heard("contact"), bench.heard("verdict")
    assert verdict["at_s"] - contact["at_s"] <= 0.1


def test_a_person_who_asks_for_nothing_gets_the_verdict_after_a_while(bench: Bench) -> None:
    bench.run("perpendicular", WALL_AHEAD, DRIVER="keyboard")
    (contact,), (verdict,) = bench.heard("contact"), bench.heard("verdict")
    assert verdict["at_s"] - contact["at_s"] == pytest.approx(20.0, abs=0.2)


def test_no_more_retries_than_allowed(bench: Bench) -> None:
    car = """
    until("scenario")
    for _ in range(3):
        drive(0.5, 3.0)
        say("retry")
        drive(0.3)
    farewell()
    """
    bench.run("perpendicular", car, RETRIES=2, TIME_LIMIT_S=5.0)
    assert len(bench.heard("rewound")) == 2
    assert bench.heard("no_retry")[0]["reason"] == "no try left of 2"


# --- reset and reload ---------------------------------------------------------------------------------


def test_a_reset_begins_a_new_attempt_with_nothing_left_of_the_old_one(bench: Bench) -> None:
    bench.add_somebody("perpendicular", "simulationReset")
    car = """
    until("scenario")
    say("retry")
    drive(3.0, 5.0)
    say("secured", slot_id=None)   # never judged: the car still rolls when the reset comes
    drive(4.0, 5.0)
    d.setCruisingSpeed(0.0)
    farewell()
    """
    bench.run("perpendicular", car, TIME_LIMIT_S=6.0)
    first, second = bench.heard("scenario")
    assert {**first, "at_s": 0} == {**second, "at_s": 0}
    assert second["at_s"] < 0.2
    verdict = bench.verdict()
    assert (verdict["result"], verdict["tries"]) == ("timeout", 0)
    trace = bench.trace()
    assert trace[1]["t"] <= 0.1
    assert trace[-1]["verdict"]["duration_s"] == pytest.approx(6.0, abs=0.1)
    places = [line["ego"][0] for line in trace if "ego" in line]
    start = json.loads((bench.folder / "worlds" / "perpendicular.scenario.json").read_text())["start"]["x_m"]
    assert start[0] - 0.1 <= places[0] <= start[1] + 0.3


def test_a_reset_while_the_car_looks_back_begins_a_new_attempt(bench: Bench) -> None:
    bench.add_somebody("perpendicular", "simulationReset")
    car = """
    until("verdict")    # after 2 s; the reset comes at 4 s, before any goodbye
    while len([m for m in heard if m["type"] == "scenario"]) < 2: step()
    heard[:] = [m for m in heard if m["type"] == "scenario"]
    farewell()
    """
    outcome = bench.run("perpendicular", car, TIME_LIMIT_S=2.0)
    assert (outcome.verdict, outcome.status) == ("quit", 4)
    assert [message["type"] for message in bench.heard()] == ["scenario", "scenario", "verdict"]
    assert bench.trace()[-1]["verdict"]["duration_s"] == pytest.approx(2.0, abs=0.1)


def test_a_reload_starts_the_examiner_anew_on_the_same_scene(bench: Bench) -> None:
    bench.add_somebody("perpendicular", "worldReload")
    car = "until('scenario')\ndrive(1.0, 5.0)\nd.setCruisingSpeed(0.0)\nfarewell()"
    bench.run("perpendicular", car, TIME_LIMIT_S=5.0)
    assert len(bench.heard("scenario")) == 1  # by the car of the second start
    verdict = bench.verdict()
    assert (verdict["result"], verdict["tries"], verdict["contacts"]) == ("timeout", 0, 0)
    trace = bench.trace()
    assert trace[1]["t"] <= 0.1
    assert [line["t"] for line in trace[1:]] == sorted(line["t"] for line in trace[1:])
    bench.run("perpendicular", car, TIME_LIMIT_S=5.0)  # this time nobody reloads it
    assert bench.trace() == trace


def test_a_controller_that_crashes_ends_the_run_with_its_traceback(bench: Bench) -> None:
    outcome = bench.run("perpendicular", "until('scenario')\nraise RuntimeError('no idea')")
    assert outcome.verdict == "controller_failed"
    assert any("no idea" in controller.stderr_tail for controller in outcome.controllers)


def test_a_scenario_that_names_what_the_world_lacks_is_refused_in_one_sentence(bench: Bench) -> None:
    bench.edit_scenario("perpendicular", clutter=[{"def": "GHOST", "x_m": [0, 0], "y_m": [4, 4]}])
    outcome = bench.run("perpendicular", "farewell()")
    examiner = next(c for c in outcome.controllers if c.controller == "parkit_examiner")
    assert examiner.exit_code == 2
    assert examiner.stderr_tail.strip() == (
        "parkit_examiner: the world has no node DEF GHOST, which its scenario file names"
    )
