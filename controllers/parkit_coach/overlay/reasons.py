"""Above the map, for a while after a slot was chosen: why this one, and why not the others."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from coach_core.contracts import SlotOffer
from controllers.parkit_coach.overlay.commands import Command, Paste, text
from controllers.parkit_coach.overlay.layout import MAP
from controllers.parkit_coach.overlay.palette import MUTED, PLATE_ALPHA, TARGET, WHITE
from controllers.parkit_coach.overlay.sprites import Plate, Sprite, Strip
from controllers.parkit_coach.overlay.typeface import fit, line_height, width
from controllers.parkit_coach.overlay.words import Language

ROWS = 3
"""More is not read while driving."""
_SIZE, _SMALLER = 16, 14
_PAD, _GAP, _BETWEEN = 14, 8, 6
_ROOM = MAP[2] - 2 * _PAD
_RUN = 3
"""Names in a row from this number on are told by the first and the last."""


class Reason(NamedTuple):
    """What is said of one or more slots at once."""

    slots: str
    sentence: str
    best: bool


def reasons_of(offers: Sequence[SlotOffer], texts: Mapping[str, Any], language: Language) -> tuple[Reason, ...]:
    """The first choice, then slots that come behind it, then those not to be entered, then those not seen yet.

    texts: the content of slot_reasons.json; a reason it does not know is left out.
    """
    groups: dict[str, list[int]] = {}
    for i, offer in enumerate(offers):
        if offer.reason in texts["reasons"]:
            groups.setdefault(offer.reason, []).append(i)

    def order(reason: str) -> tuple[bool, float]:
        first = offers[groups[reason][0]]
        return first.occupancy == "unknown", min(offers[i].rank or len(offers) + 1 for i in groups[reason])

    return tuple(
        Reason(
            _names([offers[i].slot_id for i in groups[reason]]),
            texts["reasons"][reason][language],
            any(offers[i].rank == 1 for i in groups[reason]),
        )
        for reason in sorted(groups, key=order)[:ROWS]
    )


def sprites(texts: Mapping[str, Any], language: Language) -> list[Sprite]:
    """The sentences, whoever they may be said of, at the size they mostly have."""
    return [
        Strip(line, size, colour)
        for words in texts["reasons"].values()
        for colour in (WHITE, MUTED)
        for size, lines in (_broken(words[language]),)
        for line in lines
    ]


def commands(reasons: Sequence[Reason]) -> list[Command]:
    """The whole panel; nothing where there is nothing to say."""
    if not reasons:
        return []
    body: list[tuple[Strip, int, int]] = []
    y = _PAD - 3
    for reason in reasons:
        names = Strip(_cut(reason.slots), _SIZE, TARGET if reason.best else MUTED)
        colour = WHITE if reason.best else MUTED
        body.append((names, _PAD, y))
        beside = _PAD + width(names.text, _SIZE) + _GAP
        size, lines = _broken(reason.sentence)
        if len(lines) == 1 and beside + width(lines[0], size) <= _PAD + _ROOM:
            body.append((Strip(lines[0], size, colour), beside, y))
            y += line_height(_SIZE)
        else:
            y += line_height(_SIZE)
            for line in lines:
                body.append((Strip(line, size, colour), _PAD, y))
                y += line_height(size)
        y += _BETWEEN
    height = y - _BETWEEN + _PAD - 3
    top = MAP[1] - 8 - height
    plate = Paste(Plate(MAP[2], height, PLATE_ALPHA), MAP[0], top, blend=False)
    return [plate, *(text(strip, MAP[0] + x, top + down) for strip, x, down in body)]


def _broken(sentence: str) -> tuple[int, list[str]]:
    return fit(sentence, _ROOM, (_SIZE, _SIZE, _SIZE, _SMALLER), 2)


def _cut(names: str) -> str:
    return fit(names, _ROOM, (_SIZE,), 1)[1][0]


def _names(slots: Sequence[str]) -> str:
    """A1, A2, A3, B7 -> "A1–A3, B7"."""
    runs: list[list[str]] = []
    for name in slots:
        if runs and _follows(runs[-1][-1], name):
            runs[-1].append(name)
        else:
            runs.append([name])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) >= _RUN else ", ".join(run) for run in runs)


def _follows(before: str, name: str) -> bool:
    """Whether two names differ only in their number, by one."""
    a, b = re.fullmatch(r"(.*?)(\d+)", before), re.fullmatch(r"(.*?)(\d+)", name)
    return a is not None and b is not None and a[1] == b[1] and int(b[2]) == int(a[2]) + 1
