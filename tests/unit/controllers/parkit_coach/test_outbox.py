"""Messages on the car's disk: nothing lost, nothing reordered, whatever dies when."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controllers.parkit_coach.outbox import FLUSH_EVERY, Message, Outbox


class Car:
    """A process with an outbox: it can end in order, or crash, and start again on what is on the disk."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.outbox = Outbox(path)
        self.made = 0

    def make(self, count: int) -> None:
        for _ in range(count):
            self.outbox.add("t/a", f'{{"n":{self.made}}}'.encode())
            self.made += 1

    def take_all(self) -> list[Message]:
        messages = []
        while (message := self.outbox.take()) is not None:
            messages.append(message)
        return messages

    def restart(self) -> None:
        self.outbox.close()
        self.outbox = Outbox(self.path)

    def crash(self) -> None:
        left = {path: path.read_bytes() for path in self.path.parent.iterdir()}
        self.outbox.close()  # only to give the file handle back
        for path in self.path.parent.iterdir():
            path.unlink()
        for path, content in left.items():
            path.write_bytes(content)
        self.outbox = Outbox(self.path)


@pytest.fixture
def car(tmp_path: Path) -> Iterator[Car]:
    car = Car(tmp_path / "car-1" / "s-1.outbox")
    yield car
    car.outbox.close()


def numbers(messages: list[Message]) -> list[int]:
    return [int(message.payload[5:-1]) for message in messages]


def test_messages_come_out_in_order_and_once(car: Car) -> None:
    car.make(3)
    assert numbers(car.take_all()) == [0, 1, 2]
    assert car.outbox.take() is None
    assert len(car.outbox) == 3


def test_topic_and_payload_come_back_as_they_were(car: Car) -> None:
    payload = '{"말":"천천히\\t"}'.encode()
    car.outbox.add("parkit/v1/car-1/frames", payload)
    car.crash()
    assert car.outbox.take() == Message(0, "parkit/v1/car-1/frames", payload)


def test_what_was_not_acknowledged_is_sent_again_after_a_crash_in_order(car: Car) -> None:
    car.make(10)
    for message in car.take_all()[:4]:
        car.outbox.acknowledge(message)
    car.crash()
    again = numbers(car.take_all())
    assert again[-6:] == [4, 5, 6, 7, 8, 9]
    assert again == sorted(again)


def test_acknowledged_ones_are_remembered_now_and_then(car: Car) -> None:
    car.make(FLUSH_EVERY + 10)
    for message in car.take_all()[:FLUSH_EVERY]:
        car.outbox.acknowledge(message)
    car.crash()
    assert numbers(car.take_all()) == list(range(FLUSH_EVERY, FLUSH_EVERY + 10))


def test_closing_remembers_exactly_and_the_next_start_goes_on_from_there(car: Car) -> None:
    car.make(4)
    sent = car.take_all()
    car.outbox.acknowledge(sent[0])
    car.outbox.acknowledge(sent[2])  # 1 is still under way
    car.restart()
    assert numbers(car.take_all()) == [1, 2, 3]


def test_outbox_with_everything_acknowledged_leaves_no_file(car: Car) -> None:
    car.make(2)
    for message in car.take_all():
        car.outbox.acknowledge(message)
    car.outbox.close()
    assert list(car.path.parent.iterdir()) == []


@pytest.mark.parametrize("torn", [1, 5, 11])
def test_line_torn_by_a_crash_is_dropped_and_what_follows_it_is_not(car: Car, torn: int) -> None:
    car.make(3)
    car.outbox.close()
    car.path.write_bytes(car.path.read_bytes()[:-torn])
    car.outbox = Outbox(car.path)
    car.make(1)
    assert numbers(car.take_all()) == [0, 1, 3]
    car.crash()
    assert numbers(car.take_all()) == [0, 1, 3]


def test_counter_torn_by_a_crash_only_sends_more_again(car: Car) -> None:
    car.make(2)
    car.outbox.acknowledge(car.take_all()[0])
    car.outbox.close()
    car.path.with_suffix(".acked").write_text("")
    car.outbox = Outbox(car.path)
    assert numbers(car.take_all()) == [0, 1]


@settings(max_examples=30, deadline=None)
@given(steps=st.lists(st.sampled_from(["make", "send", "ack", "crash", "restart"]), max_size=60))
def test_whatever_happens_every_message_not_acknowledged_is_still_there_in_order(steps: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        car, under_way, acknowledged = Car(Path(folder) / "s.outbox"), list[Message](), set[int]()
        for step in steps:
            if step == "make":
                car.make(1)
            elif step == "send" and (message := car.outbox.take()) is not None:
                under_way.append(message)
            elif step == "ack" and under_way:
                message = under_way.pop(0)
                car.outbox.acknowledge(message)
                acknowledged.update(numbers([message]))
            elif step in ("crash", "restart"):
                getattr(car, step)()
                under_way = []
        car.crash()
        left = numbers(car.take_all())
        car.outbox.close()
    assert left == sorted(left)
    assert set(range(car.made)) - acknowledged <= set(left)
