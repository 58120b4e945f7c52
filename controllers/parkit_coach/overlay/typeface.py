"""The shipped Hangul font: widths, strips, and lines that fit."""

from __future__ import annotations

import functools
import math
from importlib import resources
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from coach_core.errors import UsageError
from controllers.parkit_coach.overlay.palette import rgba
from controllers.parkit_coach.overlay.sprites import Strip

FONT = "Pretendard-SemiBold.otf"
SIZES = (14, 16, 18, 20, 22, 24, 26, 28, 30, 44, 72)
"""Em heights [px] in use; dense Hangul is easy to read at a glance from about 26 on."""
_ELLIPSIS = "…"
_MEASURE = 100
"""Size [px] at which words are measured."""


@functools.cache
def _file() -> bytes:
    try:
        return (resources.files("controllers.parkit_coach") / "fonts" / FONT).read_bytes()
    except FileNotFoundError as error:
        raise UsageError(
            f"the overlay's font fonts/{FONT} is missing; install Parkit again or set PARKIT_OVERLAY=0"
        ) from error


@functools.cache
def face(size: int) -> ImageFont.FreeTypeFont:
    """The font with an em of `size` px."""
    return ImageFont.truetype(BytesIO(_file()), size)


def open_sizes() -> None:
    """Open the font in every size in use: that takes longer than setting a line, too long for a tick."""
    for size in (*SIZES, _MEASURE):
        face(size)


@functools.lru_cache(maxsize=1024)
def width(text: str, size: int) -> int:
    """Width [px] of one line."""
    return math.ceil(face(size).getlength(text))


@functools.cache
def line_height(size: int) -> int:
    """Height [px] of one line, from the top of Hangul to the foot of a g."""
    ascent, descent = face(size).getmetrics()
    return ascent + descent


def strip_image(strip: Strip) -> Image.Image:
    """The text as RGBA; a ground that is not opaque stays so between the letters."""
    size = strip.size
    ground = rgba(strip.colour, 0.0) if strip.ground is None else strip.ground
    image = Image.new("RGBA", (max(1, width(strip.text, size)), line_height(size)), ground)
    ImageDraw.Draw(image).text((0, face(size).getmetrics()[0]), strip.text, rgba(strip.colour), face(size), anchor="ls")
    return image


def fit(text: str, room: int, sizes: tuple[int, ...], most_lines: int = 2) -> tuple[int, list[str]]:
    """(size, lines) of `text` within `room` px: the largest of `sizes` (falling) that needs the fewest lines.

    One line is made no smaller than the third size; rather the text is broken, between two sentences if it can be.
    More than two lines are set in one of the two smallest sizes; what does not fit even so ends with an ellipsis.
    """
    words = text.split()
    for size in sizes[:3]:
        if _length(words, size) <= room:
            return size, [" ".join(words)]
    if most_lines >= 2:
        between = [i for i in range(1, len(words)) if words[i - 1].endswith((".", ",", "!", "?", ":"))]
        for breaks in (between, list(range(1, len(words)))):
            for size in sizes:
                tried = ((max(_length(words[:i], size), _length(words[i:], size)), i) for i in breaks)
                widest, i = min(tried, default=(math.inf, 0))
                if widest <= room:
                    return size, [" ".join(words[:i]), " ".join(words[i:])]
    for size in sizes[-2:]:
        lines = _fill(words, room, size)
        if len(lines) <= most_lines:
            return size, lines
    return sizes[-1], _cut(lines, room, sizes[-1], most_lines)


def _length(words: list[str], size: int) -> float:
    """Width of words with spaces between them; measured once per word, since widths grow with the size."""
    share = size / _MEASURE
    return share * (sum(width(word, _MEASURE) for word in words) + (len(words) - 1) * width(" ", _MEASURE))


def _fill(words: list[str], room: int, size: int) -> list[str]:
    """Words line by line, as many as fit on each; a word that is too long alone is broken."""
    lines: list[str] = []
    for word in words:
        if lines and _length([*lines[-1].split(" "), word], size) <= room:
            lines[-1] = f"{lines[-1]} {word}"
            continue
        rest = word
        while len(rest) > 1 and _length([rest], size) > room:
            keep = next(n for n in range(len(rest) - 1, 0, -1) if n == 1 or _length([rest[:n]], size) <= room)
            lines.append(rest[:keep])
            rest = rest[keep:]
        lines.append(rest)
    return lines


def _cut(lines: list[str], room: int, size: int, most: int) -> list[str]:
    """The first lines, with a sign that there was more."""
    last = lines[most - 1]
    while last and _length([last + _ELLIPSIS], size) > room:
        last = last[:-1]
    return [*lines[: most - 1], last.rstrip() + _ELLIPSIS]
