"""Runs the relay until told to stop: `python -m edge_relay`, or `run` within another program."""

from __future__ import annotations

import contextlib
import logging
import queue
import signal
import sys
from types import FrameType

import structlog

from coach_core.errors import UsageError
from edge_relay.http import StatusServer
from edge_relay.service import RelayService
from edge_relay.settings import RelaySettings, load_settings

log = structlog.get_logger(__name__)


def run(settings: RelaySettings, stop: queue.SimpleQueue[None]) -> None:
    """Relay until something is put into `stop`, then end within a second; UsageError if it cannot start.

    A queue and not an event: a signal's handler may put into it whatever the main thread holds at that moment.
    Raises what made a part of it fail, so that the process ends and is restarted.
    """
    service = RelayService(settings)
    with StatusServer(settings.http_host, settings.http_port, service.metrics.registry, service.readiness) as http:
        service.start()
        log.info("relay_started", http_port=http.port, spool_dir=str(settings.spool_dir))
        try:
            while not service.failed.is_set():
                with contextlib.suppress(queue.Empty):
                    stop.get(timeout=service.tick())
                    break
        finally:
            service.stop()
    if service.failure is not None:
        raise service.failure


def configure_logging(level: str) -> None:
    """Events with keys on stderr: JSON, unless somebody is watching a terminal."""
    watched = sys.stderr.isatty()
    processors: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
    ]
    if watched:
        processors.append(structlog.dev.ConsoleRenderer())
    else:
        processors += [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    structlog.configure(
        processors=processors,
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def main() -> int:
    """Exit status: 0 when told to stop, 2 for settings that cannot work, 1 when a part of it failed."""
    stop: queue.SimpleQueue[None] = queue.SimpleQueue()

    def handler(_signum: int, _frame: FrameType | None) -> None:
        stop.put(None)

    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, handler)
    try:
        settings = load_settings()
        configure_logging(settings.log_level)
        run(settings, stop)
    except UsageError as error:
        print(f"parkit relay: {error}", file=sys.stderr)
        return 2
    except Exception:
        log.exception("relay_crashed")
        return 1
    return 0
