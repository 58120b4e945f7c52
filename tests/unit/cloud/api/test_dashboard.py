"""The built dashboard is served as a single-page app should be."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from cloud.api import errors
from cloud.api.dashboard import Dashboard


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    dist = tmp_path / "dist"
    (dist / "assets").mkdir(parents=True)
    (dist / "index.html").write_text("<title>the page</title>")
    (dist / "assets" / "app-1a2b.js").write_text("js")
    (dist / "favicon.svg").write_text("<svg/>")
    (tmp_path / "secret.txt").write_text("secret")
    return dist


async def fetch(folder: Path, path: str) -> httpx.Response:
    app = Starlette(routes=[Mount("/", Dashboard(folder))])
    errors.install(app)  # type: ignore[arg-type]
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://parkit") as client:
        return await client.get(path)


def get(folder: Path, path: str) -> httpx.Response:
    return asyncio.run(fetch(folder, path))


@pytest.mark.parametrize("path", ["/", "/live/car-1", "/sessions/s-1", "/index.html"])
def test_every_route_is_the_page_which_is_always_asked_for_anew(folder: Path, path: str) -> None:
    page = get(folder, path)
    assert (page.status_code, page.text) == (200, "<title>the page</title>")
    assert page.headers["cache-control"] == "no-cache"


def test_hashed_assets_are_kept_for_a_year_and_others_are_not(folder: Path) -> None:
    assert get(folder, "/assets/app-1a2b.js").headers["cache-control"] == "public, max-age=31536000, immutable"
    assert get(folder, "/favicon.svg").headers["cache-control"] == "no-cache"


def test_the_page_is_isolated_so_that_its_clock_is_precise(folder: Path) -> None:
    for path in ("/", "/assets/app-1a2b.js"):
        headers = get(folder, path).headers
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert headers["cross-origin-embedder-policy"] == "require-corp"


@pytest.mark.parametrize("path", ["/assets/gone.js", "/robots.txt", "/api/v2/cars", "/../secret.txt", "/%2e%2e/a.txt"])
def test_what_is_not_there_is_an_error_and_not_the_page(folder: Path, path: str) -> None:
    answer = get(folder, path)
    assert answer.status_code == 404
    assert answer.json()["error"] == "not_found"


def test_a_dashboard_that_is_not_built_says_how_to_build_it(tmp_path: Path) -> None:
    answer = get(tmp_path / "nowhere", "/live/car-1")
    assert answer.status_code == 503
    assert "python -m ops.dashboard_build" in answer.text
    assert "PARKIT_CLOUD_DASHBOARD_DIR" in answer.text
