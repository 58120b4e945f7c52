"""One command parks a car: the demo as its user sees it, in a real browser."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ops.browser import chromium, find_chromium

pytestmark = pytest.mark.e2e

PICTURES = Path(os.environ.get("PARKIT_PICTURES", Path(__file__).resolve().parents[2] / "var" / "pictures"))
SEED = 77
CUE = "지금 할 일"
OF_100 = "100점 만점"


def need_browser() -> None:
    if find_chromium() is None:
        if os.environ.get("CI"):
            pytest.fail("CI has no Chromium; .ci/run installs it")
        pytest.skip("no Chromium on this machine: apt-get install chromium")


@pytest.fixture
def demo() -> Iterator[subprocess.Popen[str]]:
    """The demo at three times real time, so that the test does not take a real learner's patience."""
    command = [sys.executable, "-m", "ops.cli.main", "demo", "--no-browser", "--json", "--port", "0", "--pace", "3"]
    process = subprocess.Popen(
        [*command, "--seed", str(SEED)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    yield process
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        try:
            process.communicate(timeout=15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()


def next_event(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        assert process.stderr is not None
        pytest.fail(f"the demo ended: {process.stderr.read()}")
    event: dict[str, Any] = json.loads(line)
    return event


def test_demo_shows_the_car_moving_the_cues_changing_and_then_the_report(demo: subprocess.Popen[str]) -> None:
    need_browser()
    PICTURES.mkdir(parents=True, exist_ok=True)
    serving = next_event(demo)
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="ko-KR")
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(serving["live"])
        page.wait_for_function("() => (window.__parkit?.latency?.length ?? 0) > 50", timeout=60_000)
        cues: list[str] = []
        seqs: list[int] = []
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and len(cues) < 6:
            text = page.get_by_role("region", name=CUE).locator("p").first.inner_text().strip()
            if text and text not in cues:
                cues.append(text)
                page.screenshot(path=PICTURES / f"live-{len(cues)}.png")
            seqs.append(page.evaluate("() => window.__parkit.latency.at(-1).seq"))
            page.wait_for_timeout(100)
        assert len(cues) >= 4, f"cues seen: {cues}"
        assert seqs[-1] > seqs[0], "the painted frame did not advance"
        result = next_event(demo)
        assert result["event"] == "result"
        assert result["result"] == "parked"
        page.goto(result["report"])
        score = page.locator("p", has=page.get_by_text(OF_100)).locator("strong")
        score.wait_for(timeout=20_000)
        assert float(score.inner_text()) == pytest.approx(result["score"], abs=0.06)  # shown with one digit
        page.wait_for_timeout(500)
        page.screenshot(path=PICTURES / "report.png", full_page=True)
        assert errors == []
    assert result["report_score"] == result["score"]
