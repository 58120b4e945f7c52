"""The trace of a run: where everything was and what happened, one JSON object a line, compressed.

Small enough to keep for every run, and plain enough to draw without a simulator; docs/examiner.md has the format.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

from coach_core.errors import UsageError

VERSION = 1
_AS_JSON = json.JSONEncoder(separators=(",", ":")).encode
FLUSH_LINES = 200
"""Lines after which what is written can be read although the run goes on, or was killed."""


class Trace:
    """Writes one trace file anew; a context manager. Equal runs give equal bytes."""

    def __init__(self, path: Path, **facts: Any) -> None:
        """UsageError if the file cannot be written."""
        if not path.is_absolute():
            raise UsageError(
                f"PARKIT_TRACE={path} is relative; give the full path, for controllers run in their own folder"
            )
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._raw = path.open("wb")
        except OSError as error:
            raise UsageError(f"the trace {path} cannot be written: {error.strerror}; set PARKIT_TRACE") from error
        self._file = gzip.GzipFile(fileobj=self._raw, mode="wb", compresslevel=6, filename="", mtime=0)
        self._lines: list[str] = []
        self.write(trace=VERSION, **facts)

    def write(self, **facts: Any) -> None:
        """One line. Numbers come rounded by whoever knows what they mean."""
        if self._file.closed:
            return
        self._lines.append(_AS_JSON(facts))
        if len(self._lines) >= FLUSH_LINES:
            self._write()
            self._file.flush()
            self._raw.flush()

    def _write(self) -> None:
        lines, self._lines = self._lines, []
        self._file.write("".join(line + "\n" for line in lines).encode())

    def close(self) -> None:
        """Complete the file; further writes are ignored."""
        if not self._file.closed:
            self._write()
        self._file.close()
        self._raw.close()


def read_trace(path: Path) -> list[dict[str, Any]]:
    """All lines of a trace."""
    with gzip.open(path, "rb") as file:
        return [json.loads(line) for line in file]
