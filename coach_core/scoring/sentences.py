"""A record of a score as a sentence in the learner's language.

`texts` is the content of score_texts.json, read by the caller. A placeholder `{name}` takes the record's parameter;
where the table `words` has one of that name, the word for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from coach_core.contracts import Deduction
from coach_core.errors import ContractError

TEXTS_FILE = "score_texts.json"
"""File of the sentences inside `coach_core.scoring.RUBRIC_PACKAGE`."""

Language = Literal["ko", "en"]


def deduction_sentence(record: Deduction, texts: Mapping[str, Any], language: Language) -> str:
    """Why points were taken; ContractError names a rule or a parameter that the texts do not know."""
    try:
        template: str = texts["rules"][record.rule]["sentence"][language]
        if "sentence_plain" in texts["rules"][record.rule] and "sector" not in record.params:
            template = texts["rules"][record.rule]["sentence_plain"][language]
        words = {name: _word(name, value, texts, language) for name, value in record.params.items()}
        return template.format_map(words)
    except KeyError as error:
        message = f"no {language} text for {record.rule!r}: {error} is missing"
        raise ContractError(message, reason="unknown_text") from error


def strength_sentence(key: str, texts: Mapping[str, Any], language: Language) -> str:
    """What went well; ContractError if the texts do not know `key`."""
    try:
        return str(texts["strengths"][key][language])
    except KeyError as error:
        raise ContractError(f"no {language} text for the strength {key!r}", reason="unknown_text") from error


def _word(name: str, value: str | int | float, texts: Mapping[str, Any], language: Language) -> str:
    table = texts["words"].get(name)
    if table is not None and isinstance(value, str):
        return str(table[value][language])
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
