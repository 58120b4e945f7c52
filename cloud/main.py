"""Running the cloud services as a process."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable, Iterator

import structlog
import uvicorn
import uvloop

from cloud import logs
from cloud.api.app import create_app
from cloud.settings import CloudSettings
from coach_core.errors import UsageError

log = structlog.get_logger(__name__)


class _Server(uvicorn.Server):
    """uvicorn without its signal handling, telling the gateway's clients "going away" before it cuts them off."""

    def __init__(self, config: uvicorn.Config, closing: Callable[[], object]) -> None:
        super().__init__(config)
        self._closing = closing

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        closing = self._closing()
        assert asyncio.iscoroutine(closing)
        await closing
        await super().shutdown(sockets)


def bind(host: str, port: int) -> socket.socket:
    """A listening socket; UsageError names the address if it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        why = error.strerror or str(error)
        raise UsageError(
            f"cannot listen on {host}:{port} ({why.lower()}): stop what uses it or set PARKIT_CLOUD_PORT"
        ) from error
    listener.setblocking(False)
    return listener


async def serve(
    settings: CloudSettings, stop: asyncio.Event, on_ready: Callable[[str, int], None] | None = None
) -> None:
    """Serve until `stop` is set; `on_ready(host, port)` is called once requests are answered.

    UsageError if a setting makes it impossible; CloudError if a dependency that must be there at start is not.
    """
    listener = bind(settings.host, settings.port)
    try:
        app = create_app(settings)
        services = app.state.services
        config = uvicorn.Config(
            app,
            http="h11",
            ws="websockets-sansio",
            ws_per_message_deflate=False,
            ws_max_size=131_072,
            access_log=False,
            log_config=None,
            lifespan="off",
            timeout_graceful_shutdown=max(1, round(settings.shutdown_s)),
            server_header=False,
        )
        server = _Server(config, lambda: services.hub.close(settings.shutdown_s / 2))
        async with app.router.lifespan_context(app):
            serving = asyncio.create_task(server.serve([listener]))
            stopping = asyncio.create_task(stop.wait())
            while not server.started and not serving.done():
                await asyncio.sleep(0.005)
            if server.started:
                host, port = listener.getsockname()[:2]
                log.info("cloud_serving", host=host, port=port, role=settings.role)
                if on_ready is not None:
                    on_ready(host, port)
            await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
            server.should_exit = True
            await serving
    finally:
        listener.close()
    log.info("cloud_stopped")


def run(settings: CloudSettings) -> None:
    """Serve until SIGINT or SIGTERM."""
    logs.configure(settings.log_level, settings.log_json)

    async def until_signalled() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop.set)
        await serve(settings, stop)

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(until_signalled())
