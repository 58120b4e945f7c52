"""The built dashboard served by the real cloud services, fed over Kafka by the made-up car of `cloud/dashboard/dev`."""

from __future__ import annotations

import os
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from confluent_kafka import Producer

from cloud.dashboard.dev.attempt import Attempt
from cloud.dashboard.dev.drive import drive
from ops.browser import chromium, find_chromium
from ops.dashboard_build import build_dashboard
from ops.embedded import EmbeddedKafka
from ops.stack import Service, usable_port

pytest.importorskip("playwright")

from playwright.sync_api import Browser, Page

PACE = 4.0


def missing(message: str) -> None:
    """Skip, saying what is missing; in CI that is a failure."""
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


class Served:
    """Kafka and the cloud services, which can be stopped and started again at the same address."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kafka = EmbeddedKafka().start()
        self._port = usable_port(0)
        self._producer = Producer({"bootstrap.servers": self._kafka.bootstrap, "linger.ms": 0})
        self._cloud: Service | None = None
        self._drivers: list[threading.Thread] = []
        self._stop = threading.Event()
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        environment = {
            "PARKIT_CLOUD_PORT": str(self._port),
            "PARKIT_CLOUD_KAFKA_BOOTSTRAP": self._kafka.bootstrap,
            "PARKIT_CLOUD_KAFKA_FETCH_WAIT_MS": "1",
            "PARKIT_CLOUD_DATABASE_URL": f"sqlite:///{self._folder / 'parkit.db'}",
        }
        self._cloud = Service("cloud", "cloud", environment, self._folder / "cloud.log", f"{self.url}/readyz")
        self._cloud.wait_ready()

    def stop(self) -> None:
        if self._cloud is not None:
            self._cloud.stop()
        self._cloud = None

    def drive(self, vehicle_id: str, pace: float = PACE) -> str:
        """Let a made-up car drive in the background; returns its session."""
        attempt = Attempt(vehicle_id)
        thread = threading.Thread(target=drive, args=(self._producer, attempt, pace, self._stop), daemon=True)
        thread.start()
        self._drivers.append(thread)
        return attempt.session_id

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(f"{self.url}/api/v1{path}", timeout=5) as response:
            return msgspec.json.decode(response.read())

    def clear_the_lot(self) -> None:
        """Let every car leave."""
        self._stop.set()
        for thread in self._drivers:
            thread.join()
        self._drivers.clear()
        self._stop.clear()
        self._producer.flush(5)

    def close(self) -> None:
        self.stop()
        self._kafka.stop()


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    build_dashboard()
    served = Served(tmp_path_factory.mktemp("cloud"))
    yield served
    served.close()


@pytest.fixture
def served(stack: Served) -> Iterator[Served]:
    """The stack with no car in it: give each test's car a name of its own."""
    yield stack
    stack.clear_the_lot()


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Served]:
    """A stack that has never seen a car, and may be stopped."""
    build_dashboard()
    served = Served(tmp_path)
    yield served
    served.clear_the_lot()
    served.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if find_chromium() is None:
        missing("no Chromium on this machine: apt-get install chromium")
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A Korean desktop page that fails the test on an uncaught error."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="ko-KR")
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []
