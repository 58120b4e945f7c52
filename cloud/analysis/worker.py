"""Analysis as a thread: reads Kafka in a group, stores, commits, reports.

Offsets are committed only when the store has the records and Kafka the dead letters, so a process killed at any
moment loses nothing; what comes twice changes nothing (see `Store.save`).
"""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Callable, Iterator

import structlog
from confluent_kafka import Consumer, KafkaError, KafkaException, Message, Producer, TopicPartition

from cloud import metrics
from cloud.analysis.assembler import MESSAGE_OF_TOPIC, Assembler, Record, complete
from cloud.analysis.report import SessionMessages, build_report
from cloud.analysis.rubrics import builtin_rubric
from cloud.errors import Unavailable
from cloud.kafka import consumer_config, mark_up, producer_config
from cloud.settings import CloudSettings
from cloud.store.store import Store
from coach_core.contracts import (
    DeadLetter,
    Decision,
    Ended,
    SensorFrame,
    SessionEvent,
    SessionReport,
    Started,
    Topic,
    decode,
    encode,
)
from coach_core.errors import ContractError

log = structlog.get_logger(__name__)

CLIENT = "analysis"
BATCH = 500
RETRY_S = 0.5
FETCH_WAIT_MS = 100
"""Nobody waits for the recording: fewer, larger fetches, also from the embedded broker."""


