"""What the overlay shows at one instant, gathered from frames and decisions; nothing about how it is drawn.

SI units, radians, world frame. A decision sends its path and its obstacles only when they changed, so the keeper
remembers them.
"""

from __future__ import annotations

import bisect
import itertools
import math
import re
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from coach_core.contracts import (
    ClearanceState,
    Cue,
    Decision,
    Fault,
    Level,
    PlanSummary,
    Pose2,
    SensorFrame,
    SlotMap,
    SlotOffer,
    SlotOffered,
)
from coach_core.contracts.messages import EventDetail, Gear
from controllers.parkit_coach.overlay.reasons import Reason, reasons_of
from controllers.parkit_coach.overlay.words import Language, cue_text

DOT_SPACING = 0.5
"""Between the dots of the planned path [m]."""

NOTICE_S = 4.0
"""How long the line says something that is no advice [s]: a gamepad was unplugged."""

REASONS_S = 10.0
"""How long one can read why a slot was chosen [s]; a change to reverse ends it sooner."""

FULL, WORDS, WARNINGS, CRITICAL_ONLY, TEST = 4, 3, 2, 1, 0
"""Assist levels, by what they still show."""


class Advice(NamedTuple):
    """The one line to read now."""

    text: str
    icon: str
    """The catalogue's name for it."""
    direction: Literal["left", "right"] | None
    level: Level
    from_instructor: bool


def advice_of(catalogue: Mapping[str, Any], cue: Cue, language: Language) -> Advice:
    """A cue as it is read."""
    entry = catalogue["cues"].get(cue.id, {})
    direction = cue.params.get("dir")
    return Advice(
        text=cue_text(catalogue, cue, language),
        icon=entry.get("icon", ""),
        direction="left" if direction == "left" else "right" if direction == "right" else None,
        level=cue.severity,
        from_instructor=entry.get("priority") == "instructor",
    )


def known_advice(catalogue: Mapping[str, Any], language: Language) -> list[Advice]:
    """All that can be said without figures or somebody's own words."""
    known = []
    for cue_id, entry in catalogue["cues"].items():
        names = re.findall(r"{(\w+)}", entry[language])
        tables = [list(catalogue["params"][name]) for name in names]
        for values in itertools.product(*tables):  # none at all where a parameter has no table
            cue = Cue(cue_id, dict(zip(names, values, strict=True)), entry["severity"])
            known.append(advice_of(catalogue, cue, language))
    return known


class Scene(NamedTuple):
    """One instant. Parts that the assist level hides are empty here already."""

    pose: Pose2
    steer: float
    gear: Gear
    speed: float
    level: Level
    sectors: tuple[ClearanceState, ...]
    obstacles: tuple[tuple[float, float], ...]
    path: tuple[tuple[float, float], ...]
    """Dots of what is left of the planned path."""
    cusps: tuple[tuple[float, float], ...]
    target_slot: str | None
    taken_slots: frozenset[str]
    """Slots the coach has seen a car in."""
    gaps: tuple[SlotMap, ...]
    """Slots that are not painted but were measured while driving past."""
    reasons: tuple[Reason, ...]
    """Why the target was chosen, and why not the others."""
    wheel: float
    """Hand-wheel angle, left positive; so is the target."""
    wheel_target: float | None
    advice: Advice | None
    assist: int
    linked: bool | None
    """None: this car publishes nothing."""


class _Path(NamedTuple):
    plan_id: int
    at: tuple[float, ...]
    """Way [m] from the plan's start to each dot."""
    dots: tuple[tuple[float, float], ...]
    cusps: tuple[tuple[float, tuple[float, float]], ...]
    """Way and place of each change of gear."""


