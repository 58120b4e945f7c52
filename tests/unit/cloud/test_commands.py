"""Commands: completed where the sender left things out, refused in words where they are wrong."""

import json

import pytest

from cloud.commands import complete
from cloud.errors import Refused
from coach_core.contracts import HintCommand

NOW_US = 1_800_000_000_000_000


def refusal(body: bytes) -> str:
    with pytest.raises(Refused) as caught:
        complete(body, "car-1", NOW_US, 4.0)
    assert caught.value.code == "invalid_command"
    return caught.value.detail


def test_ids_and_times_are_filled_in() -> None:
    command = complete(b'{"action": {"kind": "hint", "text": "hi"}}', "car-1", NOW_US, 4.0)
    assert command.vehicle_id == "car-1"
    assert command.action == HintCommand("hi")
    assert (command.issued_at, command.expires_at) == (NOW_US, NOW_US + 4_000_000)
    assert command.sender == "instructor"
    assert len(command.command_id) == 36


def test_what_the_sender_says_is_kept_but_times_follow_the_servers_clock() -> None:
    given = {"command_id": "c-1", "sender": "Kim", "issued_at": 5, "expires_at": 2_000_005, "action": {"kind": "retry"}}
    command = complete(json.dumps(given).encode(), "car-1", NOW_US, 4.0)
    assert (command.command_id, command.sender) == ("c-1", "Kim")
    assert (command.issued_at, command.expires_at) == (NOW_US, NOW_US + 2_000_000)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"{", "not JSON"),
        (b"[]", "not a JSON object"),
        (b"{}", "missing required field `action`"),
        (b'{"action": {"kind": "dance"}}', "dance"),
        (b'{"action": {"kind": "hint", "text": ""}}', "length >= 1"),
        (b'{"vehicle_id": "car-2", "action": {"kind": "retry"}}', "'car-2'"),
        (b'{"issued_at": 5, "expires_at": 5, "action": {"kind": "retry"}}', "expires_at"),
        (b'{"issued_at": 5, "expires_at": 99000000, "action": {"kind": "retry"}}', "60 s"),
    ],
)
def test_a_wrong_command_is_refused_with_the_reason(body: bytes, said: str) -> None:
    assert said in refusal(body)
