"""The trace file: readable at any moment, equal for equal runs."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from coach_core.errors import UsageError
from controllers.parkit_examiner.trace import FLUSH_LINES, Trace, read_trace


def test_what_is_written_is_read_again_and_writing_after_the_end_is_ignored(tmp_path: Path) -> None:
    trace = Trace(tmp_path / "deep" / "trace.jsonl.gz", world="w", seed=3)
    trace.write(t=0.05, ego=[1.0, 2.0, 0.5, 0.0])
    trace.close()
    trace.write(t=0.1)
    assert read_trace(tmp_path / "deep" / "trace.jsonl.gz") == [
        {"trace": 1, "world": "w", "seed": 3},
        {"t": 0.05, "ego": [1.0, 2.0, 0.5, 0.0]},
    ]


def test_equal_traces_are_equal_files(tmp_path: Path) -> None:
    for name in ("a", "b"):
        trace = Trace(tmp_path / name, seed=1)
        trace.write(t=1.0)
        trace.close()
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_new_trace_leaves_nothing_of_an_old_one(tmp_path: Path) -> None:
    for seed in (1, 2):
        trace = Trace(tmp_path / "t", seed=seed)
        trace.close()
    assert read_trace(tmp_path / "t") == [{"trace": 1, "seed": 2}]


def test_a_run_that_was_killed_leaves_what_it_had_so_far(tmp_path: Path) -> None:
    trace = Trace(tmp_path / "t")
    for number in range(FLUSH_LINES):
        trace.write(t=number)
    with gzip.open(tmp_path / "t") as file:
        lines = [file.readline() for _ in range(FLUSH_LINES)]
    assert lines[-1] == b'{"t":%d}\n' % (FLUSH_LINES - 2)
    trace.close()


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match=r"the trace .*trace.gz cannot be written"):
        Trace(tmp_path / "file" / "trace.gz")


def test_a_relative_path_is_refused_because_nobody_would_find_the_file() -> None:
    with pytest.raises(UsageError, match=r"PARKIT_TRACE=trace\.gz is relative"):
        Trace(Path("trace.gz"))
