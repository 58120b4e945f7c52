"""Ways into a contact: P1 to P6 and P8 to P10 of DOMAIN.md section 4, each a distribution of situations and actions.

A draw is a candidate; it becomes an episode if the driver's actions lead to the contact that the pattern is about, 1.8
to 5 s after the start (`foresight`). Common ranges: speed 0.5-2.2 m/s; wheel turned at 0.21-0.42 rad/s (180-360 °/s at
the hand wheel, section 7); mirrored left to right in every other draw; sensors' noise and drop-outs as in `Settings`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from coach_core.contracts import VehicleProfile
from coach_core.contracts.messages import Gear
from ops.study.episode import Body, BodyKind, Episode, Start, Waypoint
from ops.study.warnings.drivers import Action
from ops.study.warnings.foresight import Foreseen, foresee
from ops.study.warnings.places import Place, draw_place
from ops.worlds.bodies import CAR_CORNER

SOONEST, LATEST = 1.8, 5.0
"""When [s] after the start a contact must come."""
LOCK = 0.6


class Situation(NamedTuple):
    """One candidate: a place with everything in it, the start, what the driver does, and whether the foreseen contact
    is the one meant."""

    place: Place
    bodies: tuple[Body, ...]
    start: Start
    actions: tuple[Action, ...]
    steer_rate: float
    meant: Callable[[Foreseen], bool]


class Drawn(NamedTuple):
    """One episode of a pattern and its driver's actions."""

    pattern: str
    episode: Episode
    actions: tuple[Action, ...]
    steer_rate: float
    foreseen: Foreseen


def draw(pattern: str, seed: int, profile: VehicleProfile) -> Drawn:
    """The episode of `pattern` that `seed` gives."""
    rng = np.random.default_rng([seed, PATTERNS.index(pattern)])
    while True:
        situation = _DRAWS[pattern](rng)
        start = situation.start
        if rng.random() < 0.5:
            situation = _mirrored(situation)
            start = situation.start
        contact = foresee(profile, situation.bodies, start, situation.actions, situation.steer_rate, LATEST)
        if contact is None or contact.time < SOONEST or not situation.meant(contact):
            continue
        place = situation.place
        episode = Episode(
            place.family, seed, place.lot(situation.bodies), situation.bodies, start, (), time_limit=contact.time + 2.0
        )
        return Drawn(pattern, episode, situation.actions, situation.steer_rate, contact)


def is_known(episode: Episode, x: float, y: float, kind: BodyKind) -> bool:
    """Whether what stands at x, y is told by the lot map: a wall, a pillar, a kerb, or a car in its slot."""
    if kind in ("wall", "pillar", "kerb"):
        return True
    if kind != "car":
        return False
    for slot in episode.lot.slots:
        dx, dy = x - slot.entrance_x_m, y - slot.entrance_y_m
        cos, sin = math.cos(slot.inward_yaw_rad), math.sin(slot.inward_yaw_rad)
        depth, across = cos * dx + sin * dy, cos * dy - sin * dx
        if -0.5 < depth < slot.depth_m + 0.5 and abs(across) < 0.5 * slot.width_m + 0.3:
            return True
    return False


# --- the nine ----------------------------------------------------------------------------------------------------


def _rear_corner_cut_in(rng: np.random.Generator) -> Situation:
    """Reversing into the gap with the wheel over: the inner rear corner or flank cuts into the neighbour."""
    place = _place(rng, ("perpendicular", "angled", "garage", "parallel"))
    start = _rolling(
        rng, rng.uniform(0.0, 5.5), rng.uniform(1.2, 3.2), rng.normal(0.0, 0.09), rng.uniform(-0.3, 0.2), "R"
    )
    actions = _turn(rng, start, -rng.uniform(0.25, LOCK))
    return _situation(rng, place, start, actions, lambda c: c.x < 1.8 and abs(c.steer) > 0.15 and c.body.kind != "kerb")


def _front_swing_out(rng: np.random.Generator) -> Situation:
    """Reversing with the wheel over: the outer front corner swings into what stands across the aisle."""
    place = _place(rng, ("perpendicular", "angled", "garage", "parallel"))
    y = place.aisle - rng.uniform(1.15, 2.2)
    start = _rolling(rng, rng.uniform(-2.0, 6.0), y, rng.normal(0.0, 0.09), rng.uniform(-0.4, 0.2), "R")
    across = _stray(rng, start.x + rng.uniform(0.5, 3.5), start.y + rng.uniform(1.6, 2.4), rng.normal(0.0, 0.1))
    bodies = place.bodies if rng.random() < 0.6 else (*place.bodies, across)
    actions = _turn(rng, start, -rng.uniform(0.25, LOCK))
    place = place._replace(bodies=bodies)
    return _situation(rng, place, start, actions, lambda c: c.x > 2.2 and abs(c.steer) > 0.15)


