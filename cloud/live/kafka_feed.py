"""From Kafka to the live bus: a thread that reads and hands batches to the event loop.

Every replica reads for itself (`assign`, no group, from near the end), or, with Redis behind it, as one of a
consumer group that publishes for all. At most one batch is on its way to the loop, so a busy loop makes larger
batches instead of a longer queue.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
import time

import structlog
from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from cloud import metrics
from cloud.errors import CloudError
from cloud.kafka import consumer_config, mark_up
from cloud.live.bus import LiveBus
from cloud.live.messages import Kind, LiveRecord
from cloud.settings import CloudSettings
from coach_core.contracts import Topic

log = structlog.get_logger(__name__)

KIND_OF_TOPIC: dict[str, Kind] = {
    Topic.SENSOR_RAW: "frames",
    Topic.COACH_DECISIONS: "decisions",
    Topic.SESSION_EVENTS: "events",
    Topic.VEHICLE_STATUS: "status",
}
BATCH = 500
CLIENT = "live"


class KafkaFeed:
    """Reads until closed; `shared` makes it one of a group (`live_group`)."""

    def __init__(self, settings: CloudSettings, bus: LiveBus, *, shared: bool) -> None:
        self._settings = settings
        self._bus = bus
        self._shared = shared
        self.failed = False
        """Whether it broke down and only a new process helps."""
        self._stop = threading.Event()
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._run, name="kafka-live", daemon=True)

    @property
    def ready(self) -> bool:
        """Whether it has its partitions and reads."""
        return self._ready.is_set()

    def start(self) -> None:
        """Start reading, for the running event loop."""
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    def close(self) -> None:
        """Stop reading. Blocks for a moment."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(1.0)

    def _run(self) -> None:
        config = consumer_config(
            self._settings, group=self._settings.live_group, client=CLIENT, auto_commit=self._shared
        )
        if self._shared:
            config["auto.offset.reset"] = "latest"
        consumer = Consumer(config)
        try:
            if self._shared:
                consumer.subscribe(list(KIND_OF_TOPIC))
                self._ready.set()
            else:
                self._assign(consumer)
            while not self._stop.is_set():
                self._read(consumer)
        except Exception:
            log.exception("live_feed_failed")
            self.failed = True
            self._ready.clear()
        finally:
            consumer.close()

    def _assign(self, consumer: Consumer) -> None:
        """Take every partition of the live topics, from far enough back to know the state of the cars."""
        while not self._stop.is_set():
            try:
                partitions = self._starting_points(consumer)
            except KafkaException as error:
                log.warning("live_feed_waits_for_kafka", error=str(error))
                partitions = []
            if partitions:
                consumer.assign(partitions)
                mark_up(CLIENT)
                log.info("live_feed_reads", partitions=len(partitions))
                self._ready.set()
                return
            self._stop.wait(0.3)

    def _starting_points(self, consumer: Consumer) -> list[TopicPartition]:
        """Where to start in every partition; empty while a topic is not there yet.

        Counted in records and not in seconds: librdkafka's mock broker does not look offsets up by time, and so many
        records are read again in a moment however busy the cars are.
        """
        points: list[TopicPartition] = []
        for topic in KIND_OF_TOPIC:
            found = consumer.list_topics(topic, timeout=2.0).topics[topic]
            if found.error is not None or not found.partitions:
                return []
            for number in found.partitions:
                point = TopicPartition(topic, number)
                low, end = consumer.get_watermark_offsets(point, timeout=5.0)
                # presence is compacted: all of it is news
                back = end if topic == Topic.VEHICLE_STATUS else self._settings.live_lookback
                point.offset = max(low, end - back)
                points.append(point)
        return points

    def _read(self, consumer: Consumer) -> None:
        first = consumer.poll(0.1)
        if first is None:
            return
        # `consume` waits for a full batch, so it only collects what is there already
        batch = [first, *consumer.consume(BATCH, 0)]
        records = [record for message in batch if (record := _record(message))]
        if not records:
            return
        mark_up(CLIENT)
        metrics.LIVE_LAG.observe(max(0.0, time.time() - records[-1].at_ms / 1000.0))
        assert self._loop is not None
        try:
            future = asyncio.run_coroutine_threadsafe(self._bus.publish(records), self._loop)
        except RuntimeError:
            return  # the loop has closed under us: the process is ending
        while not self._stop.is_set():
            try:
                future.result(0.2)
                return
            except concurrent.futures.TimeoutError:
                continue
            except CloudError as error:
                log.warning("live_batch_lost", records=len(records), error=error.detail)
                return
        future.cancel()


def _record(message: Message) -> LiveRecord | None:
    error, topic, value = message.error(), message.topic(), message.value()
    if error is not None:
        if error.code() != KafkaError._PARTITION_EOF:
            log.warning("live_feed_error", topic=topic, error=error.str())
        return None
    if topic is None or value is None:
        return None
    metrics.LIVE_RECORDS.labels(topic=topic).inc()
    return LiveRecord(KIND_OF_TOPIC[topic], bytes(value), message.timestamp()[1])
