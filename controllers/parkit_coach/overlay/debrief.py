"""The ten-second debrief: the score, the two causes that cost most, one thing to try. Shown when the drive is over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from coach_core.contracts import Ended, Level, ScoreCard
from coach_core.errors import ContractError
from coach_core.scoring import Rubric, cause_sentence, change_sentence, deduction_sentence, strength_sentence
from controllers.parkit_coach.overlay.commands import Box, Command, Paste, Pen, text
from controllers.parkit_coach.overlay.layout import HEIGHT, WIDTH
from controllers.parkit_coach.overlay.palette import FAINT, LEVEL_FILL, MUTED, TARGET, WHITE
from controllers.parkit_coach.overlay.sprites import Chip, Glyph, Plate, Strip
from controllers.parkit_coach.overlay.typeface import fit, line_height, width
from controllers.parkit_coach.overlay.words import (
    ASSIST_WORDS,
    NEXT_TIME_WORDS,
    PASSED_WORDS,
    POINTS_WORDS,
    RESULT_WORDS,
    TEST_WORDS,
    WITH_THAT_WORDS,
    Language,
)

CAUSES = 2
"""More is not remembered."""

_W = 620
_X = (WIDTH - _W) // 2
_PAD = 28
_BIG, _LINE, _SMALL = 72, 24, 18
_LEVELS: dict[str, Level] = {"parked": "clear", "timeout": "caution", "aborted": "caution", "contact": "critical"}


class Reason(NamedTuple):
    """One thing that cost points. points: as it is shown, with its sign; empty where there are none to show."""

    points: str
    sentence: str


class Debrief(NamedTuple):
    """What is said about one session, in the learner's language."""

    result: str
    level: Level
    headline: str
    """The score, or passed and not passed where the rubric has no number; a dash where nothing was judged."""
    of: str
    verdict: str
    assist: str
    reasons: tuple[Reason, ...]
    strength: str
    change: str
    with_that: str
    """What the score would have been."""


def debrief_of(
    card: ScoreCard, ended: Ended, rubric: Rubric, texts: Mapping[str, Any], language: Language, assist: int
) -> Debrief:
    """A card in words. texts: the content of score_texts.json."""
    passed = "" if card.passed is None else PASSED_WORDS[language][card.passed]
    reasons = _reasons(card, texts, language)
    if card.score is not None:
        headline, of = f"{card.score:.0f}", f"/ {rubric.total:.0f}"
        band = next((band for band in rubric.bands if card.score >= band.at_least), None)
        verdict = texts["bands"][band.key][language] if band is not None and card.passed is not False else passed
    else:
        headline, of, verdict = passed or "-", "", "" if passed else texts["not_scored"][language]
    change = _try(change_sentence, card.best_change, texts, language) if card.best_change else ""
    better = card.best_change_score
    gain = change and better is not None and card.score is not None and round(better) > round(card.score)
    return Debrief(
        result=RESULT_WORDS[language][ended.result],
        level=_LEVELS[ended.result],
        headline=headline,
        of=of,
        verdict=verdict,
        assist=TEST_WORDS[language] if assist == 0 else ASSIST_WORDS[language].format(level=assist),
        reasons=reasons,
        strength=_try(strength_sentence, card.strength, texts, language) if card.strength else "",
        change=change,
        with_that=WITH_THAT_WORDS[language].format(score=f"{better:.0f}") if gain else "",
    )


def _reasons(card: ScoreCard, texts: Mapping[str, Any], language: Language) -> tuple[Reason, ...]:
    """Causes, worst first; where none was found, what cost most."""
    if card.causes:
        told = [(cause.points, _try(cause_sentence, cause, texts, language)) for cause in card.causes]
    else:
        worst = sorted(card.deductions, key=lambda record: -record.points)
        told = [(record.points, _try(deduction_sentence, record, texts, language)) for record in worst]
    return tuple(Reason(_points(points, language), sentence) for points, sentence in told if sentence)[:CAUSES]


def _points(points: float, language: Language) -> str:
    return POINTS_WORDS[language].format(points=f"{points:.1f}".removesuffix(".0")) if points > 0.0 else ""


