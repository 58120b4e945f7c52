"""The spool on disk: segment files that are only appended to, and one small file that says what is done with.

    <folder>/00000000000000000000.seg    frames; the file's name is the number of its first record
    <folder>/00000000000000004096.seg
    <folder>/accepted                    number of the oldest record still wanted, and a checksum
    <folder>/lock                        held while a relay uses the folder

A frame is length, CRC-32 (both 4 bytes, big endian) and the record. What is added is written by the next `sync`, all
at once. A process killed while writing leaves half a frame at the end; opening cuts it off, and nothing is lost,
because it was never promised. A frame damaged before the end hides what follows it in its segment; that is counted
and skipped. Losing `accepted` only repeats records.
"""

from __future__ import annotations

import contextlib
import errno
import os
import struct
import zlib
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from coach_core.errors import RelayError, UsageError
from edge_relay.records import Record, pack, unpack

try:
    import fcntl
except ImportError:  # Windows: two relays on one folder go unnoticed there
    fcntl = None  # type: ignore[assignment]

SEGMENT_BYTES = 8 << 20
_FRAME = struct.Struct(">II")
_NUMBER = struct.Struct(">Q")
_CHECKSUM = struct.Struct(">I")


class Damage(NamedTuple):
    """What was cut off or skipped when the spool was opened."""

    torn_bytes: int
    """Half a frame at the very end: a crash while writing, nothing lost."""
    lost_bytes: int
    """Frames that were once safe and can no longer be read."""


class _Segment:
    """One file: the number of its first record, and how many good records and bytes it holds."""

    __slots__ = ("first", "path", "records", "size")

    def __init__(self, path: Path, first: int) -> None:
        self.path = path
        self.first = first
        self.records = 0
        self.size = 0

    @property
    def end(self) -> int:
        return self.first + self.records


class _Out(NamedTuple):
    """A record that was read and is not accepted: where the next one starts."""

    segment: _Segment
    end_number: int
    end_offset: int