def _straight_back(rng: np.random.Generator) -> Situation:
    """Straight back, into the wall behind the gap or whatever stands in the way."""
    return _straight(rng, "R", lambda c: c.x < -0.5)


def _nose_in(rng: np.random.Generator) -> Situation:
    """Forwards, straight or in a curve, into what is ahead."""
    return _straight(rng, "D", lambda c: c.x > 3.2)


def _side_scrape(rng: np.random.Generator) -> Situation:
    """Drifting along a row of cars or a wall at an angle of 1-7 degrees; or turning out of the gap too early."""
    gear: Gear = "D" if rng.random() < 0.6 else "R"
    if rng.random() < 0.4:
        place = _place(rng, ("perpendicular", "garage"))
        out = place.inward + math.pi
        back = rng.uniform(2.5, 4.2)
        start = _rolling(
            rng, back * math.cos(place.inward) + rng.uniform(-0.15, 0.15), back * math.sin(place.inward), out, 0.0, "D"
        )
        return _situation(rng, place, start, _turn(rng, start, -rng.uniform(0.3, LOCK)), lambda c: abs(c.y) > 0.85)
    place = _place(rng, ("parallel", "perpendicular", "garage"))
    drift = math.radians(rng.uniform(1.0, 7.0)) * (1.0 if gear == "D" else -1.0)
    y = place.aisle - 0.9115 - rng.uniform(0.15, 0.7)
    start = _rolling(rng, rng.uniform(-6.0, 2.0), y, drift, rng.normal(0.0, 0.02), gear)
    return _situation(rng, place, start, _turn(rng, start, rng.normal(0.0, 0.03)), lambda c: abs(c.y) > 0.85)


def _line_strike(rng: np.random.Generator) -> Situation:
    """A wheel against the kerb: reversing into a parallel gap, or drifting towards it."""
    place = draw_place(rng, "parallel")
    start = _rolling(
        rng, rng.uniform(-2.5, 2.0), -rng.uniform(-0.6, 1.0), rng.uniform(0.1, 0.9), rng.uniform(-0.3, 0.3), "R"
    )
    if rng.random() < 0.3:
        start = _rolling(rng, rng.uniform(-3.0, -1.0), -rng.uniform(0.2, 1.2), -rng.uniform(0.05, 0.5), 0.0, "D")
    return _situation(rng, place, start, _turn(rng, start, rng.uniform(-LOCK, LOCK)), lambda c: c.wheel)


def _pedal_surge(rng: np.random.Generator) -> Situation:
    """Standing or creeping 0.8-3 m from something, then the throttle: 1.0-2.5 m/s² up to 2.2 m/s."""
    surge = Action(float(rng.uniform(0.8, 1.8)), 0.0, 2.2, float(rng.uniform(1.0, 2.5)))
    slow = 0.0 if rng.random() < 0.5 else float(rng.uniform(0.2, 0.6))
    way = float(rng.uniform(0.8, 3.0)) + slow * surge.at
    return _towards(rng, "R" if rng.random() < 0.5 else "D", slow, way, (Action(0.0, 0.0, slow, 1.0), surge))


def _late_stop(rng: np.random.Generator) -> Situation:
    """Steadily towards something, and a brake 0.2-0.9 s before it that is too weak (0.5-2 m/s²)."""
    speed, ahead = float(rng.uniform(0.6, 1.8)), float(rng.uniform(2.0, 4.0))
    brake = Action(ahead - float(rng.uniform(0.2, 0.9)), 0.0, 0.0, float(rng.uniform(0.5, 2.0)))
    return _towards(
        rng, "R" if rng.random() < 0.7 else "D", speed, speed * ahead, (Action(0.0, 0.0, speed, 1.0), brake)
    )


