"""A Display's pixels, drawn with Pillow when somebody wants to see them."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from worlds.headless.errors import WorldError
from worlds.headless.scenery import Place

_MANY = 20_000
_ORDERS = {3: (0, 1, 2), 4: (0, 1, 2, 3), 5: (1, 2, 3, 0), 6: (2, 1, 0, 3), 7: (3, 2, 1, 0)}
"""Byte of red, green, blue (and alpha) in a pixel, by image format."""


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
        self._queue: list[tuple[Any, ...]] = []
        self.reset()

    def reset(self) -> None:
        self._queue.clear()
        self._pixels: NDArray[np.uint8] = np.zeros((self.height, self.width, 4), dtype=np.uint8)
        self._images: dict[int, NDArray[np.uint8]] = {}
        self._color, self._alpha, self._opacity = 0xFFFFFF, 1.0, 1.0
        self._font: tuple[str, int, bool] = ("Lucida Console", 8, True)

    def describe(self) -> dict[str, Any]:
        return {"width": self.width, "height": self.height}

    def queue(self, commands: list[tuple[Any, ...]]) -> None:
        self._queue += commands
        if len(self._queue) > _MANY:
            self.render()

    def render(self) -> NDArray[np.uint8]:
        """The pixels now, (height, width, 4) RGBA."""
        for name, *arguments in self._queue:
            getattr(self, "_do_" + name)(*arguments)
        self._queue.clear()
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

    def _stencil(self) -> tuple[Image.Image, ImageDraw.ImageDraw]:
        image = Image.new("L", (self.width, self.height), 0)
        return image, ImageDraw.Draw(image)

    def _blend(self, stencil: Image.Image) -> None:
        """Put the colour where the stencil is: opacity blends the colour, the alpha is stored as it is."""
        box = stencil.getbbox()
        if box is None:
            return
        left, top, right, bottom = box
        cover = np.asarray(stencil.crop(box), dtype=np.float32)[:, :, None] * (self._opacity / 255.0)
        colour = np.array([self._color >> 16 & 255, self._color >> 8 & 255, self._color & 255, 255.0 * self._alpha])
        under = self._pixels[top:bottom, left:right].astype(np.float32)
        self._pixels[top:bottom, left:right] = np.rint(under + cover * (colour - under)).astype(np.uint8)

    def _do_pixel(self, x: int, y: int) -> None:
        stencil, pen = self._stencil()
        pen.point((x, y), fill=255)
        self._blend(stencil)

    def _do_line(self, x1: int, y1: int, x2: int, y2: int) -> None:
        stencil, pen = self._stencil()
        pen.line((x1, y1, x2, y2), fill=255)
        self._blend(stencil)

    def _do_rectangle(self, x: int, y: int, width: int, height: int, fill: bool) -> None:
        if width <= 0 or height <= 0:
            return
        stencil, pen = self._stencil()
        pen.rectangle((x, y, x + width - 1, y + height - 1), fill=255 if fill else None, outline=255)
        self._blend(stencil)

    def _do_oval(self, cx: int, cy: int, a: int, b: int, fill: bool) -> None:
        stencil, pen = self._stencil()
        pen.ellipse((cx - a, cy - b, cx + a, cy + b), fill=255 if fill else None, outline=255)
        self._blend(stencil)

    def _do_polygon(self, xs: list[int], ys: list[int], fill: bool) -> None:
        stencil, pen = self._stencil()
        pen.polygon(list(zip(xs, ys, strict=True)), fill=255 if fill else None, outline=255)
        self._blend(stencil)

    def _do_text(self, text: str, x: int, y: int) -> None:
        stencil, pen = self._stencil()
        name, size, smooth = self._font
        pen.fontmode = "L" if smooth else "1"
        pen.multiline_text((x, y), text, fill=255, font=self._face(name, size), spacing=0)
        self._blend(stencil)

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
