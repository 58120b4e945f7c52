"""The way up, by comparing lists of actions: what the relay does when what happens."""

from __future__ import annotations

from coach_core.contracts import DeadLetter, decode
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

LIMITS = Limits(stall_after_s=0.25, retry_after_s=0.5, batch=2, sync_every_s=0.0, spool_bytes=10_000)


def record(number: int, size: int = 10) -> Record:
    return Record("sensor-raw", b"s1", b"%0*d" % (size, number), (), 0)


def delivery(number: int, connection: int = 1) -> Delivery:
    return Delivery(connection, number)


def connected(limits: Limits = LIMITS, spooled: int = 0) -> Relay:
    relay = Relay(limits, spooled_records=spooled, spooled_bytes=spooled * 74)
    relay.on_connection(1)
    return relay


def stalled() -> Relay:
    """A relay whose one record Kafka has not answered for, now in the spool."""
    relay = connected()
    relay.on_record(record(1), delivery(1), 0.0)
    assert relay.on_tick(0.25) == [Spool(record(1)), SyncSpool()]
    assert relay.on_synced(0.25) == [AckMqtt(delivery(1)), Claim(1)]
    return relay


def test_while_kafka_is_well_a_record_is_produced_at_once_and_acknowledged_when_kafka_has_it() -> None:
    relay = connected()
    assert relay.on_record(record(1), delivery(1), 0.0) == [Produce(1, record(1))]
    assert relay.on_delivered(1, 0.002) == [AckMqtt(delivery(1))]
    assert relay.in_memory == 0


def test_records_are_acknowledged_as_kafka_answers_in_whatever_order_that_is() -> None:
    relay = connected()
    for number in (1, 2):
        relay.on_record(record(number), delivery(number), 0.0)
    assert relay.on_delivered(2, 0.001) == [AckMqtt(delivery(2))]
    assert relay.on_delivered(1, 0.002) == [AckMqtt(delivery(1))]
    assert not relay.spooling


def test_a_message_of_quality_zero_is_relayed_and_acknowledged_to_nobody() -> None:
    relay = connected()
    assert relay.on_record(record(1), None, 0.0) == [Produce(1, record(1))]
    assert relay.on_delivered(1, 0.0) == []


def test_a_delivery_of_an_earlier_connection_is_never_acknowledged() -> None:
    relay = connected()
    relay.on_record(record(1), delivery(1), 0.0)
    relay.on_connection(2)
    assert relay.on_delivered(1, 0.1) == []


def test_nothing_is_spooled_just_before_kafka_counts_as_slow() -> None:
    relay = connected()
    relay.on_record(record(1), delivery(1), 0.0)
    assert relay.on_tick(0.249) == []


def test_when_kafka_is_slow_what_it_holds_is_spooled_acknowledged_and_waited_for() -> None:
    relay = stalled()
    assert relay.on_record(record(2), delivery(2), 0.28) == [Spool(record(2)), SyncSpool()]
    assert relay.on_synced(0.28) == [AckMqtt(delivery(2))]
    assert relay.on_tick(0.29) == [], "Kafka has enough to do"
    assert relay.on_delivered(1, 0.3) == [Accept(1), TakeBatch(2)]
    assert relay.on_batch([record(2)], 0.3) == [Produce(2, record(2))]
    assert relay.on_record(record(3), delivery(3), 0.31) == [Produce(3, record(3))]


def test_a_record_that_kafka_takes_while_it_is_being_spooled_is_acknowledged_once() -> None:
    relay = connected()
    relay.on_record(record(1), delivery(1), 0.0)
    relay.on_tick(0.25)
    assert relay.on_delivered(1, 0.26) == [AckMqtt(delivery(1))]
    assert relay.on_synced(0.27) == [Claim(1), Accept(1)]
    assert not relay.spooling


def test_while_kafka_is_away_records_go_to_disk_and_are_acknowledged_there() -> None:
    relay = connected()
    relay.on_kafka(False, 0.0)
    assert relay.on_record(record(1), delivery(1), 1.0) == [Spool(record(1)), SyncSpool()]
    assert relay.on_synced(1.0) == [AckMqtt(delivery(1))]
    assert relay.on_tick(9.0) == [], "Kafka is not asked while it is away"


def test_when_kafka_is_back_the_spool_is_sent_in_batches_and_then_records_go_direct() -> None:
    relay = connected()
    relay.on_kafka(False, 0.0)
    for number in (1, 2, 3):
        relay.on_record(record(number), delivery(number), 1.0)
        relay.on_synced(1.0)
    assert relay.on_kafka(True, 2.0) == [TakeBatch(2)]
    assert relay.on_batch([record(1), record(2)], 2.0) == [Produce(1, record(1)), Produce(2, record(2))]
    assert relay.on_record(record(4), delivery(4), 2.1) == [Spool(record(4)), SyncSpool()], "behind those waiting"
    assert relay.on_synced(2.1) == [AckMqtt(delivery(4))]
    assert relay.on_delivered(1, 2.2) == [Accept(1), TakeBatch(2)]
    assert relay.on_batch([record(3), record(4)], 2.2) == [Produce(3, record(3)), Produce(4, record(4))]
    assert [relay.on_delivered(token, 2.3) for token in (2, 3, 4)] == [[Accept(1)]] * 3
    assert relay.on_record(record(5), delivery(5), 2.4) == [Produce(5, record(5))]


def test_a_relay_that_starts_with_a_full_spool_sends_it_first() -> None:
    relay = connected(spooled=1)
    assert relay.on_tick(0.0) == [TakeBatch(2)]
    assert relay.on_batch([record(1)], 0.0) == [Produce(1, record(1))]
    assert relay.on_delivered(1, 0.1) == [Accept(1)]


