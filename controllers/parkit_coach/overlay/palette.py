"""Colours of the overlay: those of the dashboard's dark theme, so that both show the same things alike.

Levels are told by shape and by a number of bars as well: colour is never the only sign.
"""

from __future__ import annotations

from coach_core.contracts import Level

INK = 0x0B1020
"""Words on a level's fill."""
PLATE = 0x0A0F1C
"""Ground of every panel."""
PLATE_ALPHA = 0.8
MAP_ALPHA = 0.88
"""The map's thin lines need a calmer ground than text does."""
WHITE = 0xF4F7FC
MUTED = 0xB4C0D6
"""Second-rank words; 9:1 on the plate."""
FAINT = 0x55647F
PAINT = 0x97A3B9
WALL = 0x4C5A76
WALL_EDGE = 0x7C8BA6
KERB = 0x2F3B52
KERB_EDGE = 0xA9A08C
COURSE_LINE = 0xE6D3A3
"""Lines of a course, warmer than a slot's paint; never a level's yellow."""
TARGET = 0x34D3A6
SWEEP = 0x7DB0FF
BODY = 0xE9EEF7
GLASS = 0x26324A
TYRE = 0x05080F
OBSTACLE = 0xF4F7FC

LEVELS: tuple[Level, ...] = ("clear", "caution", "warning", "critical")
LEVEL_FILL: dict[Level, int] = {"clear": 0x1986E4, "caution": 0xFAF96E, "warning": 0xE69520, "critical": 0xE04261}
"""Any two stay apart for every kind of colour vision; blue, not green, means clear."""


def rank(level: Level) -> int:
    """0 clear ... 3 critical: also the number of bars a level is drawn with."""
    return LEVELS.index(level)


def rgba(colour: int, alpha: float = 1.0) -> tuple[int, int, int, int]:
    """0xRRGGBB and an alpha of 0 to 1 as four bytes."""
    return colour >> 16 & 255, colour >> 8 & 255, colour & 255, round(255.0 * alpha)
