"""A client's conversation: bytes and clock readings in, events and bytes out; no socket, no sleep."""

import math

import pytest

from cloud.gateway.session import HeartBeat, Sent, SessionLimits, StompSession, Subscribed, Unsubscribed
from cloud.gateway.stomp import SERVER_COMMANDS, Frame, FrameReader

CONNECT = b"CONNECT\naccept-version:1.1,1.2\nhost:parkit\nheart-beat:%b\n\n\x00"


def session(beat: bytes = b"0,0", *, connected: bool = True, limits: SessionLimits | None = None) -> StompSession:
    made = StompSession(session_id="abc", now=0.0, limits=limits, heart_beat=HeartBeat(10_000, 10_000, 2.0))
    if connected:
        assert made.receive(CONNECT % beat, 0.0) == []
        assert [frame.command for frame in said(made)] == ["CONNECTED"]
    return made


def said(conversation: StompSession) -> list[Frame]:
    reader = FrameReader(commands=SERVER_COMMANDS)
    reader.receive(b"".join(conversation.data_to_send()))
    return [item for item in reader.frames() if isinstance(item, Frame)]


def error_of(conversation: StompSession) -> str:
    (frame,) = said(conversation)
    assert frame.command == "ERROR"
    assert conversation.closed
    return frame.headers["message"]


def test_connect_settles_the_newest_common_version() -> None:
    conversation = session(connected=False)
    conversation.receive(CONNECT % b"0,0", 0.0)
    (connected,) = said(conversation)
    assert connected.headers["version"] == "1.2"
    assert connected.headers["session"] == "abc"


def test_a_1_1_client_is_served_with_its_own_escapes() -> None:
    conversation = session(connected=False)
    # behind CONNECT in the same bytes: the version must hold for it already
    data = b"CONNECT\naccept-version:1.1\nhost:x\n\n\x00SUBSCRIBE\nid:0\ndestination:/a\\rb\n\n\x00"
    assert conversation.receive(data, 0.0) == []
    connected, error = said(conversation)
    assert connected.headers["version"] == "1.1"
    assert error.headers["message"] == "bad_escape"


def test_a_client_of_stomp_1_0_alone_is_refused() -> None:
    conversation = session(connected=False)
    conversation.receive(b"CONNECT\n\n\x00", 0.0)
    assert error_of(conversation) == "version"


def test_nothing_is_done_before_connect() -> None:
    conversation = session(connected=False)
    assert conversation.receive(b"SUBSCRIBE\nid:0\ndestination:/t\n\n\x00", 0.0) == []
    assert error_of(conversation) == "not_connected"


def test_a_client_that_never_connects_is_dropped() -> None:
    conversation = session(connected=False)
    assert conversation.next_deadline() == 10.0
    conversation.tick(10.0)
    assert error_of(conversation) == "connect_timeout"


def test_subscribe_and_unsubscribe_are_told_with_their_headers_and_receipted() -> None:
    conversation = session()
    events = conversation.receive(
        b"SUBSCRIBE\nid:7\ndestination:/topic/x\nrate:max\nreceipt:r1\n\n\x00UNSUBSCRIBE\nid:7\n\n\x00", 1.0
    )
    assert events == [
        Subscribed("7", "/topic/x", {"id": "7", "destination": "/topic/x", "rate": "max", "receipt": "r1"}),
        Unsubscribed("7"),
    ]
    assert [(frame.command, frame.headers["receipt-id"]) for frame in said(conversation)] == [("RECEIPT", "r1")]


def test_a_send_is_receipted_only_by_whoever_handles_it() -> None:
    conversation = session()
    (event,) = conversation.receive(b"SEND\ndestination:/app/x\nreceipt:r2\n\nbody\x00", 1.0)
    assert isinstance(event, Sent)
    assert (event.destination, event.body, event.receipt) == ("/app/x", b"body", "r2")
    assert said(conversation) == []
    conversation.receipt("r2")
    assert said(conversation)[0].headers["receipt-id"] == "r2"