def _crossing_mover(rng: np.random.Generator) -> Situation:
    """A person (0.8-1.6 m/s) or a car (1-2.5 m/s) crosses behind or ahead of the moving car."""
    place = draw_place(rng, str(rng.choice(["perpendicular", "garage"])))
    gear: Gear = "R" if rng.random() < 0.6 else "D"
    speed, ahead = float(rng.uniform(0.5, 1.6)), float(rng.uniform(2.0, 4.0))
    x, y = float(rng.uniform(-2.0, 2.0)), float(rng.uniform(1.6, place.aisle - 1.6))
    start = Start(x, y, 0.0, -speed if gear == "R" else speed, 0.0, gear)
    nose = 3.635 if gear == "D" else -0.85
    way = speed * ahead * (1.0 if gear == "D" else -1.0)
    person = rng.random() < 0.7
    pace = float(rng.uniform(0.8, 1.6) if person else rng.uniform(1.0, 2.5))
    x = start.x + nose + way + math.copysign(rng.uniform(0.0, 0.5), way)
    y = start.y + float(rng.uniform(-0.7, 0.7))
    side = 1.0 if rng.random() < 0.5 else -1.0
    lead = min(ahead, (place.aisle + 3.0) / pace)
    path = (
        Waypoint(ahead - lead, x, y - side * pace * lead),
        Waypoint(ahead + 2.0, x, y + side * pace * 2.0),
    )
    yaw = side * 0.5 * math.pi
    mover = (
        Body("person", x, y, yaw, 0.5, 0.5, 1.8, is_round=True, path=path)
        if person
        else Body("car", x, y, yaw, 4.4, 1.8, path=path)
    )
    here = tuple(b for b in place.bodies if b.kind not in ("car", "pillar") or abs(b.x - x) > 2.5 + 0.5 * b.length)

    def meant(contact: Foreseen) -> bool:
        ahead = contact.x > 2.0 if gear == "D" else contact.x < 0.8
        return bool(contact.body.path) and contact.speed > 0.2 and ahead

    return Situation(place._replace(slots=()), (*here, mover), start, (Action(0.0, 0.0, speed, 1.0),), 0.3, meant)


# --- what they are made of ----------------------------------------------------------------------------------------


def _place(rng: np.random.Generator, families: tuple[str, ...]) -> Place:
    return draw_place(rng, str(rng.choice(families)))


def _rolling(rng: np.random.Generator, x: float, y: float, yaw: float, steer: float, gear: Gear) -> Start:
    """A car that rolls already at 0.5-2.2 m/s, or in one of four draws stands."""
    speed = 0.0 if rng.random() < 0.25 else float(rng.uniform(0.5, 2.2))
    return Start(float(x), float(y), float(yaw), -speed if gear == "R" else speed, float(steer), gear)


def _turn(rng: np.random.Generator, start: Start, steer: float) -> tuple[Action, ...]:
    """Goes on as at the start, then turns the wheel to `steer` within 1.5 s; a standing car moves off meanwhile."""
    speed = abs(start.speed) or float(rng.uniform(0.5, 1.5))
    moves_off = float(rng.uniform(0.3, 1.0))
    return (
        Action(0.0, start.steer, abs(start.speed), 1.0),
        Action(moves_off, start.steer, speed, float(rng.uniform(0.4, 1.0))),
        Action(moves_off + float(rng.uniform(0.0, 1.5)), float(steer), speed, float(rng.uniform(0.4, 1.0))),
    )


def _situation(
    rng: np.random.Generator, place: Place, start: Start, actions: tuple[Action, ...], meant: Callable[[Foreseen], bool]
) -> Situation:
    return Situation(place, place.bodies, start, actions, float(rng.uniform(0.21, 0.42)), meant)


def _straight(rng: np.random.Generator, gear: Gear, meant: Callable[[Foreseen], bool]) -> Situation:
    """Towards something at a steady 0.5-2.2 m/s, with small corrections of the wheel, or in a curve."""
    speed, ahead = float(rng.uniform(0.5, 2.2)), float(rng.uniform(2.2, 4.5))
    bend = rng.normal(0.0, 0.02) if gear == "R" or rng.random() < 0.5 else rng.uniform(-LOCK, LOCK)
    actions = (
        Action(0.0, 0.0, speed, 1.0),
        Action(float(rng.uniform(0.2, 1.5)), float(bend), speed * float(rng.uniform(0.8, 1.2)), 0.5),
    )
    return _towards(rng, gear, speed, speed * ahead, actions)._replace(meant=meant)