def _try(sentence: Any, key: Any, texts: Mapping[str, Any], language: Language) -> str:
    """A sentence, or none: a text that is missing must not cost the learner the whole debrief."""
    try:
        return str(sentence(key, texts, language))
    except ContractError:
        return ""


def commands(debrief: Debrief, language: Language) -> list[Command]:
    """The panel in the middle of the picture: the car stands, the road is not needed now."""
    body: list[Command] = []
    y = _head(body, debrief, _PAD)
    column = max((width(reason.points, _LINE) for reason in debrief.reasons), default=0)
    for reason in debrief.reasons:
        y = _reason(body, reason, column, y)
    if debrief.strength and not debrief.reasons:
        y = _marked(body, Glyph("check", 24, TARGET), debrief.strength, WHITE, y)
    if debrief.change:
        y += 6
        body.append(Box(Pen(FAINT, 0.8), _X + _PAD, y, _W - 2 * _PAD, 1))
        y += 16
        body.append(text(Strip(NEXT_TIME_WORDS[language], _SMALL, TARGET), _X + _PAD, y))
        if debrief.with_that:
            body.append(
                text(Strip(debrief.with_that, _SMALL, MUTED), _X + _W - _PAD - width(debrief.with_that, _SMALL), y)
            )
        y += line_height(_SMALL) + 6
        y = _lines(body, debrief.change, WHITE, _X + _PAD, _W - 2 * _PAD, y)
    height = y + _PAD - 8
    top = (HEIGHT - height) // 2
    edge: Level | Literal["hint"] = "hint" if debrief.level == "clear" else debrief.level
    return [Paste(Plate(_W, height, 0.92, edge), _X, top, blend=False), *(_moved(command, top) for command in body)]


def _head(out: list[Command], debrief: Debrief, y: int) -> int:
    """Result and help at the top, the score below; where the next line goes."""
    level = None if debrief.level == "clear" else debrief.level
    fill = TARGET if level is None else LEVEL_FILL[level]
    out.append(Paste(Chip(debrief.result, _LINE, fill, level), _X + _PAD, y))
    out.append(text(Strip(debrief.assist, _SMALL, MUTED), _X + _W - _PAD - width(debrief.assist, _SMALL), y + 6))
    y += line_height(_LINE) + 10
    size = _BIG if debrief.of or len(debrief.headline) < 3 else 44
    out.append(text(Strip(debrief.headline, size, WHITE), _X + _PAD, y))
    x = _X + _PAD + width(debrief.headline, size) + 10
    foot = y + line_height(size)
    if debrief.of:
        out.append(text(Strip(debrief.of, _LINE, MUTED), x, foot - line_height(_LINE) - 14))
        x += width(debrief.of, _LINE) + 22
    if debrief.verdict:
        size, lines = fit(debrief.verdict, _X + _W - _PAD - x, (_LINE, 22, 20), 1)
        out.append(text(Strip(lines[0], size, WHITE), x, foot - line_height(size) - 14))
    return foot + 8


def _reason(out: list[Command], reason: Reason, column: int, y: int) -> int:
    """column: width of the points [px], which end where their column does."""
    if reason.points:
        shift = column - width(reason.points, _LINE)
        out.append(text(Strip(reason.points, _LINE, LEVEL_FILL["warning"]), _X + _PAD + shift, y))
    return _lines(out, reason.sentence, WHITE, _X + _PAD + column + 14, _W - 2 * _PAD - column - 14, y) + 8


def _marked(out: list[Command], glyph: Glyph, sentence: str, colour: int, y: int) -> int:
    out.append(Paste(glyph, _X + _PAD, y + 2))
    return _lines(out, sentence, colour, _X + _PAD + 38, _W - 2 * _PAD - 38, y) + 8


def _lines(out: list[Command], sentence: str, colour: int, x: int, room: int, y: int) -> int:
    size, lines = fit(sentence, room, (_LINE, 22, 20), 2)
    for line in lines:
        out.append(text(Strip(line, size, colour), x, y))
        y += line_height(size)
    return y


def _moved(command: Command, down: int) -> Command:
    """A command of the panel, put where the panel is."""
    if isinstance(command, Paste):
        return Paste(command.sprite, command.x, command.y + down, command.blend)
    assert isinstance(command, Box)
    return Box(command.pen, command.x, command.y + down, command.width, command.height)
