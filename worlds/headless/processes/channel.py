"""A lock-step message channel between the simulation and one controller.

Messages are tuples of plain values, written with `marshal` (both ends are the same interpreter) behind a length.
"""

from __future__ import annotations

import marshal
import select
import socket
import struct
from typing import Any

_HEAD = struct.Struct("<I")
_CHUNK = 1 << 18


class ChannelClosed(Exception):
    """The other end is gone."""


class Channel:
    """Whole messages over a stream socket."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self._buffer = bytearray()
        if sock.family != getattr(socket, "AF_UNIX", None):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, message: Any) -> None:
        """Send one message; ChannelClosed when nobody reads any more."""
        body = marshal.dumps(message)
        try:
            self._socket.sendall(_HEAD.pack(len(body)) + body)
        except OSError:
            raise ChannelClosed from None

    def ready(self, timeout: float) -> bool:
        """True when something arrives within `timeout` s (a message, or the news that the other end is gone)."""
        if self._complete():
            return True
        return bool(select.select([self._socket], [], [], timeout)[0])

    def receive(self) -> Any:
        """Wait for one message; ChannelClosed when the other end is gone."""
        while not self._complete():
            try:
                piece = self._socket.recv(_CHUNK)
            except OSError:
                raise ChannelClosed from None
            if not piece:
                raise ChannelClosed
            self._buffer += piece
        end = _HEAD.size + _HEAD.unpack_from(self._buffer)[0]
        message = marshal.loads(memoryview(self._buffer)[_HEAD.size : end].tobytes())
        del self._buffer[:end]
        return message

    def _complete(self) -> bool:
        held = len(self._buffer)
        return held >= _HEAD.size and held >= _HEAD.size + int(_HEAD.unpack_from(self._buffer)[0])

    def close(self) -> None:
        self._socket.close()
