"""Kafka clients of the cloud: their configuration, and a writer for an asyncio process."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import structlog
from confluent_kafka import Consumer, KafkaError, KafkaException, Message, Producer

from cloud import metrics
from cloud.errors import Unavailable
from cloud.settings import CloudSettings

log = structlog.get_logger(__name__)

DELIVERY_TIMEOUT_S = 3.0


def consumer_config(settings: CloudSettings, *, group: str, client: str, auto_commit: bool) -> dict[str, Any]:
    """librdkafka settings of a consumer; `client` names it in logs and metrics."""
    config: dict[str, Any] = {
        **_common(settings, client),
        "group.id": group,
        "group.protocol": settings.kafka_group_protocol,
        "enable.auto.commit": auto_commit,
        "auto.offset.reset": "earliest",
        "fetch.wait.max.ms": settings.kafka_fetch_wait_ms,
        # a consumer that fell behind must not hold the backlog in memory
        "queued.max.messages.kbytes": 16_384,
        # ask for more as soon as there is room, not a second later
        "fetch.queue.backoff.ms": 5,
        # and try again soon after a fetch that failed: half a second is long in a live picture
        "fetch.error.backoff.ms": 50,
        "allow.auto.create.topics": True,
        "topic.metadata.refresh.interval.ms": 30_000,
    }
    if settings.kafka_group_protocol == "classic":
        config["session.timeout.ms"] = 10_000
    return config


def producer_config(settings: CloudSettings, client: str) -> dict[str, Any]:
    """librdkafka settings of a producer that loses and doubles nothing."""
    return {
        **_common(settings, client),
        "enable.idempotence": True,
        "linger.ms": 0,
        "message.timeout.ms": int(DELIVERY_TIMEOUT_S * 1000),
    }


def _common(settings: CloudSettings, client: str) -> dict[str, Any]:
    return {
        "bootstrap.servers": settings.kafka_bootstrap,
        "client.id": f"parkit-cloud-{client}",
        "error_cb": _watch(client),
        "reconnect.backoff.ms": 50,
        "reconnect.backoff.max.ms": 1_000,
        "socket.nagle.disable": True,
        # what librdkafka would print goes through error_cb and our own log
        "log_level": 2,
    }


def _watch(client: str) -> Callable[[KafkaError], None]:
    def on_error(error: KafkaError) -> None:
        if error.code() == KafkaError._ALL_BROKERS_DOWN and client not in _down:
            _down.add(client)
            metrics.KAFKA_UP.labels(client=client).set(0)
            log.warning("kafka_down", client=client, error=error.str())

    return on_error


_down: set[str] = set()
"""Clients that lost Kafka: librdkafka says so again with every attempt, the log once."""


def mark_up(client: str) -> None:
    """Note that Kafka answered this client."""
    metrics.KAFKA_UP.labels(client=client).set(1)
    if client in _down:
        _down.discard(client)
        log.info("kafka_back", client=client)


def ping(client: Consumer | Producer, timeout_s: float) -> None:
    """Unavailable if no broker answers in time. Blocks."""
    try:
        client.list_topics(timeout=timeout_s)
    except KafkaException as error:
        raise Unavailable("kafka_unavailable", f"Kafka does not answer: {error}") from error


class KafkaWriter:
    """A producer for coroutines: `await write(...)` returns when Kafka has the record. A thread of its own polls it."""

    def __init__(self, settings: CloudSettings, client: str) -> None:
        self._settings = settings
        self._client = client
        self._producer: Producer | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._poll, name=f"kafka-{client}", daemon=True)

    def start(self) -> None:
        """Make the client and begin to serve delivery reports. Kafka need not be there yet."""
        self._producer = Producer(producer_config(self._settings, self._client))
        self._thread.start()

    def close(self) -> None:
        """Stop. What was not delivered is reported failed to whoever waits for it."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(1.0)

    async def write(self, topic: str, key: str, value: bytes) -> None:
        """Unavailable if Kafka has not taken the record within the delivery timeout."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()

        def settle(error: KafkaError | None) -> None:
            if done.done():
                return
            if error is None:
                done.set_result(None)
            else:
                done.set_exception(Unavailable("kafka_unavailable", f"Kafka did not take the message: {error.str()}"))

        def delivered(error: KafkaError | None, _message: Message) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(settle, error)

        assert self._producer is not None, "start the writer first"
        try:
            self._producer.produce(topic, value, key, on_delivery=delivered)
        except (BufferError, KafkaException) as error:
            raise Unavailable("kafka_unavailable", f"Kafka did not take the message: {error}") from error
        await done
        mark_up(self._client)

    async def ping(self) -> None:
        """Unavailable if no broker answers."""
        assert self._producer is not None, "start the writer first"
        await asyncio.to_thread(ping, self._producer, 1.0)
        mark_up(self._client)

    def _poll(self) -> None:
        assert self._producer is not None
        while not self._stop.is_set():
            self._producer.poll(0.1)
        self._producer.purge()
        self._producer.flush(0.2)
