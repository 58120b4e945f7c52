"""axe-core in a page: what would keep people from using it."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

from tests.e2e.dashboard.conftest import missing

AXE = Path(__file__).resolve().parents[3] / "cloud" / "dashboard" / "node_modules" / "axe-core" / "axe.min.js"


def violations(page: Page) -> list[str]:
    """What axe finds, by WCAG 2.2 A and AA and its best practices."""
    if not AXE.is_file():
        missing("axe-core is not installed: run `npm ci` in cloud/dashboard")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{violation['id']}: {node['html'][:140]} {node.get('failureSummary', '')[:300]}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]
