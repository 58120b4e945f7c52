"""Drives many cases, a few at a time, and remembers each: a study that was stopped goes on where it stopped."""

from __future__ import annotations

import hashlib
import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from controllers.kernel_cache import cache_root
from ops.study.parking import Case, Row, from_json, measure, to_json

A = TypeVar("A")
B = TypeVar("B")

PROJECT = Path(__file__).resolve().parents[2]
SOURCES = (
    "coach_core",
    "controllers",
    "ops/study",
    "ops/worlds/bodies.py",
    "worlds/headless/data",
    "worlds/headless/physics",
    "worlds/learner_car.profile.json",
)
"""What a figure depends on: a change in any of these makes the journal of earlier episodes worthless."""


class Journal:
    """Rows of finished cases in a file of the user's cache, one JSON object a line, for these sources only."""

    def __init__(self, folder: Path | None = None) -> None:
        folder = folder or cache_root().parent / "study"
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"{sources_digest()}.jsonl"
        self.rows: dict[str, Row] = {}
        if self.path.exists():
            for line in self.path.read_text(encoding="utf-8").splitlines():
                try:
                    row = from_json(line)
                except (ValueError, TypeError):  # the last line of a run that was killed
                    continue
                self.rows[row.case.key] = row

    def forget(self, cases: Iterable[Case]) -> None:
        """Drive these anew."""
        for case in cases:
            self.rows.pop(case.key, None)

    def add(self, row: Row) -> None:
        """Keep a row, at once: whatever happens next, this episode is done."""
        self.rows[row.case.key] = row
        with self.path.open("a", encoding="utf-8") as file:
            file.write(to_json(row) + "\n")


def sources_digest() -> str:
    """A name for the present state of everything the figures depend on."""
    digest = hashlib.sha256()
    for name in SOURCES:
        source = PROJECT / name
        for path in [source] if source.is_file() else sorted(source.rglob("*")):
            if path.suffix in (".py", ".json"):
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def begin() -> None:
    """Make the kernels ready, in this process, before the first episode."""
    from coach_core.warmup import warm_up
    from controllers.kernel_cache import compiling_alone

    with compiling_alone():
        warm_up()


def spread_over(work: Callable[[A], B], items: Sequence[A], jobs: int) -> Iterator[B]:
    """Results of `work` on each item as they come, from `jobs` processes; 1 works in this one, in order."""
    if not items:
        return
    if jobs == 1:
        begin()
        yield from map(work, items)
        return
    with multiprocessing.get_context("spawn").Pool(jobs, initializer=begin) as pool:
        yield from pool.imap_unordered(work, items)


def run_cases(
    cases: Iterable[Case],
    *,
    jobs: int = 1,
    journal: Journal | None = None,
    on_done: Callable[[Row], None] | None = None,
) -> list[Row]:
    """The rows of all cases, in their order. jobs: processes that drive at once; 1 drives in this one."""
    wanted = list(cases)
    known = journal.rows if journal is not None else {}
    rows = {case: known[case.key] for case in wanted if case.key in known}

    def take(row: Row) -> None:
        rows[row.case] = row
        if journal is not None and not row.result.startswith("error"):
            journal.add(row)
        if on_done is not None:
            on_done(row)

    missing = [case for case in wanted if case not in rows]
    if on_done is not None:
        for row in list(rows.values()):
            on_done(row)
    for row in spread_over(measure, missing, jobs):
        take(row)
    return [rows[case] for case in wanted]
