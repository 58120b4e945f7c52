"""Plays commands on a Webots Display. No decisions here: order and values are the composer's."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Any

from controllers.parkit_coach.overlay.canvas import Bitmap
from controllers.parkit_coach.overlay.commands import Box, Command, Line, Paste, Pen
from controllers.parkit_coach.overlay.sprites import Sprite

KEPT_BYTES = 32 * 2**20
"""Pictures the simulator keeps for us; the one not used for longest goes first."""


class Player:
    """One Display. Sends a pen only when it differs from the last and a picture only once while it is kept."""

    def __init__(self, display: Any, render: Callable[[Sprite], Bitmap], kept_bytes: int = KEPT_BYTES) -> None:
        self._display = display
        self._render = render
        self._limit = kept_bytes
        self._kept: OrderedDict[Sprite, tuple[Any, int]] = OrderedDict()
        """Sprite -> the Display's reference, which must live as long as the image, and its bytes."""
        self._bytes = 0
        self._pen = Pen(-1, -1.0, -1.0)

    def prepare(self, sprites: Iterable[Sprite]) -> None:
        """Make pictures now that will be needed later."""
        for sprite in sprites:
            self._image(sprite)

    def play(self, commands: Iterable[Command]) -> None:
        """Carry out commands in their order."""
        display = self._display
        for command in commands:
            if isinstance(command, Paste):
                display.imagePaste(self._image(command.sprite), command.x, command.y, command.blend)
                continue
            self._take(command.pen)
            if isinstance(command, Line):
                display.drawLine(command.x1, command.y1, command.x2, command.y2)
            elif isinstance(command, Box):
                display.fillRectangle(command.x, command.y, command.width, command.height)
            else:
                display.fillPolygon(list(command.xs), list(command.ys))

    def forget(self) -> None:
        """Delete every picture the simulator keeps for us; what has been pasted stays to be seen."""
        for image, _ in self._kept.values():
            self._display.imageDelete(image)
        self._kept.clear()
        self._bytes = 0

    def _take(self, pen: Pen) -> None:
        old, display = self._pen, self._display
        if pen is old:
            return
        if pen.colour != old.colour:
            display.setColor(pen.colour)
        if pen.opacity != old.opacity:
            display.setOpacity(pen.opacity)
        if pen.alpha != old.alpha:
            display.setAlpha(pen.alpha)
        self._pen = pen

    def _image(self, sprite: Sprite) -> Any:
        found = self._kept.get(sprite)
        if found is not None:
            self._kept.move_to_end(sprite)
            return found[0]
        bitmap = self._render(sprite)
        display = self._display
        image = display.imageNew(bitmap.bgra, display.BGRA, bitmap.width, bitmap.height)
        self._kept[sprite] = image, len(bitmap.bgra)
        self._bytes += len(bitmap.bgra)
        while self._bytes > self._limit and len(self._kept) > 1:
            _, (oldest, size) = self._kept.popitem(last=False)
            display.imageDelete(oldest)
            self._bytes -= size
        return image