class AnalysisWorker:
    """Runs until closed. `ready` while it has joined its group and the store answers."""

    def __init__(self, settings: CloudSettings, store: Store) -> None:
        self._settings = settings
        self._store = store
        self._assembler = Assembler(
            flush_every_s=settings.flush_every_s,
            flush_records=settings.flush_records,
            grace_s=settings.report_grace_s,
        )
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="analysis", daemon=True)
        self.failed = False
        """Whether it broke down and only a new process helps."""
        self.state = "starting"
        """"ok", or what it waits for."""

    def start(self) -> None:
        """Start reading."""
        self._thread.start()

    def close(self) -> None:
        """Stop after the current step. Blocks for at most a second; what was not stored comes again."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(1.0)

    def _run(self) -> None:
        try:
            self._work()
        except Exception:
            log.exception("analysis_failed")
            self.failed = True
            self.state = "failed, see the log"

    def _work(self) -> None:
        config = consumer_config(self._settings, group=self._settings.analysis_group, client=CLIENT, auto_commit=False)
        config["fetch.wait.max.ms"] = max(FETCH_WAIT_MS, self._settings.kafka_fetch_wait_ms)
        consumer = Consumer(config)
        publisher = Publisher(Producer(producer_config(self._settings, CLIENT)))
        try:
            consumer.subscribe(list(MESSAGE_OF_TOPIC), on_assign=self._on_assign)
            self._persist(lambda: self._resume(publisher))
            while not self._stop.is_set():
                self._step(consumer, publisher)
        finally:
            consumer.close()

    def _on_assign(self, _consumer: Consumer, partitions: list[TopicPartition]) -> None:
        self.state = "ok"
        mark_up(CLIENT)
        log.info("analysis_assigned", partitions=len(partitions))

    def _resume(self, publisher: Publisher) -> None:
        """Take up what an earlier process left undone."""
        for body in self._store.unpublished():
            self._publish(decode(body, SessionReport), publisher)
        self._assembler.resume(self._store.unreported(), time.monotonic())

    def _step(self, consumer: Consumer, publisher: Publisher) -> None:
        for record in _records(consumer):
            mark_up(CLIENT)
            metrics.ANALYSIS_RECORDS.labels(topic=record.topic).inc()
            letter = self._assembler.take(record, time.monotonic(), time.time_ns() // 1000)
            if letter is not None:
                _file(letter, record, publisher)
        if self._assembler.flush_due(time.monotonic()):
            self._flush(consumer, publisher)
        for session_id in self._assembler.due(time.monotonic()):
            if self._stop.is_set():
                return
            self._persist(functools.partial(self._look_at, session_id, publisher))

    def _persist(self, action: Callable[[], None]) -> bool:
        """Do something with the store, again and again while it is away; False if the worker was stopped meanwhile."""
        while not self._stop.is_set():
            try:
                action()
            except Unavailable as error:
                self.state = error.detail
                log.warning("analysis_waits", why=error.detail)
                self._stop.wait(RETRY_S)
                continue
            if self.state not in ("ok", "starting"):
                self.state = "ok"
            return True
        return False

    def _flush(self, consumer: Consumer, publisher: Publisher) -> None:
        began = time.perf_counter()
        batch, offsets = self._assembler.batch, self._assembler.offsets

        def save() -> None:
            publisher.flush()
            saved = self._store.save(batch)
            metrics.ANALYSIS_DUPLICATES.inc(saved.duplicates)
            self._assembler.saved(saved, time.monotonic())

        if not self._persist(save):
            return
        try:
            consumer.commit(
                offsets=[TopicPartition(topic, partition, offset) for (topic, partition), offset in offsets.items()],
                asynchronous=False,
            )
        except KafkaException as error:
            # the partition went to another member, or Kafka is away: the records come again and change nothing
            log.warning("commit_failed", error=str(error))
        metrics.FLUSH_SECONDS.observe(time.perf_counter() - began)

    # --- reports --------------------------------------------------------------------------------------

    def _look_at(self, session_id: str, publisher: Publisher) -> None:
        """Report a session if it is complete or has been waited for long enough."""
        now = time.monotonic()
        events = [decode(body, SessionEvent) for body in self._store.events(session_id)]
        if not self._assembler.grace_over(session_id, now) and not self._complete(session_id, events):
            self._assembler.wait(session_id, now)
            return
        began = time.perf_counter()
        report = self._report(session_id, events)
        self._assembler.done(session_id)
        if report is None:
            return
        if self._store.save_report(report):
            self._publish(report, publisher)
            metrics.REPORTS.labels(result=report.result).inc()
            metrics.MISSING_FRAMES.inc(report.missing_frames)
            log.info(
                "session_reported",
                session_id=session_id,
                vehicle_id=report.vehicle_id,
                result=report.result,
                score=report.card.score,
                frames=report.frames,
                missing_frames=report.missing_frames,
                took_s=round(time.perf_counter() - began, 3),
            )
        metrics.REPORT_SECONDS.observe(time.perf_counter() - began)

    def _complete(self, session_id: str, events: list[SessionEvent]) -> bool:
        ended = [event for event in events if isinstance(event.detail, Ended)]
        if not ended or not any(isinstance(event.detail, Started) for event in events):
            return False
        frames = self._store.coverage(session_id, "frames")
        decisions = self._store.coverage(session_id, "decisions")
        last = next(iter(self._store.recording(session_id, "frames", max(0, frames.last_seq))), None)
        last_s = -1.0 if last is None else decode(last, SensorFrame).sim_time_s
        return complete(frames, decisions, last_s, ended[-1].sim_time_s)

    def _report(self, session_id: str, events: list[SessionEvent]) -> SessionReport | None:
        started = next((event.detail for event in events if isinstance(event.detail, Started)), None)
        if started is None:
            log.warning("session_without_start", session_id=session_id)
            return None
        frames = [decode(line, SensorFrame) for line in self._store.recording(session_id, "frames")]
        decisions = [decode(line, Decision) for line in self._store.recording(session_id, "decisions")]
        try:
            return build_report(SessionMessages(events, frames, decisions), builtin_rubric(started.rubric))
        except (ContractError, ValueError, ArithmeticError):
            # one session that cannot be judged must not hold up the others
            log.exception("report_failed", session_id=session_id)
            return None

    def _publish(self, report: SessionReport, publisher: Publisher) -> None:
        publisher.put(Topic.SESSION_REPORTS, report.session_id, encode(report))
        publisher.flush()
        self._store.mark_published(report)


class Publisher:
    """A producer for a thread that must know that Kafka has what it put there."""

    def __init__(self, producer: Producer) -> None:
        self._producer = producer
        self._failed: KafkaError | None = None
        self._waiting: list[tuple[str, str, bytes]] = []

    def put(self, topic: str, key: str, value: bytes) -> None:
        """Hand over a record."""
        self._waiting.append((topic, key, value))

    def flush(self) -> None:
        """Return when Kafka has everything; Unavailable if it did not take it, and then a later flush tries again."""
        if not self._waiting:
            return
        self._failed = None
        for topic, key, value in self._waiting:
            self._producer.produce(topic, value, key, on_delivery=self._delivered)
        left = self._producer.flush(5.0)
        if left or self._failed is not None:
            self._producer.purge()
            raise Unavailable("kafka_unavailable", f"Kafka did not take {len(self._waiting)} messages: {self._failed}")
        self._waiting.clear()

    def _delivered(self, error: KafkaError | None, _message: Message) -> None:
        self._failed = error or self._failed


def _records(consumer: Consumer) -> Iterator[Record]:
    """What is there now, waiting a moment for the first."""
    first = consumer.poll(0.05)
    if first is None:
        return
    for message in (first, *consumer.consume(BATCH, 0)):
        error, topic, value = message.error(), message.topic(), message.value()
        if error is not None:
            if error.code() != KafkaError._PARTITION_EOF:
                log.warning("analysis_read_error", topic=topic, error=error.str())
            continue
        assert topic is not None
        yield Record(topic, message.partition() or 0, message.offset() or 0, b"" if value is None else bytes(value))


def _file(letter: DeadLetter, record: Record, publisher: Publisher) -> None:
    metrics.DEAD_LETTERS.labels(topic=record.topic, reason=letter.reason).inc()
    log.warning("dead_letter", source=letter.source, reason=letter.reason, error=letter.error)
    publisher.put(Topic.DEAD_LETTER, letter.source, encode(letter))
