"""SockJS framing."""

import json

import pytest

from cloud.gateway import sockjs_frames


def test_messages_are_packed_as_an_array_with_unsafe_characters_escaped() -> None:
    packed = sockjs_frames.pack("SEND\n한\u200d\u2028\x00".encode())
    assert packed.startswith("a[")
    assert "\u200d" not in packed
    assert "\u2028" not in packed
    assert json.loads(packed[1:]) == ["SEND\n한\u200d\u2028\x00"]


def test_clients_send_an_array_or_one_string() -> None:
    assert sockjs_frames.unpack('["a","b"]') == ["a", "b"]
    assert sockjs_frames.unpack('"a"') == ["a"]
    assert sockjs_frames.unpack("") == []


@pytest.mark.parametrize(("text", "said"), [('["a', "Broken JSON"), ("[1]", "Payload expected"), ("{}", "Payload")])
def test_anything_else_is_refused(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        sockjs_frames.unpack(text)
