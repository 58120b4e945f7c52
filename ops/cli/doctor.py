"""`parkit doctor`: what is installed, what answers, and what to do about the rest."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
import shutil
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal, NamedTuple
from urllib.parse import urlsplit

import typer
from rich.table import Table

from coach_core.errors import UsageError
from ops.cli.output import console, print_json
from ops.dashboard_build import find_node, is_built
from ops.embedded.mqtt import find_mosquitto
from ops.run import find_webots

WEBOTS_VERSION = "R2025a"
State = Literal["ok", "info", "missing"]
MARKS = {"ok": "[green]●[/green] ok", "info": "[yellow]▲[/yellow] info", "missing": "[red]■[/red] missing"}


class Finding(NamedTuple):
    """One thing looked at: `advice` says what to do, if anything."""

    name: str
    state: State
    detail: str
    advice: str = ""


def doctor(as_json: Annotated[bool, typer.Option("--json", help="Findings as one JSON object.")] = False) -> None:
    """Look at this machine; the exit status is 1 when something is missing that the demo needs."""
    findings = list(examine())
    if as_json:
        print_json({"findings": [finding._asdict() for finding in findings], "webots": webots_settings()})
    else:
        table = Table(title="parkit doctor")
        for column in ("what", "state", "found", "what to do"):
            table.add_column(column)
        for finding in findings:
            table.add_row(finding.name, MARKS[finding.state], finding.detail, finding.advice)
        console.print(table)
        console.print("\nWhat Webots has to be told (docs/webots.md):", markup=False)
        for where, what in webots_settings().items():
            console.print(
                f"  {where}\n    " + what.replace("\n", "\n    "), markup=False, highlight=False, soft_wrap=True
            )
    raise typer.Exit(int(any(finding.state == "missing" for finding in findings)))


def examine() -> Iterator[Finding]:
    """Everything the demo, the tests and a real installation depend on."""
    yield Finding("Python", "ok", platform.python_version())  # the package does not install on one that is too old
    for package, module, extra in (
        ("numba", "numba", ""),
        ("paho-mqtt", "paho", ""),
        ("confluent-kafka", "confluent_kafka", "edge"),
        ("fastapi", "fastapi", "cloud"),
        ("sqlmodel", "sqlmodel", "cloud"),
        ("amqtt", "amqtt", "demo"),
    ):
        yield _package(package, module, extra)
    yield _node()
    yield from _webots()
    yield _mosquitto()
    yield from _brokers()
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    yield (
        Finding("Chromium", "ok", chromium)
        if chromium
        else Finding(
            "Chromium",
            "info",
            "not found",
            "needed for `parkit bench pipeline` and the e2e tests: apt-get install chromium",
        )
    )


def _package(package: str, module: str, extra: str) -> Finding:
    if importlib.util.find_spec(module) is None:
        what = f"parkit[{extra}]" if extra else "parkit"
        return Finding(package, "missing", "not installed", f'run `make setup`, or pip install "{what}"')
    return Finding(package, "ok", importlib.metadata.version(package))


def _node() -> Finding:
    if is_built():
        return Finding("dashboard", "ok", "built")
    try:
        node = find_node()
    except UsageError as error:
        return Finding("dashboard", "missing", "not built", str(error))
    return Finding("dashboard", "info", f"not built yet; Node: {node.executable}", "`parkit demo` builds it")


def _webots() -> Iterator[Finding]:
    executable = find_webots()
    home = os.environ.get("WEBOTS_HOME", "")
    if executable is None:
        yield (
            Finding("Webots", "info", f"WEBOTS_HOME={home} holds no webots", "point it at the installation's folder")
            if home
            else Finding(
                "Webots",
                "info",
                "not found; the stand-in runs the worlds",
                "to drive yourself, install R2025a and set WEBOTS_HOME: docs/webots.md",
            )
        )
        return
    version = _webots_version(Path(home))
    if version.startswith(WEBOTS_VERSION):
        yield Finding("Webots", "ok", f"{version} at {executable}")
    else:
        yield Finding(
            "Webots", "info", f"{version or 'of unknown version'} at {executable}", f"built for {WEBOTS_VERSION}"
        )
    yield Finding(
        "Webots' Python",
        "info",
        f"Tools > Preferences > Python command: {sys.executable}",
        "set it once, so that controllers find this package",
    )


def webots_settings() -> dict[str, str]:
    """Where to say what, so that Webots' controllers run with this Python; one of the first two is enough."""
    home = os.environ.get("WEBOTS_HOME") or "/usr/local/webots"
    files = " and ".join(f"controllers/{name}/runtime.ini" for name in ("parkit_coach", "parkit_examiner"))
    return {
        "Tools > Preferences > Python command": sys.executable,
        f"or in {files}, not for controllers that webots-controller starts": f"[python]\nCOMMAND = {sys.executable}",
        "in the shell, for runs without a window": f"export WEBOTS_HOME={home}",
    }


def _webots_version(home: Path) -> str:
    """What the installation says of itself; empty if it does not."""
    try:
        return (home / "resources" / "version.txt").read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def _mosquitto() -> Finding:
    path = find_mosquitto()
    if path:
        return Finding("MQTT broker", "ok", f"Mosquitto at {path} (MQTT 5)")
    return Finding(
        "MQTT broker", "info", "amqtt (MQTT 3.1.1)", "good for a few cars; for more: apt-get install mosquitto"
    )


def _brokers() -> Iterator[Finding]:
    """The brokers and servers that the environment names, if any."""
    mqtt = os.environ.get("PARKIT_RELAY_MQTT_HOST")
    if mqtt:
        yield _listening("MQTT of the relay", mqtt, int(os.environ.get("PARKIT_RELAY_MQTT_PORT", "1883")))
    for name in ("PARKIT_RELAY_KAFKA_BOOTSTRAP", "PARKIT_CLOUD_KAFKA_BOOTSTRAP"):
        for address in filter(None, os.environ.get(name, "").split(",")):
            host, _, port = address.rpartition(":")
            yield _listening(f"Kafka of {name}", host, int(port) if port.isdigit() else 9092)
    bus = urlsplit(os.environ.get("PARKIT_CLOUD_LIVE_BUS_URL", ""))
    if bus.scheme.startswith("redis"):
        yield _listening("Redis", bus.hostname or "127.0.0.1", bus.port or 6379)


def _listening(name: str, host: str, port: int) -> Finding:
    try:
        with socket.create_connection((host, port), timeout=1.0):
            return Finding(name, "ok", f"{host}:{port} answers")
    except OSError as error:
        return Finding(name, "missing", f"{host}:{port}: {error.strerror or error}", "start it, or correct the setting")
