"""Bottom left: the steering wheel with its target, speed and gear."""

from __future__ import annotations

import math

from controllers.parkit_coach.overlay.canvas import round_the_ring
from controllers.parkit_coach.overlay.car_pictures import HEAD_SIZE, MARK_SIZE, RING, WHEEL_SIZE
from controllers.parkit_coach.overlay.commands import Command, Paste, text
from controllers.parkit_coach.overlay.layout import GAUGES
from controllers.parkit_coach.overlay.palette import FAINT, MUTED, PLATE, PLATE_ALPHA, WHITE, rgba
from controllers.parkit_coach.overlay.scene import Scene
from controllers.parkit_coach.overlay.sprites import Dot, GearBox, Plate, RingHead, RingMark, Sprite, Strip, Wheel
from controllers.parkit_coach.overlay.typeface import width
from controllers.parkit_coach.overlay.words import GEAR_WORDS, GOOD_WITHIN, Language, advice_words, speed, wheel_advice

_WHEEL_STEP = 6
"""Degrees between two pictures of the wheel; it divides the turn."""
_MARK_STEP = 6
_DOT_STEP = 9.0
_HEAD_BEFORE = 24.0
"""Degrees between the arrow's head and the target's mark."""
_MOST_WAY = 324.0
"""Degrees of the ring the way's dots may take; the words say how many turns it is."""
_X, _Y, _WIDTH, _HEIGHT = GAUGES
_CENTRE = (_X + _WIDTH // 2, _Y + 76)
_GROUND = rgba(PLATE, PLATE_ALPHA)
_FASTEST = 100
"""Tenths of km/h for which figures are prepared."""
_BOX = 34
"""Side of the gear's box."""
_WAY_DOT, _RING_DOT = Dot(5, WHITE), Dot(3, FAINT)


class Gauges:
    """Draws wheel, speed and gear."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def sprites(self) -> list[Sprite]:
        """What is sure to be needed."""
        wheels = [Wheel(degrees) for degrees in range(0, 360, _WHEEL_STEP)]
        marks = [RingMark(degrees, reached) for degrees in range(0, 360, _MARK_STEP) for reached in (False, True)]
        heads = [RingHead(degrees, clockwise) for degrees in range(0, 360, _MARK_STEP) for clockwise in (False, True)]
        gears = [GearBox(letter, _BOX) for letter in "PRND"]
        words = [(word, 18, WHITE) for word in advice_words(self._language)]
        words += [(f"{tenths / 10:.1f}", 30, WHITE) for tenths in range(_FASTEST)]
        words += [("km/h", 16, MUTED), *((word, 14, MUTED) for word in GEAR_WORDS[self._language].values())]
        strips = [Strip(*word, _GROUND) for word in words]
        plate = Plate(_WIDTH, _HEIGHT, PLATE_ALPHA)
        return [plate, *wheels, *marks, *heads, *gears, *strips, _WAY_DOT, _RING_DOT]

    def commands(self, scene: Scene) -> list[Command]:
        """The whole panel."""
        out: list[Command] = [Paste(Plate(_WIDTH, _HEIGHT, PLATE_ALPHA), _X, _Y, blend=False)]
        self._draw_ring(out, scene)
        turned = _WHEEL_STEP * round(-math.degrees(scene.wheel) / _WHEEL_STEP) % 360
        out.append(Paste(Wheel(turned), _CENTRE[0] - WHEEL_SIZE // 2, _CENTRE[1] - WHEEL_SIZE // 2))
        reached = scene.wheel_target is not None and abs(scene.wheel_target - scene.wheel) <= GOOD_WITHIN
        if scene.wheel_target is not None:
            target = _MARK_STEP * round(-math.degrees(scene.wheel_target) / _MARK_STEP) % 360
            out.append(_on_ring(RingMark(target, reached), MARK_SIZE, target))
        for row, line in enumerate(wheel_advice(scene.wheel, scene.wheel_target, self._language)):
            strip = Strip(line, 18, WHITE, _GROUND)
            out.append(text(strip, _CENTRE[0] - width(line, 18) / 2, _Y + 146 + 21 * row))
        self._draw_speed_and_gear(out, scene)
        return out

    def _draw_ring(self, out: list[Command], scene: Scene) -> None:
        """Faint dots all round; bright ones from where the wheel is to where it should be, and an arrow head."""
        for i in range(24):
            out.append(_on_ring(_RING_DOT, 3, 15.0 * i))
        if scene.wheel_target is None:
            return
        way = -math.degrees(scene.wheel_target - scene.wheel)
        if abs(way) <= math.degrees(GOOD_WITHIN):
            return
        begin, sign = -math.degrees(scene.wheel), math.copysign(1.0, way)
        end = begin + way
        length = min(abs(way), _MOST_WAY)
        if length > _HEAD_BEFORE:
            head = _MARK_STEP * round((end - sign * _HEAD_BEFORE) / _MARK_STEP)
            out += [
                _on_ring(_WAY_DOT, 5, end - sign * back) for back in _steps(_HEAD_BEFORE + _DOT_STEP, length, _DOT_STEP)
            ]
            out.append(_on_ring(RingHead(head % 360, sign > 0.0), HEAD_SIZE, head))

    def _draw_speed_and_gear(self, out: list[Command], scene: Scene) -> None:
        figures = speed(scene.speed)
        foot = _Y + _HEIGHT - 54
        out.append(text(Strip(figures, 30, WHITE, _GROUND), _X + 14, foot))
        out.append(text(Strip("km/h", 16, MUTED, _GROUND), _X + 18 + width(figures, 30), foot + 14))
        out.append(Paste(GearBox(scene.gear, _BOX), _X + _WIDTH - 14 - _BOX, foot - 2))
        word = GEAR_WORDS[self._language][scene.gear]
        out.append(text(Strip(word, 14, MUTED, _GROUND), _X + _WIDTH - 14 - _BOX / 2 - width(word, 14) / 2, foot + 32))


def _steps(first: float, last: float, step: float) -> list[float]:
    return [first + i * step for i in range(1 + math.floor((last - first) / step))]


def _on_ring(sprite: Sprite, size: int, degrees: float) -> Paste:
    x, y = round_the_ring(0.0, RING, degrees)
    return Paste(sprite, round(_CENTRE[0] + x - size / 2), round(_CENTRE[1] + y - size / 2))
