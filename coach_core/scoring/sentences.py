"""A record of a score as a sentence in the learner's language.

`texts` is the content of score_texts.json, read by the caller. A placeholder `{name}` takes the record's parameter;
where the table `words` has one of that name, the word for it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from coach_core.contracts import Cause, Deduction
from coach_core.errors import ContractError
from coach_core.scoring.findings import Params

TEXTS_FILE = "score_texts.json"
"""File of the sentences inside `coach_core.scoring.RUBRIC_PACKAGE`."""

Language = Literal["ko", "en"]
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def deduction_sentence(record: Deduction, texts: Mapping[str, Any], language: Language) -> str:
    """Why points were taken; ContractError names a rule or a parameter that the texts do not know."""
    return _sentence("rules", record.rule, record.params, texts, language)


def cause_sentence(cause: Cause, texts: Mapping[str, Any], language: Language) -> str:
    """What lay behind deductions; ContractError names a cause or a parameter that the texts do not know."""
    return _sentence("causes", cause.cause, cause.params, texts, language)


def change_sentence(key: str, texts: Mapping[str, Any], language: Language) -> str:
    """What to do about a cause the next time; ContractError if the texts do not know it."""
    return _text("causes", key, "change", texts, language)


def strength_sentence(key: str, texts: Mapping[str, Any], language: Language) -> str:
    """What went well; ContractError if the texts do not know `key`."""
    try:
        return str(texts["strengths"][key][language])
    except KeyError as error:
        raise ContractError(f"no {language} text for the strength {key!r}", reason="unknown_text") from error


def _sentence(table: str, key: str, params: Params, texts: Mapping[str, Any], language: Language) -> str:
    """The sentence of `key` with its parameters; where one is missing that its plain twin does without, the twin."""
    template = _text(table, key, "sentence", texts, language)
    missing = {name for name in _PLACEHOLDER.findall(template) if name not in params}
    if missing and "sentence_plain" in texts[table][key]:
        template = _text(table, key, "sentence_plain", texts, language)
    try:
        words = {name: _word(name, value, texts, language) for name, value in params.items()}
        return template.format_map(words)
    except KeyError as error:
        raise ContractError(f"no {language} text for {key!r}: {error} is missing", reason="unknown_text") from error


def _text(table: str, key: str, what: str, texts: Mapping[str, Any], language: Language) -> str:
    try:
        return str(texts[table][key][what][language])
    except KeyError as error:
        raise ContractError(f"no {language} text for {key!r}: {error} is missing", reason="unknown_text") from error


def _word(name: str, value: str | int | float, texts: Mapping[str, Any], language: Language) -> str:
    table = texts["words"].get(name)
    if table is not None and isinstance(value, str):
        return str(table[value][language])
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
