"""A lock-step message channel between the simulation and one controller.

Messages are tuples of plain values, written with `marshal` (both ends are the same interpreter) behind a length.
"""

from __future__ import annotations

import marshal
import select
import socket
import struct
import sys
from typing import Any

_HEAD = struct.Struct("<I")
_CHUNK = 1 << 14
"""Of a read: far more than a step's message, and small enough for the allocator to keep at hand. A larger buffer is
mapped and unmapped by the kernel at every read, which costs more than all else of a step together."""
_LINUX = sys.platform == "linux"


class ChannelClosed(Exception):
    """The other end is gone."""


class Channel:
    """Whole messages over a stream socket."""

    def __init__(self, sock: socket.socket, patience: float | None = None) -> None:
        """patience: `receive` gives up after so long [s]; None: never."""
        self._socket = sock
        self._buffer = bytearray()
        self._patience = patience
        if sock.family != getattr(socket, "AF_UNIX", None):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if patience is not None and _LINUX:
            # the kernel keeps the time: asking it first whether there is something would double the calls of a step
            seconds = int(patience)
            limit = struct.pack("@ll", seconds, round(1e6 * (patience - seconds)))
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)

    def send(self, message: Any) -> None:
        """Send one message; ChannelClosed when nobody reads any more."""
        body = marshal.dumps(message)
        try:
            self._socket.sendall(_HEAD.pack(len(body)) + body)
        except OSError:
            raise ChannelClosed from None

    def receive(self) -> Any:
        """Wait for one message; TimeoutError when patience is over, ChannelClosed when the other end is gone."""
        if not self._buffer:
            piece = self._read()
            if len(piece) >= _HEAD.size and len(piece) - _HEAD.size == _HEAD.unpack_from(piece)[0]:
                return marshal.loads(memoryview(piece)[_HEAD.size :])  # as nearly always: one message, and whole
            self._buffer += piece
        while not self._complete():
            self._buffer += self._read()
        end = _HEAD.size + _HEAD.unpack_from(self._buffer)[0]
        message = marshal.loads(memoryview(self._buffer)[_HEAD.size : end].tobytes())
        del self._buffer[:end]
        return message

    def _read(self) -> bytes:
        try:
            if self._patience is not None and not _LINUX:
                self._look(self._patience)
            piece = self._socket.recv(_CHUNK)
        except BlockingIOError:
            raise TimeoutError from None
        except TimeoutError:
            raise
        except OSError:
            raise ChannelClosed from None
        if not piece:
            raise ChannelClosed
        return piece

    def _look(self, seconds: float) -> None:
        if not select.select([self._socket], [], [], seconds)[0]:
            raise TimeoutError

    def _complete(self) -> bool:
        held = len(self._buffer)
        return held >= _HEAD.size and held >= _HEAD.size + int(_HEAD.unpack_from(self._buffer)[0])

    def close(self) -> None:
        self._socket.close()
