"""Asking the examiner to be put back to before a mistake, by a key, a button or from the dashboard."""

from __future__ import annotations

from coach_core.contracts import HintAcked
from controllers.parkit_coach.examiner_radio import ExaminerRadio, Heard

PATIENCE_S = 1.0
"""Without an answer for this long [s] there is no examiner."""


class RetryDesk:
    """Keeps who asked, until the examiner has answered. Times are simulated seconds."""

    def __init__(self, radio: ExaminerRadio) -> None:
        self._radio = radio
        self._asked: float | None = None
        self._waiting: list[str] = []
        self._held = False

    def key(self, held: bool, now: float) -> None:
        """The learner's key or button; pressing it asks once however long it is held."""
        if held and not self._held:
            self._ask(now)
        self._held = held

    def command(self, command_id: str, now: float) -> None:
        """Somebody at the dashboard asks."""
        self._waiting.append(command_id)
        self._ask(now)

    def answer(self, heard: Heard, now: float) -> list[HintAcked]:
        """What to tell those who asked, now that the examiner has been heard."""
        if self._asked is None:
            return []
        if heard.rewound:
            return self._all("applied", "")
        if heard.refused:
            return self._all("refused", heard.refused)
        if heard.verdict is not None:
            return self._all("refused", "the session is over")
        if now - self._asked > PATIENCE_S:
            return self._all("refused", "no examiner in this world")
        return []

    def _ask(self, now: float) -> None:
        if self._asked is None:
            self._asked = now
            self._radio.ask_retry()

    def _all(self, status: str, detail: str) -> list[HintAcked]:
        waiting, self._waiting, self._asked = self._waiting, [], None
        return [HintAcked(command_id, status, detail) for command_id in waiting]  # type: ignore[arg-type]
