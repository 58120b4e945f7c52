"""One suite for both spools, and what only a disk can suffer."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from coach_core.errors import RelayError, UsageError
from edge_relay.disk_spool import DiskSpool
from edge_relay.records import Record, pack, unpack
from edge_relay.spool import MemorySpool, Spool

SEGMENT = 400
"""Bytes of a segment: about seven of the records below."""


def record(number: int) -> Record:
    return Record("sensor-raw", b"session", b'{"seq": %d}' % number, (("schema_version", b"1"),), 17_000_000 + number)


def fill(spool: Spool, numbers: range) -> None:
    for number in numbers:
        spool.add(record(number))
    spool.sync()


@pytest.fixture(params=["memory", "disk"])
def spool(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Spool]:
    made: Spool = MemorySpool() if request.param == "memory" else DiskSpool(tmp_path, segment_bytes=SEGMENT)
    yield made
    made.close()


# --- the contract -----------------------------------------------------------------------------------------


def test_an_empty_spool_has_nothing(spool: Spool) -> None:
    assert list(spool.batch(10)) == []
    assert (spool.records, spool.size_bytes) == (0, 0)


def test_records_come_out_whole_and_in_order(spool: Spool) -> None:
    fill(spool, range(20))
    assert list(spool.batch(100)) == [record(number) for number in range(20)]


def test_a_batch_continues_after_the_one_before(spool: Spool) -> None:
    fill(spool, range(10))
    assert list(spool.batch(3)) == [record(n) for n in range(3)]
    assert list(spool.batch(3)) == [record(n) for n in range(3, 6)]
    assert spool.records == 10


def test_accepted_records_are_gone_and_others_stay(spool: Spool) -> None:
    fill(spool, range(10))
    spool.batch(6)
    spool.accept(4)
    assert spool.records == 6
    spool.reject()
    assert list(spool.batch(100)) == [record(n) for n in range(4, 10)]


def test_rejected_records_come_again_first(spool: Spool) -> None:
    fill(spool, range(5))
    spool.batch(5)
    spool.reject()
    fill(spool, range(5, 7))
    assert list(spool.batch(100)) == [record(n) for n in range(7)]


def test_records_added_after_the_end_was_read_are_read_next(spool: Spool) -> None:
    fill(spool, range(3))
    spool.batch(10)
    assert list(spool.batch(10)) == []
    fill(spool, range(3, 5))
    assert list(spool.batch(10)) == [record(3), record(4)]


def test_what_is_not_synced_is_counted_and_not_yet_read(spool: Spool) -> None:
    spool.add(record(0))
    assert spool.records == 1
    assert list(spool.batch(10)) == []
    spool.sync()
    assert list(spool.batch(10)) == [record(0)]


def test_more_than_what_is_out_cannot_be_accepted(spool: Spool) -> None:
    fill(spool, range(3))
    spool.batch(2)
    with pytest.raises(ValueError, match=r"accept\(3\), but only 2"):
        spool.accept(3)


def test_a_spool_that_was_emptied_takes_records_again(spool: Spool) -> None:
    for start in (0, 10, 20):
        fill(spool, range(start, start + 10))
        assert list(spool.batch(100)) == [record(n) for n in range(start, start + 10)]
        spool.accept(10)
        assert (spool.records, spool.size_bytes) == (0, 0)


# --- the disk ---------------------------------------------------------------------------------------------

Reopen = Callable[[], DiskSpool]


@pytest.fixture
def reopen(tmp_path: Path) -> Iterator[Reopen]:
    """Open the same folder again, letting go of it first, as a restart does."""
    opened: list[DiskSpool] = []

    def again() -> DiskSpool:
        while opened:
            opened.pop().close()
        opened.append(DiskSpool(tmp_path, segment_bytes=SEGMENT))
        return opened[0]

    yield again
    while opened:
        opened.pop().close()


def test_what_was_synced_is_there_after_a_restart(reopen: Reopen) -> None:
    fill(reopen(), range(12))
    spool = reopen()
    assert spool.records == 12
    assert list(spool.batch(100)) == [record(n) for n in range(12)]


def test_what_was_accepted_does_not_come_back_after_a_restart(reopen: Reopen) -> None:
    spool = reopen()
    fill(spool, range(12))
    size = spool.size_bytes
    spool.batch(12)
    spool.accept(7)
    spool = reopen()
    assert spool.records == 5
    assert 0 < spool.size_bytes < size
    fill(spool, range(12, 14))
    assert list(spool.batch(100)) == [record(n) for n in range(7, 14)]


def test_an_emptied_spool_goes_on_numbering_after_a_restart(reopen: Reopen) -> None:
    spool = reopen()
    fill(spool, range(12))
    spool.batch(12)
    spool.accept(12)
    spool = reopen()
    fill(spool, range(12, 15))
    spool = reopen()
    assert list(spool.batch(100)) == [record(n) for n in range(12, 15)]


def test_segments_that_are_done_with_leave_the_disk(reopen: Reopen, tmp_path: Path) -> None:
    spool = reopen()
    for number in range(40):
        fill(spool, range(number, number + 1))
    assert len(list(tmp_path.glob("*.seg"))) > 5
    spool.batch(100)
    spool.accept(40)
    assert list(tmp_path.glob("*.seg")) == []


@pytest.mark.parametrize("kept", range(1, 30, 4))
def test_half_a_record_at_the_end_is_cut_off_and_the_rest_is_kept(reopen: Reopen, tmp_path: Path, kept: int) -> None:
    fill(reopen(), range(3))
    [segment] = tmp_path.glob("*.seg")
    size = segment.stat().st_size
    fill(reopen(), range(3, 4))
    os.truncate(segment, size + kept)
    spool = reopen()
    assert (spool.damage.torn_bytes, spool.damage.lost_bytes) == (kept, 0)
    fill(spool, range(3, 5))
    assert list(spool.batch(100)) == [record(n) for n in range(5)]


def test_a_damaged_segment_costs_its_rest_and_nothing_else(reopen: Reopen, tmp_path: Path) -> None:
    spool = reopen()
    for number in range(12):
        fill(spool, range(number, number + 1))
    first, second, *_ = sorted(tmp_path.glob("*.seg"))
    with first.open("r+b") as file:
        file.seek(100)
        file.write(b"\xff" * 8)
    spool = reopen()
    found = [int(r.value.split()[1].rstrip(b"}")) for r in spool.batch(100)]
    assert spool.damage.lost_bytes > 0
    assert found == [0, *range(int(second.stem), 12)]
    spool.accept(len(found))
    assert spool.records == 0


@pytest.mark.parametrize("broken", [b"", b"\x00" * 5, b"\xff" * 12], ids=["empty", "torn", "damaged"])
def test_without_its_mark_a_spool_repeats_records_and_loses_none(reopen: Reopen, tmp_path: Path, broken: bytes) -> None:
    spool = reopen()
    fill(spool, range(3))
    spool.batch(2)
    spool.accept(2)
    spool.close = lambda: None  # type: ignore[method-assign] # keep the fixture from closing it twice
    DiskSpool.close(spool)
    (tmp_path / "accepted").write_bytes(broken)
    assert list(reopen().batch(100)) == [record(n) for n in range(3)]


def test_two_relays_cannot_share_a_spool(reopen: Reopen, tmp_path: Path) -> None:
    reopen()
    with pytest.raises(UsageError, match="Another relay uses the spool folder"):
        DiskSpool(tmp_path)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match=r"spool folder .*file/spool cannot be used"):
        DiskSpool(tmp_path / "file" / "spool")


@pytest.mark.parametrize("failing", ["write", "fsync"])
def test_a_disk_that_refuses_forgets_only_what_it_refused(
    reopen: Reopen, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    spool = reopen()
    fill(spool, range(2))

    def refuse(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, failing, refuse)
        spool.add(record(2))
        with pytest.raises(RelayError, match="No space left") as caught:
            spool.sync()
    assert caught.value.retriable
    assert spool.records == 2
    fill(spool, range(2, 4))
    assert list(spool.batch(100)) == [record(n) for n in range(4)]
    assert list(reopen().batch(100)) == [record(n) for n in range(4)]


def test_a_write_that_ends_early_counts_as_refused(reopen: Reopen, monkeypatch: pytest.MonkeyPatch) -> None:
    spool = reopen()
    fill(spool, range(2))
    write = os.write
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:20]))
        spool.add(record(2))
        with pytest.raises(RelayError, match="No space left"):
            spool.sync()
    fill(spool, range(2, 4))
    assert list(reopen().batch(100)) == [record(n) for n in range(4)]


def test_a_record_survives_packing() -> None:
    odd = Record("t", b"", b"\x00\xff", (("a", b"\x80"), ("b", b"")), 1)
    assert unpack(pack(odd)) == odd
