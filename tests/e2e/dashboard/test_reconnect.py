"""What the live page says and does when the server goes away and comes back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.dashboard.conftest import Served

pytestmark = pytest.mark.e2e


def test_a_lost_link_says_so_and_recovers_by_itself(served: Served, page: Page) -> None:
    served.drive("car-30", pace=1.5)
    page.goto(f"{served.url}/live/car-30")
    expect(page.get_by_text("실시간", exact=True)).to_be_visible(timeout=30_000)
    served.stop()
    expect(page.get_by_text("재연결 중")).to_be_visible(timeout=20_000)
    served.start()
    expect(page.get_by_text("실시간", exact=True)).to_be_visible(timeout=30_000)
