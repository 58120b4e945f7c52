"""Which words are said aloud, and the name of the file that says them.

A line's key is the cue's id and the values of its placeholders: `steer.turns-left-half`. The same key names
`sounds/ko/KEY.wav` and `sounds/en/KEY.wav`.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Mapping
from importlib import resources
from typing import Any, Literal, NamedTuple

from coach_core.contracts import Cue

Language = Literal["ko", "en"]
Priority = Literal["critical", "instructor", "warning", "guidance", "praise"]
LANGUAGES: tuple[Language, ...] = ("ko", "en")
CM_STEP, CM_MOST = 5, 40
"""Centimetres are said in steps; what is farther is not said."""
NOTICE_TTL_S = 3.0
"""How late a line that is no cue may be said [s]."""


class SpokenLine(NamedTuple):
    """One line that can be said."""

    key: str
    words: Mapping[Language, str]


class Utterance(NamedTuple):
    """A line in its turn: how it stands among others and how long it is worth saying."""

    key: str
    priority: Priority
    ttl: float
    """Seconds after which it is too late."""
    balance: float
    """-1 left ... 1 right."""


def load_spoken() -> dict[str, Any]:
    """The content of spoken.json."""
    data: dict[str, Any] = json.loads(
        (resources.files("controllers.parkit_coach.sound") / "spoken.json").read_text(encoding="utf-8")
    )
    return data


def template(catalogue: Mapping[str, Any], spoken: Mapping[str, Any], cue_id: str) -> Mapping[Language, str]:
    """What is said for a cue, placeholders still in it."""
    entry = spoken["instead"].get(cue_id, catalogue["cues"][cue_id])
    return {language: entry[language] for language in LANGUAGES}


def placeholders(words: Mapping[Language, str]) -> tuple[str, ...]:
    """Names of a template's placeholders, in the order in which they stand in a key."""
    return tuple(sorted(set(re.findall(r"{(\w+)}", words["en"]))))


def all_lines(catalogue: Mapping[str, Any], spoken: Mapping[str, Any]) -> list[SpokenLine]:
    """Every line that can be asked for, with its words in both languages."""
    lines = []
    for cue_id in catalogue["cues"]:
        words = template(catalogue, spoken, cue_id)
        names = placeholders(words)
        tables = [_values(catalogue, name) for name in names]
        for values in itertools.product(*tables):
            chosen = dict(zip(names, values, strict=True))
            lines.append(
                SpokenLine(_key(cue_id, values), {lang: _fill(catalogue, words, chosen, lang) for lang in words})
            )
    lines += [SpokenLine(key, {lang: entry[lang] for lang in LANGUAGES}) for key, entry in spoken["also"].items()]
    return lines


def utterance_of(catalogue: Mapping[str, Any], spoken: Mapping[str, Any], cue: Cue) -> Utterance | None:
    """How a cue is said; None for one that this catalogue does not know or that has figures nobody recorded."""
    entry = catalogue["cues"].get(cue.id)
    if entry is None:
        return None
    names = placeholders(template(catalogue, spoken, cue.id))
    values = [_nearest(cue.params.get(name)) if name == "cm" else str(cue.params.get(name)) for name in names]
    if any(value not in _values(catalogue, name) for name, value in zip(names, values, strict=True)):
        return None
    side = {"left": -0.5, "right": 0.5}.get(str(cue.params.get("dir")), 0.0)
    return Utterance(_key(cue.id, values), entry["priority"], float(entry["ttl_s"]), side)


def notice_of(spoken: Mapping[str, Any], key: str) -> Utterance | None:
    """A line that is no cue; None if there is none of that name."""
    entry = spoken["also"].get(key)
    return None if entry is None else Utterance(key, entry["priority"], NOTICE_TTL_S, 0.0)


def _key(cue_id: str, values: tuple[str, ...] | list[str]) -> str:
    return "-".join((cue_id, *values))


def _values(catalogue: Mapping[str, Any], name: str) -> list[str]:
    if name == "cm":
        return [str(cm) for cm in range(CM_STEP, CM_MOST + 1, CM_STEP)]
    return list(catalogue["params"][name])


def _nearest(cm: object) -> str:
    """Centimetres as they are said: rounded to the step, and at least one."""
    return str(max(CM_STEP, CM_STEP * round(float(cm) / CM_STEP))) if isinstance(cm, int | float) else ""


def _fill(
    catalogue: Mapping[str, Any], words: Mapping[Language, str], chosen: Mapping[str, str], language: Language
) -> str:
    def word(match: re.Match[str]) -> str:
        name, value = match.group(1), chosen[match.group(1)]
        table = catalogue["params"].get(name, {})
        return str(table[value][language]) if value in table else value

    return re.sub(r"{(\w+)}", word, words[language])
