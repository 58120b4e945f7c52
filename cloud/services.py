"""Everything behind the endpoints: made from settings, started and closed together, asked how it is."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable

import structlog

from cloud.analysis.worker import AnalysisWorker
from cloud.commands import Commands
from cloud.decoders import build_decoders
from cloud.errors import CloudError
from cloud.gateway.connection import GatewayParts
from cloud.gateway.hub import Hub
from cloud.kafka import KafkaWriter
from cloud.live.bus import LiveBus
from cloud.live.kafka_feed import KafkaFeed
from cloud.live.memory import MemoryBus
from cloud.settings import CloudSettings
from cloud.store.database import check_schema, migrate, open_engine
from cloud.store.store import Store

log = structlog.get_logger(__name__)

CHECK_EVERY_S = 2.0
"""How long an answer to "are you ready" is good for: probes and clients ask often."""


def now_us() -> int:
    """Wall clock [µs since the epoch]."""
    return time.time_ns() // 1000


class Services:
    """Store, live bus, feed, command writer, gateway and analysis of one process, by its role."""

    def __init__(self, settings: CloudSettings) -> None:
        self.settings = settings
        self._engine = open_engine(settings.database_url)
        self.store = Store(self._engine)
        self.bus = _make_bus(settings)
        self.writer = KafkaWriter(settings, "commands")
        self.commands = Commands(self.writer, now_us, settings.hint_ttl_s)
        self.hub = Hub(
            GatewayParts(bus=self.bus, commands=self.commands),
            allowed_origins=settings.allowed_origins,
            sockjs_client_url=settings.sockjs_client_url,
        )
        self.feed = KafkaFeed(settings, self.bus, shared=settings.bus_kind == "redis") if self._feeds() else None
        self.analysis = AnalysisWorker(settings, self.store) if settings.role != "api" else None
        self._checked_at = -CHECK_EVERY_S
        self._checks: dict[str, str] = {}

    def _feeds(self) -> bool:
        """Whether this process fills the live bus: by Kafka each replica its own, by Redis the analysis side."""
        kind, role = self.settings.bus_kind, self.settings.role
        return (kind == "kafka" and role != "analysis") or (kind == "redis" and role != "api")

    async def start(self) -> None:
        """Start what the role needs; UsageError or Unavailable if it cannot."""
        build_decoders()
        if self._engine.dialect.name == "sqlite":
            await asyncio.to_thread(migrate, self._engine)
        else:
            await asyncio.to_thread(check_schema, self._engine)
        # the loop must not wait 5 ms for a thread that computes
        sys.setswitchinterval(0.0005)
        await self.bus.start()
        self.writer.start()
        if self.feed is not None:
            self.feed.start()
        if self.analysis is not None:
            self.analysis.start()

    async def close(self) -> None:
        """Close everything, the clients first."""
        await self.hub.close(self.settings.shutdown_s / 2)
        closing = [asyncio.to_thread(self.writer.close)]
        if self.feed is not None:
            closing.append(asyncio.to_thread(self.feed.close))
        if self.analysis is not None:
            closing.append(asyncio.to_thread(self.analysis.close))
        await asyncio.gather(*closing)
        await self.bus.close()
        self.store.close()

    def broken(self) -> list[str]:
        """Threads that broke down: what depends on nothing but this process, and only a restart mends."""
        threads = {"live_feed": self.feed, "analysis": self.analysis}
        return [name for name, thread in threads.items() if thread is not None and thread.failed]

    async def checks(self) -> dict[str, str]:
        """What each dependency says: "ok" or what is wrong."""
        now = time.monotonic()
        if now - self._checked_at >= CHECK_EVERY_S:
            self._checks = {
                "kafka": await _said(self.writer.ping),
                "store": await _said(lambda: asyncio.to_thread(self.store.ping)),
                "live_bus": await _said(self.bus.ping),
            }
            self._checked_at = now
        feed = {} if self.feed is None else {"live_feed": "ok" if self.feed.ready else "waits for Kafka"}
        analysis = {} if self.analysis is None else {"analysis": self.analysis.state}
        return {**self._checks, **feed, **analysis}


def _make_bus(settings: CloudSettings) -> LiveBus:
    if settings.bus_kind != "redis":
        return MemoryBus()
    # imported only where it is used: it costs a start without Redis a third of a second
    from cloud.live.redis_bus import RedisBus

    return RedisBus(settings.live_bus_url)


async def _said(check: Callable[[], Awaitable[None]]) -> str:
    try:
        await check()
    except CloudError as error:
        return error.detail
    return "ok"
