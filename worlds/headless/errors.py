"""The error a person meets when a world cannot be run."""

from __future__ import annotations

from pathlib import Path


class WorldError(Exception):
    """A world, PROTO or project that cannot be run; the message starts with FILE:LINE and says what to do."""

    def __init__(self, file: Path | str, line: int, sentence: str) -> None:
        super().__init__(f"{file}:{line}: {sentence}")
        self.file = str(file)
        self.line = line
        self.sentence = sentence
