"""The dashboard as people use it: live, when the link breaks, afterwards, by keyboard and by ear."""

from __future__ import annotations

import re
from itertools import pairwise
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.dashboard.axe import violations
from tests.e2e.dashboard.conftest import Served

pytestmark = pytest.mark.e2e

PAINTED = "(n) => (window.__parkit?.latency?.length ?? 0) > n"


def preferring(page: Page, *, theme: str = "dark", language: str = "ko") -> None:
    page.add_init_script(
        f"localStorage.setItem('parkit.preferences', JSON.stringify({{theme: '{theme}', language: '{language}'}}))"
    )


def test_the_only_car_is_shown_live_then_its_score_and_the_way_to_its_report(served: Served, page: Page) -> None:
    hosts: set[str] = set()
    # a blob: tells whose it is: the page's own worker, which keeps the link alive
    page.on("request", lambda request: hosts.add(urlsplit(request.url.removeprefix("blob:")).netloc))
    session = served.drive("car-10", pace=1.5)  # a busy machine must not miss a cue
    page.goto(served.url)
    page.wait_for_function(PAINTED, arg=30, timeout=30_000)
    assert page.url.endswith("/live/car-10")
    expect(page.get_by_text("실시간", exact=True)).to_be_visible()
    cue = page.get_by_role("region", name="지금 할 일")
    expect(cue.get_by_text("천천히 후진하세요.")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("img", name=re.compile("기어 R"))).to_be_visible()
    page.get_by_role("link", name="리포트 보기").click(timeout=60_000)
    assert page.url.endswith(f"/sessions/{session}")
    expect(page.get_by_role("heading", name="주차 리포트")).to_be_visible()
    expect(page.get_by_text("안내 4단계")).to_be_visible()
    # everything came from our own server: no fonts, scripts or images from elsewhere
    assert hosts == {urlsplit(served.url).netloc}


def test_latency_samples_run_from_the_sensor_to_the_painted_frame(served: Served, page: Page) -> None:
    served.drive("car-20", pace=4.0)
    page.goto(f"{served.url}/live/car-20")
    page.wait_for_function(PAINTED, arg=100, timeout=30_000)
    samples = page.evaluate("() => window.__parkit.latency.slice(-40)")
    assert all(before["seq"] < after["seq"] for before, after in pairwise(samples))
    for sample in samples:
        # how far the aligned clocks may be apart when the machine is busy; unaligned they are hours apart
        assert sample["sensor_us"] - 100_000 < sample["received_us"] < sample["painted_us"]


def test_sockjs_carries_the_stream_where_websockets_are_blocked(served: Served, page: Page) -> None:
    page.add_init_script(
        "window.WebSocket = class extends EventTarget {"
        " constructor() { super(); setTimeout(() => { this.onerror?.(new Event('error'));"
        " this.onclose?.(new CloseEvent('close', {code: 1006})) }) }"
        " close() {} send() {} }"
    )
    served.drive("car-40", pace=2.0)
    page.goto(f"{served.url}/live/car-40")
    page.wait_for_function(PAINTED, arg=20, timeout=40_000)


def test_the_wall_shows_every_car_and_leads_to_each(served: Served, page: Page) -> None:
    preferring(page, language="en")
    served.drive("wall-1")
    served.drive("wall-2")
    page.goto(served.url)
    expect(page.get_by_role("link", name="Watch 연습 1")).to_be_visible(timeout=20_000)
    page.get_by_role("link", name="Watch 연습 2").click()
    page.wait_for_function(PAINTED, arg=5, timeout=20_000)
    assert page.url.endswith("/live/wall-2")


def test_a_frozen_view_stands_still_until_escape(served: Served, page: Page) -> None:
    served.drive("car-50", pace=2.0)
    page.goto(f"{served.url}/live/car-50")
    page.wait_for_function(PAINTED, arg=20, timeout=30_000)
    page.get_by_role("button", name="화면 멈춤").click()
    expect(page.get_by_text("화면 멈춤 · 실시간은 계속돼요")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("화면 멈춤 · 실시간은 계속돼요")).to_be_hidden()


def reported(served: Served, page: Page) -> str:
    """A session that has its report."""
    session = served.drive("car-60", pace=12.0)
    page.goto(f"{served.url}/sessions/{session}")
    expect(page.get_by_role("heading", name=re.compile("주차 리포트|Parking report"))).to_be_visible(timeout=60_000)
    return session


def test_a_report_is_played_and_searched_by_keyboard(served: Served, page: Page) -> None:
    reported(served, page)
    slider = page.get_by_role("slider", name="재생 위치")
    slider.focus()
    page.keyboard.press("Home")
    start = float(slider.input_value())
    page.keyboard.press("Shift+ArrowRight")
    page.wait_for_function(
        "(wanted) => Math.abs(Number(document.querySelector('input[type=range]').value) - wanted) < 0.06",
        arg=start + 1.0,
    )
    page.keyboard.press("n")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("주의|경고|위험"))
    page.keyboard.press("Space")
    page.wait_for_function(
        "(before) => Number(document.querySelector('input[type=range]').value) > before + 0.5", arg=start
    )


def test_sessions_are_found_again_by_their_address(served: Served, page: Page) -> None:
    preferring(page, language="en")
    session = reported(served, page)
    page.goto(f"{served.url}/sessions")
    page.get_by_role("searchbox").fill("nobody")
    expect(page.get_by_text("No session matches.")).to_be_visible()
    assert "find=nobody" in page.url
    page.reload()
    expect(page.get_by_role("searchbox")).to_have_value("nobody")
    page.get_by_role("button", name="Clear filters").click()
    page.locator(f"a[href$='{session}']").click()
    expect(page.get_by_role("heading", name="Parking report")).to_be_visible()


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_axe_finds_nothing_on_any_page(theme: str, served: Served, page: Page) -> None:
    # a fade would be judged half way
    page.emulate_media(reduced_motion="reduce")
    preferring(page, theme=theme, language="ko" if theme == "dark" else "en")
    session = served.drive("car-70", pace=3.0)
    page.goto(f"{served.url}/live/car-70")
    page.wait_for_function(PAINTED, arg=30, timeout=30_000)
    assert violations(page) == [], "live"
    page.locator("a[href*='/sessions/']").wait_for(timeout=60_000)
    assert violations(page) == [], "live, ended"
    page.goto(f"{served.url}/sessions")
    page.get_by_role("table").wait_for()
    assert violations(page) == [], "sessions"
    page.goto(f"{served.url}/sessions/{session}")
    page.get_by_role("slider").wait_for(timeout=30_000)
    page.locator(".uplot").first.wait_for()
    assert violations(page) == [], "report"
