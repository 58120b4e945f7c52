"""`parkit demo`: one command parks a car, live in the browser."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
import webbrowser
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from coach_core.errors import UsageError
from ops.cli.output import INTERRUPTED, console, print_json
from ops.cli.world import show_result
from ops.dashboard_build import is_built
from ops.run import SessionOptions, StandInSimulator, check_options
from ops.signals import call_on_stop_signals
from ops.stack import LocalStack, usable_port

PROJECT = Path(__file__).resolve().parents[2]
BROWSER_HEAD_START_S = 3.0
"""The car waits this long, so that the page is there to see it start."""
REPORT_TIMEOUT_S = 20.0
BUILD_STOP_S = 1.0


def demo(
    driver: Annotated[
        str,
        typer.Option(envvar="PARKIT_DRIVER", help="keyboard, joystick:FILE, remote, novice, expert or script:FILE."),
    ] = "novice",
    seed: Annotated[
        int, typer.Option(min=0, envvar="PARKIT_SEED", help="Another seed, another scenario and another learner.")
    ] = 77,
    assist: Annotated[
        int, typer.Option(min=0, max=4, envvar="PARKIT_ASSIST", help="4 full guidance ... 0 no coaching.")
    ] = 4,
    world: Annotated[Path, typer.Option(help="The .wbt file.")] = PROJECT / "worlds" / "perpendicular.wbt",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Of the dashboard; 0 for a free one.")] = 8080,
    folder: Annotated[
        Path | None, typer.Option(help="Where to keep sessions; default: thrown away at the end.")
    ] = None,
    browser: Annotated[bool, typer.Option(help="Open the dashboard in the browser.")] = True,
    pace: Annotated[float, typer.Option(min=0.1, help="1 is real time.")] = 1.0,
    once: Annotated[bool, typer.Option("--once", help="End when the report is there.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Addresses and the result as JSON lines.")] = False,
) -> None:
    """Start everything, drive one coached session, show it live and then its report. Ctrl-C ends it."""
    stop = threading.Event()
    if threading.current_thread() is threading.main_thread():
        call_on_stop_signals(stop.set)
    options = SessionOptions(world=world, driver=driver, seed=seed, assist=assist, pace=pace)
    check_options(options)  # before anything is started
    usable_port(port)
    try:
        with tempfile.TemporaryDirectory(prefix="parkit-demo-") as temporary:
            _demo(options, folder or Path(temporary), port, stop, browser=browser, once=once, as_json=as_json)
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None


def _demo(
    options: SessionOptions,
    folder: Path,
    port: int,
    stop: threading.Event,
    *,
    browser: bool,
    once: bool,
    as_json: bool,
) -> None:
    with ExitStack() as exits:
        preparing = exits.enter_context(console.status("Preparing: dashboard, kernels, services …"))
        simulator = exits.enter_context(StandInSimulator())
        simulator.warm()  # the controllers' kernels compile beside the rest
        build = exits.enter_context(DashboardBuild())
        stack = exits.enter_context(LocalStack(folder, port, stop=stop.is_set))
        build.wait(stop)
        preparing.stop()
        published = replace(options, mqtt=(stack.mqtt.host, stack.mqtt.port), outbox_dir=folder / "outbox")
        _session(stack, simulator, published, stop, browser=browser, once=once, as_json=as_json)


class DashboardBuild:
    """Builds the dashboard beside the rest, in a process of its own that Ctrl-C can end; a context manager."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        if not is_built():
            self._process = subprocess.Popen(
                [sys.executable, "-m", "ops.dashboard_build"],
                cwd=PROJECT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                start_new_session=True,  # npm and Node are ended with it
            )

    def wait(self, stop: threading.Event) -> None:
        """Until it is built; UsageError says why it does not build, KeyboardInterrupt that it was stopped."""
        if self._process is None:
            return
        words = ""
        while self._process.poll() is None:
            if stop.is_set():
                raise KeyboardInterrupt
            with contextlib.suppress(subprocess.TimeoutExpired):
                _, words = self._process.communicate(timeout=0.1)
        if self._process.returncode != 0:
            raise UsageError(words.strip().removeprefix("parkit: ") or "the dashboard does not build")

    def __enter__(self) -> DashboardBuild:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGINT)  # it clears its half-made folder away
            try:
                self._process.wait(BUILD_STOP_S)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()
        if self._process is not None and self._process.stderr is not None:
            self._process.stderr.close()


def _session(
    stack: LocalStack,
    simulator: StandInSimulator,
    options: SessionOptions,
    stop: threading.Event,
    *,
    browser: bool,
    once: bool,
    as_json: bool,
) -> None:
    live = f"{stack.url}/live/{options.vehicle_id}"
    if as_json:
        print_json({"event": "serving", "url": stack.url, "live": live})
    console.print(f"Live: [bold]{live}[/bold]  (simulator: the stand-in for Webots; MQTT: {stack.mqtt.kind})")
    if browser:
        webbrowser.open(live)
        stop.wait(BROWSER_HEAD_START_S)
    result = simulator.run(options, stop=stop.is_set)
    report = _wait_for_report(stack.url, result["session_id"], stop)
    page = f"{stack.url}/sessions/{result['session_id']}"
    if as_json:
        print_json({"event": "result", "report": page, "report_score": report["card"]["score"], **result})
    show_result(result)
    console.print(f"Report: [bold]{page}[/bold]")
    if not once:
        console.print("Ctrl-C ends the demo.")
        stop.wait()


def _wait_for_report(url: str, session_id: str, stop: threading.Event) -> dict[str, Any]:
    """The report the cloud wrote of the session."""
    deadline = time.monotonic() + REPORT_TIMEOUT_S
    address = f"{url}/api/v1/sessions/{session_id}/report"
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=2.0) as answer:
                report: dict[str, Any] = json.load(answer)
                return report
        except urllib.error.HTTPError as error:
            if error.code != 404:
                raise
        if stop.wait(0.1):
            raise KeyboardInterrupt
    raise UsageError(
        f"the report of session {session_id} did not come within {REPORT_TIMEOUT_S:g} s; see the cloud's log"
    )
