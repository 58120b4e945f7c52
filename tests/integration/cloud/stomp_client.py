"""A STOMP client for tests: the `websockets` library and our reader turned round."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import pytest
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from cloud.gateway.stomp import SERVER_COMMANDS, Frame, FrameReader, Limits, encode_frame


class StompClient:
    """Connected inside its context."""

    def __init__(self, url: str, **headers: str) -> None:
        self._socket = connect(url, subprotocols=[Subprotocol("v12.stomp")], compression=None, max_size=None)
        self._reader = FrameReader(Limits(body=10_000_000), commands=SERVER_COMMANDS)
        self._frames: list[Frame] = []
        self.subprotocol = self._socket.subprotocol
        self.send("CONNECT", b"", host="parkit", **{"accept-version": "1.2", **headers})
        assert self.next().command == "CONNECTED"

    @property
    def socket(self) -> Any:
        return self._socket

    def send(self, command: str, content: bytes = b"", /, **headers: str) -> None:
        self._socket.send(encode_frame(command, headers.items(), content).decode())

    def subscribe(self, destination: str, number: str = "0", **headers: str) -> None:
        """Returns once the server has confirmed."""
        self.send("SUBSCRIBE", b"", id=number, destination=destination, receipt=f"sub-{number}", **headers)
        self.until(lambda frame: frame.headers.get("receipt-id") == f"sub-{number}")

    def next(self, timeout_s: float = 10.0) -> Frame:
        """The next frame of any kind."""
        deadline = time.monotonic() + timeout_s
        while not self._frames:
            data = self._socket.recv(timeout=max(0.0, deadline - time.monotonic()))
            self._reader.receive(data.encode() if isinstance(data, str) else data)
            self._frames += [item for item in self._reader.frames() if isinstance(item, Frame)]
        return self._frames.pop(0)

    def until(self, wanted: Callable[[Frame], bool], timeout_s: float = 10.0) -> Frame:
        """The next frame that is wanted; others are left out."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            frame = self.next(deadline - time.monotonic())
            if wanted(frame):
                return frame
        pytest.fail("the wanted frame did not come")

    def bodies(self, destination: str, count: int) -> list[Any]:
        """The next messages of a destination."""
        return [
            json.loads(self.until(lambda frame: frame.headers.get("destination") == destination).body)
            for _ in range(count)
        ]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._socket.close()
