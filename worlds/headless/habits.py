"""What a supervisor asks at every step, so that the answers can go along with the step and need no round trip.

Nothing changes for whoever asks: between two steps time stands still, and the answers are those it would get. Webots
offers the same on request (`Node.enablePoseTracking` and its like); here nobody has to ask for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

_OFTEN = 3
"""A question asked after so many different steps will be asked again."""
_MOST = 16
"""Questions of one robot that are answered unasked."""
_FIELDS = ("translation", "rotation")

Question = tuple[Any, ...]
"""The call and its arguments."""


class Habits:
    """The questions of one supervisor."""

    def __init__(self) -> None:
        self._seen: dict[Question, tuple[int, int]] = {}
        """Question -> after how many steps it was asked, and the last of them."""
        self._usual: list[Question] = []

    def note(self, call: str, arguments: Sequence[Any], step: int) -> None:
        """The question was asked after this step."""
        if not _fleeting(call, arguments) or len(self._usual) >= _MOST:
            return
        question = (call, *arguments)
        times, last = self._seen.get(question, (0, -1))
        if last == step:
            return
        self._seen[question] = times + 1, step
        if times + 1 == _OFTEN:
            self._usual.append(question)

    def answers(self, answer: Callable[[str, Sequence[Any]], Any]) -> list[tuple[Question, Any]]:
        """Each usual question with its answer now; one that cannot be answered is left to be asked."""
        found = []
        for question in list(self._usual):
            try:
                found.append((question, answer(question[0], question[1:])))
            except Exception:  # whatever is wrong is told to whoever asks
                self._usual.remove(question)
                self._seen.pop(question, None)
        return found


def _fleeting(call: str, arguments: Sequence[Any]) -> bool:
    """Whether it is worth knowing at every step: what moves is, what kind of node something is is not."""
    return call in ("pose", "velocity", "contacts") or (call == "get" and arguments[1] in _FIELDS)
