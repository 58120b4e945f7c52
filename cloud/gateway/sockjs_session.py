"""SockJS sessions for browsers without WebSocket: a conversation that outlives the HTTP requests carrying it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from cloud.gateway import sockjs_frames
from cloud.gateway.connection import Connection
from cloud.gateway.hub import Hub

HEARTBEAT_S = 25.0
ABANDONED_S = 5.0
"""A session without a request to answer ends after so long."""
MAX_SESSIONS = 2_000


class SockJsSession:
    """One client that reads by polling or streaming and writes by `xhr_send`.

    At most one write of the connection waits here; the next one blocks until a request has taken it, so the
    connection thins what it sends to the speed of the requests.
    """

    def __init__(self, hub: Hub, transport: str) -> None:
        self.connection = Connection(hub.parts, transport)
        self.opened = False
        self.over = False
        self._waiting: list[bytes] = []
        self._changed = asyncio.Condition()
        self._taken = False
        """Whether a request is reading now."""

    async def run(self, hub: Hub) -> None:
        """Serve until the conversation ends, the client stays away or the server closes."""
        with hub.enrolled(asyncio.current_task()):
            writer = asyncio.create_task(self.connection.run(self._write))
            going = asyncio.create_task(hub.closed.wait())
            absent = asyncio.create_task(self._wait_for_absence())
            try:
                await asyncio.wait({writer, going, absent}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in (writer, going, absent):
                    task.cancel()
                await asyncio.gather(writer, going, absent, return_exceptions=True)
                await self.connection.release()
                async with self._changed:
                    self.over = True
                    self._changed.notify_all()

    async def _write(self, data: bytes) -> None:
        async with self._changed:
            await self._changed.wait_for(lambda: not self._waiting)
            self._waiting.append(data)
            self._changed.notify_all()

    async def _wait_for_absence(self) -> None:
        while True:
            async with self._changed:
                await self._changed.wait_for(lambda: not self._taken)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(ABANDONED_S):
                        await self._changed.wait_for(lambda: self._taken)
                        continue
            return

    @contextlib.asynccontextmanager
    async def reading(self) -> AsyncIterator[bool]:
        """Read within this context; False if another request is reading already."""
        if self._taken:
            yield False
            return
        await self._take(True)
        try:
            yield True
        finally:
            await self._take(False)

    async def _take(self, taken: bool) -> None:
        self._taken = taken
        async with self._changed:
            self._changed.notify_all()

    async def next_frame(self) -> str:
        """The next SockJS frame: the opening, messages, a heart-beat when nothing comes, the end."""
        if not self.opened:
            self.opened = True
            return sockjs_frames.OPEN
        async with self._changed:
            try:
                async with asyncio.timeout(HEARTBEAT_S):
                    await self._changed.wait_for(lambda: self._waiting or self.over)
            except TimeoutError:
                return sockjs_frames.HEARTBEAT
            if not self._waiting:
                return sockjs_frames.GO_AWAY
            data = b"".join(self._waiting)
            self._waiting.clear()
            self._changed.notify_all()
        return sockjs_frames.pack(data)


class SockJsSessions:
    """The open sessions by their id."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._sessions: dict[str, SockJsSession] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def get(self, session_id: str) -> SockJsSession | None:
        """An open session, or one that ended within the last seconds."""
        return self._sessions.get(session_id)

    def open(self, session_id: str, transport: str) -> SockJsSession | None:
        """Open a session; None if there are too many."""
        if len(self._sessions) >= MAX_SESSIONS:
            return None
        session = self._sessions[session_id] = SockJsSession(self._hub, transport)
        task = asyncio.create_task(self._run(session_id, session))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return session

    async def _run(self, session_id: str, session: SockJsSession) -> None:
        try:
            await session.run(self._hub)
            if not self._hub.closing:
                # whoever still asks is told that the session is over
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(ABANDONED_S):
                        await self._hub.closed.wait()
        finally:
            self._sessions.pop(session_id, None)