class DiskSpool:
    """A `Spool` in a folder of its own; UsageError if that cannot be used or another relay uses it.

    fsync: whether `sync` waits for the disk, or only for the kernel. Without it records survive the relay's death
    but perhaps not the machine's.
    """

    def __init__(self, folder: Path, *, fsync: bool = True, segment_bytes: int = SEGMENT_BYTES) -> None:
        self._folder = folder
        self._fsync = fsync
        self._segment_bytes = segment_bytes
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = _lock(folder)
            self._accepted_file = os.open(folder / "accepted", os.O_RDWR | os.O_CREAT, 0o600)
            self._accepted = _read_accepted(self._accepted_file)
            self._segments, self.damage = _open_segments(folder)
        except OSError as error:
            raise UsageError(
                f"The spool folder {folder} cannot be used: {error.strerror}; give another or make it writable."
            ) from error
        self._end = max([self._accepted, *(segment.end for segment in self._segments)])
        self._pending: list[bytes] = []
        self._out: deque[_Out] = deque()
        self._writer: int | None = None
        self._distrusted: _Segment | None = None
        self._reader: tuple[_Segment, int] | None = None
        self._accepted_offset = 0  # in the first segment
        self._drop_done_segments()
        if self._segments and self._accepted > self._segments[0].first:
            first = self._segments[0]
            self._accepted_offset = _offset_of(first, self._accepted - first.first)

    @property
    def records(self) -> int:
        done = max(0, self._accepted - self._segments[0].first) if self._segments else 0
        return sum(segment.records for segment in self._segments) - done + len(self._pending)

    @property
    def size_bytes(self) -> int:
        written = sum(segment.size for segment in self._segments) - self._accepted_offset
        return written + sum(map(len, self._pending))

    def add(self, record: Record) -> None:
        body = pack(record)
        self._pending.append(_FRAME.pack(len(body), zlib.crc32(body)) + body)

    def sync(self) -> None:
        if not self._pending:
            return
        frames, self._pending = self._pending, []
        data = b"".join(frames)
        segment = self._segment_to_write()
        try:
            writer = self._open_writer(segment)
            if os.write(writer, data) != len(data):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            if self._fsync:
                os.fsync(writer)
        except OSError as error:
            self._give_up_writing(segment)
            raise RelayError(f"cannot write to the spool {self._folder}: {error.strerror}", retriable=True) from error
        segment.size += len(data)
        segment.records += len(frames)
        self._end += len(frames)

    def batch(self, limit: int) -> Sequence[Record]:
        taken: list[Record] = []
        for out, body in self._read_on():
            taken.append(unpack(body))
            self._out.append(out)
            if len(taken) >= limit:
                break
        return taken

    def accept(self, count: int) -> None:
        if count > len(self._out):
            raise ValueError(f"accept({count}), but only {len(self._out)} records are out")
        if not count:
            return
        for _ in range(count):
            last = self._out.popleft()
        self._accepted, self._accepted_offset = last.end_number, last.end_offset
        self._drop_done_segments()
        number = _NUMBER.pack(self._accepted)
        with contextlib.suppress(OSError):  # a broken disk; at worst these records are sent again after a crash
            os.pwrite(self._accepted_file, number + _CHECKSUM.pack(zlib.crc32(number)), 0)

    def reject(self) -> None:
        self._out.clear()

    def close(self) -> None:
        self._close_writer()
        self._close_reader()
        os.close(self._accepted_file)
        os.close(self._lock)

    # --- writing ------------------------------------------------------------------------------------------

    def _segment_to_write(self) -> _Segment:
        last = self._segments[-1] if self._segments else None
        if last is not None and last is not self._distrusted and last.size < self._segment_bytes:
            return last
        self._close_writer()
        segment = _Segment(self._folder / f"{self._end:020d}.seg", self._end)
        self._segments.append(segment)
        return segment

    def _open_writer(self, segment: _Segment) -> int:
        if self._writer is None:
            fresh = 0 if segment.size else os.O_TRUNC
            self._writer = os.open(segment.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | fresh, 0o600)
            if self._fsync and fresh:
                _sync_folder(self._folder)
        return self._writer

    def _close_writer(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            os.close(writer)

    def _give_up_writing(self, segment: _Segment) -> None:
        """Forget what was just written, so that adding it again does not double it."""
        self._close_writer()
        with contextlib.suppress(OSError):
            if segment.size:
                os.truncate(segment.path, segment.size)
            else:
                segment.path.unlink()
        if not segment.records:
            self._segments.remove(segment)
        self._distrusted = segment  # whether or not the disk could cut it back, nothing more is appended to it

    # --- reading ------------------------------------------------------------------------------------------

    def _read_on(self) -> Iterator[tuple[_Out, bytes]]:
        """Frames after the last that is out, as far as they are written."""
        if self._out:
            here, number, offset = self._out[-1]
        elif self._segments:
            here = self._segments[0]
            number, offset = max(self._accepted, here.first), self._accepted_offset
        else:
            return
        for segment in [s for s in self._segments if s.first >= here.first]:
            if segment is not here:
                number, offset = segment.first, 0
            while offset < segment.size:
                body = _read_frame(self._open_reader(segment), offset)
                if body is None:  # rotten since it was written; what follows cannot be found
                    segment.records, segment.size = number - segment.first, offset
                    break
                number, offset = number + 1, offset + _FRAME.size + len(body)
                yield _Out(segment, number, offset), body

    def _open_reader(self, segment: _Segment) -> int:
        if self._reader is None or self._reader[0] is not segment:
            self._close_reader()
            self._reader = segment, os.open(segment.path, os.O_RDONLY)
        return self._reader[1]

    def _close_reader(self) -> None:
        reader, self._reader = self._reader, None
        if reader is not None:
            os.close(reader[1])

    # --- what is done with --------------------------------------------------------------------------------

    def _drop_done_segments(self) -> None:
        while self._segments and self._segments[0].end <= self._accepted:
            segment = self._segments.pop(0)
            self._accepted_offset = 0
            if not self._segments:
                self._close_writer()
            if self._reader is not None and self._reader[0] is segment:
                self._close_reader()
            with contextlib.suppress(OSError):
                segment.path.unlink()


def _lock(folder: Path) -> int:
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    if fcntl is not None:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(lock)
            raise UsageError(
                f"Another relay uses the spool folder {folder}; stop it, or give this one its own."
            ) from None
    return lock


def _sync_folder(folder: Path) -> None:
    """Make a new file's name durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read_accepted(descriptor: int) -> int:
    data = os.pread(descriptor, _NUMBER.size + _CHECKSUM.size, 0)
    number, checksum = data[: _NUMBER.size], data[_NUMBER.size :]
    if len(checksum) != _CHECKSUM.size or zlib.crc32(number) != _CHECKSUM.unpack(checksum)[0]:
        return 0
    accepted: int = _NUMBER.unpack(number)[0]
    return accepted


def _open_segments(folder: Path) -> tuple[list[_Segment], Damage]:
    """All segments with what is good in them; cuts off what a crash left at the end of the last."""
    segments = [_Segment(path, int(path.stem)) for path in sorted(folder.glob("*.seg")) if path.stem.isdigit()]
    torn = lost = 0
    for index, segment in enumerate(segments):
        is_last = index == len(segments) - 1
        room = None if is_last else segments[index + 1].first - segment.first
        descriptor = os.open(segment.path, os.O_RDWR)
        try:
            while room is None or segment.records < room:
                body = _read_frame(descriptor, segment.size)
                if body is None:
                    break
                segment.size += _FRAME.size + len(body)
                segment.records += 1
            rest = os.fstat(descriptor).st_size - segment.size
            if is_last and rest:
                os.ftruncate(descriptor, segment.size)
                torn += rest
            elif segment.records != room:
                lost += rest
        finally:
            os.close(descriptor)
    return segments, Damage(torn, lost)


def _read_frame(descriptor: int, offset: int) -> bytes | None:
    """Body of the frame at `offset`; None if it is not whole."""
    head = os.pread(descriptor, _FRAME.size, offset)
    if len(head) != _FRAME.size:
        return None
    length, checksum = _FRAME.unpack(head)
    body = os.pread(descriptor, length, offset + _FRAME.size)
    return body if len(body) == length and length and zlib.crc32(body) == checksum else None


def _offset_of(segment: _Segment, records: int) -> int:
    """Where the record after the first `records` starts."""
    offset = 0
    descriptor = os.open(segment.path, os.O_RDONLY)
    try:
        for _ in range(min(records, segment.records)):
            offset += _FRAME.size + _FRAME.unpack(os.pread(descriptor, _FRAME.size, offset))[0]
    finally:
        os.close(descriptor)
    return offset