def test_what_kafka_fails_to_take_is_put_back_and_sent_again_after_a_pause() -> None:
    relay = stalled()
    assert relay.on_failed(1, "broker gone", True, 1.0) == [Reject()]
    assert relay.on_tick(1.4) == []
    assert relay.on_tick(1.5) == [TakeBatch(2)]
    assert relay.on_batch([record(1)], 1.5) == [Produce(2, record(1))]


def test_what_kafka_fails_to_take_on_the_direct_way_is_spooled_before_it_is_sent_again() -> None:
    relay = connected()
    relay.on_record(record(1), delivery(1), 0.0)
    assert relay.on_failed(1, "broker gone", True, 0.1) == [Spool(record(1)), SyncSpool()]
    assert relay.on_synced(0.1) == [AckMqtt(delivery(1)), Claim(1), Reject()]
    assert relay.on_tick(0.6) == [TakeBatch(2)]


def test_a_batch_that_partly_failed_keeps_what_was_taken_before_the_failure() -> None:
    relay = connected(spooled=3)
    relay.on_tick(0.0)
    relay.on_batch([record(1), record(2)], 0.0)
    assert relay.on_failed(2, "gone", True, 0.1) == []
    assert relay.on_delivered(1, 0.1) == [Accept(1), Reject()]
    assert relay.on_tick(0.6) == [TakeBatch(2)]


def test_a_record_that_no_retry_can_help_is_replaced_by_a_dead_letter() -> None:
    relay = connected()
    relay.on_record(record(1), delivery(1), 0.0)
    [produce] = relay.on_failed(1, "too large", False, 0.1)
    assert isinstance(produce, Produce)
    assert produce.record.topic == "dead-letter"
    letter = decode(produce.record.value, DeadLetter)
    assert (letter.reason, letter.error, letter.source) == ("refused_by_kafka", "too large", "kafka:sensor-raw")
    assert relay.on_delivered(produce.token, 0.2) == [AckMqtt(delivery(1))]


def test_a_full_spool_stops_acknowledging_and_drops_nothing() -> None:
    relay = connected(LIMITS._replace(spool_bytes=200))
    relay.on_kafka(False, 0.0)
    for number in (1, 2):
        relay.on_record(record(number), delivery(number), 1.0)
        relay.on_synced(1.0)
    assert relay.on_record(record(3), delivery(3), 1.0) == []
    assert relay.in_memory == 1
    relay.on_kafka(True, 2.0)
    relay.on_batch([record(1), record(2)], 2.0)
    assert relay.on_delivered(1, 2.0) == [Accept(1)]
    assert relay.on_tick(2.1) == [Spool(record(3)), SyncSpool()]
    assert relay.on_synced(2.1) == [AckMqtt(delivery(3)), TakeBatch(2)]


def test_a_failing_disk_stops_acknowledging_and_is_tried_again() -> None:
    relay = connected()
    relay.on_kafka(False, 0.0)
    relay.on_record(record(1), delivery(1), 1.0)
    assert relay.on_spool_failed(1.0) == []
    assert relay.on_record(record(2), delivery(2), 1.1) == []
    assert relay.on_tick(1.5) == [Spool(record(1)), Spool(record(2)), SyncSpool()]
    assert relay.on_synced(1.5) == [AckMqtt(delivery(1)), AckMqtt(delivery(2))]


def test_with_a_broken_disk_records_go_direct_again_when_kafka_is_back() -> None:
    relay = connected()
    relay.on_kafka(False, 0.0)
    relay.on_record(record(1), delivery(1), 1.0)
    relay.on_spool_failed(1.0)
    assert relay.on_kafka(True, 1.1) == [Produce(1, record(1))]
    assert relay.on_delivered(1, 1.2) == [AckMqtt(delivery(1))]


def test_records_that_arrive_together_share_one_sync() -> None:
    relay = connected(LIMITS._replace(sync_every_s=0.01))
    relay.on_kafka(False, 0.0)
    assert relay.on_record(record(1), delivery(1), 1.0) == [Spool(record(1)), SyncSpool()]
    relay.on_synced(1.0)
    assert relay.on_record(record(2), delivery(2), 1.001) == [Spool(record(2))]
    assert relay.on_record(record(3), delivery(3), 1.002) == [Spool(record(3))]
    assert relay.on_tick(1.011) == [SyncSpool()]
    assert relay.on_synced(1.011) == [AckMqtt(delivery(2)), AckMqtt(delivery(3))]


def test_too_many_unanswered_records_change_the_way_like_a_stall() -> None:
    relay = connected(LIMITS._replace(in_flight=1))
    relay.on_record(record(1), delivery(1), 0.0)
    assert relay.on_record(record(2), delivery(2), 0.0) == [Spool(record(1)), Spool(record(2)), SyncSpool()]


def test_at_the_end_what_kafka_has_not_answered_for_is_put_on_disk() -> None:
    relay = connected()
    relay.on_record(record(1), delivery(1), 0.0)
    assert relay.on_stop(0.1) == [Spool(record(1)), SyncSpool()]
    assert relay.on_synced(0.1) == [AckMqtt(delivery(1)), Claim(1)]
    assert relay.on_tick(99.0) == []


def test_a_spool_that_has_less_than_it_said_does_not_hold_the_relay_up() -> None:
    relay = connected(spooled=5)
    assert relay.on_tick(0.0) == [TakeBatch(2)]
    assert relay.on_batch([], 0.0) == []
    expected: list[Action] = [Produce(1, record(1))]
    assert relay.on_record(record(1), delivery(1), 0.1) == expected
