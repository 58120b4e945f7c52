"""The robot window's page in a browser, with a car at its other end that a person would talk to."""

from __future__ import annotations

import functools
import http.server
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from controllers.parkit_coach.learner import Choice
from controllers.parkit_coach.window import RobotWindow
from controllers.settings import ControllerSettings
from ops.browser import chromium, find_chromium

pytest.importorskip("playwright")

from playwright.sync_api import Page

pytestmark = pytest.mark.e2e

FOLDER = Path(__file__).resolve().parents[3] / "plugins" / "robot_windows" / "parkit"
MODULE = "window.outbox = []; export default class { send(text) { window.outbox.push(text); } }"
"""In place of the module that Webots' makers serve: keeps what the page sends."""


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Not into the test's output."""


class Car:
    """The page on one side, the controller's own RobotWindow on the other; `talk` carries messages both ways."""

    def __init__(self, page: Page, settings: ControllerSettings) -> None:
        self.page = page
        self._inbox: list[str] = []
        self.raw: dict[str, object] | None = None
        self.settings: ControllerSettings = settings
        parts = {"overlay": True, "speakers": True, "link": False, "joystick_plugged": False}
        self._window = RobotWindow(self, settings, Choice(), lambda _choice: None, parts, lambda: self.raw)
        self._now = 0.0

    def wwiReceiveText(self) -> str | None:
        return self._inbox.pop(0) if self._inbox else None

    def wwiSendText(self, text: str) -> None:
        assert text.isascii()
        self.page.evaluate("text => window.robotWindow.receive(text)", text)

    def talk(self) -> None:
        self._now += 1.0
        sent: list[str] = self.page.evaluate("window.outbox.splice(0)")
        assert all(text.isascii() for text in sent)
        self._inbox += sent
        self.settings = self._window.poll(self._now) or self.settings


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    handler = functools.partial(Quiet, directory=str(FOLDER))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/parkit.html"
        server.shutdown()
        thread.join()


@pytest.fixture
def page() -> Iterator[Page]:
    if find_chromium() is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium was found; install it (Debian: apt-get install chromium)")
        pytest.skip("no Chromium was found")
    with chromium() as browser:
        opened = browser.new_page()
        errors: list[str] = []
        opened.on("pageerror", lambda error: errors.append(str(error)))
        yield opened
        assert errors == []


def opened(page: Page, address: str, settings: ControllerSettings) -> Car:
    headers = {"Access-Control-Allow-Origin": "*"}
    page.route(
        "https://cyberbotics.com/**",
        lambda route: route.fulfill(content_type="text/javascript", headers=headers, body=MODULE),
    )
    page.goto(address)
    page.wait_for_function("window.outbox && window.outbox.length > 0")
    car = Car(page, settings)
    car.talk()
    return car


def test_learner_sets_up_the_car_and_sees_what_counts_when(page: Page, address: str) -> None:
    car = opened(page, address, ControllerSettings(language="en"))
    assert page.get_by_label("Language").input_value() == "en"
    page.get_by_label("Assist level").select_option("2")
    page.get_by_label("Spoken guidance").uncheck()
    page.get_by_label("Name").fill("김하늘")
    page.get_by_label("Name").press("Tab")
    car.talk()
    assert (car.settings.assist, car.settings.voice, car.settings.driver_name) == (2, False, "")
    assert "From the next start on: Name" in page.locator("#later").inner_text()
    assert page.get_by_label("Name").input_value() == "김하늘"


def test_language_changes_the_page_and_keeps_the_checklist(page: Page, address: str) -> None:
    car = opened(page, address, ControllerSettings(language="en"))
    page.get_by_label("Mirrors set.").check()
    page.get_by_label("Language").select_option("ko")
    car.talk()
    assert car.settings.language == "ko"
    assert page.get_by_label("사이드미러를 맞췄어요.").is_checked()
    assert page.locator("html").get_attribute("lang") == "ko"


def test_raw_numbers_are_shown_while_somebody_looks(page: Page, address: str) -> None:
    car = opened(page, address, ControllerSettings(language="en"))
    car.raw = {"axes": [0, -20000], "buttons": [1, 4]}
    page.get_by_text("Gamepad and wheel: raw values").click()
    page.wait_for_function("window.outbox.length > 0")
    car.talk()
    assert page.get_by_text("Buttons down: 1, 4").is_visible()
    assert page.get_by_text("-20000").is_visible()
    car.raw = None
    car.talk()
    assert page.get_by_text("No gamepad or wheel is plugged in.").is_visible()


def test_test_cannot_be_made_easier_and_says_so(page: Page, address: str) -> None:
    opened(page, address, ControllerSettings(language="en", assist=0))
    assert page.get_by_label("Assist level").is_disabled()
    assert "Test" in page.locator("#car").inner_text()


def test_page_without_webots_says_what_is_missing(page: Page, address: str) -> None:
    page.route("https://cyberbotics.com/**", lambda route: route.abort())
    page.goto(address)
    page.wait_for_function("document.getElementById('refused').textContent.length > 0")
    assert "Webots" in page.locator("#refused").inner_text()
