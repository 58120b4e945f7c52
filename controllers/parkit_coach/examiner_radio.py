"""The car's end of the radio to the examiner: what is said and heard, as events where others are to know.

docs/examiner.md lists the messages.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from coach_core.contracts import Contact, Ended, EndPose, LineTouched, Pose2, Retried
from coach_core.contracts.messages import EventDetail
from controllers.radio import received, send


class Heard(NamedTuple):
    """What the examiner said since the last time."""

    scenario: dict[str, Any] | None = None
    """A new attempt begins: the scene is set."""
    events: tuple[EventDetail, ...] = ()
    rewound: bool = False
    """The car stands where it stood before a mistake."""
    refused: str = ""
    """Why there is no retry."""
    verdict: Ended | None = None


SILENCE = Heard()


class ExaminerRadio:
    """Two devices of the car, and what has been said over them."""

    def __init__(self, robot: Any, period_ms: int) -> None:
        self._out, self._in = robot.getDevice("to_examiner"), robot.getDevice("from_examiner")
        self._in.enable(period_ms)
        self._target: str | None = None
        self._secured = False

    def hear(self) -> Heard:
        """Everything that has come in, in order."""
        if self._in.getQueueLength() == 0:
            return SILENCE
        scenario: dict[str, Any] | None = None
        verdict: Ended | None = None
        events: list[EventDetail] = []
        rewound, refused = False, ""
        for message in received(self._in):
            kind = message["type"]
            if kind == "scenario":  # what was said before belongs to an attempt that is over
                scenario, verdict, events, rewound, refused = message, None, [], False, ""
            elif kind == "verdict":
                verdict = ended_from_verdict(message)
            elif kind == "no_retry":
                refused = str(message.get("reason", "")) or "not now"
            elif kind in _EVENTS:
                events.append(_EVENTS[kind](message))
                rewound = rewound or kind == "rewound"
        return Heard(scenario, tuple(events), rewound, refused, verdict)

    def aim(self, slot_id: str | None) -> None:
        """The slot the learner is being guided into; said when it changes."""
        if slot_id != self._target:
            self._target = slot_id
            send(self._out, "target", slot_id=slot_id)

    def stand(self, secured: bool, slot_id: str | None) -> None:
        """Whether the car stands in P with the parking brake set; said when it begins."""
        if secured and not self._secured:
            send(self._out, "secured", slot_id=slot_id)
        self._secured = secured

    def ask_retry(self) -> None:
        """Ask to be put back to before the mistake; the answer is heard."""
        send(self._out, "retry")

    def bye(self) -> None:
        """The results are written; the examiner may end the simulation."""
        send(self._out, "bye")


def _contact(message: dict[str, Any]) -> Contact:
    x, y = message["at"]
    return Contact(message["part"], x, y, message["speed_mps"], message.get("other", "object"))


def _line(message: dict[str, Any]) -> LineTouched:
    x, y = message["at"]
    return LineTouched(message["line_id"], message["line_kind"], message["wheel"], x, y)


def _retried(message: dict[str, Any]) -> Retried:
    return Retried(message["try"], message["back_s"], Pose2(*message["pose"]))


_EVENTS: dict[str, Callable[[dict[str, Any]], EventDetail]] = {"contact": _contact, "line": _line, "rewound": _retried}


def ended_from_verdict(verdict: dict[str, Any]) -> Ended:
    """The examiner's radio message as an event."""
    pose = verdict.get("end_pose")
    return Ended(
        result=verdict["result"],
        slot_id=verdict.get("slot_id"),
        duration_s=float(verdict["duration_s"]),
        contacts=int(verdict["contacts"]),
        min_clearance_m=verdict.get("min_clearance_m"),
        end_pose=EndPose(**pose) if pose else None,
        wheels_on_line=int(verdict.get("wheels_on_line", 0)),
        in_slot=bool(verdict.get("in_slot", False)),
        reason=str(verdict.get("reason", "")),
        tries=int(verdict.get("tries", 0)),
    )
