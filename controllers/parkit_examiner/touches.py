"""What the car touches: bodies with its body, kerbs and painted lines with its wheels. Told once per touch."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from coach_core.contracts import LotMap, SlotMap, VehicleProfile
from coach_core.contracts.messages import GroundLine
from controllers.parkit_examiner.judge import WHEELS, Truth, outline, patches, wheels
from controllers.parkit_examiner.polygons import Body, Point, band, gap, nearest_on

KERB_REACH = 0.25
"""So far [m] ahead of and behind its axle a tyre of 0.32 m meets the edge of a kerb of 15 cm."""
PRINT_REACH = 0.08
"""Half the length [m] of a tyre's print on the ground."""
BAY_LINE_WIDTH = 0.10
LISTED = 0.05
"""A contact point the simulator lists belongs to a body at most this far [m] from it."""
WHEEL_ROOM = 1.0
"""No wheel reaches what is farther than this [m] from the body."""
FAR = 5.0
"""Clearances beyond this [m] are not worked out."""


class Happening(NamedTuple):
    """Something to tell the car: the type and facts of a radio message."""

    type: str
    facts: dict[str, Any]


class TouchWatch:
    """Follows one car. Feed it every look at the world, in order; `forget` when the car was put elsewhere."""

    def __init__(self, profile: VehicleProfile, lot: LotMap) -> None:
        self._profile = profile
        self._kerbs = [Body(f"kerb {i}", "kerb", kerb) for i, kerb in enumerate(lot.kerbs)]
        self._lines = [(line, _band(line)) for line in lot.lines]
        self._bays_painted = any(line.kind == "bay" for line in lot.lines)
        self._own_lines: list[tuple[GroundLine, Body]] = []
        self.clearance = math.inf
        """Least distance [m] of the body to anything but kerbs, so far."""
        self.contacts = 0
        """Touches of the body, so far."""
        self.kerb_strikes = 0
        self.forget()

    def forget(self) -> None:
        """What is touched at the next look has been touched all along."""
        self._seen: tuple[Truth, list[Body]] | None = None
        """The last look, unless something may have begun since without anything having moved."""
        self._touching: set[str] = set()
        self._on: set[tuple[str, str]] = set()
        self._fresh = True

    def restart(self) -> None:
        """Forget, and count from nought: a new attempt, or a new try."""
        self.forget()
        self.clearance, self.contacts, self.kerb_strikes = math.inf, 0, 0

    def aim(self, slot: SlotMap | None) -> None:
        """The slot the learner parks in: the lines between it and its neighbours count, unless the map has its own."""
        self._seen = None
        self._own_lines = [] if slot is None or self._bays_painted else [(g, _band(g)) for g in side_lines(slot)]

    def look(self, truth: Truth, speed: float, bodies: Iterable[Body], listed: Sequence[Point]) -> list[Happening]:
        """What has begun since the last look. listed: the simulator's own contact points of the body, world frame."""
        bodies = list(bodies)
        if not listed and self._seen is not None and self._seen == (truth, bodies):
            return []  # where nothing has moved, nothing has begun
        self._seen = None if listed else (truth, bodies)
        ego = Body("ego", "car", outline(truth, self._profile))
        told = [
            *self._bodies(ego, speed, bodies, listed),
            *self._kerb_strikes(ego, truth, speed),
            *self._lines_entered(ego, truth),
        ]
        fresh, self._fresh = self._fresh, False
        # where a car stands at first it has not driven to
        return [h for h in told if not fresh or h.facts.get("part") == "body"]

    def _bodies(self, ego: Body, speed: float, bodies: list[Body], listed: Sequence[Point]) -> list[Happening]:
        told, touching = [], set()
        for body in bodies:
            if ego.at_least(body) > min(self.clearance, FAR):
                continue
            room = gap(ego.outline, body.outline)
            self.clearance = min(self.clearance, room)
            if room == 0.0:
                touching.add(body.name)
                if body.name not in self._touching:
                    told.append(self._contact("body", body.kind, nearest_on(body.centre, ego.outline), speed))
        for point in listed:
            near = [b for b in (*bodies, *self._kerbs) if gap([point, point, point], b.outline) <= LISTED]
            name = near[0].name if near else "?"
            if not touching and name not in self._touching:
                told.append(self._contact("body", near[0].kind if near else "object", point, speed))
            touching.add(name)
        self.contacts += len(told)
        self._touching = touching
        return told

    def _kerb_strikes(self, ego: Body, truth: Truth, speed: float) -> list[Happening]:
        told = []
        kerbs = [kerb for kerb in self._kerbs if ego.at_least(kerb) <= WHEEL_ROOM]
        if not kerbs:
            self._on -= {("kerb", wheel) for wheel in WHEELS}
            return []
        for wheel, at, tyre in self._tyres(truth, KERB_REACH):
            on = any(tyre.at_least(kerb) <= 0.0 and gap(tyre.outline, kerb.outline) == 0.0 for kerb in kerbs)
            if self._entered("kerb", wheel, on):
                self.kerb_strikes += not self._fresh
                told.append(self._contact(f"wheel_{wheel}", "kerb", at, speed))
        return told

    def _lines_entered(self, ego: Body, truth: Truth) -> list[Happening]:
        every = [*self._lines, *self._own_lines]
        lines = [(line, ground) for line, ground in every if ego.at_least(ground) <= WHEEL_ROOM]
        if len(lines) < len(every):
            near = {line.line_id for line, _ in lines} | {"kerb"}
            self._on = {key for key in self._on if key[0] in near}
        told = []
        for wheel, at, tyre in self._tyres(truth, PRINT_REACH) if lines else ():
            for line, ground in lines:
                on = tyre.at_least(ground) <= 0.0 and gap(tyre.outline, ground.outline) == 0.0
                if self._entered(line.line_id, wheel, on):
                    facts = {"line_id": line.line_id, "line_kind": line.kind, "wheel": wheel, "at": _rounded(at)}
                    told.append(Happening("line", facts))
        return told

    def _entered(self, what: str, wheel: str, on: bool) -> bool:
        key = (what, wheel)
        entered = on and key not in self._on
        (self._on.add if on else self._on.discard)(key)
        return entered

    def _tyres(self, truth: Truth, reach: float) -> list[tuple[str, Point, Body]]:
        prints = patches(truth, self._profile, reach)
        spots = wheels(truth, self._profile)
        return [(name, at, Body(name, "car", tyre)) for name, at, tyre in zip(WHEELS, spots, prints, strict=True)]

    @staticmethod
    def _contact(part: str, other: str, at: Point, speed: float) -> Happening:
        return Happening("contact", {"part": part, "other": other, "at": _rounded(at), "speed_mps": round(speed, 3)})


def side_lines(slot: SlotMap) -> list[GroundLine]:
    """The two lines from a slot's mouth inwards; left and right as seen looking in."""
    cos, sin = math.cos(slot.inward_yaw_rad), math.sin(slot.inward_yaw_rad)
    found = []
    for name, half in (("left", 0.5 * slot.width_m), ("right", -0.5 * slot.width_m)):
        x, y = slot.entrance_x_m - half * sin, slot.entrance_y_m + half * cos
        end = x + slot.depth_m * cos, y + slot.depth_m * sin
        found.append(GroundLine(f"{slot.slot_id}:{name}", "bay", x, y, *end, BAY_LINE_WIDTH))
    return found


def _band(line: GroundLine) -> Body:
    return Body(line.line_id, line.kind, band((line.x1_m, line.y1_m), (line.x2_m, line.y2_m), line.width_m))


def _rounded(at: Point) -> list[float]:
    return [round(at[0], 3), round(at[1], 3)]
