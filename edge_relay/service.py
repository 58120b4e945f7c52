"""The relay at work: carries out what the cores decide; one lock round the way up, one thread for the way down."""

from __future__ import annotations

import queue
import threading
import time
from collections import deque
from collections.abc import Iterable, Mapping

import structlog

from coach_core.errors import RelayError
from edge_relay.commands import Bury, CommandFlow, Commit, Place, Publish, Step
from edge_relay.disk_spool import DiskSpool
from edge_relay.intake import take_in
from edge_relay.kafka_adapter import CommandSource, KafkaProducer
from edge_relay.metrics import Metrics
from edge_relay.mqtt_adapter import MqttAdapter
from edge_relay.records import Delivery
from edge_relay.relay import (
    Accept,
    AckMqtt,
    Action,
    Claim,
    Produce,
    Reject,
    Relay,
    Spool,
    SyncSpool,
    TakeBatch,
)
from edge_relay.settings import RelaySettings

log = structlog.get_logger(__name__)
_COMMANDS_UNDER_WAY = 1_000
_PATIENCE_S = 0.2
"""How long the end waits for Kafka's last answers, and for MQTT to say goodbye."""


def _now_us() -> int:
    return time.time_ns() // 1_000


class RelayService:
    """A running relay. `start`, then `tick` now and then until `failure` is set or it is time to `stop`."""

    def __init__(self, settings: RelaySettings) -> None:
        self.metrics = Metrics()
        self.failure: BaseException | None = None
        self.failed = threading.Event()
        self._spool = DiskSpool(settings.spool_dir, fsync=settings.spool_fsync)
        self._relay = Relay(
            settings.limits(), spooled_records=self._spool.records, spooled_bytes=self._spool.size_bytes
        )
        self._lock = threading.Lock()
        self._spooling_since: float | None = None
        self._spool_broken = False
        self._mqtt_up = False
        self._kafka_up: bool | None = None  # None: not known yet
        self._stopping = threading.Event()
        self._kafka = KafkaProducer(settings, self)
        self._mqtt = MqttAdapter(settings, self)
        self._commands = CommandSource(settings)
        self._flow = CommandFlow()
        self._published: queue.SimpleQueue[int] = queue.SimpleQueue()
        self._command_thread = threading.Thread(target=self._pass_commands, daemon=True, name="commands")
        if self._spool.records:
            log.info("spool_found", records=self._spool.records, bytes=self._spool.size_bytes)
        if self._spool.damage.lost_bytes or self._spool.damage.torn_bytes:
            log.warning("spool_damaged", **self._spool.damage._asdict())

    def start(self) -> None:
        """Begin to connect and to relay; returns at once."""
        self._kafka.start()
        self._command_thread.start()
        self._mqtt.start()

    def readiness(self) -> Mapping[str, bool]:
        """What must be true for the relay to do its work."""
        return {
            "mqtt": self._mqtt_up,
            "kafka": bool(self._kafka_up),
            "commands": self._commands.assigned,
            "spool": not self._spool_broken,
        }

    def tick(self) -> float:
        """Let time pass for the relay; seconds until it wants to know again."""
        with self._lock:
            self._do(self._relay.on_tick(time.monotonic()))
            self.metrics.spool_bytes.set(self._spool.size_bytes)
            self.metrics.spool_records.set(self._spool.records)
            self.metrics.in_memory.set(self._relay.in_memory)
            self._note_way()
            return 0.01 if self._relay.spooling else 0.05

    def stop(self) -> None:
        """Give Kafka a moment, put the rest on disk, say goodbye. Well within a second.

        Until MQTT is closed messages are still taken in: a broker may forget what it has sent and we did not answer.
        """
        self._stopping.set()
        deadline = time.monotonic() + _PATIENCE_S
        while self._relay.in_memory and self._kafka_up and time.monotonic() < deadline:
            time.sleep(0.005)
        with self._lock:
            self._do(self._relay.on_stop(time.monotonic()))
        self._command_thread.join(_PATIENCE_S)
        self._mqtt.stop(_PATIENCE_S)
        self._kafka.stop()
        with self._lock:
            self._do(self._relay.on_stop(time.monotonic()))
            log.info("relay_stopped", spooled=self._spool.records)
            self._spool.close()

    # --- the way up: called from the adapters' threads ----------------------------------------------------

    def on_mqtt_connection(self, number: int, up: bool) -> None:
        self._mqtt_up = up
        self.metrics.mqtt_up.set(up)
        with self._lock:
            self._do(self._relay.on_connection(number))

    def on_mqtt_message(self, topic: str, payload: bytes, delivery: Delivery | None) -> None:
        received_at = _now_us()
        taken = take_in(topic, payload, received_at)
        self.metrics.received.labels(taken.channel).inc()
        if taken.reason is not None:
            self.metrics.dead_letters.labels(taken.reason).inc()
            log.warning("dead_letter", source=topic, reason=taken.reason)
        if taken.sent_at is not None:
            self.metrics.observe_hop("car_to_relay", (received_at - taken.sent_at) / 1e6)
        with self._lock:
            self._do(self._relay.on_record(taken.record, delivery, time.monotonic()))

    def on_kafka_delivered(self, token: int, topic: str, received_at: int) -> None:
        self.metrics.produced.labels(topic).inc()
        self.metrics.observe_hop("relay_to_kafka", (_now_us() - received_at) / 1e6)
        with self._lock:
            self._do(self._relay.on_delivered(token, time.monotonic()))

    def on_kafka_failed(self, token: int, error: RelayError) -> None:
        with self._lock:
            self._do(self._failed(token, error))

    def on_kafka_state(self, up: bool) -> None:
        with self._lock:
            if up != self._kafka_up:
                log.log(20 if up else 30, "kafka_reachable" if up else "kafka_unreachable")
            self._kafka_up = up
            self.metrics.kafka_up.set(up)
            self._do(self._relay.on_kafka(up, time.monotonic()))

    def on_mqtt_crash(self, error: BaseException) -> None:
        self._fail(error)

    def on_kafka_crash(self, error: BaseException) -> None:
        self._fail(error)

    def _do(self, actions: Iterable[Action]) -> None:
        """Carry out actions in order; what they bring about is done before what follows them. Needs the lock."""
        todo = deque(actions)
        while todo:
            todo.extendleft(reversed(self._do_one(todo.popleft())))

    def _do_one(self, action: Action) -> list[Action]:
        match action:
            case Produce(token, record):
                error = self._kafka.send(token, record)
                return [] if error is None else self._failed(token, error)
            case AckMqtt(delivery):
                self._mqtt.ack(delivery)
            case Spool(record):
                self._spool.add(record)
            case SyncSpool():
                return self._sync()
            case TakeBatch(limit):
                return self._relay.on_batch(self._spool.batch(limit), time.monotonic())
            case Claim(records):
                self._spool.batch(records)
            case Accept(records):
                self._spool.accept(records)
            case Reject():
                self._spool.reject()
        return []

    def _sync(self) -> list[Action]:
        try:
            self._spool.sync()
        except RelayError as error:
            self.metrics.spool_errors.inc()
            if not self._spool_broken:
                log.error("spool_failed", error=str(error))
            self._spool_broken = True
            return self._relay.on_spool_failed(time.monotonic())
        self._spool_broken = False
        return self._relay.on_synced(time.monotonic())

    def _failed(self, token: int, error: RelayError) -> list[Action]:
        self.metrics.failed.inc()
        if not error.retriable:
            self.metrics.dead_letters.labels("refused_by_kafka").inc()
            log.warning("kafka_refused", error=str(error))
        return self._relay.on_failed(token, str(error), error.retriable, time.monotonic())

    def _note_way(self) -> None:
        """One log line when records begin to go by the spool, and one when that is over."""
        now = time.monotonic()
        if self._relay.spooling and self._spooling_since is None:
            self._spooling_since = now
            log.warning("spooling_started", kafka_up=self._kafka_up)
        elif not self._relay.spooling and self._spooling_since is not None:
            log.info("spool_drained", took_s=round(now - self._spooling_since, 3))
            self._spooling_since = None

    # --- the way down: a thread of its own ----------------------------------------------------------------

    def on_mqtt_published(self, mid: int) -> None:
        self._published.put(mid)

    def _pass_commands(self) -> None:
        try:
            self._pass_commands_until_stopped()
        except Exception as error:
            self._fail(error)

    def _pass_commands_until_stopped(self) -> None:
        places: dict[int, Place] = {}  # by MQTT message id
        early: set[int] = set()  # acknowledged before publish() returned
        # Before the first connection it is not known which protocol the broker speaks, so nothing can be queued for it.
        while not self._mqtt_up and not self._stopping.wait(0.02):
            pass
        while not self._stopping.is_set():
            crowded = self._flow.under_way >= _COMMANDS_UNDER_WAY
            found = None if crowded else self._commands.poll(0.01 if places else 0.1, time.monotonic())
            if crowded:
                self._stopping.wait(0.01)
            if found is not None:
                for mid, place in self._take_steps(self._flow.on_command(*found, _now_us())):
                    places[mid] = place
            while not self._published.empty():
                early.add(self._published.get())
            for mid in early & places.keys():
                early.discard(mid)
                self._take_steps(self._flow.on_published(places.pop(mid)))
        self._commands.close()

    def _take_steps(self, steps: Iterable[Step]) -> list[tuple[int, Place]]:
        """Carry out what the command flow decided; (MQTT message id, place) of each command sent."""
        sent = []
        for step in steps:
            match step:
                case Publish(place, topic, payload):
                    sent.append((self._mqtt.publish(topic, payload), place))
                    self.metrics.commands.inc()
                case Bury(record):
                    self.metrics.dead_letters.labels("bad_command").inc()
                    with self._lock:
                        self._do(self._relay.on_record(record, None, time.monotonic()))
                case Commit(place):
                    self._commands.commit(place)
        return sent

    def _fail(self, error: BaseException) -> None:
        self.failure = error
        self.failed.set()
