# ruff: noqa: TID252
"""The drawing commands of a Display, queued until the next step."""

from __future__ import annotations

import itertools
from typing import Any

from ._link import complain, link, missing
from .device import Device

_BYTES = {3: 3, 4: 4, 5: 4, 6: 4, 7: 4}


class Display(Device):
    RGB = 3
    RGBA = 4
    ARGB = 5
    BGRA = 6
    ABGR = 7

    def __init__(self, name: str | int) -> None:
        super().__init__(name)
        self._handles = itertools.count(1)
        self._color, self._alpha, self._opacity = 0xFFFFFF, 1.0, 1.0

    def _draw(self, *command: Any) -> None:
        queue = link().commands
        if queue and queue[-1][0] == "display" and queue[-1][1] == self._tag:
            queue[-1][2].append(command)
        else:
            queue.append(("display", self._tag, [command]))

    # --- settings -------------------------------------------------------------------------------------

    def getHeight(self) -> int:
        return self.height

    def getWidth(self) -> int:
        return self.width

    def setAlpha(self, alpha: float) -> None:
        self.alpha = alpha

    def setColor(self, color: int) -> None:
        self.color = color

    def setFont(self, font: str, size: int, anti_aliasing: bool) -> None:
        if size <= 0:
            complain(f"Error: {self._name}: setFont() needs a positive size.")
            return
        self._draw("font", str(font), int(size), bool(anti_aliasing))

    def setOpacity(self, opacity: float) -> None:
        self.opacity = opacity

    @property
    def alpha(self) -> float:
        return self._alpha

    @alpha.setter
    def alpha(self, alpha: float) -> None:
        if not 0.0 <= alpha <= 1.0:
            complain(f"Error: {self._name}: setAlpha() needs a value from 0 to 1.")
            return
        self._alpha = float(alpha)
        self._draw("alpha", self._alpha)

    @property
    def color(self) -> int:
        return self._color

    @color.setter
    def color(self, color: int) -> None:
        if not 0 <= color <= 0xFFFFFF:
            complain(f"Error: {self._name}: setColor() needs a value from 0x000000 to 0xFFFFFF.")
            return
        self._color = int(color)
        self._draw("color", self._color)

    @property
    def opacity(self) -> float:
        return self._opacity

    @opacity.setter
    def opacity(self, opacity: float) -> None:
        if not 0.0 <= opacity <= 1.0:
            complain(f"Error: {self._name}: setOpacity() needs a value from 0 to 1.")
            return
        self._opacity = float(opacity)
        self._draw("opacity", self._opacity)

    @property
    def width(self) -> int:
        return int(self._facts["width"])

    @property
    def height(self) -> int:
        return int(self._facts["height"])

    # --- drawing --------------------------------------------------------------------------------------

    def drawPixel(self, x: int, y: int) -> None:
        self._draw("pixel", _whole(x), _whole(y))

    def drawLine(self, x1: int, y1: int, x2: int, y2: int) -> None:
        self._draw("line", _whole(x1), _whole(y1), _whole(x2), _whole(y2))

    def drawRectangle(self, x: int, y: int, width: int, height: int) -> None:
        self._draw("rectangle", _whole(x), _whole(y), _whole(width), _whole(height), False)

    def fillRectangle(self, x: int, y: int, width: int, height: int) -> None:
        self._draw("rectangle", _whole(x), _whole(y), _whole(width), _whole(height), True)

    def drawOval(self, cx: int, cy: int, a: int, b: int) -> None:
        self._draw("oval", _whole(cx), _whole(cy), _whole(a), _whole(b), False)

    def fillOval(self, cx: int, cy: int, a: int, b: int) -> None:
        self._draw("oval", _whole(cx), _whole(cy), _whole(a), _whole(b), True)

    def drawPolygon(self, x: list[int], y: list[int]) -> None:
        self._polygon(x, y, False)

    def fillPolygon(self, x: list[int], y: list[int]) -> None:
        self._polygon(x, y, True)

    def _polygon(self, x: list[int], y: list[int], fill: bool) -> None:
        if len(x) != len(y) or len(x) < 2:
            complain(f"Error: {self._name}: a polygon needs as many x as y values, and at least two.")
            return
        self._draw("polygon", [_whole(v) for v in x], [_whole(v) for v in y], fill)

    def drawText(self, text: str, x: int, y: int) -> None:
        if not text:
            complain(f"Error: {self._name}: drawText() needs a text that is not empty.")
            return
        self._draw("text", str(text), _whole(x), _whole(y))

    # --- images ---------------------------------------------------------------------------------------

    def imageNew(self, data: bytes, format: int, width: int, height: int) -> int:
        if type(data) is not bytes:
            raise TypeError(f"Display.imageNew: data must be bytes, not {type(data).__name__}; use .tobytes()")
        if format not in _BYTES or len(data) < width * height * _BYTES[format]:
            complain(f"Error: {self._name}: imageNew() needs one of the five formats and width*height pixels of data.")
            return 0
        handle = next(self._handles)
        self._draw("image_new", handle, data, format, width, height)
        return handle

    def imageLoad(self, filename: str) -> int:
        handle = next(self._handles)
        self._draw("image_load", handle, str(filename))
        return handle

    def imageCopy(self, x: int, y: int, width: int, height: int) -> int:
        handle = next(self._handles)
        self._draw("image_copy", handle, _whole(x), _whole(y), _whole(width), _whole(height))
        return handle

    def imagePaste(self, image: int, x: int, y: int, blend: bool) -> None:
        self._draw("image_paste", image, _whole(x), _whole(y), bool(blend))

    def imageSave(self, image: int | None, filename: str) -> None:
        self._draw("image_save", image, str(filename))

    def imageDelete(self, image: int) -> None:
        self._draw("image_delete", image)

    def attachCamera(self, camera: Any) -> None:  # noqa: ARG002
        missing("Display.attachCamera (it renders nothing)")

    def detachCamera(self) -> None:
        missing("Display.detachCamera (it renders nothing)")


def _whole(value: int) -> int:
    """ints only, as ctypes takes them."""
    if type(value) is not int:
        raise TypeError(f"Display coordinates must be int, not {value!r}")
    return value
