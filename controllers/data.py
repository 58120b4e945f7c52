"""The core's data files, read for it: the core itself does no I/O."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

from coach_core.errors import UsageError
from coach_core.guidance.selector import CueCatalogue
from coach_core.scoring import TEXTS_FILE, Rubric, load_rubric

_DATA = resources.files("coach_core") / "data"


def _read(*parts: str) -> Any:
    return json.loads(_DATA.joinpath(*parts).read_text(encoding="utf-8"))


def rubric_names() -> list[str]:
    """The rubrics that come with Parkit."""
    files = (path.name for path in _DATA.joinpath("rubrics").iterdir())
    return sorted(name.removesuffix(".json") for name in files if name.endswith(".json"))


def builtin_rubric(name: str) -> Rubric:
    """The rubric called `name`; UsageError lists what there is."""
    if name not in rubric_names():
        raise UsageError(f"unknown rubric {name!r}; there are: {', '.join(rubric_names())}")
    return load_rubric(_read("rubrics", f"{name}.json"))


def cue_catalogue() -> CueCatalogue:
    """The cues that exist."""
    return CueCatalogue(_read("cues.json"))


def cue_texts() -> dict[str, Any]:
    """The whole catalogue with its words."""
    data: dict[str, Any] = _read("cues.json")
    return data


def slot_reasons() -> dict[str, Any]:
    """Why a slot is recommended or not, in words."""
    data: dict[str, Any] = _read("slot_reasons.json")
    return data


def score_texts() -> dict[str, Any]:
    """The sentences of score cards."""
    data: dict[str, Any] = _read(TEXTS_FILE)
    return data
