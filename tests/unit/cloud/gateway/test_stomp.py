"""The STOMP codec: what it reads, what it refuses, and that it bounds what a peer may send."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.gateway.stomp import (
    CLIENT_COMMANDS,
    SERVER_COMMANDS,
    Frame,
    FrameReader,
    Heartbeat,
    Limits,
    StompError,
    encode_frame,
    escape,
    unescape,
)


def read(data: bytes, **limits: int) -> list[Frame | Heartbeat]:
    reader = FrameReader(Limits(**limits), commands=CLIENT_COMMANDS | SERVER_COMMANDS)
    reader.receive(data)
    return list(reader.frames())


def only(data: bytes) -> Frame:
    (item,) = read(data)
    assert isinstance(item, Frame)
    return item


def reason(data: bytes, **limits: int) -> str:
    with pytest.raises(StompError) as caught:
        read(data, **limits)
    return caught.value.reason


def test_a_frame_is_read_with_its_headers_and_body() -> None:
    frame = only(b"SEND\ndestination:/app/ping\n\nhello\x00")
    assert frame == Frame("SEND", {"destination": "/app/ping"}, b"hello")


def test_lines_may_end_with_cr_lf_even_mixed() -> None:
    assert only(b"SEND\r\ndestination:/a\nx:1\r\n\r\nhi\x00") == Frame("SEND", {"destination": "/a", "x": "1"}, b"hi")
    assert only(b"SEND\ndestination:/a\r\n\nhi\x00").body == b"hi"


def test_content_length_lets_a_body_hold_nul() -> None:
    assert only(b"SEND\ndestination:/a\ncontent-length:3\n\na\x00b\x00").body == b"a\x00b"


def test_of_a_repeated_header_the_first_counts() -> None:
    assert only(b"SEND\ndestination:/a\ndestination:/b\n\n\x00").headers["destination"] == "/a"


def test_spaces_in_headers_are_kept() -> None:
    assert only(b"SEND\ndestination: /a \n\n\x00").headers["destination"] == " /a "


def test_escapes_are_undone() -> None:
    assert only(b"SEND\ndestination:a\\cb\\nc\\rd\\\\e\n\n\x00").headers["destination"] == "a:b\nc\rd\\e"


def test_connect_is_read_without_escapes() -> None:
    assert only(b"CONNECT\nlogin:a\\cb:c\n\n\x00").headers["login"] == "a\\cb:c"


def test_eols_between_frames_are_heartbeats() -> None:
    items = read(b"\n\r\nDISCONNECT\n\n\x00\n")
    assert [type(item).__name__ for item in items] == ["Heartbeat", "Heartbeat", "Frame", "Heartbeat"]


@given(st.data())
def test_frames_are_read_alike_however_the_bytes_are_cut(data: st.DataObject) -> None:
    whole = (
        encode_frame("SEND", [("destination", "/a:b\n"), ("x", "ä")], b"a\x00b")
        + b"\n"
        + b"SUBSCRIBE\r\nid:0\r\ndestination:/t\r\n\r\n\x00"
    )
    reader = FrameReader()
    found: list[Frame | Heartbeat] = []
    rest = whole
    while rest:
        size = data.draw(st.integers(1, len(rest)))
        reader.receive(rest[:size])
        found += reader.frames()
        rest = rest[size:]
    assert [item for item in found if isinstance(item, Frame)] == [
        Frame("SEND", {"destination": "/a:b\n", "x": "ä", "content-length": "3"}, b"a\x00b"),
        Frame("SUBSCRIBE", {"id": "0", "destination": "/t"}),
    ]


@given(st.text(), st.sampled_from(["1.1", "1.2"]))
def test_what_is_escaped_is_unescaped_again(text: str, version: str) -> None:
    assert version in ("1.1", "1.2")
    known = "1.2" if version == "1.2" else "1.1"
    assert unescape(escape(text, known), known) == text  # type: ignore[arg-type]


def test_cr_is_no_escape_in_stomp_1_1() -> None:
    with pytest.raises(StompError, match=r"undefined escape '\\r'"):
        unescape("a\\rb", "1.1")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"HELLO\n\n\x00", "unknown_command"),
        (b"send\ndestination:/a\n\n\x00", "unknown_command"),
        (b"SEND\nno colon\n\n\x00", "bad_header"),
        (b"SEND\n:value\n\n\x00", "bad_header"),
        (b"SEND\ndestination:a\\tb\n\n\x00", "bad_escape"),
        (b"SEND\ndestination:a\\\n\n\x00", "bad_escape"),
        (b"SEND\ndestination:a:b\n\n\x00", "bad_escape"),
        (b"SEND\ndestination:\xff\n\n\x00", "not_utf8"),
        (b"SEND\x00", "malformed"),
        (b"SEND\ndestination:a\x00b\n\n\x00", "malformed"),
        (b"SEND\ncontent-length:x\n\n\x00", "bad_content_length"),
        (b"SEND\ncontent-length:-1\n\n\x00", "bad_content_length"),
        (b"SEND\ncontent-length:2\n\nabc\x00", "bad_content_length"),
        (b"SUBSCRIBE\nid:1\ndestination:/t\n\nbody\x00", "unexpected_body"),
    ],
)
def test_what_breaks_the_protocol_is_refused_with_its_reason(data: bytes, why: str) -> None:
    assert reason(data) == why


def test_a_body_above_the_limit_is_refused_before_it_has_come() -> None:
    assert reason(b"SEND\ndestination:/a\ncontent-length:9999999\n\n", body=100) == "too_large"
    assert reason(b"SEND\ndestination:/a\n\n" + b"x" * 101, body=100) == "too_large"


def test_headers_above_the_limits_are_refused() -> None:
    assert reason(b"SEND\n" + b"a:b\n" * 70 + b"\n\x00") == "too_large"
    assert reason(b"SEND\na:" + b"x" * 5000 + b"\n\n\x00") == "too_large"
    assert reason(b"SEND\na:" + b"x" * 20_000) == "too_large"


@given(st.binary(max_size=200))
def test_no_bytes_bring_the_reader_down(data: bytes) -> None:
    reader = FrameReader()
    reader.receive(data)
    with contextlib.suppress(StompError):
        list(reader.frames())
