"""Embedded Kafka for demo, development and tests: a mock cluster in a process of its own, trimmed as it fills.

The mock cluster finds a record by walking its list from the oldest, so every fetch costs time in proportion to what
is kept. Kept too little, and a consumer that restarts misses records. The bulk topics therefore keep `keep_s`
seconds but no more than `keep_records` a partition, and never less than the last `FLOOR_S` seconds; small and
compacted topics are left to the mock's own bound (5 MiB or 100,000 records a partition). One car at 50 Hz keeps its
whole minute; a hundred cars keep about three seconds, and a consumer that was away longer sees the gap.
Nothing survives this process. Transactions, topic administration and offsets of deleted groups are not faithful.
"""

from __future__ import annotations

import argparse
import sys
import threading
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from confluent_kafka import KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec  # type: ignore[attr-defined]

from coach_core.contracts import KAFKA_TOPICS, Topic
from ops.embedded.child import ChildProcess, follow_stdin, say
from ops.embedded.mock_cluster import Cluster, MockCluster, open_cluster
from ops.signals import call_on_stop_signals

PARTITIONS = 4
TRIMMED = (Topic.SENSOR_RAW, Topic.COACH_DECISIONS)
TRIM_EVERY_S = 0.25
KEEP_S = 60.0
KEEP_RECORDS = 4_000
FLOOR_S = 2.0


class EmbeddedKafka:
    """Kafka on a free local port as a context manager; `bootstrap` is its address while it runs."""

    def __init__(self, *, keep_s: float = KEEP_S, keep_records: int = KEEP_RECORDS) -> None:
        self._child = ChildProcess("ops.embedded.kafka", ["--keep-s", str(keep_s), "--keep-records", str(keep_records)])
        self.bootstrap = ""
        self.limits: str | None = None
        """What this cluster cannot do that it should, as a sentence; None if nothing."""

    def start(self) -> Self:
        """Start and wait until it answers; UsageError says why it cannot."""
        ready = self._child.start()
        self.bootstrap = str(ready["bootstrap"])
        self.limits = ready["limits"]
        return self

    def stop(self) -> None:
        self._child.stop()

    def set_down(self, down: bool) -> None:
        """Cut all clients off and refuse new ones, or let them in again. Records stay. For tests of outages."""
        self._child.ask("down" if down else "up")

    def set_delay_ms(self, delay_ms: int) -> None:
        """Delay every answer. For tests of a slow Kafka."""
        self._child.ask(f"delay {delay_ms}")

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.stop()


class Mark(NamedTuple):
    at_s: float
    end: int
    """The partition's next offset at that time."""


class Trimmer:
    """Decides up to which offset a partition may be deleted. Fed with its end now and then; reads no clock."""

    def __init__(self, keep_s: float = KEEP_S, keep_records: int = KEEP_RECORDS, floor_s: float = FLOOR_S) -> None:
        self._keep_s = keep_s
        self._keep_records = keep_records
        self._floor_s = min(floor_s, keep_s)
        self._marks: deque[Mark] = deque()
        self._deleted = 0

    def on_end(self, end: int, now: float) -> int | None:
        """Note that the next offset is `end` at `now` [s]; the offset to delete before, or None to leave it.

        Every record below the mark of time t is older than now - t, so marks bound ages without reading records.
        """
        self._marks.append(Mark(now, end))
        expired = self._end_at(now - self._keep_s)
        crowded = min(end - self._keep_records, self._end_at(now - self._floor_s))
        before = max(expired, crowded)
        while len(self._marks) > 1 and self._marks[1].at_s <= now - self._keep_s:
            self._marks.popleft()
        if before <= self._deleted:
            return None
        self._deleted = before
        return before

    def _end_at(self, then: float) -> int:
        end = 0
        for mark in self._marks:
            if mark.at_s > then:
                break
            end = mark.end
        return end


class TrimLoop:
    """Asks the cluster for the ends of the bulk topics' partitions and deletes what the trimmers say."""

    def __init__(self, cluster: MockCluster, keep_s: float, keep_records: int) -> None:
        self._cluster = cluster
        self._admin = AdminClient({"bootstrap.servers": cluster.bootstrap, "log_level": 2})
        self._trimmers = {(t.value, p): Trimmer(keep_s, keep_records) for t in TRIMMED for p in range(PARTITIONS)}

    def run_once(self, now: float) -> None:
        latest = OffsetSpec.latest()  # type: ignore[no-untyped-call]
        wanted = {TopicPartition(topic, partition): latest for topic, partition in self._trimmers}
        for where, future in self._admin.list_offsets(wanted, request_timeout=0.5).items():
            try:
                end = future.result().offset
            except KafkaException:
                continue  # taken down by a test; the next round will do
            before = self._trimmers[where.topic, where.partition].on_end(end, now)
            if before is not None:
                self._cluster.delete_before(where.topic, where.partition, before)


def serve(keep_s: float, keep_records: int, port_file: Path | None, end_with_stdin: bool) -> None:
    """Run a cluster until told to stop. Prints {"bootstrap": …} when ready."""
    stop = threading.Event()
    call_on_stop_signals(stop.set)
    cluster, limits = open_cluster()
    for topic in KAFKA_TOPICS:
        cluster.create_topic(topic, PARTITIONS)
    if end_with_stdin:
        follow_stdin(lambda line: say(_obey(cluster, line)), stop.set)
    if limits:
        print(limits, file=sys.stderr)
    if port_file:
        port_file.write_text(cluster.bootstrap + "\n")
    trims = TrimLoop(cluster, keep_s, keep_records) if isinstance(cluster, MockCluster) else None
    say({"bootstrap": cluster.bootstrap, "limits": limits})
    while not stop.wait(TRIM_EVERY_S):
        if trims:
            trims.run_once(time.monotonic())
    cluster.close()


def _obey(cluster: Cluster, line: str) -> dict[str, object]:
    if not isinstance(cluster, MockCluster):
        return {"error": f"Embedded Kafka cannot do {line!r} with this librdkafka; install a newer confluent-kafka."}
    match line.split():
        case ["down"]:
            cluster.set_down(True)
        case ["up"]:
            cluster.set_down(False)
        case ["delay", delay_ms]:
            cluster.set_delay_ms(int(delay_ms))
        case _:
            return {"error": f"Embedded Kafka knows down, up and delay <ms>, not {line!r}."}
    return {"done": line}


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m ops.embedded.kafka", description="Kafka for development.")
    parser.add_argument("--keep-s", type=float, default=KEEP_S, help="seconds that frames and decisions are kept")
    parser.add_argument("--keep-records", type=int, default=KEEP_RECORDS, help="but at most so many a partition")
    parser.add_argument("--port-file", type=Path, help="write the bootstrap address here when ready")
    parser.add_argument("--end-with-stdin", action="store_true", help="end when stdin closes; take orders from it")
    options = parser.parse_args(argv)
    serve(options.keep_s, options.keep_records, options.port_file, options.end_with_stdin)


if __name__ == "__main__":
    main()
