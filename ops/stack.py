"""Everything between the car and the browser on one machine: brokers, relay, cloud, each a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from coach_core.errors import ParkitError, UsageError
from ops.embedded.kafka import EmbeddedKafka
from ops.embedded.mqtt import EmbeddedMqtt
from ops.ports import can_listen, free_port

READY_TIMEOUT_S = 30.0
STOP_TIMEOUT_S = 1.2
USAGE = 2


class ServiceError(ParkitError):
    """A service of ours ended or did not become ready."""


class Service:
    """One of our services as a process, with its log in a file."""

    def __init__(self, name: str, module: str, environment: dict[str, str], log: Path, health: str) -> None:
        self.name = name
        self._log = log
        self._health = health
        self._file = log.open("wb")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "ops.service", module],
            env=os.environ | environment | {"PARKIT_PARENT_PID": str(os.getpid())},
            stdin=subprocess.DEVNULL,
            stdout=self._file,
            stderr=self._file,
            start_new_session=True,  # Ctrl-C is for the parent, which knows in what order to stop
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def wait_ready(self, stop: Callable[[], bool] | None = None) -> None:
        """Until its readiness probe says yes; an error with its last words if it ended instead."""
        deadline = time.monotonic() + READY_TIMEOUT_S
        while not _answers(self._health):
            if stop is not None and stop():
                raise KeyboardInterrupt
            if self._process.poll() is not None:
                words = self.last_words()
                if self._process.returncode == USAGE:
                    raise UsageError(words.splitlines()[-1] if words else f"{self.name} refused its settings")
                raise ServiceError(f"{self.name} ended at once; its log {self._log} says: {words}")
            if time.monotonic() > deadline:
                raise ServiceError(f"{self.name} was not ready within {READY_TIMEOUT_S:g} s; see {self._log}")
            time.sleep(0.03)

    def last_words(self) -> str:
        """The end of its log."""
        return self._log.read_text(encoding="utf-8", errors="replace")[-2000:].strip()

    def ask_to_stop(self) -> None:
        """SIGTERM, without waiting."""
        if self._process.poll() is None:
            self._process.terminate()

    def stop(self) -> None:
        """SIGTERM, and after a second SIGKILL."""
        self.ask_to_stop()
        try:
            self._process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._file.close()


class LocalStack:
    """Embedded brokers, the relay and the cloud; a context manager.

    folder: database, spools and logs go there. port: of the dashboard, 0 for a free one.
    """

    def __init__(
        self, folder: Path, port: int, *, mqtt_kind: str | None = None, stop: Callable[[], bool] | None = None
    ) -> None:
        self._folder = folder
        self._port = port
        self._mqtt_kind = mqtt_kind
        self._stop = stop
        self._services: list[Service] = []
        self._exits = ExitStack()

    @property
    def url(self) -> str:
        """Where the dashboard is."""
        return f"http://127.0.0.1:{self._port}"

    def __enter__(self) -> LocalStack:
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for service in self._services:
            service.ask_to_stop()
        for service in self._services:
            service.stop()
        self._exits.close()

    def _start(self) -> None:
        self._port = usable_port(self._port)
        logs = self._folder / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        self.kafka = self._exits.enter_context(EmbeddedKafka())
        self.mqtt = self._exits.enter_context(EmbeddedMqtt(kind=self._mqtt_kind))  # type: ignore[arg-type]
        relay_port = usable_port(0)
        self.relay = Service(
            "relay",
            "edge_relay",
            {
                "PARKIT_RELAY_MQTT_HOST": self.mqtt.host,
                "PARKIT_RELAY_MQTT_PORT": str(self.mqtt.port),
                "PARKIT_RELAY_KAFKA_BOOTSTRAP": self.kafka.bootstrap,
                "PARKIT_RELAY_KAFKA_FETCH_WAIT_MS": "1",
                "PARKIT_RELAY_SPOOL_DIR": str(self._folder / "relay-spool"),
                "PARKIT_RELAY_HTTP_PORT": str(relay_port),
            },
            logs / "relay.log",
            f"http://127.0.0.1:{relay_port}/readyz",
        )
        self._services.append(self.relay)
        self.cloud = Service(
            "cloud",
            "cloud",
            {
                "PARKIT_CLOUD_PORT": str(self._port),
                "PARKIT_CLOUD_KAFKA_BOOTSTRAP": self.kafka.bootstrap,
                "PARKIT_CLOUD_KAFKA_FETCH_WAIT_MS": "1",
                "PARKIT_CLOUD_DATABASE_URL": f"sqlite:///{self._folder / 'parkit.db'}",
            },
            logs / "cloud.log",
            f"{self.url}/readyz",
        )
        self._services.append(self.cloud)
        for service in self._services:
            service.wait_ready(self._stop)


def usable_port(port: int) -> int:
    """`port` if it can be listened on (0: a free one); UsageError names a busy one."""
    if port == 0:
        return free_port()
    if not can_listen(port):
        raise UsageError(f"port {port} is in use; choose another with --port, or stop what listens there")
    return port


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=1.0) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
