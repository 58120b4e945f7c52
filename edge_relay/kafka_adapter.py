"""Kafka by confluent-kafka: an idempotent producer for the way up, a consumer for commands."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

import structlog
from confluent_kafka import OFFSET_STORED, Consumer, KafkaError, KafkaException, Message, Producer, TopicPartition

from coach_core.contracts import Topic
from coach_core.errors import RelayError
from edge_relay.commands import Place
from edge_relay.records import Record
from edge_relay.settings import RelaySettings

log = structlog.get_logger(__name__)
_POLL_S = 0.1
_PROBE_S = 1.0
_NEW_PARTITIONS_S = 60.0
_HOPELESS = frozenset(
    {
        KafkaError.MSG_SIZE_TOO_LARGE,
        KafkaError.INVALID_MSG_SIZE,
        KafkaError.INVALID_MSG,
        KafkaError.INVALID_RECORD,
    }
)
"""Errors of one record that sending it again cannot mend."""


def common_options(settings: RelaySettings) -> dict[str, Any]:
    """What producer and consumer share; the operator's own options win."""
    return {
        "bootstrap.servers": settings.kafka_bootstrap,
        "client.id": settings.mqtt_client_id,
        "socket.nagle.disable": True,
        "socket.keepalive.enable": True,
        "reconnect.backoff.ms": 50,
        "reconnect.backoff.max.ms": 1_000,
        "log_level": 2,  # what matters reaches us by error_cb
        **settings.kafka_options,
        **{key: secret.get_secret_value() for key, secret in settings.kafka_secret_options.items()},
    }


class Listener(Protocol):
    """What the producer reports, from its own threads."""

    def on_kafka_delivered(self, token: int, topic: str, received_at: int) -> None: ...
    def on_kafka_failed(self, token: int, error: RelayError) -> None: ...
    def on_kafka_state(self, up: bool) -> None: ...
    def on_kafka_crash(self, error: BaseException) -> None: ...


