"""STOMP 1.1 and 1.2 frames: a strict reader with size limits, and a writer. No sockets.

Source: https://stomp.github.io/stomp-specification-1.2.html. Where the two versions differ (escapes), the
reader follows the version that was negotiated. What the specification calls an undefined escape, a header
without a colon, a body where none may be or anything above a limit is a `StompError`: the connection ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from coach_core.errors import ParkitError

Version = Literal["1.1", "1.2"]

CLIENT_COMMANDS: Final = frozenset(
    {"CONNECT", "STOMP", "SEND", "SUBSCRIBE", "UNSUBSCRIBE", "ACK", "NACK", "BEGIN", "COMMIT", "ABORT", "DISCONNECT"}
)
SERVER_COMMANDS: Final = frozenset({"CONNECTED", "MESSAGE", "RECEIPT", "ERROR"})
_WITH_BODY: Final = frozenset({"SEND", "MESSAGE", "ERROR"})
_UNESCAPED: Final = frozenset({"CONNECT", "CONNECTED"})
"""These two are written without escapes, so that a STOMP 1.0 peer can read them."""

_ESCAPES: Final[dict[Version, dict[str, str]]] = {
    "1.1": {"n": "\n", "c": ":", "\\": "\\"},
    "1.2": {"r": "\r", "n": "\n", "c": ":", "\\": "\\"},
}


class StompError(ParkitError):
    """The peer broke the protocol. ``reason`` is a short stable word for metrics."""

    def __init__(self, message: str, *, reason: str = "malformed") -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True)
class Limits:
    """What a peer may send at most, in bytes where nothing else is said."""

    command: int = 16
    header_line: int = 4096
    headers: int = 64
    """Number of headers in a frame."""
    head: int = 16_384
    """Command and headers together."""
    body: int = 65_536


@dataclass(frozen=True)
class Frame:
    """One STOMP frame; of repeated headers the first counts."""

    command: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class Heartbeat:
    """An end-of-line between frames."""


HEARTBEAT: Final = Heartbeat()


def escape(text: str, version: Version = "1.2") -> str:
    """`text` as it stands in a header."""
    text = text.replace("\\", "\\\\").replace("\n", "\\n").replace(":", "\\c")
    return text.replace("\r", "\\r") if version == "1.2" else text


def unescape(text: str, version: Version = "1.2") -> str:
    """What a header says; StompError on an escape the version does not define."""
    if "\\" not in text:
        return text
    known = _ESCAPES[version]
    parts: list[str] = []
    rest = iter(text)
    for char in rest:
        if char != "\\":
            parts.append(char)
            continue
        code = next(rest, "")
        if code not in known:
            raise StompError(f"undefined escape '\\{code}' in a header", reason="bad_escape")
        parts.append(known[code])
    return "".join(parts)


def encode_frame(
    command: str, headers: Iterable[tuple[str, str]] = (), body: bytes = b"", version: Version = "1.2"
) -> bytes:
    """The bytes of a frame. A body gets its content-length, so it may hold any byte."""
    if command in _UNESCAPED:
        lines = [f"{name}:{value}" for name, value in headers]
    else:
        lines = [f"{escape(name, version)}:{escape(value, version)}" for name, value in headers]
    if body:
        lines.append(f"content-length:{len(body)}")
    head = "\n".join([command, *lines]) + "\n\n"
    return head.encode() + body + b"\x00"


class FrameReader:
    """Bytes in, frames out; keeps at most one unfinished frame, never more than the limits allow."""

    def __init__(self, limits: Limits | None = None, commands: frozenset[str] = CLIENT_COMMANDS) -> None:
        self._limits = limits or Limits()
        self._commands = commands
        self._buffer = bytearray()
        self._searched = 0
        """Bytes of the buffer already searched for the end of the current part."""
        self._head: tuple[str, dict[str, str]] | None = None
        self.version: Version = "1.2"

    def receive(self, data: bytes) -> None:
        """Take in bytes; `frames` gives what they complete."""
        self._buffer += data

    def frames(self) -> Iterator[Frame | Heartbeat]:
        """Complete frames and heart-beats, read one at a time; StompError ends the conversation.

        Lazy, so that what a CONNECT frame settles holds for the frame behind it.
        """
        while (item := self._next()) is not None:
            yield item

    def _next(self) -> Frame | Heartbeat | None:
        if self._head is None:
            if beat := self._heartbeat():
                return beat
            if not self._read_head():
                return None
        assert self._head is not None
        command, headers = self._head
        body = self._read_body(headers)
        if body is None:
            return None
        self._head = None
        if body and command not in _WITH_BODY:
            raise StompError(f"a {command} frame has no body", reason="unexpected_body")
        return Frame(command, headers, body)

    def _heartbeat(self) -> Heartbeat | None:
        if self._buffer[:1] == b"\n":
            del self._buffer[:1]
            return HEARTBEAT
        if self._buffer[:2] == b"\r\n":
            del self._buffer[:2]
            return HEARTBEAT
        return None

    def _read_head(self) -> bool:
        """Take command and headers off the buffer once their closing empty line has come."""
        end, skip = self._end_of_head()
        if end < 0:
            if self._buffer.find(b"\x00", self._searched) >= 0:
                raise StompError("a NUL byte before the end of the headers", reason="malformed")
            if len(self._buffer) > self._limits.head:
                raise StompError(f"headers above {self._limits.head} bytes", reason="too_large")
            self._searched = max(0, len(self._buffer) - 3)
            return False
        if end > self._limits.head:
            raise StompError(f"headers above {self._limits.head} bytes", reason="too_large")
        head = bytes(self._buffer[:end])
        del self._buffer[: end + skip]
        self._searched = 0
        self._head = self._parse_head(head)
        return True

    def _end_of_head(self) -> tuple[int, int]:
        """(length of the head, length of the line ends that close it); (-1, 0) while incomplete.

        Line ends may be mixed, so the empty line is either LF LF or LF CR LF.
        """
        bare = self._buffer.find(b"\n\n", self._searched)
        full = self._buffer.find(b"\n\r\n", self._searched)
        if bare < 0 and full < 0:
            return -1, 0
        if full < 0 or 0 <= bare < full:
            return bare, 2
        return full, 3

    def _parse_head(self, head: bytes) -> tuple[str, dict[str, str]]:
        if b"\x00" in head:
            raise StompError("a NUL byte before the end of the headers", reason="malformed")
        try:
            lines = [line.removesuffix("\r") for line in head.decode("utf-8").split("\n")]
        except UnicodeDecodeError as error:
            raise StompError("headers are not UTF-8", reason="not_utf8") from error
        command, *header_lines = lines
        if len(command) > self._limits.command or command not in self._commands:
            raise StompError(f"unknown command {command[: self._limits.command]!r}", reason="unknown_command")
        if len(header_lines) > self._limits.headers:
            raise StompError(f"more than {self._limits.headers} headers", reason="too_large")
        headers: dict[str, str] = {}
        for line in header_lines:
            name, value = self._parse_header(line, escaped=command not in _UNESCAPED)
            headers.setdefault(name, value)
        return command, headers

    def _parse_header(self, line: str, *, escaped: bool) -> tuple[str, str]:
        if len(line) > self._limits.header_line:
            raise StompError(f"a header above {self._limits.header_line} characters", reason="too_large")
        name, colon, value = line.partition(":")
        if not colon or not name:
            raise StompError("a header line is not name:value", reason="bad_header")
        if "\r" in line or (escaped and ":" in value and self.version == "1.2"):
            raise StompError("a header holds an unescaped CR or colon", reason="bad_escape")
        if not escaped:
            return name, value
        return unescape(name, self.version), unescape(value, self.version)

    def _read_body(self, headers: Mapping[str, str]) -> bytes | None:
        """The body once it is complete with its NUL, else None."""
        limit = self._limits.body
        declared = headers.get("content-length")
        if declared is not None:
            if not (declared.isascii() and declared.isdigit()) or len(declared) > 12:
                raise StompError("content-length is not a number", reason="bad_content_length")
            end = int(declared)
            if end > limit:
                raise StompError(f"a body above {limit} bytes", reason="too_large")
            if len(self._buffer) <= end:
                return None
            if self._buffer[end] != 0:
                raise StompError("no NUL after content-length bytes", reason="bad_content_length")
        else:
            end = self._buffer.find(b"\x00", self._searched)
            if end < 0:
                self._searched = len(self._buffer)
            if end > limit or (end < 0 and len(self._buffer) > limit):
                raise StompError(f"a body above {limit} bytes", reason="too_large")
            if end < 0:
                return None
        body = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        self._searched = 0
        return body