def test_sends_of_a_transaction_come_with_its_commit_and_not_with_its_abort() -> None:
    conversation = session()
    send = b"SEND\ndestination:/app/x\ntransaction:%b\n\n%b\x00"
    assert conversation.receive(b"BEGIN\ntransaction:a\n\n\x00BEGIN\ntransaction:b\n\n\x00", 1.0) == []
    assert conversation.receive(send % (b"a", b"1") + send % (b"b", b"2") + send % (b"a", b"3"), 1.0) == []
    assert conversation.receive(b"ABORT\ntransaction:b\n\n\x00", 1.0) == []
    events = conversation.receive(b"COMMIT\ntransaction:a\n\n\x00", 1.0)
    assert [event.body for event in events if isinstance(event, Sent)] == [b"1", b"3"]


def test_open_transactions_are_bounded() -> None:
    conversation = session(limits=SessionLimits(transaction_bytes=100))
    conversation.receive(b"BEGIN\ntransaction:a\n\n\x00", 1.0)
    conversation.receive(b"SEND\ndestination:/app/x\ntransaction:a\n\n" + b"x" * 200 + b"\x00", 1.0)
    assert error_of(conversation) == "too_large"


def test_disconnect_is_receipted_and_ends_the_conversation() -> None:
    conversation = session()
    assert conversation.receive(b"DISCONNECT\nreceipt:bye\n\n\x00SEND\ndestination:/app/x\n\n\x00", 1.0) == []
    assert said(conversation)[0].headers["receipt-id"] == "bye"
    assert conversation.closed
    assert conversation.error is None


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"CONNECT\naccept-version:1.2\n\n\x00", "already_connected"),
        (b"SUBSCRIBE\ndestination:/t\n\n\x00", "missing_header"),
        (b"SUBSCRIBE\nid:0\n\n\x00", "missing_header"),
        (b"SUBSCRIBE\nid:0\ndestination:/t\nack:maybe\n\n\x00", "bad_ack"),
        (b"UNSUBSCRIBE\nid:0\n\n\x00", "unknown_subscription"),
        (b"SEND\n\n\x00", "missing_header"),
        (b"SEND\ndestination:/a\ntransaction:t\n\n\x00", "unknown_transaction"),
        (b"COMMIT\ntransaction:t\n\n\x00", "unknown_transaction"),
        (b"ACK\n\n\x00", "missing_header"),
    ],
)
def test_a_breach_is_answered_with_an_error_naming_the_receipt(data: bytes, why: str) -> None:
    conversation = session()
    conversation.receive(data.replace(b"\n\n\x00", b"\nreceipt:q\n\n\x00", 1), 1.0)
    (frame,) = said(conversation)
    assert (frame.command, frame.headers["message"], frame.headers["receipt-id"]) == ("ERROR", why, "q")
    assert conversation.closed


def test_a_subscription_id_cannot_be_used_twice() -> None:
    conversation = session()
    conversation.receive(b"SUBSCRIBE\nid:0\ndestination:/t\n\n\x00" * 2, 1.0)
    assert error_of(conversation) == "duplicate_subscription"


def test_subscriptions_are_bounded() -> None:
    conversation = session(limits=SessionLimits(subscriptions=3))
    for number in range(4):
        conversation.receive(b"SUBSCRIBE\nid:%d\ndestination:/t\n\n\x00" % number, 1.0)
    assert error_of(conversation) == "too_many_subscriptions"


def test_heartbeats_are_sent_in_time_and_postponed_by_other_messages() -> None:
    conversation = session(b"0,4000")
    assert conversation.next_deadline() == 5.0, "we offer 10 s at most, and are twice as early as agreed"
    conversation.sent(3.0)
    conversation.tick(5.0)
    assert conversation.data_to_send() == []
    conversation.tick(8.0)
    assert conversation.data_to_send() == [b"\n"]
    assert conversation.next_deadline() == 13.0


def test_a_client_that_falls_silent_is_dropped_after_two_intervals() -> None:
    conversation = session(b"10000,0")
    conversation.receive(b"\n", 5.0)
    conversation.tick(24.9)
    assert not conversation.closed
    conversation.tick(25.0)
    assert error_of(conversation) == "heartbeat_timeout"


def test_without_heartbeats_nothing_is_ever_due() -> None:
    assert session(b"0,0").next_deadline() == math.inf
