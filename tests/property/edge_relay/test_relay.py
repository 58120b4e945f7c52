"""Whatever happens to the relay and its neighbours, in any order: nothing is lost, and order is kept.

A small world round the relay's core: an MQTT broker that sends again what was not acknowledged, a Kafka that may be
away, slow or fail all that waits, a disk that may fail, and a relay that may be killed between any two actions.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from hypothesis import given, settings
from hypothesis import strategies as st

from edge_relay.records import Delivery, Record
from edge_relay.relay import (
    Accept,
    AckMqtt,
    Action,
    Claim,
    Limits,
    Produce,
    Reject,
    Relay,
    Spool,
    SyncSpool,
    TakeBatch,
)
from edge_relay.spool import MemorySpool

LIMITS = Limits(stall_after_s=0.2, retry_after_s=0.3, in_flight=4, batch=3, sync_every_s=0.05, spool_bytes=600)

Step = tuple[str, int]
HAPPENINGS = [
    *["publish", "publish", "deliver", "wait", "reconnect", "kill", "kill_within"],
    *["kafka_away", "kafka_back", "kafka_fails_all", "disk_breaks", "disk_mends"],
]
steps = st.lists(st.tuples(st.sampled_from(HAPPENINGS), st.integers(0, 5)), max_size=60)


class Killed(Exception):
    """The relay's process ended between two actions."""


class World:
    def __init__(self) -> None:
        self.now = 0.0
        self.published = 0
        self.unacked: deque[int] = deque()  # what the broker still keeps, in order
        self.mids: dict[Delivery, int] = {}
        self.connection = 0
        self.kafka: list[int] = []
        self.kafka_up = True
        self.in_flight: deque[tuple[int, int]] = deque()  # (token, number), in the producer
        self.disk_works = True
        self.actions_left: int | None = None
        self.spool = MemorySpool()
        self.start()

    # --- the relay's life ---

    def start(self) -> None:
        """A new process: what was not synced is gone, what was with Kafka may or may not have arrived."""
        spooled = MemorySpool()
        for record in self.spool._records:
            spooled.add(record)
        spooled.sync()
        self.spool = spooled
        self.in_flight.clear()
        self.relay = Relay(LIMITS, spooled_records=self.spool.records, spooled_bytes=self.spool.size_bytes)
        self.run(self.relay.on_kafka(self.kafka_up, self.now))
        self.connect()

    def connect(self) -> None:
        self.connection += 1
        self.mids.clear()
        self.run(self.relay.on_connection(self.connection))
        for number in list(self.unacked):
            self.hand_over(number)

    def hand_over(self, number: int) -> None:
        delivery = Delivery(self.connection, number)
        self.mids[delivery] = number
        self.run(self.relay.on_record(Record("t", b"k", b"%d" % number, (), 0), delivery, self.now))

    def run(self, actions: Iterable[Action]) -> None:
        todo = deque(actions)
        while todo:
            if self.actions_left is not None:
                self.actions_left -= 1
                if self.actions_left < 0:
                    raise Killed
            todo.extendleft(reversed(self.run_one(todo.popleft())))

    def run_one(self, action: Action) -> list[Action]:
        match action:
            case Produce(token, record):
                self.in_flight.append((token, int(record.value)))
            case AckMqtt(delivery):
                number = self.mids.pop(delivery)
                assert number in self.kafka or any(int(r.value) == number for r in self.spool._records)
                self.unacked.remove(number)
            case Spool(record):
                self.spool.add(record)
            case SyncSpool():
                if not self.disk_works:
                    self.spool._pending.clear()
                    return self.relay.on_spool_failed(self.now)
                self.spool.sync()
                return self.relay.on_synced(self.now)
            case TakeBatch(limit):
                return self.relay.on_batch(self.spool.batch(limit), self.now)
            case Claim(count):
                assert len(self.spool.batch(count)) == count
            case Accept(count):
                assert all(int(r.value) in self.kafka for r in list(self.spool._records)[:count])
                self.spool.accept(count)
            case Reject():
                self.spool.reject()
        return []

    # --- what may happen ---

    def step(self, what: str, amount: int) -> None:
        match what:
            case "publish":
                for _ in range(amount):
                    self.published += 1
                    self.unacked.append(self.published)
                    self.hand_over(self.published)
            case "deliver":
                self.deliver(amount)
            case "kafka_away" | "kafka_back":
                self.kafka_up = what == "kafka_back"
                self.run(self.relay.on_kafka(self.kafka_up, self.now))
            case "kafka_fails_all":
                failed, self.in_flight = self.in_flight, deque()
                for token, _ in failed:
                    self.run(self.relay.on_failed(token, "purged", True, self.now))
            case "disk_breaks" | "disk_mends":
                self.disk_works = what == "disk_mends"
            case "reconnect":
                self.connect()
            case "kill":
                self.deliver_unseen(amount)
                self.start()
            case "kill_within":
                self.actions_left = amount
            case "wait":
                self.now += amount / 10
                self.run(self.relay.on_tick(self.now))

    def deliver(self, count: int) -> None:
        while self.kafka_up and self.in_flight and count:
            token, number = self.in_flight.popleft()
            self.kafka.append(number)
            self.run(self.relay.on_delivered(token, self.now))
            count -= 1

    def deliver_unseen(self, count: int) -> None:
        """Kafka takes records whose reports the dying relay never sees."""
        while self.kafka_up and self.in_flight and count:
            self.kafka.append(self.in_flight.popleft()[1])
            count -= 1

    def take(self, step: Step) -> None:
        try:
            self.step(*step)
        except Killed:
            self.actions_left = None
            self.start()

    def settle(self) -> None:
        self.actions_left = None
        self.disk_works = self.kafka_up = True
        self.run(self.relay.on_kafka(True, self.now))
        for _ in range(200):
            self.now += 0.05
            self.deliver(10)
            self.run(self.relay.on_tick(self.now))


@given(steps)
@settings(max_examples=600, deadline=None)
def test_every_published_message_reaches_kafka_in_order_and_is_acknowledged(happenings: list[Step]) -> None:
    world = World()
    for happening in happenings:
        world.take(happening)
    world.settle()
    assert set(world.kafka) == set(range(1, world.published + 1)), "nothing is lost"
    first_seen = list(dict.fromkeys(world.kafka))
    assert first_seen == sorted(first_seen), "no record overtakes another"
    assert not world.unacked, "the broker may forget everything"
    assert world.spool.records == 0
    assert world.relay.in_memory == 0
    assert not world.relay.spooling
