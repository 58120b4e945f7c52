"""A Display's pixels, drawn with Pillow when somebody wants to see them."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from worlds.headless.devices.drawing import CommandQueue
from worlds.headless.errors import WorldError
from worlds.headless.scenery import Place

_MANY = 20_000
_ORDERS = {3: (0, 1, 2), 4: (0, 1, 2, 3), 5: (1, 2, 3, 0), 6: (2, 1, 0, 3), 7: (3, 2, 1, 0)}
"""Byte of red, green, blue (and alpha) in a pixel, by image format."""
Box = tuple[int, int, int, int]
"""left, top, right, bottom; the last two just outside."""


class Display:
    """Commands in the order they came; drawn lazily, since most runs never look."""

    def __init__(self, tag: int, place: Place, project: Path) -> None:
        self.tag = tag
        self.place = place
        node = place.node.base
        self.name: str = place.node.get("name")
        self.width: int = node.get("width")
        self.height: int = node.get("height")
        if self.width <= 0 or self.height <= 0:
            raise WorldError(node.file, node.line, f'Display "{self.name}" needs a positive width and height.')
        self._fonts = project / "fonts"
        self.reset()

    def reset(self) -> None:
        self._queue = CommandQueue(self.width, self.height)
        self._pixels: NDArray[np.uint8] = np.zeros((self.height, self.width, 4), dtype=np.uint8)
        self._images: dict[int, NDArray[np.uint8]] = {}
        self._color, self._alpha, self._opacity = 0xFFFFFF, 1.0, 1.0
        self._font: tuple[str, int, bool] = ("Lucida Console", 8, True)

    def describe(self) -> dict[str, Any]:
        return {"width": self.width, "height": self.height}

    def queue(self, commands: list[tuple[Any, ...]]) -> None:
        """Commands of one step. A picture that is painted over before anybody looked is never drawn."""
        self._queue.add(commands)
        if len(self._queue.commands) > _MANY or self._queue.saves:
            self.render()

    def render(self) -> NDArray[np.uint8]:
        """The pixels now, (height, width, 4) RGBA."""
        for name, *arguments in self._queue.take():
            getattr(self, "_do_" + name)(*arguments)
        return self._pixels

    def save(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(self.render(), "RGBA").save(path)

    # --- settings -------------------------------------------------------------------------------------

    def _do_color(self, color: int) -> None:
        self._color = color

    def _do_alpha(self, alpha: float) -> None:
        self._alpha = alpha

    def _do_opacity(self, opacity: float) -> None:
        self._opacity = opacity

    def _do_font(self, font: str, size: int, smooth: bool) -> None:
        self._font = (font, size, smooth)

    # --- drawing --------------------------------------------------------------------------------------

    def _paint(self, box: Box, draw: Callable[[ImageDraw.ImageDraw, int, int], object], *, smooth: bool = True) -> None:
        """Let `draw(pen, dx, dy)` mark pixels inside `box`, and put the colour there.

        Opacity blends the colour with what is below; alpha is stored as it is.
        """
        left, top, right, bottom = max(box[0], 0), max(box[1], 0), min(box[2], self.width), min(box[3], self.height)
        if left >= right or top >= bottom:
            return
        stencil = Image.new("L", (right - left, bottom - top), 0)
        pen = ImageDraw.Draw(stencil)
        pen.fontmode = "L" if smooth else "1"
        draw(pen, -left, -top)
        cover = np.asarray(stencil, dtype=np.float32)[:, :, None] * (self._opacity / 255.0)
        colour = np.array([self._color >> 16 & 255, self._color >> 8 & 255, self._color & 255, 255.0 * self._alpha])
        under = self._pixels[top:bottom, left:right].astype(np.float32)
        self._pixels[top:bottom, left:right] = np.rint(under + cover * (colour - under)).astype(np.uint8)

    def _do_pixel(self, x: int, y: int) -> None:
        self._paint((x, y, x + 1, y + 1), lambda pen, dx, dy: pen.point((x + dx, y + dy), fill=255))

    def _do_line(self, x1: int, y1: int, x2: int, y2: int) -> None:
        box = (min(x1, x2), min(y1, y2), max(x1, x2) + 1, max(y1, y2) + 1)
        self._paint(box, lambda pen, dx, dy: pen.line((x1 + dx, y1 + dy, x2 + dx, y2 + dy), fill=255))

    def _do_rectangle(self, x: int, y: int, width: int, height: int, fill: bool) -> None:
        if width <= 0 or height <= 0:
            return
        inside = 255 if fill else None

        def draw(pen: ImageDraw.ImageDraw, dx: int, dy: int) -> None:
            pen.rectangle((x + dx, y + dy, x + dx + width - 1, y + dy + height - 1), fill=inside, outline=255)

        self._paint((x, y, x + width, y + height), draw)

    def _do_oval(self, cx: int, cy: int, a: int, b: int, fill: bool) -> None:
        inside = 255 if fill else None

        def draw(pen: ImageDraw.ImageDraw, dx: int, dy: int) -> None:
            pen.ellipse((cx - a + dx, cy - b + dy, cx + a + dx, cy + b + dy), fill=inside, outline=255)

        self._paint((cx - a, cy - b, cx + a + 1, cy + b + 1), draw)

    def _do_polygon(self, xs: list[int], ys: list[int], fill: bool) -> None:
        inside = 255 if fill else None

        def draw(pen: ImageDraw.ImageDraw, dx: int, dy: int) -> None:
            pen.polygon([(x + dx, y + dy) for x, y in zip(xs, ys, strict=True)], fill=inside, outline=255)

        self._paint((min(xs), min(ys), max(xs) + 1, max(ys) + 1), draw)

    def _do_text(self, text: str, x: int, y: int) -> None:
        name, size, smooth = self._font
        face = self._face(name, size)

        def draw(pen: ImageDraw.ImageDraw, dx: int, dy: int) -> None:
            pen.multiline_text((x + dx, y + dy), text, fill=255, font=face, spacing=0)

        lines = text.split("\n")
        # a generous box: a stencil a little too large costs less than measuring the text
        self._paint((x, y, x + 2 * size * max(map(len, lines)), y + 2 * size * len(lines)), draw, smooth=smooth)

    def _face(self, name: str, size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
        own = self._fonts / f"{name}.ttf"
        if own.is_file():
            return ImageFont.truetype(str(own), size)
        # Webots brings its fonts along; we have Pillow's one face, which shows where text is and how much
        return ImageFont.load_default(size)

    # --- images ---------------------------------------------------------------------------------------

    def _do_image_new(self, handle: int, data: bytes, form: int, width: int, height: int) -> None:
        order = _ORDERS[form]
        raw = np.frombuffer(data, dtype=np.uint8)[: width * height * len(order)].reshape(height, width, len(order))
        image = np.full((height, width, 4), 255, dtype=np.uint8)
        image[:, :, : len(order)] = raw[:, :, list(order)]
        self._images[handle] = image

    def _do_image_load(self, handle: int, path: str) -> None:
        self._images[handle] = np.asarray(Image.open(path).convert("RGBA"), dtype=np.uint8)

    def _do_image_copy(self, handle: int, x: int, y: int, width: int, height: int) -> None:
        image = np.zeros((height, width, 4), dtype=np.uint8)
        x0, y0, x1, y1 = max(x, 0), max(y, 0), min(x + width, self.width), min(y + height, self.height)
        if x0 < x1 and y0 < y1:
            image[y0 - y : y1 - y, x0 - x : x1 - x] = self._pixels[y0:y1, x0:x1]
        self._images[handle] = image

    def _do_image_paste(self, handle: int, x: int, y: int, blend: bool) -> None:
        image = self._images[handle]
        height, width = image.shape[:2]
        x0, y0, x1, y1 = max(x, 0), max(y, 0), min(x + width, self.width), min(y + height, self.height)
        if x0 >= x1 or y0 >= y1:
            return
        source = image[y0 - y : y1 - y, x0 - x : x1 - x]
        if not blend:
            self._pixels[y0:y1, x0:x1] = source
            return
        under = self._pixels[y0:y1, x0:x1].astype(np.float32)
        over = source.astype(np.float32)
        share = over[:, :, 3:] / 255.0
        mixed = np.empty_like(under)
        mixed[:, :, :3] = under[:, :, :3] + share * (over[:, :, :3] - under[:, :, :3])
        mixed[:, :, 3] = 255.0 * (share[:, :, 0] + under[:, :, 3] / 255.0 * (1.0 - share[:, :, 0]))
        self._pixels[y0:y1, x0:x1] = np.rint(mixed).astype(np.uint8)

    def _do_image_save(self, handle: int | None, path: str) -> None:
        pixels = self._pixels if handle is None else self._images[handle]
        Image.fromarray(pixels, "RGBA").save(path)

    def _do_image_delete(self, handle: int) -> None:
        self._images.pop(handle, None)


def frame_name(robot: str, display: str, time_s: float) -> str:
    """File name of a display's picture at a time: sorts by time."""
    return f"{robot}-{display}-{math.floor(time_s * 1000.0 + 0.5):08d}ms.png"
