"""The rubrics that come with Parkit, read from the package's data."""

from __future__ import annotations

import functools
import json
from importlib.resources import files

from coach_core.errors import ContractError
from coach_core.scoring import RUBRIC_PACKAGE, Rubric, load_rubric, rubric_file


@functools.cache
def builtin_rubric(name: str) -> Rubric:
    """The rubric of this name; ContractError names those there are."""
    known = known_rubrics()
    # the name comes from a message: it must not lead out of the folder
    if name not in known:
        raise ContractError(f"unknown rubric {name!r}; there are: {', '.join(known)}", reason="unknown_rubric")
    return load_rubric(json.loads((files(RUBRIC_PACKAGE) / rubric_file(name)).read_text(encoding="utf-8")))


def known_rubrics() -> list[str]:
    """Names of the built-in rubrics."""
    folder = files(RUBRIC_PACKAGE) / "rubrics"
    return sorted(entry.name.removesuffix(".json") for entry in folder.iterdir() if entry.name.endswith(".json"))
