"""Top line and screen edges: who drives, with how much help, and on which side something is near."""

from __future__ import annotations

from collections.abc import Sequence

from controllers.parkit_coach.overlay.commands import Box, Command, Paste, Pen, text
from controllers.parkit_coach.overlay.layout import HEIGHT, STATUS, WIDTH
from controllers.parkit_coach.overlay.palette import (
    INK,
    LEVEL_FILL,
    LEVELS,
    MUTED,
    PLATE,
    PLATE_ALPHA,
    TARGET,
    WHITE,
    rank,
    rgba,
)
from controllers.parkit_coach.overlay.scene import TEST, Scene
from controllers.parkit_coach.overlay.sprites import Dot, Glyph, Plate, Sprite, Strip
from controllers.parkit_coach.overlay.typeface import fit, width
from controllers.parkit_coach.overlay.words import ASSIST_WORDS, LINK_WORDS, TEST_WORDS, Language

_GROUND = rgba(PLATE, PLATE_ALPHA)
_BAR, _STEP = 3, 5
"""Thickness of a bar and distance from one to the next [px]: three fit into the margin."""

TOP = ("front_left", "front_centre_left", "front_centre_right", "front_right")
BOTTOM = ("rear_left", "rear_centre_left", "rear_centre_right", "rear_right")
LEFT = ("left_front", "left_rear")
RIGHT = ("right_front", "right_rear")


def status(scene: Scene, learner: str, language: Language) -> list[Command]:
    """Assist level, link, and the learner's name: pictures of several cars cannot be told apart otherwise."""
    assist = TEST_WORDS[language] if scene.assist == TEST else ASSIST_WORDS[language].format(level=scene.assist)
    parts: list[tuple[Sprite | None, str, int]] = [(None, assist, WHITE)]
    if scene.linked is not None:
        sign: Sprite = Dot(10, TARGET) if scene.linked else Glyph("link_off", 20, LEVEL_FILL["caution"])
        parts.append((sign, LINK_WORDS[language][scene.linked], MUTED if scene.linked else WHITE))
    if learner:
        parts.append((None, _name(learner), MUTED))
    x, y, height = STATUS[0] + 14, STATUS[1], STATUS[3]
    out: list[Command] = []
    for i, (sprite, word, colour) in enumerate(parts):
        if i:
            out.append(Box(Pen(MUTED, 0.5), x, y + 11, 1, height - 22))
            x += 12
        if sprite is not None:
            size = sprite.diameter if isinstance(sprite, Dot) else 20
            out.append(Paste(sprite, x, y + (height - size) // 2))
            x += size + 7
        out.append(text(Strip(word, 18, colour), x, y + 7))
        x += width(word, 18) + 12
    plate = Plate(x + 2 - STATUS[0], height, PLATE_ALPHA)
    return [Paste(plate, STATUS[0], y, blend=False), *out]


def _name(learner: str) -> str:
    """The name, cut where it is longer than the line has room for."""
    return fit(learner, 180, (18,), 1)[1][0]


def edges(scene: Scene) -> list[Command]:
    """Thin bars on the side where something is near: one for caution, two for warning, three for critical."""
    out: list[Command] = []
    level = {state.sector: rank(state.level) for state in scene.sectors}
    for sectors, along_x, start in ((TOP, True, 0), (BOTTOM, True, HEIGHT), (LEFT, False, 0), (RIGHT, False, WIDTH)):
        room = WIDTH if along_x else HEIGHT
        for i, sector in enumerate(sectors):
            bars = level.get(sector, 0)
            if bars:
                _bars(out, bars, along_x, start, *_cell(i, sectors, room))
    return out


def _cell(i: int, sectors: Sequence[str], room: int) -> tuple[int, int]:
    """From where and how long the bars of the i-th sector of an edge are."""
    cell = room // len(sectors)
    return i * cell + 20, cell - 40


def _bars(out: list[Command], bars: int, along_x: bool, start: int, begin: int, length: int) -> None:
    depth = _STEP * bars
    fill = Pen(LEVEL_FILL[LEVELS[bars]])
    for pen, offset, thick, extra in (
        (Pen(INK, 1.0, PLATE_ALPHA), 0, depth, 1),
        *((fill, _STEP * bar, _BAR, 0) for bar in range(bars)),
    ):
        at = offset if start == 0 else start - offset - thick
        first, long = begin - extra, length + 2 * extra
        out.append(Box(pen, first, at, long, thick) if along_x else Box(pen, at, first, thick, long))


def sprites(learner: str, language: Language) -> list[Sprite]:
    """What is sure to be needed."""
    assist = [ASSIST_WORDS[language].format(level=level) for level in range(1, 5)]
    words = [Strip(word, 18, WHITE) for word in (*assist, TEST_WORDS[language], LINK_WORDS[language][False])]
    linked = Strip(LINK_WORDS[language][True], 18, MUTED)
    name = Strip(_name(learner), 18, MUTED)
    return [*words, linked, name, Dot(10, TARGET), Glyph("link_off", 20, LEVEL_FILL["caution"])]