def _towards(rng: np.random.Generator, gear: Gear, speed: float, way: float, actions: tuple[Action, ...]) -> Situation:
    """`way` m from the wall behind the gap (in reverse, seldom forwards) or from something that stands in the aisle."""
    sign = 1.0 if gear == "D" else -1.0
    nose = 3.635 if gear == "D" else -0.85
    place = _place(rng, ("perpendicular", "garage"))

    def meant(contact: Foreseen) -> bool:
        return contact.x > 3.0 if gear == "D" else contact.x < -0.4

    if rng.random() < (0.5 if gear == "R" else 0.25) and way < 7.0:
        wall = 6.2 - 0.15
        yaw = place.inward if gear == "D" else place.inward + math.pi
        back = wall - way - abs(nose)
        start = Start(
            back * math.cos(place.inward) + float(rng.uniform(-0.1, 0.1)),
            back * math.sin(place.inward),
            yaw + float(rng.normal(0.0, 0.02)),
            sign * speed,
            0.0,
            gear,
        )
        return _situation(rng, place, start, actions, meant)
    y = float(rng.uniform(1.4, place.aisle - 1.4))
    start = Start(float(rng.uniform(-3.0, 3.0)), y, float(rng.normal(0.0, 0.03)), sign * speed, 0.0, gear)
    x = start.x + nose + sign * way
    thing = _stray(rng, x, y + float(rng.uniform(-0.9, 0.9)), float(rng.normal(0.0, 0.3)))
    reach = 0.5 * (thing.length if not thing.is_round else thing.width)
    return _situation(
        rng, place._replace(bodies=(*place.bodies, thing._replace(x=x + sign * reach))), start, actions, meant
    )


def _stray(rng: np.random.Generator, x: float, y: float, yaw: float) -> Body:
    """Something outside the slots. Four in ten are told by the map (a wall's end, a pillar), the others by echoes
    alone: a badly parked car, a two-wheeler, a cone, a person; DOMAIN.md section 4 for what is hit how often."""
    kind = str(rng.choice(["wall", "pillar", "car", "object", "cone", "person"], p=[0.2, 0.2, 0.4, 0.1, 0.05, 0.05]))
    x, y, yaw = float(x), float(y), float(yaw)
    if kind == "wall":
        return Body("wall", x, y, yaw, 0.3, float(rng.uniform(1.0, 3.0)), 1.2)
    if kind == "pillar":
        return Body("pillar", x, y, yaw, float(rng.uniform(0.3, 0.7)), float(rng.uniform(0.3, 0.7)), 2.4)
    if kind == "car":
        return Body("car", x, y, yaw + (0.5 * math.pi if rng.random() < 0.5 else 0.0), 4.4, 1.8)._replace()
    if kind == "object":  # a two-wheeler
        return Body("object", x, y, yaw, 0.6, 1.8, 1.1, corner=CAR_CORNER)
    if kind == "cone":
        return Body("cone", x, y, 0.0, 0.36, 0.36, 0.7, is_round=True)
    return Body("person", x, y, 0.0, 0.5, 0.5, 1.8, is_round=True)


def _mirrored(situation: Situation) -> Situation:
    """Left and right exchanged."""
    place = situation.place
    slots = tuple(
        slot.__class__(
            slot.slot_id,
            slot.kind,
            slot.entrance_x_m,
            -slot.entrance_y_m,
            -slot.inward_yaw_rad,
            slot.width_m,
            slot.depth_m,
            None if slot.kind != "parallel" else 0.0,
        )
        for slot in place.slots
    )
    bodies = tuple(
        body._replace(y=-body.y, yaw=-body.yaw, path=tuple(w._replace(y=-w.y) for w in body.path))
        for body in situation.bodies
    )
    start = situation.start._replace(y=-situation.start.y, yaw=-situation.start.yaw, steer=-situation.start.steer)
    actions = tuple(action._replace(steer=-action.steer) for action in situation.actions)
    return situation._replace(
        place=place._replace(slots=slots, inward=-place.inward), bodies=bodies, start=start, actions=actions
    )


_DRAWS: dict[str, Callable[[np.random.Generator], Situation]] = {
    "rear_corner_cut_in": _rear_corner_cut_in,
    "front_swing_out": _front_swing_out,
    "straight_back": _straight_back,
    "nose_in": _nose_in,
    "side_scrape": _side_scrape,
    "line_strike": _line_strike,
    "pedal_surge": _pedal_surge,
    "late_stop": _late_stop,
    "crossing_mover": _crossing_mover,
}
PATTERNS = tuple(_DRAWS)
