"""What the learner's sonars cannot see: rays that pass over a kerb, or a sensor that looks past its neighbours.

Judged by the tables' rules alone (ray layout, range, the 22.5 degree rule), against a flat face straight before the
sensor: what is missed there is missed everywhere.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from ops.worlds.check.findings import Findings
from worlds.headless.physics.rays import SONAR_MAX_INCIDENCE, ray_directions
from worlds.headless.scenery import Place, Scenery
from worlds.headless.vrml.parser import World
from worlds.headless.vrml.scene import Node
from worlds.headless.vrml.tables import vehicles

_NEAREST, _FARTHEST = 0.3, 2.0
"""Where [m] a parking sensor has to see what stands there."""
_DISTANCES = np.arange(_NEAREST, _FARTHEST + 0.01, 0.1)
_CLOSE = 1.0
"""A thing that no sensor sees from this near [m] takes the learner by surprise."""
_CAR = (0.2, 1.4)
"""Height span [m] of the flank of an ordinary neighbour."""
_LOW = frozenset({"Kerb"})
"""PROTOs that are meant to be too low: the lot map names them."""


def seen_at(sensor: Node, height: float, pitch: float, low: float, high: float, half_width: float) -> list[float]:
    """Distances [m] at which some ray of a sensor at this height comes back from a face low..high [m] before it.

    pitch: the sensor's axis above the horizon [rad]. half_width: of the face [m].
    """
    rays = ray_directions(sensor.get("numberOfRays"), sensor.get("aperture"))
    cos, sin = math.cos(pitch), math.sin(pitch)
    ahead, up = cos * rays[:, 0] - sin * rays[:, 2], sin * rays[:, 0] + cos * rays[:, 2]
    returning = ahead > math.cos(SONAR_MAX_INCIDENCE)
    reach = sensor.get("lookupTable")[-1][0] if sensor.get("lookupTable") else 0.0
    found = []
    for distance in _DISTANCES:
        along = distance / np.maximum(ahead, 1e-9)
        z = height + up * along
        aside = np.abs(rays[:, 1] * along)
        if np.any(returning & (along < reach) & (z >= low) & (z <= high) & (aside <= half_width)):
            found.append(round(float(distance), 2))
    return found


def check_sensing(path: Path, world: World, scenery: Scenery, findings: Findings) -> None:
    """Every sonar must see an ordinary neighbour; every thing must be seen by one, unless the map names it."""
    ego = next((node for node in world.nodes if node.base.type_name in vehicles()), None)
    if ego is None:
        return
    facts = vehicles()[ego.base.type_name]
    floor = facts["tireRadiusRear"] - facts["suspension_sag_estimate_m"]
    sonars = [
        place
        for place in scenery.places.values()
        if place.top is ego and place.node.type_name == "DistanceSensor" and place.node.get("type") == "sonar"
    ]
    for place in sonars:
        height, pitch = _mount(place, floor)
        if not seen_at(place.node, height, pitch, *_CAR, math.inf):
            name = place.node.get("name")
            sentence = (
                f'sensor "{name}", {height:.2f} m up and tilted {math.degrees(pitch):.0f} degrees, sees no car between '
                f"{_NEAREST:g} and {_FARTHEST:g} m; lower it or level it."
            )
            findings.error(place.node.file, place.node.line, sentence)
    if sonars:
        _check_things(path, ego, sonars, floor, scenery, findings)


def _check_things(
    path: Path, ego: Node, sonars: list[Place], floor: float, scenery: Scenery, findings: Findings
) -> None:
    told: set[tuple[str, float]] = set()
    for obstacle in scenery.obstacles(ego):
        kind = obstacle.top.type_name
        key = (kind, round(obstacle.high, 2))
        if not obstacle.footprint or key in told:
            continue
        told.add(key)
        seen = {
            distance
            for place in sonars
            for distance in seen_at(place.node, *_mount(place, floor), obstacle.low, obstacle.high, math.inf)
        }
        if any(distance <= _CLOSE for distance in seen):
            continue
        blind = f"{kind} is {obstacle.high:g} m high: no sonar of the learner's car sees it within {_CLOSE:g} m"
        if kind in _LOW:
            findings.note(path, obstacle.top.line, f"{blind}; the coach knows it from the lot map alone.")
        else:
            findings.error(path, obstacle.top.line, f"{blind}; make it higher, or a Kerb on the lot map.")


def _mount(place: Place, floor: float) -> tuple[float, float]:
    """Height above the ground [m] and tilt above the horizon [rad] of a sensor."""
    frame = place.in_top()
    return float(frame.origin[2]) + floor, math.asin(max(-1.0, min(1.0, float(frame.rotation[2, 0]))))
