"""The rubrics that come with Parkit, read from the package's data."""

from __future__ import annotations

import functools
import json
import re
from importlib.resources import files

import structlog

from coach_core.scoring import RUBRIC_PACKAGE, Rubric, load_rubric, rubric_file

log = structlog.get_logger(__name__)

DEFAULT = "parkit-1"


@functools.cache
def builtin_rubric(name: str) -> Rubric:
    """The rubric of this name; the default, with a line in the log, if there is none."""
    file = files(RUBRIC_PACKAGE) / rubric_file(name)
    # the name comes from a message: it must not lead out of the folder
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", name) or not file.is_file():
        log.warning("unknown_rubric", rubric=name, used=DEFAULT)
        return builtin_rubric(DEFAULT)
    return load_rubric(json.loads(file.read_text(encoding="utf-8")))
