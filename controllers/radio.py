"""What the examiner and the car tell each other over the in-world radio: small ASCII JSON messages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Protocol


class EmitterLike(Protocol):
    """The part of Webots' Emitter that is used."""

    def send(self, message: str) -> int: ...


class ReceiverLike(Protocol):
    """The part of Webots' Receiver that is used."""

    def getQueueLength(self) -> int: ...
    def getString(self) -> str: ...
    def nextPacket(self) -> None: ...


def send(emitter: EmitterLike, kind: str, **facts: Any) -> None:
    """Send one message. ASCII only: Webots cuts other text short."""
    emitter.send(json.dumps({"type": kind, **facts}))


def received(receiver: ReceiverLike) -> Iterator[dict[str, Any]]:
    """All waiting messages, oldest first; what is not one of ours is passed over."""
    while receiver.getQueueLength() > 0:
        text = receiver.getString()
        receiver.nextPacket()
        try:
            message = json.loads(text)
        except ValueError:
            continue
        if isinstance(message, dict) and "type" in message:
            yield message
