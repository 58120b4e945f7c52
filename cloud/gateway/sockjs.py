"""SockJS at `/sockjs`, for networks that let no WebSocket through.

Offered: info, websocket, xhr, xhr_streaming, xhr_send, eventsource, the iframe, raw websocket. Left out: htmlfile
and jsonp, which only browsers without CORS need.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import random
from collections.abc import AsyncGenerator, Callable
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from cloud.gateway import sockjs_frames
from cloud.gateway.hub import Hub
from cloud.gateway.origins import origin_allowed
from cloud.gateway.sockjs_session import SockJsSession, SockJsSessions
from cloud.gateway.websocket import Framing, accept, serve, stomp_endpoint

RESPONSE_LIMIT = 131_072
"""Bytes after which a streaming response ends and the client asks again: browsers keep it all in memory."""
BODY_LIMIT = 131_072
PREFIX = "/sockjs"
_NO_CACHE = "no-store, no-cache, no-transform, must-revalidate, max-age=0"
_YEAR_S = 31_536_000

SOCKJS_FRAMING = Framing(
    pack=sockjs_frames.pack,
    unpack=sockjs_frames.unpack,
    opening=sockjs_frames.OPEN,
    closing=sockjs_frames.GO_AWAY,
)


class Carrier(NamedTuple):
    """How an HTTP transport wraps frames."""

    name: str
    media_type: str
    prelude: str
    wrap: Callable[[str], str]
    streams: bool


XHR = Carrier("xhr", "application/javascript; charset=UTF-8", "", lambda frame: frame + "\n", False)
XHR_STREAMING = Carrier(
    "xhr_streaming", "application/javascript; charset=UTF-8", "h" * 2048 + "\n", lambda frame: frame + "\n", True
)
EVENT_SOURCE = Carrier(
    "eventsource", "text/event-stream; charset=UTF-8", "\r\n", lambda frame: f"data: {frame}\r\n\r\n", True
)


class FrameResponse(Response):
    """A response that is written frame by frame and ends with its client."""

    def __init__(self, frames: AsyncGenerator[str], media_type: str, headers: dict[str, str]) -> None:
        super().__init__(None, headers=headers, media_type=media_type)
        del self.headers["content-length"]
        self._frames = frames

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        writing = asyncio.create_task(self._write(send))
        leaving = asyncio.create_task(_client_left(receive))
        try:
            await asyncio.wait({writing, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (writing, leaving):
                task.cancel()
            outcome, _ = await asyncio.gather(writing, leaving, return_exceptions=True)
        if isinstance(outcome, Exception) and not isinstance(outcome, OSError):
            raise outcome

    async def _write(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        async with contextlib.aclosing(self._frames) as frames:
            async for text in frames:
                await send({"type": "http.response.body", "body": text.encode(), "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _client_left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def routes() -> list[BaseRoute]:
    """The routes under `/sockjs`."""
    session = PREFIX + "/{server}/{session_id}"
    return [
        Route(PREFIX, _greeting, methods=["GET"]),
        Route(PREFIX + "/", _greeting, methods=["GET"]),
        Route(PREFIX + "/info", _info, methods=["GET", "OPTIONS"]),
        Route(PREFIX + "/iframe{version}.html", _iframe, methods=["GET"]),
        Route(PREFIX + "/iframe.html", _iframe, methods=["GET"]),
        WebSocketRoute(PREFIX + "/websocket", stomp_endpoint),
        WebSocketRoute(session + "/websocket", _websocket),
        Route(session + "/xhr", _reader(XHR), methods=["POST", "OPTIONS"]),
        Route(session + "/xhr_streaming", _reader(XHR_STREAMING), methods=["POST", "OPTIONS"]),
        Route(session + "/xhr_send", _xhr_send, methods=["POST", "OPTIONS"]),
        Route(session + "/eventsource", _reader(EVENT_SOURCE), methods=["GET"]),
    ]


def _cors(request: Request) -> dict[str, str]:
    origin = request.headers.get("origin")
    headers = {"Access-Control-Allow-Origin": origin or "*", "Vary": "Origin"}
    if origin is not None:
        headers["Access-Control-Allow-Credentials"] = "true"
    if asked := request.headers.get("access-control-request-headers"):
        headers["Access-Control-Allow-Headers"] = asked
    return headers


def _preflight(request: Request) -> Response:
    methods = "OPTIONS, GET" if request.url.path.endswith("/info") else "OPTIONS, POST"
    return Response(
        status_code=204,
        headers={
            **_cors(request),
            "Access-Control-Allow-Methods": methods,
            "Access-Control-Max-Age": str(_YEAR_S),
            "Cache-Control": f"public, max-age={_YEAR_S}",
        },
    )


def _refusal(request: Request) -> Response | None:
    """The answer to a page that may not connect, to a preflight request or to ids SockJS does not allow."""
    hub = _hub(request)
    if not origin_allowed(request.headers.get("origin"), request.headers.get("host"), hub.allowed_origins):
        return PlainTextResponse("this origin may not connect", 403)
    if request.method == "OPTIONS":
        return _preflight(request)
    if "." in request.path_params.get("server", "") or "." in request.path_params.get("session_id", ""):
        return PlainTextResponse("no such session", 404)
    return None


def _hub(request: Request) -> Hub:
    hub = request.app.state.hub
    assert isinstance(hub, Hub)
    return hub


def _sessions(request: Request) -> SockJsSessions:
    sessions = request.app.state.sockjs
    assert isinstance(sessions, SockJsSessions)
    return sessions


async def _greeting(_request: Request) -> Response:
    return PlainTextResponse("Welcome to SockJS!\n")


async def _info(request: Request) -> Response:
    if refusal := _refusal(request):
        return refusal
    entropy = random.SystemRandom().getrandbits(32)
    body = f'{{"websocket":true,"cookie_needed":false,"origins":["*:*"],"entropy":{entropy}}}'
    headers = {**_cors(request), "Cache-Control": _NO_CACHE}
    return Response(body, media_type="application/json; charset=UTF-8", headers=headers)


async def _iframe(request: Request) -> Response:
    body = sockjs_frames.iframe(_hub(request).sockjs_client_url)
    etag = f'"{hashlib.sha256(body.encode()).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": f"public, max-age={_YEAR_S}"}
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="text/html; charset=UTF-8", headers=headers)


async def _websocket(websocket: WebSocket) -> None:
    hub: Hub = websocket.app.state.hub
    if await accept(websocket, hub):
        await serve(websocket, hub, transport="sockjs_websocket", framing=SOCKJS_FRAMING)


def _reader(carrier: Carrier) -> Callable[[Request], object]:
    async def endpoint(request: Request) -> Response:
        if refusal := _refusal(request):
            return refusal
        sessions, session_id = _sessions(request), request.path_params["session_id"]
        session = sessions.get(session_id) or sessions.open(session_id, carrier.name)
        if session is None:
            return PlainTextResponse("too many sessions", 503)
        headers = {**_cors(request), "Cache-Control": _NO_CACHE}
        return FrameResponse(_frames(session, carrier), carrier.media_type, headers)

    return endpoint


async def _frames(session: SockJsSession, carrier: Carrier) -> AsyncGenerator[str]:
    """What a reading request is answered with."""
    if carrier.prelude:
        yield carrier.prelude
    async with session.reading() as mine:
        if not mine:
            yield carrier.wrap(sockjs_frames.ALREADY_OPEN)
            return
        written = 0
        while True:
            frame = await session.next_frame()
            text = carrier.wrap(frame)
            written += len(text)
            yield text
            if not carrier.streams or frame == sockjs_frames.GO_AWAY or written >= RESPONSE_LIMIT:
                return


async def _xhr_send(request: Request) -> Response:
    if refusal := _refusal(request):
        return refusal
    session = _sessions(request).get(request.path_params["session_id"])
    if session is None or session.over:
        return PlainTextResponse("no such session", 404, headers=_cors(request))
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_LIMIT:
            return PlainTextResponse(f"a message above {BODY_LIMIT} bytes", 413, headers=_cors(request))
    if not body:
        return PlainTextResponse("Payload expected.", 500, headers=_cors(request))
    try:
        parts = sockjs_frames.unpack(body.decode("utf-8", "replace"))
    except ValueError as error:
        return PlainTextResponse(str(error), 500, headers=_cors(request))
    for part in parts:
        await session.connection.receive(part.encode())
    headers = {**_cors(request), "Content-Type": "text/plain; charset=UTF-8", "Cache-Control": _NO_CACHE}
    return Response(status_code=204, headers=headers)
