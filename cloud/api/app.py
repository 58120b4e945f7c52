"""The ASGI app: REST, the gateway's endpoints, the dashboard, and the life of the services behind them."""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncIterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.routing import WebSocketRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cloud import metrics
from cloud.api import cars, contract_schemas, errors, sessions, system
from cloud.api.dashboard import Dashboard
from cloud.gateway import sockjs
from cloud.gateway.sockjs_session import SockJsSessions
from cloud.gateway.websocket import stomp_endpoint
from cloud.services import Services
from cloud.settings import CloudSettings

_DESCRIPTION = """
Live cars, recorded sessions and their reports, and commands to cars.

Live messages come by STOMP 1.2 over a WebSocket at `/ws` (SockJS at `/sockjs`): subscribe to
`/topic/cars/{vehicle_id}/frames|decisions|events` and `/topic/presence`, send to `/app/cars/{vehicle_id}/commands`.
Every error has one shape: `{"error": "session_not_found", "detail": "…"}`.
"""


def create_app(settings: CloudSettings) -> FastAPI:
    """The app for these settings; its services start and stop with it. UsageError if they cannot be made."""
    services = Services(settings)

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.sockjs = SockJsSessions(services.hub)
        await services.start()
        try:
            yield
        finally:
            await services.close()

    app = FastAPI(
        title="Parkit",
        version=system.project_version(),
        description=_DESCRIPTION,
        lifespan=lifespan,
        # their pages load scripts from elsewhere; the document itself is at /openapi.json
        docs_url=None,
        redoc_url=None,
    )
    app.state.services = services
    app.state.hub = services.hub
    errors.install(app)
    app.include_router(system.router)
    if settings.role != "analysis":
        app.include_router(cars.router)
        app.include_router(sessions.router)
        app.routes.append(WebSocketRoute("/ws", stomp_endpoint))
        app.routes.extend(sockjs.routes())
        app.mount("/", Dashboard(settings.dashboard_dir))
    app.add_middleware(_Measure)
    _document(app)
    return app


class _Measure:
    """Times requests. Plain ASGI, so that streams and their ends pass through untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(sockjs.PREFIX):
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 500

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watch)
        finally:
            route = getattr(scope.get("route"), "path", "other")
            took = time.perf_counter() - began
            metrics.HTTP_SECONDS.labels(scope["method"], route, str(status)).observe(took)


def _document(app: FastAPI) -> None:
    """Let the OpenAPI document carry the schemas of the contract messages."""

    def openapi() -> dict[str, Any]:
        if not app.openapi_schema:
            plain = get_openapi(
                title=app.title,
                version=app.version,
                description=app.description,
                routes=app.routes,
                tags=app.openapi_tags,
            )
            app.openapi_schema = contract_schemas.merge(plain)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]
