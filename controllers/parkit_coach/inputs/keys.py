"""The keyboard as held keys: several at once, the newest first, without the holes that key repeat leaves.

Webots clears the list of held keys at each step and, when it hears the release of a key it does not know, forgets all
of them until the operating system repeats them. A key that is missing for a moment is therefore still held.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

LEFT, UP, RIGHT, DOWN = 314, 315, 316, 317
KEY_MASK = 0xFFFF
SHIFT = 0x10000
"""Webots puts Shift, Control and Alt above the key code."""
RELEASED_AFTER_S = 0.06
"""A key not seen for this long [s] has been let go."""


class KeyboardLike(Protocol):
    """The part of Webots' Keyboard that is used."""

    def getKey(self) -> int: ...


def keys_down(keyboard: KeyboardLike) -> tuple[int, ...]:
    """All keys that are down at this step, the newest first; Shift stands as a key of its own, last.

    The list must be emptied at each step.
    """
    found: list[int] = []
    shifted = False
    while (key := keyboard.getKey()) != -1:
        shifted = shifted or bool(key & SHIFT)
        found.append(key & KEY_MASK)
    return (*found, SHIFT) if shifted else tuple(found)


class HeldKeys:
    """Keys held, with short holes filled. `clock` gives seconds of simulated time."""

    def __init__(self, keyboard: KeyboardLike, clock: Callable[[], float]) -> None:
        self._keyboard = keyboard
        self._clock = clock
        self._seen: dict[int, float] = {}
        """Key -> when it was last seen; newest press first."""

    def sample(self) -> None:
        """Read the keyboard; call it at every step, since Webots forgets what is not read."""
        down = keys_down(self._keyboard)
        if not down and not self._seen:
            return
        now = self._clock()
        new = [key for key in down if key not in self._seen]
        kept = {key: now if key in down else at for key, at in self._seen.items()}
        self._seen = dict.fromkeys(new, now) | {k: at for k, at in kept.items() if now - at < RELEASED_AFTER_S}

    def __call__(self) -> tuple[int, ...]:
        """Keys held now, the one pressed last first."""
        return tuple(self._seen)