class SceneKeeper:
    """Turns what the car senses and decides into scenes."""

    def __init__(
        self,
        catalogue: Mapping[str, Any],
        language: Language,
        steering_ratio: float,
        notices: Mapping[str, Any] | None = None,
        slot_texts: Mapping[str, Any] | None = None,
    ) -> None:
        """notices: texts about devices, by component and state of a fault. slot_texts: why slots are chosen."""
        self._catalogue = catalogue
        self._notices = notices or {}
        self._notice: Advice | None = None
        self._notice_for = NOTICE_S
        self._notice_until: float | None = None
        self._language = language
        self._ratio = steering_ratio
        self._obstacles: tuple[tuple[float, float], ...] = ()
        self._path: _Path | None = None
        self._taken: frozenset[str] = frozenset()
        self._gaps: tuple[SlotMap, ...] = ()
        self._slot_texts = slot_texts or {"reasons": {}}
        self._offers: tuple[SlotOffer, ...] = ()
        self._offers_until: float | None = None

    def speak(self, language: Language) -> None:
        """Go on in another language."""
        self._language = language

    def hear(self, event: EventDetail) -> None:
        """Keep what is told as an event: which slots are taken, which gaps were found, which device is gone."""
        if isinstance(event, SlotOffered):
            self._taken = frozenset(offer.slot_id for offer in event.offers if offer.occupancy == "occupied")
            self._gaps = tuple(offer.slot for offer in event.offers if offer.slot is not None)
            self._offers, self._offers_until = tuple(event.offers), None
        elif isinstance(event, Fault):
            self.notice(f"{event.component}.{event.state}", "warning" if event.state == "raised" else "clear")

    def notice(self, key: str, level: Level, seconds: float = NOTICE_S) -> None:
        """Put a line that is no advice in the place of one for a while [s]; nothing if there is none of that name."""
        entry = self._notices.get(key)
        if entry is not None:
            words = entry.get("written", entry)[self._language]
            icon = {"warning": "link", "clear": "check"}.get(level, "")
            self._notice = Advice(words, icon, None, level, from_instructor=False)
            self._notice_for, self._notice_until = seconds, None

    def note(self, decision: Decision) -> None:
        """Keep what is sent only once; call it with every decision."""
        if decision.obstacles is not None:
            self._obstacles = tuple(decision.obstacles)
        plan = decision.plan
        if plan is None:
            self._path = None
        elif plan.path is not None:
            self._path = _as_dots(plan.plan_id, plan.path)
        elif self._path is not None and self._path.plan_id != plan.plan_id:
            self._path = None

    def scene(self, frame: SensorFrame, decision: Decision, linked: bool | None) -> Scene:
        """The scene of a frame and its decision."""
        assist = decision.assist_level
        target = decision.target_steering_angle_rad
        dots, cusps = self._path_ahead(decision) if assist >= FULL else ((), ())
        return Scene(
            pose=decision.pose,
            steer=frame.steering_angle_rad,
            gear=frame.gear,
            speed=frame.speed_mps,
            level=_shown(decision.level, assist),
            sectors=tuple(s for s in decision.sectors if assist >= WARNINGS or _shown(s.level, assist) != "clear"),
            obstacles=self._obstacles if assist >= WARNINGS else (),
            path=dots,
            cusps=cusps,
            target_slot=decision.plan.slot_id if decision.plan is not None else None,
            taken_slots=self._taken if assist >= WARNINGS else frozenset(),
            wheel=frame.steering_angle_rad * self._ratio,
            wheel_target=None if target is None or assist < FULL else target * self._ratio,
            gaps=self._gaps if assist >= WARNINGS else (),
            reasons=self._reasons(frame) if assist >= WORDS else (),
            advice=self._advice(decision, frame.sim_time_s),
            assist=assist,
            linked=linked,
        )

    def _reasons(self, frame: SensorFrame) -> tuple[Reason, ...]:
        """Why the slots are or are not offered, while it is news and the learner looks ahead."""
        if not self._offers:
            return ()
        if self._offers_until is None:
            self._offers_until = frame.sim_time_s + REASONS_S
        if frame.sim_time_s >= self._offers_until or frame.gear == "R":
            self._offers = ()
        return reasons_of(self._offers, self._slot_texts, self._language)

    def _advice(self, decision: Decision, now: float) -> Advice | None:
        """The coach's cue; for a while a notice instead, unless the cue is a warning or worse and the notice is not."""
        if self._notice is not None and self._notice_until is None:
            self._notice_until = now + self._notice_for
        if self._notice_until is not None and now >= self._notice_until:
            self._notice = self._notice_until = None
        cue = decision.cue
        notice = self._notice
        if notice is not None and (notice.level == "critical" or cue is None or cue.severity in ("clear", "caution")):
            return notice
        return None if cue is None else advice_of(self._catalogue, cue, self._language)

    def _path_ahead(
        self, decision: Decision
    ) -> tuple[tuple[tuple[float, float], ...], tuple[tuple[float, float], ...]]:
        """Dots and cusps not yet passed.

        The legs of a manoeuvre overlap, so the nearest dot is looked for on the present leg only.
        """
        path, plan = self._path, decision.plan
        if path is None or plan is None:
            return (), ()
        start, end = _present_segment(plan)
        first = bisect.bisect_left(path.at, start - 1e-6)
        last = max(first + 1, bisect.bisect_right(path.at, end + 1e-6))
        here = min(
            range(first, min(last, len(path.dots))),
            key=lambda i: math.dist(path.dots[i], (decision.pose.x_m, decision.pose.y_m)),
            default=first,
        )
        way = path.at[here] if here < len(path.at) else math.inf
        return path.dots[here + 1 :], tuple(place for at, place in path.cusps if at >= way)


def _shown(level: Level, assist: int) -> Level:
    """A level as far as the assist level lets it be known."""
    if assist >= WARNINGS or (assist == CRITICAL_ONLY and level == "critical"):
        return level
    return "clear"


def _present_segment(plan: PlanSummary) -> tuple[float, float]:
    """Way [m] from the plan's start to start and end of the segment being driven."""
    before = sum(segment.length_m for segment in plan.segments[: plan.segment_index])
    now = plan.segments[plan.segment_index].length_m if plan.segment_index < len(plan.segments) else 0.0
    return before, before + now


def _as_dots(plan_id: int, path: list[tuple[float, float, float]]) -> _Path:
    """Dots at even spacing along a path of poses, and where it changes direction."""
    at, dots, cusps = [], [], []
    way, due, before = 0.0, 0.0, 0
    for (x0, y0, yaw0), (x1, y1, _) in itertools.pairwise(path):
        length = math.hypot(x1 - x0, y1 - y0)
        if length < 1e-6:
            continue
        direction = 1 if (x1 - x0) * math.cos(yaw0) + (y1 - y0) * math.sin(yaw0) >= 0.0 else -1
        if before and direction != before:
            cusps.append((way, (x0, y0)))
        before = direction
        while due <= way + length:
            share = (due - way) / length
            at.append(due)
            dots.append((x0 + share * (x1 - x0), y0 + share * (y1 - y0)))
            due += DOT_SPACING
        way += length
    return _Path(plan_id, tuple(at), tuple(dots), tuple(cusps))
