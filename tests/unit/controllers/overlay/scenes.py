"""Scenes and a Display for tests of the overlay."""

from __future__ import annotations

import itertools
from collections import Counter
from pathlib import Path
from typing import Any

from coach_core.contracts import (
    SECTORS,
    ClearanceState,
    Cue,
    Decision,
    Level,
    PlanSegment,
    PlanSummary,
    Pose2,
    SensorFrame,
)
from controllers.worldfiles import load_lot, load_profile

WORLD = Path(__file__).parents[4] / "worlds" / "perpendicular.wbt"
PROFILE, LOT = load_profile(WORLD), load_lot(WORLD)

Sectors = dict[str, tuple[float, Level]]


def frame(now: float = 1.0, **changes: Any) -> SensorFrame:
    values: dict[str, Any] = {"pose": Pose2(0.0, 3.0, 0.0), "speed_mps": -0.5, "steering_angle_rad": 0.2, "gear": "R"}
    values |= {"sim_time_s": now, "throttle": 0.0, "brake": 0.0} | changes
    return SensorFrame(1, "car-1", "s-1", 0, 0, readings=[], **values)


def decision(sectors: Sectors | None = None, **changes: Any) -> Decision:
    near = sectors or {}
    values: dict[str, Any] = {
        "level": "clear", "ttc_s": None, "patterns": [], "cue": None, "target_steering_angle_rad": None,
        "stop_in_m": None, "plan": None, "assist_level": 4, "pose": Pose2(0.0, 3.0, 0.0), "obstacles": None,
        "decision_us": 0.0, "sim_time_s": 1.0,
    }  # fmt: skip
    states = [ClearanceState(name, *near.get(name, (None, "clear"))) for name in SECTORS]
    return Decision(1, "car-1", "s-1", 0, 0, sectors=states, **(values | changes))


def plan(path: list[tuple[float, float, float]] | None, *, plan_id: int = 1, segment: int = 0) -> PlanSummary:
    """Two metres forward, then two back."""
    segments = [PlanSegment(1, 0.0, 2.0), PlanSegment(-1, 0.0, 2.0)]
    return PlanSummary(plan_id, "A4", "follow", 1, 4.0, segment, segments, path)


OUT_AND_BACK = [(0.25 * i, 3.0, 0.0) for i in range(9)] + [(2.0 - 0.25 * i, 3.0, 0.0) for i in range(1, 9)]


class FakeDisplay:
    """Keeps the calls, and refuses what Webots' Display refuses."""

    BGRA = 6

    def __init__(self, width: int = 960, height: int = 540) -> None:
        self._size = width, height
        self._handles = itertools.count(1)
        self.calls: list[tuple[Any, ...]] = []
        self.images: dict[int, int] = {}

    def getWidth(self) -> int:
        return self._size[0]

    def getHeight(self) -> int:
        return self._size[1]

    def imageNew(self, data: bytes, form: int, width: int, height: int) -> int:
        assert type(data) is bytes
        assert form == self.BGRA
        assert len(data) == 4 * width * height
        handle = next(self._handles)
        self.images[handle] = len(data)
        self.calls.append(("imageNew", handle))
        return handle

    def imageDelete(self, image: int) -> None:
        del self.images[image]
        self.calls.append(("imageDelete", image))

    def imagePaste(self, image: int, x: int, y: int, blend: bool) -> None:
        assert image in self.images
        self._draw("imagePaste", image, x, y, blend)

    def setColor(self, color: int) -> None:
        assert 0 <= color <= 0xFFFFFF
        self.calls.append(("setColor", color))

    def setAlpha(self, alpha: float) -> None:
        assert 0.0 <= alpha <= 1.0
        self.calls.append(("setAlpha", alpha))

    def setOpacity(self, opacity: float) -> None:
        assert 0.0 <= opacity <= 1.0
        self.calls.append(("setOpacity", opacity))

    def drawLine(self, *ends: int) -> None:
        self._draw("drawLine", *ends)

    def fillRectangle(self, *box: int) -> None:
        self._draw("fillRectangle", *box)

    def fillPolygon(self, xs: list[int], ys: list[int]) -> None:
        assert len(xs) == len(ys) >= 3
        self._draw("fillPolygon", *xs, *ys)

    def _draw(self, name: str, *values: int) -> None:
        assert all(type(value) in (int, bool) for value in values), f"{name} takes whole pixels, got {values}"
        self.calls.append((name, *values))

    def count(self) -> Counter[str]:
        return Counter(name for name, *_ in self.calls)


def cue(name: str, severity: Level = "clear", **params: str | int) -> Cue:
    return Cue(name, params, severity)
