"""The command line as people and CI meet it: one process, its exit status, its last line, its one sentence."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.integration

PROJECT = Path(__file__).resolve().parents[3]
WORLD = "worlds/perpendicular.wbt"
LONG_S = 280.0
"""Starting may compile every kernel on a busy machine."""


def parkit(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PARKIT_")}
    return subprocess.run(
        [sys.executable, "-m", "ops.cli.main", *arguments],
        cwd=PROJECT,
        env=clean | variables,
        capture_output=True,
        text=True,
        timeout=LONG_S,
        check=False,
    )


def refused(answer: subprocess.CompletedProcess[str]) -> str:
    """The one sentence of a refused request."""
    lines = [line for line in answer.stderr.splitlines() if line.strip()]
    assert (answer.returncode, answer.stdout, len(lines)) == (2, "", 1), answer
    return lines[0]


# --- what cannot be done ------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [("world", "run", WORLD), ("demo", "--no-browser", "--port", "0")])
def test_unknown_driver_is_named_with_those_there_are(command: tuple[str, ...]) -> None:
    sentence = refused(parkit(*command, "--driver", "granny"))
    assert "'granny'" in sentence
    assert "novice" in sentence


def test_missing_world_is_named() -> None:
    assert "worlds/nowhere.wbt does not exist" in refused(parkit("world", "run", "worlds/nowhere.wbt"))


def test_world_that_does_not_parse_is_refused_with_file_and_line(tmp_path: Path) -> None:
    world = tmp_path / "odd.wbt"
    world.write_text("#VRML_SIM R2025a utf8\nWorldInfo {\n  basicTimeStep ten\n}\n")
    assert f"{world}:3:" in refused(parkit("world", "run", str(world), "--driver", "expert"))


def test_script_that_cannot_be_driven_is_refused_with_file_and_line(tmp_path: Path) -> None:
    script = tmp_path / "drive.txt"
    script.write_text("# nothing yet\n2.0 D 0.0 0.3\n")
    assert f"{script}:2:" in refused(parkit("world", "run", WORLD, "--driver", f"script:{script}"))


@pytest.mark.parametrize(
    ("variable", "value"),
    [("PARKIT_ASSIST", "9"), ("PARKIT_SEED", "-1"), ("PARKIT_LANGUAGE", "fr"), ("PARKIT_RUBRIC", "none-such")],
)
def test_wrong_setting_is_refused_by_name_or_value(variable: str, value: str) -> None:
    sentence = refused(parkit("world", "run", WORLD, **{variable: value}))
    assert variable in sentence or f"'{value}'" in sentence


def test_wrong_option_is_refused_by_name() -> None:
    assert "'--assist'" in refused(parkit("world", "run", WORLD, "--assist", "9"))


def test_busy_port_of_the_demo_is_named_before_anything_is_started() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert f"port {port} is in use" in refused(parkit("demo", "--no-browser", "--port", port))


# --- a session and its result -------------------------------------------------------------------------


def drive(seed: int) -> dict[str, Any]:
    answer = parkit(
        "world", "run", WORLD, "--driver", "expert", "--seed", str(seed), "--simulator", "standin", "--json"
    )  # fmt: skip
    assert answer.returncode == 0, answer.stderr
    result: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return result


@pytest.fixture(scope="module")
def session() -> dict[str, Any]:
    """The expert's session of seed 1."""
    return drive(1)


def test_session_ends_with_one_json_object_that_says_how(session: dict[str, Any]) -> None:
    assert (session["result"], session["contacts"]) == ("parked", 0)
    assert session["score"] > 80.0
    assert session["min_clearance_m"] > 0.1
    assert session["duration_s"] > 10.0
    assert session["cusps"] >= 1
    assert session["frames"] > 500
    assert session["real_time_factor"] > 0.0
    assert set(session["end_pose"]) == {"lateral_m", "depth_m", "yaw_rad"}
    assert 0.0 < session["decision_us"]["p50"] <= session["decision_us"]["p99"] <= session["decision_us"]["max"]


def test_equal_seeds_give_equal_decisions(session: dict[str, Any]) -> None:
    again = drive(1)
    assert again["digest"] == session["digest"]
    assert again["end_pose"] == session["end_pose"]


def test_another_seed_is_another_session(session: dict[str, Any]) -> None:
    assert drive(2)["digest"] != session["digest"]


# --- Ctrl-C -------------------------------------------------------------------------------------------


def test_ctrl_c_ends_the_demo_and_leaves_no_process(tmp_path: Path) -> None:
    errors = (tmp_path / "stderr").open("w+")
    process = subprocess.Popen(
        [sys.executable, "-m", "ops.cli.main", "demo", "--no-browser", "--port", "0", "--json"],
        cwd=PROJECT,
        env=os.environ | {"PARKIT_TEST_FAMILY": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
    )
    with errors, process:
        try:
            assert process.stdout is not None
            assert json.loads(process.stdout.readline())["event"] == "serving"
            wait_until(lambda: len(family(tmp_path)) >= 5, 60.0)  # itself, two brokers, relay, cloud, controllers
            process.send_signal(signal.SIGINT)
            process.wait(20.0)
            wait_until(lambda: family(tmp_path) == [], 1.0)
        finally:
            process.kill()
        errors.seek(0)
        assert "Traceback" not in errors.read()
    assert process.returncode == 130


def family(mark: Path) -> list[int]:
    """Processes alive whose environment carries the mark: whatever group or parent they have by now."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                inherited = f"PARKIT_TEST_FAMILY={mark}".encode() in (folder / "environ").read_bytes().split(b"\0")
            except OSError:
                continue
            if inherited:
                found.append(int(folder.name))
    return found


def wait_until(holds: Callable[[], bool], timeout_s: float) -> None:
    deadline = time.monotonic() + timeout_s
    while not holds():
        assert time.monotonic() < deadline, "it did not come to pass in time"
        time.sleep(0.02)
