"""The way down, by comparing steps: when a command is published, and when its offset is committed."""

from __future__ import annotations

from coach_core.contracts import CoachCommand, DeadLetter, HintCommand, decode, encode
from edge_relay.commands import Bury, CommandFlow, Commit, Place, Publish


def place(offset: int, partition: int = 0) -> Place:
    return Place("coach-commands", partition, offset)


def command(vehicle: str = "car-1") -> bytes:
    return encode(CoachCommand(1, vehicle, "c-1", 10, 20, "teacher", HintCommand("왼쪽으로")))


def test_a_command_goes_to_its_car_as_it_came() -> None:
    flow = CommandFlow()
    payload = command("car-7")
    assert flow.on_command(place(3), payload, 0) == [Publish(place(3), "parkit/v1/car-7/commands", payload)]


def test_an_offset_is_committed_when_mqtt_has_the_command() -> None:
    flow = CommandFlow()
    flow.on_command(place(3), command(), 0)
    assert flow.on_published(place(3)) == [Commit(place(4))]
    assert flow.under_way == 0


def test_an_offset_waits_for_those_before_it() -> None:
    flow = CommandFlow()
    for offset in (3, 4, 5):
        flow.on_command(place(offset), command(), 0)
    assert flow.on_published(place(4)) == []
    assert flow.on_published(place(3)) == [Commit(place(5))]
    assert flow.on_published(place(5)) == [Commit(place(6))]


def test_partitions_do_not_wait_for_each_other() -> None:
    flow = CommandFlow()
    flow.on_command(place(3, partition=0), command(), 0)
    flow.on_command(place(8, partition=1), command(), 0)
    assert flow.on_published(place(8, partition=1)) == [Commit(place(9, partition=1))]


def test_a_command_that_cannot_be_read_is_buried_and_not_waited_for() -> None:
    flow = CommandFlow()
    bury, commit = flow.on_command(place(3, partition=2), b"hello", 99)
    assert isinstance(bury, Bury)
    letter = decode(bury.record.value, DeadLetter)
    assert (letter.source, letter.reason, letter.timestamp) == ("coach-commands/2/3", "not_json", 99)
    assert commit == Commit(place(4, partition=2))
