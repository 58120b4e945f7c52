"""`/metrics`, `/healthz` and `/readyz` over plain HTTP."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

import msgspec
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from coach_core.errors import UsageError

Readiness = Callable[[], Mapping[str, bool]]
"""What must be true to be ready, by name."""


class StatusServer:
    """Serves in a thread of its own from construction to `close`. port: 0 picks a free one."""

    def __init__(self, host: str, port: int, registry: CollectorRegistry, readiness: Readiness) -> None:
        class Handler(_Handler):
            pass

        Handler.registry, Handler.readiness = registry, staticmethod(readiness)
        try:
            self._server = ThreadingHTTPServer((host, port), Handler)
        except OSError as error:
            raise UsageError(
                f"Cannot serve metrics on {host}:{port}: {error.strerror}; set PARKIT_RELAY_HTTP_PORT to a free port "
                "(0 picks one)."
            ) from None
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True, name="http")
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()


class _Handler(BaseHTTPRequestHandler):
    registry: CollectorRegistry
    readiness: Readiness

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/metrics":
            self._answer(200, generate_latest(self.registry), CONTENT_TYPE_LATEST)
        elif path == "/healthz":
            self._json(200, {"status": "ok"})
        elif path == "/readyz":
            parts = dict(self.readiness())
            ready = all(parts.values())
            self._json(200 if ready else 503, {"status": "ready" if ready else "not_ready", **parts})
        else:
            self._json(404, {"error": "not_found", "detail": f"{path} is not here; try /metrics, /healthz, /readyz"})

    def _json(self, status: int, body: object) -> None:
        self._answer(status, msgspec.json.encode(body), "application/json")

    def _answer(self, status: int, body: bytes, content_type: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: a probe every few seconds is no event."""
