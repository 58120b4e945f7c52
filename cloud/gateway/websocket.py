"""STOMP over a plain WebSocket: the ASGI endpoint `/ws`, and what it shares with SockJS's WebSockets."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import NamedTuple

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from cloud.gateway.connection import Connection
from cloud.gateway.hub import Hub
from cloud.gateway.origins import origin_allowed

SUBPROTOCOLS = ("v12.stomp", "v11.stomp")
GOING_AWAY = 1001
PROTOCOL_ERROR = 1002
POLICY_VIOLATION = 1008


async def accept(websocket: WebSocket, hub: Hub) -> bool:
    """Accept a WebSocket unless it comes from a page that may not connect (HTTP 403)."""
    headers = websocket.headers
    if hub.closing or not origin_allowed(headers.get("origin"), headers.get("host"), hub.allowed_origins):
        await websocket.close()
        return False
    offered = websocket.scope.get("subprotocols", [])
    chosen = next((name for name in SUBPROTOCOLS if name in offered), None)
    await websocket.accept(subprotocol=chosen)
    return True


class Framing(NamedTuple):
    """How STOMP bytes stand in WebSocket messages; the default is one to one."""

    pack: Callable[[bytes], str] = bytes.decode
    unpack: Callable[[str], list[str]] = lambda text: [text]
    """ValueError if a message cannot be read."""
    opening: str | None = None
    closing: str | None = None


PLAIN = Framing()


async def read(websocket: WebSocket, connection: Connection, framing: Framing) -> None:
    """Give the connection what the client sends, until either side ends it."""
    while not connection.ended:
        message = await websocket.receive()
        if message["type"] == "websocket.disconnect":
            return
        data = message.get("bytes")
        if data is None:
            data = (message.get("text") or "").encode()
        if framing is PLAIN:
            await connection.receive(data)
            continue
        for part in framing.unpack(data.decode("utf-8", "replace")):
            await connection.receive(part.encode())


async def serve(websocket: WebSocket, hub: Hub, *, transport: str, framing: Framing = PLAIN) -> None:
    """Run one accepted WebSocket until the conversation ends, the client goes or the server closes."""

    async def write(data: bytes) -> None:
        await send(framing.pack(data))

    async def send(text: str) -> None:
        try:
            async with asyncio.timeout(hub.send_timeout_s):
                await websocket.send_text(text)
        except (WebSocketDisconnect, RuntimeError, TimeoutError) as error:
            # starlette raises RuntimeError when the other side has closed already
            raise ConnectionError from error

    connection = Connection(hub.parts, transport)
    code = 1000
    with hub.enrolled(asyncio.current_task()):
        reader = asyncio.create_task(read(websocket, connection, framing))
        writer = asyncio.create_task(connection.run(write))
        going = asyncio.create_task(hub.closed.wait())
        try:
            if framing.opening is not None:
                await send(framing.opening)
            done, _ = await asyncio.wait({reader, writer, going}, return_when=asyncio.FIRST_COMPLETED)
            if reader in done and connection.ended:
                # the client said DISCONNECT or broke the protocol: let the RECEIPT or ERROR out
                await writer
            if reader in done and isinstance(reader.exception(), ValueError):
                code = PROTOCOL_ERROR
            if framing.closing is not None:
                await send(framing.closing)
        except ConnectionError:
            pass
        finally:
            for task in (reader, writer, going):
                task.cancel()
            outcomes = await asyncio.gather(reader, writer, going, return_exceptions=True)
            await connection.release()
        for outcome in outcomes:
            if isinstance(outcome, Exception) and not isinstance(outcome, ValueError):
                raise outcome
        if hub.closing:
            code = GOING_AWAY
        elif connection.failed:
            code = POLICY_VIOLATION
        await _close(websocket, code)


async def _close(websocket: WebSocket, code: int) -> None:
    open_still = WebSocketState.CONNECTED
    if websocket.client_state is open_still and websocket.application_state is open_still:
        with contextlib.suppress(RuntimeError, WebSocketDisconnect, TimeoutError):
            async with asyncio.timeout(0.5):
                await websocket.close(code)


async def stomp_endpoint(websocket: WebSocket) -> None:
    """`/ws`."""
    hub: Hub = websocket.app.state.hub
    if await accept(websocket, hub):
        await serve(websocket, hub, transport="websocket")
