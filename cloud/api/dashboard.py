"""The built dashboard: hashed assets to keep for a year, one page for every route, a clear word if it is not built."""

from __future__ import annotations

from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from cloud.errors import NotFound

ISOLATION = {
    # the page's clock is only as fine as we measure with when no other origin shares its process
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
_FOREVER = "public, max-age=31536000, immutable"
_RESERVED = ("api", "ws", "sockjs", "metrics", "healthz", "readyz")

_NOT_BUILT = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Parkit</title>
<body style="font-family: system-ui; margin: 15vh auto; max-width: 34rem; line-height: 1.6">
<h1>The dashboard is not built</h1>
<p>The server runs, but there is no <code>index.html</code> in its dashboard folder. Build the dashboard with
<code>python -m ops.dashboard_build</code>, or set <code>PARKIT_CLOUD_DASHBOARD_DIR</code> to a folder that holds
a built one.</p>
<p lang="ko">서버는 켜져 있지만 대시보드가 아직 빌드되지 않았어요.
<code>python -m ops.dashboard_build</code> 명령으로 빌드해 주세요.</p>
<p><a href="/openapi.json">REST API</a></p>
</body></html>
"""


class Dashboard(StaticFiles):
    """Serves the folder; a path that names no file is a route of the single-page app."""

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder, check_dir=False)
        self._folder = folder
        # a folder that is not there yet is told of by the page, not by an error
        self.config_checked = True

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file at `path`, else the page."""
        if scope["method"] not in ("GET", "HEAD"):
            raise HTTPException(405, f"{scope['method']} is not for {scope['path']!r}")
        first = path.split("/", 1)[0]
        if first in _RESERVED:
            raise NotFound("not_found", f"there is nothing at {scope['path']!r}")
        file = (self._folder / path).resolve()
        is_file = path not in ("", ".") and file.is_relative_to(self._folder.resolve()) and file.is_file()
        if is_file:
            response = await super().get_response(path, scope)
            response.headers["Cache-Control"] = _FOREVER if first == "assets" else "no-cache"
        elif "." in path.rsplit("/", 1)[-1].strip("."):
            raise NotFound("not_found", f"there is no file {scope['path']!r} in the dashboard")
        else:
            response = self._page()
        for name, value in ISOLATION.items():
            response.headers[name] = value
        return response

    def _page(self) -> Response:
        index = self._folder / "index.html"
        if not index.is_file():
            return HTMLResponse(_NOT_BUILT, 503)
        return FileResponse(index, headers={"Cache-Control": "no-cache"})
