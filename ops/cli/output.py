"""How the command line speaks: rich for people, JSON lines for machines, one sentence for a mistake."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

USAGE = 2
"""Exit status of a wrong request."""
FAILED = 1
INTERRUPTED = 130

console = Console(stderr=True)
"""For people: progress and messages; standard output stays free for results."""


def print_json(value: Any) -> None:
    """One JSON object on a line of standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()


@contextmanager
def progress_bar(what: str, total: float | None, *, quiet: bool = False) -> Iterator[Callable[[float], None]]:
    """A bar on standard error; yields a function that sets how much is done."""
    columns = [SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn()]
    if total is not None and float(total).is_integer():
        columns.insert(3, MofNCompleteColumn())
    with Progress(*columns, console=console, disable=quiet, transient=True) as progress:
        task = progress.add_task(what, total=total)

        def show(done: float) -> None:
            progress.update(task, completed=done)

        yield show
