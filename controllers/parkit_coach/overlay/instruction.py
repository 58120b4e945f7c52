"""Bottom centre: the one line to read now, its sign on the left."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from coach_core.contracts import Level
from controllers.parkit_coach.overlay.commands import Paste, text
from controllers.parkit_coach.overlay.layout import INSTRUCTION
from controllers.parkit_coach.overlay.palette import PLATE, PLATE_ALPHA, TARGET, WHITE, rgba
from controllers.parkit_coach.overlay.scene import FULL, Advice, Scene
from controllers.parkit_coach.overlay.sprites import Badge, GearBox, Glyph, GlyphName, Plate, Sprite, Strip
from controllers.parkit_coach.overlay.typeface import fit, line_height

_X, _Y, _WIDTH, _HEIGHT = INSTRUCTION
_SIZES = (30, 28, 26, 24, 22)
_HINT_SIZES = (30, 28, 26, 22, 20)
_LARGE = 44
"""A word that must be obeyed at once."""
_PAD = 16
_SIGN = 48
_BADGE = 40
_GAP = 12
_HEIGHTS = (72, 96, 128)
_GROUND = rgba(PLATE, PLATE_ALPHA)

_GLYPHS: dict[str, GlyphName] = {
    "reverse": "down", "forward": "up", "stop": "stop", "stop_line": "stop", "brake": "stop", "steer": "wheel",
    "wheel_centre": "wheel", "wheel_hold": "check", "keep": "check", "check": "check", "look": "eye", "mirror": "eye",
    "person_speaking": "speech", "link": "link_off", "person": "stop", "contact": "stop",
}  # fmt: skip
_GEARS = {"gear_r": "R", "gear_d": "D", "gear_p": "P"}


def sprites(known: Iterable[Advice]) -> list[Sprite]:
    """What is sure to be needed, for every line that is `known` beforehand."""
    pictures = [command.sprite for advice in known for signed in (True, False) for command in _draw(advice, signed)]
    hint = [Plate(_WIDTH, height, PLATE_ALPHA, "hint") for height in _HEIGHTS]
    return [*dict.fromkeys(pictures), *hint, Glyph("speech", _SIGN, TARGET)]


def commands(scene: Scene) -> list[Paste]:
    """The whole panel; it is empty while there is nothing to say."""
    return [] if scene.advice is None else _draw(scene.advice, scene.assist >= FULL)


def line(advice: Advice) -> list[Paste]:
    """The panel with a line that is no scene's."""
    return _draw(advice, signed=True)


def _draw(advice: Advice, signed: bool) -> list[Paste]:
    out: list[Paste] = []
    sign = _sign(advice) if signed else None
    badge = Badge(advice.level, _BADGE) if advice.level != "clear" else None
    left = _PAD + (_SIGN + _GAP if sign else 0) + (_BADGE + _GAP if badge else 0)
    size, lines = fit(advice.text, _WIDTH - left - _PAD, _sizes(advice), 4 if advice.from_instructor else 2)
    height = _HEIGHTS[0] if len(lines) == 1 else _HEIGHTS[1] if len(lines) == 2 else _HEIGHTS[2]
    top = _Y + _HEIGHT - height
    out.append(Paste(Plate(_WIDTH, height, PLATE_ALPHA, _edge(advice)), _X, top, blend=False))
    x = _X + _PAD
    for sprite, room in ((badge, _BADGE), (sign, _SIGN)):
        if sprite is not None:
            out.append(Paste(sprite, x, top + (height - room) // 2))
            x += room + _GAP
    pitch = round(1.12 * size)
    y = top + (height - pitch * len(lines)) / 2 - (line_height(size) - pitch) / 2
    for row, line in enumerate(lines):
        out.append(text(Strip(line, size, WHITE), x, y + pitch * row))
    return out


def _sizes(advice: Advice) -> tuple[int, ...]:
    if advice.level == "critical":
        return (_LARGE, *_SIZES)
    return _HINT_SIZES if advice.from_instructor else _SIZES


def _edge(advice: Advice) -> Level | Literal["plain", "hint"]:
    if advice.from_instructor:
        return "hint"
    return "plain" if advice.level == "clear" else advice.level


def _sign(advice: Advice) -> Sprite | None:
    """The arrow that says the advice once more, or the sign of what it is about."""
    if advice.icon in _GEARS:
        return GearBox(_GEARS[advice.icon], _SIGN)
    if advice.direction is not None:
        if advice.icon == "steer":
            return Glyph("turn_left" if advice.direction == "left" else "turn_right", _SIGN, WHITE)
        return Glyph(advice.direction, _SIGN, WHITE)
    name = _GLYPHS.get(advice.icon)
    if name == "stop" and advice.level != "clear":
        return None  # the level's own shape says it
    if name is None:
        return None
    return Glyph(name, _SIGN, TARGET if name in ("check", "speech") else WHITE)
