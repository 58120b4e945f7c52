"""All connections of this process: what they share, and how they end."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator, Sequence

from cloud.gateway.connection import GatewayParts


class Hub:
    """Shared by the WebSocket and SockJS endpoints of one app."""

    def __init__(
        self,
        parts: GatewayParts,
        *,
        allowed_origins: Sequence[str] = (),
        sockjs_client_url: str = "",
        send_timeout_s: float = 10.0,
    ) -> None:
        self.parts = parts
        self.allowed_origins = tuple(allowed_origins)
        self.sockjs_client_url = sockjs_client_url
        self.send_timeout_s = send_timeout_s
        """A client that takes nothing for so long is gone."""
        self.closed = asyncio.Event()
        self._tasks: set[asyncio.Task[object]] = set()

    @property
    def closing(self) -> bool:
        """Whether the process is going away."""
        return self.closed.is_set()

    @contextlib.contextmanager
    def enrolled(self, task: asyncio.Task[object] | None) -> Iterator[None]:
        """Count a connection's task among those to wait for at the end."""
        assert task is not None
        self._tasks.add(task)
        try:
            yield
        finally:
            self._tasks.discard(task)

    async def close(self, timeout_s: float) -> None:
        """Close every connection with "going away" and wait until they are closed."""
        self.closed.set()
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=timeout_s)
