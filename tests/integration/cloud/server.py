"""The cloud services as a process of their own, as users run them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypedDict, TypeVar

import httpx
import pytest

from coach_core.contracts import Topic, encode
from coach_core.contracts.topics import KAFKA_TOPICS
from tests.fixtures.brokers import unique

T = TypeVar("T")


class CloudProcess:
    """`python -m cloud` on a free port. As a context manager it is running, and ready, inside."""

    def __init__(self, bootstrap: str, folder: Path, **settings: str) -> None:
        self._environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("PARKIT_")},
            "PYTHONPATH": str(Path(__file__).parents[3]),
            "PARKIT_CLOUD_KAFKA_BOOTSTRAP": bootstrap,
            "PARKIT_CLOUD_KAFKA_FETCH_WAIT_MS": "1",
            "PARKIT_CLOUD_DATABASE_URL": f"sqlite:///{folder}/parkit.db",
            "PARKIT_CLOUD_PORT": "0",
            "PARKIT_CLOUD_ANALYSIS_GROUP": unique("analysis"),
            "PARKIT_CLOUD_LIVE_GROUP": unique("live"),
            "PARKIT_CLOUD_REPORT_GRACE_S": "2",
            **{f"PARKIT_CLOUD_{key.upper()}": value for key, value in settings.items()},
        }
        self._process: subprocess.Popen[str] | None = None
        self.log: list[dict[str, Any]] = []
        self.port = 0

    def start(self) -> Self:
        self.log.clear()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "cloud"], env=self._environment, stderr=subprocess.PIPE, text=True
        )
        threading.Thread(target=self._follow, args=(self._process,), daemon=True).start()
        try:
            self.port = int(self.logged("cloud_serving")["port"])
            wait_for(lambda: self.get("/readyz").status_code == 200, "the services to be ready")
        except BaseException:
            self._process.kill()
            self._process.wait()
            raise
        return self

    def _follow(self, process: subprocess.Popen[str]) -> None:
        assert process.stderr is not None
        with process.stderr as stderr:
            for line in stderr:
                try:
                    self.log.append(json.loads(line))
                except ValueError:
                    self.log.append({"event": "not_json", "line": line})

    def logged(self, event: str) -> dict[str, Any]:
        """The line of the log with this event, once it has come."""

        def found() -> dict[str, Any] | None:
            assert self._process is not None
            lines = [line for line in self.log if line["event"] == event]
            if not lines and self._process.poll() is not None:
                pytest.fail(f"the cloud ended with {self._process.returncode}: {self.log}")
            return lines[0] if lines else None

        return wait_for(found, f"the log to say {event}")

    def signal(self, number: signal.Signals) -> int:
        """Send a signal; the exit status."""
        assert self._process is not None
        self._process.send_signal(number)
        return self._process.wait(15)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def ws_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    def get(self, path: str, **params: str | int) -> httpx.Response:
        try:
            return httpx.get(self.url + path, params=params, timeout=20)
        except httpx.TransportError as error:
            assert self._process is not None
            pytest.fail(f"{path}: {error!r}; the process: {self._process.poll()}; its log: {self.log[-5:]}")

    def metric(self, name: str) -> float:
        """Sum of a metric over its labels."""
        lines = self.get("/metrics").text.splitlines()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.split("{")[0].split(" ")[0] == name)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        assert self._process is not None
        if self._process.poll() is None:
            self.signal(signal.SIGTERM)


def wait_for(condition: Callable[[], T | None], what: str, timeout_s: float = 60.0) -> T:
    """The first true value of a condition; fails the test when that takes too long."""
    deadline = time.monotonic() + timeout_s
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            pytest.fail(f"waited {timeout_s} s for {what}")
        time.sleep(0.02)


TOPIC_OF = {spec.message: topic for topic, spec in KAFKA_TOPICS.items()}


class Names(TypedDict):
    """Whose message it is."""

    car: str
    session: str


class Car:
    """Puts a car's messages on Kafka, as the relay does."""

    def __init__(self, bootstrap: str) -> None:
        from confluent_kafka import Producer

        self._producer = Producer({"bootstrap.servers": bootstrap, "linger.ms": 0, "log_level": 2})
        self.vehicle_id = unique("car")
        self.session_id = unique("s")

    def send(self, *messages: Any) -> None:
        """Messages of contracts, in order; returns when Kafka has them."""
        for message in messages:
            topic = TOPIC_OF[type(message)]
            key = getattr(message, KAFKA_TOPICS[topic].key)
            self._producer.produce(topic, encode(message), key)
        assert self._producer.flush(10) == 0

    def send_raw(self, topic: Topic, value: bytes) -> None:
        self._producer.produce(topic, value, self.session_id)
        assert self._producer.flush(10) == 0

    @property
    def names(self) -> Names:
        """Arguments for the message builders."""
        return {"car": self.vehicle_id, "session": self.session_id}
