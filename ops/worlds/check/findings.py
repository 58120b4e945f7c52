"""What a check found: where, how bad, what to do."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

Severity = Literal["error", "warning", "note"]
"""error: refused by Webots or the stand-in, or not as the map says; warning: works, hardly meant; note: unchecked."""


class Finding(NamedTuple):
    """One line of a report."""

    severity: Severity
    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.severity}: {self.message}"


@dataclass
class Findings:
    """Collects findings; the same one is kept once, however often a PROTO is used."""

    items: list[Finding] = field(default_factory=list)

    def add(self, severity: Severity, file: Path | str, line: int, message: str) -> None:
        found = Finding(severity, str(file), line, message)
        if found not in self.items:
            self.items.append(found)

    def error(self, file: Path | str, line: int, message: str) -> None:
        self.add("error", file, line, message)

    def warning(self, file: Path | str, line: int, message: str) -> None:
        self.add("warning", file, line, message)

    def note(self, file: Path | str, line: int, message: str) -> None:
        self.add("note", file, line, message)

    @property
    def errors(self) -> int:
        return sum(item.severity == "error" for item in self.items)

    def sorted(self) -> list[Finding]:
        """By file as first met, then by line."""
        order = {name: i for i, name in enumerate(dict.fromkeys(item.file for item in self.items))}
        return sorted(self.items, key=lambda item: (order[item.file], item.line))
