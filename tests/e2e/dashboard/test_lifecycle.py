"""Before the first car comes, and when the server goes away: each test has a stack of its own."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.dashboard.axe import violations
from tests.e2e.dashboard.conftest import Served

pytestmark = pytest.mark.e2e


def test_an_empty_wall_says_how_to_start_and_goes_to_the_first_car_that_comes(fresh: Served, page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(fresh.url)
    expect(page.get_by_role("heading", name="연결된 차가 없어요")).to_be_visible()
    expect(page.get_by_text("parkit demo")).to_be_visible()
    assert violations(page) == []
    fresh.drive("car-1")
    page.wait_for_url("**/live/car-1", timeout=20_000)


def test_a_lost_link_says_so_and_recovers_by_itself(fresh: Served, page: Page) -> None:
    fresh.drive("car-30", pace=1.5)
    page.goto(f"{fresh.url}/live/car-30")
    expect(page.get_by_text("실시간", exact=True)).to_be_visible(timeout=30_000)
    fresh.stop()
    expect(page.get_by_text("재연결 중")).to_be_visible(timeout=20_000)
    fresh.start()
    expect(page.get_by_text("실시간", exact=True)).to_be_visible(timeout=30_000)
