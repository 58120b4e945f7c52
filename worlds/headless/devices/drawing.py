"""Drawing commands that wait to be drawn, without those that were painted over meanwhile."""

from __future__ import annotations

from typing import Any

Command = tuple[Any, ...]

_SETTINGS = ("color", "alpha", "opacity", "font")
_READS_PIXELS = ("image_copy", "image_save")


class CommandQueue:
    """Commands of one display in order. A command that covers everything makes the drawing before it void."""

    def __init__(self, width: int, height: int) -> None:
        self._width = width
        self._height = height
        self._opaque = True
        self._sizes: dict[int, tuple[int, int]] = {}
        self.commands: list[Command] = []
        self.saves = False
        """Whether a command waits whose effect others can see."""

    def add(self, commands: list[Command]) -> None:
        for command in commands:
            if self._covers(command):
                self._compact()
            self._note(command)
            self.commands.append(command)

    def take(self) -> list[Command]:
        taken, self.commands, self.saves = self.commands, [], False
        return taken

    def _note(self, command: Command) -> None:
        name = command[0]
        if name == "opacity":
            self._opaque = command[1] == 1.0
        elif name == "image_new":
            self._sizes[command[1]] = command[4], command[5]
        elif name == "image_delete":
            self._sizes.pop(command[1], None)
        elif name == "image_save":
            self.saves = True

    def _covers(self, command: Command) -> bool:
        name = command[0]
        if name == "rectangle":
            _, x, y, width, height, fill = command
            return bool(fill) and self._opaque and self._spans(x, y, width, height)
        if name == "image_paste":
            _, handle, x, y, blend = command
            return not blend and handle in self._sizes and self._spans(x, y, *self._sizes[handle])
        return False

    def _spans(self, x: int, y: int, width: int, height: int) -> bool:
        return x <= 0 and y <= 0 and x + width >= self._width and y + height >= self._height

    def _compact(self) -> None:
        if any(command[0] in _READS_PIXELS for command in self.commands):
            return
        settings = {command[0]: command for command in self.commands if command[0] in _SETTINGS}
        gone = {command[1] for command in self.commands if command[0] == "image_delete"}
        born = {command[1] for command in self.commands if command[0] in ("image_new", "image_load")}
        images = [
            command
            for command in self.commands
            if (command[0] in ("image_new", "image_load") and command[1] not in gone)
            # an image that was drawn earlier and deleted now must still be forgotten
            or (command[0] == "image_delete" and command[1] not in born)
        ]
        self.commands = [*settings.values(), *images]
