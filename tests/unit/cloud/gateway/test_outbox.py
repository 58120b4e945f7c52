"""What waits for a client: thinned by rate, in order, and bounded however slow the client is."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.gateway.outbox import EVERY, EVERY_DEPTH, Outbox, parse_rate
from cloud.gateway.stomp import SERVER_COMMANDS, Frame, FrameReader


def outbox(rate_hz: float, kept_bytes: int = 10_000) -> Outbox:
    box = Outbox(kept_bytes=kept_bytes)
    box.open("s", "/topic/t", rate_hz=rate_hz, version="1.2")
    return box


def put(box: Outbox, *bodies: bytes) -> None:
    """Bodies in capitals must be kept."""
    for body in bodies:
        box.offer("s", body, keep=body.isupper(), merge=lambda old, new: old + b"+" + new)


def taken(box: Outbox, now: float) -> list[bytes]:
    reader = FrameReader(commands=SERVER_COMMANDS)
    reader.receive(b"".join(box.take(now, 42)))
    return [frame.body for frame in reader.frames() if isinstance(frame, Frame)]


def test_a_message_frame_says_where_it_belongs_and_when_it_was_sent() -> None:
    box = outbox(EVERY)
    box.offer("s", b"{}", keep=False)
    reader = FrameReader(commands=SERVER_COMMANDS)
    reader.receive(b"".join(box.take(0.0, 1_234_567)))
    assert list(reader.frames()) == [
        Frame(
            "MESSAGE",
            {
                "subscription": "s",
                "destination": "/topic/t",
                "content-type": "application/json",
                "message-id": "1",
                "server-sent-us": "1234567",
                "content-length": "2",
            },
            b"{}",
        )
    ]


def test_the_newest_of_waiting_messages_wins_and_takes_over_what_the_older_said() -> None:
    box = outbox(10.0)
    put(box, b"a")
    assert taken(box, 0.0) == [b"a"]
    put(box, b"b", b"c", b"d")
    assert taken(box, 0.04) == []
    assert taken(box, 0.06) == [b"b+c+d"]
    assert box.count_dropped() == 2
    assert box.count_dropped() == 0


def test_a_kept_message_goes_at_once_and_nothing_older_after_it() -> None:
    box = outbox(1.0)
    put(box, b"a")
    assert taken(box, 0.0) == [b"a"]
    put(box, b"b", b"LEVEL", b"CUE", b"c")
    assert box.next_due(0.1) == 0.1
    assert taken(box, 0.1) == [b"b+LEVEL", b"CUE"]
    assert taken(box, 0.49) == []
    assert taken(box, 0.5) == [b"c"]


def test_at_rate_max_every_message_is_sent_in_order() -> None:
    box = outbox(EVERY)
    put(box, b"a", b"B", b"c", b"d")
    assert taken(box, 0.0) == [b"a", b"B", b"c", b"d"]
    assert box.count_dropped() == 0
    assert box.next_due(1.0) == math.inf


def test_a_client_that_does_not_read_at_rate_max_gets_the_newest_later() -> None:
    box = outbox(EVERY)
    for number in range(EVERY_DEPTH + 10):
        box.offer("s", b"%d" % number, keep=False)
    assert taken(box, 0.0) == [b"%d" % number for number in range(10, EVERY_DEPTH + 10)]
    assert box.count_dropped() == 10


def test_more_kept_messages_than_the_bound_allows_overflow_instead_of_growing() -> None:
    box = outbox(10.0, kept_bytes=100)
    for _ in range(1000):
        put(box, b"ABCDEFGHIJ")
    assert box.overflowed
    assert sum(map(len, taken(box, 0.0))) <= 110


@given(
    st.lists(st.tuples(st.integers(0, 300), st.booleans()), max_size=300),
    st.sampled_from([5.0, 20.0, 50.0]),
)
def test_a_lane_sends_no_faster_than_its_rate_and_ends_with_the_newest(
    offers: list[tuple[int, bool]], rate_hz: float
) -> None:
    box = outbox(rate_hz)
    sent: list[float] = []
    now = 0.0
    newest = b""
    for pause_ms, read in offers:
        now += pause_ms / 1000.0
        newest = b"%d" % round(now * 1000)
        box.offer("s", newest, keep=False)
        if read:
            sent += [now] * len(taken(box, now))
    period = 1.0 / rate_hz
    for i, first in enumerate(sent):
        for j in range(i + 1, len(sent)):
            # half a period of slack for jitter, never more in the long run
            assert sent[j] - first >= (j - i - 0.5) * period - 1e-9
    due = box.next_due(now)
    if due < math.inf:
        assert taken(box, max(due, now)) == [newest]


def test_a_source_at_the_lanes_rate_with_jitter_loses_nothing() -> None:
    box = outbox(20.0)
    got = []
    for number in range(200):
        now = number * 0.05 + (0.02 if number % 2 else 0.0)
        box.offer("s", b"%d" % number, keep=False)
        got += taken(box, now)
    assert len(got) == 200


def test_what_is_sent_to_a_closed_subscription_is_forgotten() -> None:
    box = outbox(EVERY)
    put(box, b"A")
    box.close("s")
    put(box, b"B")
    assert taken(box, 0.0) == []
    assert not box.overflowed


@pytest.mark.parametrize(("text", "rate"), [(None, 20.0), ("max", math.inf), ("5", 5.0), ("0.5", 0.5)])
def test_rates_are_read(text: str | None, rate: float) -> None:
    assert parse_rate(text) == rate


@pytest.mark.parametrize("text", ["", "fast", "0", "-3", "nan", "inf", "1e9"])
def test_a_rate_that_is_none_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match="neither 'max' nor a number of Hz"):
        parse_rate(text)
