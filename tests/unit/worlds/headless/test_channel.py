"""Messages between the simulation and a controller, over a socket that may tear and join them."""

from __future__ import annotations

import marshal
import socket
import struct
import threading
from collections.abc import Iterator

import pytest

from worlds.headless.processes.channel import Channel, ChannelClosed


def on_the_wire(message: object) -> bytes:
    body = marshal.dumps(message)
    return struct.pack("<I", len(body)) + body


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


Ends = tuple[socket.socket, socket.socket]


def test_a_message_arrives_as_it_was_sent(ends: Ends) -> None:
    ours, theirs = ends
    sender, receiver = Channel(ours), Channel(theirs, patience=30.0)
    message = ("step", [("car", 0.1, -0.1, 0, 2.5, 0.0)], 10)
    sender.send(message)
    assert receiver.receive() == message


def test_torn_and_joined_messages_are_told_apart(ends: Ends) -> None:
    raw, theirs = ends
    receiver = Channel(theirs, patience=0.01)
    bytes_ = on_the_wire("first") + on_the_wire(["second"]) + on_the_wire(3)
    raw.sendall(bytes_[:2])
    with pytest.raises(TimeoutError):
        receiver.receive()  # not even a length yet
    raw.sendall(bytes_[2:-1])
    assert receiver.receive() == "first"
    assert receiver.receive() == ["second"]
    with pytest.raises(TimeoutError):
        receiver.receive()
    raw.sendall(bytes_[-1:])
    assert receiver.receive() == 3


def test_a_message_larger_than_any_read_is_put_together(ends: Ends) -> None:
    ours, theirs = ends
    sender, receiver = Channel(ours), Channel(theirs, patience=30.0)
    message = ("display", bytes(range(256)) * 4096)
    writing = threading.Thread(target=sender.send, args=(message,))
    writing.start()
    assert receiver.receive() == message
    writing.join()


def test_an_end_that_is_gone_is_said_on_both_ways(ends: Ends) -> None:
    ours, theirs = ends
    channel = Channel(ours, patience=30.0)
    theirs.sendall(on_the_wire("last words")[:6])
    theirs.close()
    with pytest.raises(ChannelClosed):
        channel.receive()
    with pytest.raises(ChannelClosed):
        channel.send("anybody?")