class KafkaProducer:
    """Sends records in order. `poll` threads wait inside librdkafka, so reports come as soon as Kafka answers.

    Records never time out in librdkafka: it keeps trying in order, while the relay has them on disk.
    """

    def __init__(self, settings: RelaySettings, listener: Listener) -> None:
        self._listener = listener
        self._options = {
            **common_options(settings),
            "enable.idempotence": True,
            "acks": "all",
            "linger.ms": settings.kafka_linger_ms,
            "message.timeout.ms": 0,
            "partitioner": "murmur2_random",  # as Kafka's own clients: any producer puts a key into the same partition
            "error_cb": self._on_error,
        }
        self._swapping = threading.Lock()
        self._fatal = False
        self._complaint: int | None = None
        self._unsure = threading.Event()
        self._unsure.set()
        self._stopped = threading.Event()
        self._producer = Producer(self._options)
        self._threads = [
            threading.Thread(target=self._guard, args=(target,), daemon=True, name=name)
            for target, name in ((self._poll, "kafka-reports"), (self._probe, "kafka-probe"))
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def send(self, token: int, record: Record) -> RelayError | None:
        """Hand over one record without waiting; the error if librdkafka itself refuses it."""
        try:
            with self._swapping:
                self._producer.produce(
                    record.topic,
                    value=record.value,
                    key=record.key,
                    headers=list(record.headers),
                    on_delivery=partial(self._on_delivery, token, record.received_at),
                )
        except BufferError:
            return RelayError("librdkafka's queue is full", retriable=True)
        except KafkaException as error:
            return _relay_error(error.args[0])
        return None

    def stop(self) -> None:
        """End the threads. What Kafka has not answered for by now is not reported any more."""
        self._stopped.set()
        self._unsure.set()
        for thread in self._threads:
            thread.join(2 * _POLL_S)
        self._producer.purge()

    # --- its threads --------------------------------------------------------------------------------------

    def _poll(self) -> None:
        while not self._stopped.is_set():
            self._producer.poll(_POLL_S)
            if self._fatal:
                self._replace()

    def _probe(self) -> None:
        """Whenever it is unclear whether Kafka is there, ask until it answers."""
        while True:
            self._unsure.wait()
            if self._stopped.is_set():
                return
            try:
                self._producer.list_topics(Topic.SENSOR_RAW.value, timeout=_PROBE_S)
            except KafkaException:
                self._listener.on_kafka_state(False)
                self._stopped.wait(_POLL_S)
            else:
                self._unsure.clear()
                self._complaint = None
                self._listener.on_kafka_state(True)

    def _on_delivery(self, token: int, received_at: int, error: KafkaError | None, message: Message) -> None:
        if self._stopped.is_set():
            return
        if error is None:
            self._listener.on_kafka_delivered(token, str(message.topic()), received_at)
        else:
            self._listener.on_kafka_failed(token, _relay_error(error))

    def _on_error(self, error: KafkaError) -> None:
        if error.fatal():
            log.error("kafka_producer_fatal", error=error.str())
            self._fatal = True
        elif error.code() == KafkaError._ALL_BROKERS_DOWN:
            self._listener.on_kafka_state(False)
            self._unsure.set()
        elif error.code() not in (KafkaError._TRANSPORT, KafkaError._RESOLVE, self._complaint):
            self._complaint = error.code()  # said once, not at each attempt
            log.warning("kafka_error", error=error.str())

    def _replace(self) -> None:
        """A producer that met a fatal error stays dead: start another, and let the records of the old one fail."""
        self._fatal = False
        fresh = Producer(self._options)
        with self._swapping:
            old, self._producer = self._producer, fresh
        old.purge()
        old.flush(_PROBE_S)

    def _guard(self, loop: Callable[[], None]) -> None:
        try:
            loop()
        except Exception as error:
            self._listener.on_kafka_crash(error)


def _relay_error(error: KafkaError) -> RelayError:
    return RelayError(error.str(), retriable=error.code() not in _HOPELESS)


class CommandSource:
    """Reads all of `coach-commands`. One thread uses it.

    It assigns itself every partition and keeps its place under the relay's group id. A group proper would hand a
    killed relay's partitions on only after its session timed out, up to 45 s in which no hint reaches a car; and two
    relays in one group would each see half of the commands, not those of their cars.
    """

    def __init__(self, settings: RelaySettings) -> None:
        self.assigned = False
        self._partitions: set[int] = set()
        self._look_again_at = float("-inf")
        self._consumer = Consumer(
            {
                **common_options(settings),
                "group.id": settings.kafka_group or settings.mqtt_client_id,
                "auto.offset.reset": "earliest",  # nothing is skipped; the car itself refuses what has expired
                "enable.auto.offset.store": False,
                "fetch.wait.max.ms": settings.kafka_fetch_wait_ms,
                "error_cb": lambda _error: None,  # the producer tells of the same brokers
            }
        )

    def poll(self, timeout_s: float, now: float) -> tuple[Place, bytes] | None:
        """The next command, or None if none came in time. now: seconds of any clock that does not run back."""
        if now >= self._look_again_at:
            self._look_again_at = now + (_NEW_PARTITIONS_S if self._assign() else _PROBE_S)
        message = self._consumer.poll(timeout_s)
        if message is None or message.error() is not None:
            return None
        topic, partition, offset = message.topic(), message.partition(), message.offset()
        return Place(str(topic), int(partition or 0), int(offset or 0)), message.value() or b""

    def commit(self, place: Place) -> None:
        """Note that all before `place.offset` is done; sent to Kafka every second and on `close`."""
        self._consumer.store_offsets(offsets=[TopicPartition(*place)])

    def close(self) -> None:
        self._consumer.close()

    def _assign(self) -> bool:
        """Take all partitions there are, also those added since; False if Kafka or the topic is not there."""
        try:
            topic = self._consumer.list_topics(Topic.COACH_COMMANDS.value, timeout=_POLL_S).topics[Topic.COACH_COMMANDS]
        except KafkaException:
            return self.assigned
        added = set(topic.partitions) - self._partitions
        if added:
            places = [TopicPartition(Topic.COACH_COMMANDS.value, number, OFFSET_STORED) for number in sorted(added)]
            self._consumer.incremental_assign(places)
            self._partitions |= added
            self.assigned = True
        return self.assigned
