"""The slow, obvious twin of the warnings: shapely polygons, every millimetre tried, rules read off docs/risk.md.

Shares no code with the kernels. Angles rad, distances m, ego frame: rear-axle centre, x forward, y left.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from shapely import Point, Polygon, box
from shapely.affinity import affine_transform
from shapely.geometry.base import BaseGeometry

from coach_core.risk import RiskLimits
from coach_core.vehicle import VehicleParams

FAR = 60.0
INF = math.inf


def body_of(vehicle: VehicleParams, grown: float = 0.0) -> Polygon:
    return box(
        -vehicle.rear_overhang - grown,
        -vehicle.width / 2 - grown,
        vehicle.wheelbase + vehicle.front_overhang + grown,
        vehicle.width / 2 + grown,
    )


def in_ego(pose: Sequence[float], shape: BaseGeometry) -> BaseGeometry:
    """A world shape as the car sees it."""
    x, y, yaw = pose
    c, s = math.cos(yaw), math.sin(yaw)
    return affine_transform(shape, [c, s, -s, c, -c * x - s * y, s * x - c * y])


def moved(shape: BaseGeometry, curvature: float, travel: float) -> BaseGeometry:
    """The body after `travel` m (signed) on a circle of this curvature about its centre, or straight on."""
    if abs(curvature) < 1e-12:
        return affine_transform(shape, [1, 0, 0, 1, travel, 0])
    turn, radius = travel * curvature, 1 / curvature
    c, s = math.cos(turn), math.sin(turn)
    return affine_transform(shape, [c, -s, s, c, s * radius, radius - c * radius])


def regions(vehicle: VehicleParams) -> list[Polygon]:
    """What is nearest to each sector's part of the outline, in the order of SECTORS."""
    back, front, half = -vehicle.rear_overhang, vehicle.wheelbase + vehicle.front_overhang, vehicle.width / 2
    middle = (back + front) / 2
    ys = [FAR, half / 2, 0.0, -half / 2, -FAR]
    ahead = [box(front, ys[i + 1], FAR, ys[i]) for i in range(4)]
    behind = [box(-FAR, ys[i + 1], back, ys[i]) for i in range(4)]
    right = [box(middle, -FAR, front, -half), box(back, -FAR, middle, -half)]
    left = [box(back, half, middle, FAR), box(middle, half, front, FAR)]
    return [*ahead, *right, *reversed(behind), *left]


def sector_distances(
    vehicle: VehicleParams, pose: Sequence[float], shapes: Sequence[BaseGeometry], reach: float
) -> list[float]:
    """Least distance of the shapes in each sector, inf beyond `reach`; for a body that overlaps nothing."""
    body = body_of(vehicle)
    seen = [in_ego(pose, shape) for shape in shapes]
    found = []
    for region in regions(vehicle):
        parts = [shape.intersection(region) for shape in seen]
        least = min((body.distance(part) for part in parts if not part.is_empty), default=INF)
        found.append(least if least < reach else INF)
    return found


def free_travel(
    vehicle: VehicleParams,
    pose: Sequence[float],
    shapes: Sequence[BaseGeometry],
    steer: float,
    way: float,
    *,
    grown: float = 0.0,
    every: float = 0.01,
) -> float:
    """Travel to the first contact of the body, grown by a little, within `way` m (signed); inf if there is none."""
    body, curvature = body_of(vehicle, grown), math.tan(steer) / vehicle.wheelbase
    seen = [in_ego(pose, shape) for shape in shapes]
    for i in range(math.floor(abs(way) / every) + 1):
        here = moved(body, curvature, math.copysign(i * every, way))
        if any(here.intersects(shape) for shape in seen):
            return i * every
    return INF


def points_as_shapes(points: Sequence[Sequence[float]]) -> list[Point]:
    return [Point(*point) for point in points]


def way_after(time: float, speed: float, push: float, limits: RiskLimits) -> float:
    """Way [m] in `time` s: speed up by `push` m/s² for a while, then hold what has been reached."""
    reached = speed + max(push, 0) * limits.push_lasts
    return (speed + reached) / 2 * limits.push_lasts + reached * (time - limits.push_lasts)


def level_of(
    travel: float, closing: float, touching: float, speed: float, push: float, on_plan: bool, limits: RiskLimits
) -> int:
    """The table of docs/risk.md, severest rule first."""
    standing = speed <= limits.standstill_speed
    stops_after = speed * limits.brake_lag + speed**2 / (2 * -push) if push < 0 else INF
    trusted = on_plan or travel > stops_after + limits.stop_clearance
    reaction = limits.reaction_on_plan if trusted else limits.reaction
    stopping = speed * reaction + speed**2 / (2 * limits.deceleration)
    margin = limits.crawl_margin if on_plan and speed <= limits.crawl else limits.stop_margin
    if not standing or push > 0:
        if speed + max(push, 0) * limits.push_lasts > limits.closing_speed and travel < stopping + margin:
            return 3
        if not trusted and travel < way_after(limits.critical_ttc, speed, push, limits):
            return 3
        if not standing and touching <= limits.contact_gap:
            return 3
        if not trusted and travel < way_after(limits.warning_ttc, speed, push, limits):
            return 2
        if not on_plan and not standing and closing < limits.lateral_gap:
            return 2
    return 1 if travel < limits.info_distance else 0


class NaiveHysteresis:
    """Keeps everything it has ever been told, and reads the held level off that."""

    def __init__(self, limits: RiskLimits) -> None:
        self.limits = limits
        self.held = 0
        self.lower_ticks: list[float] = []
        """Times of the ticks in a row, since the last change, at which a lower level would have done."""

    def tell(self, raw: int, cautious: int, now: float) -> int:
        if raw >= self.held:
            self.held, self.lower_ticks = raw, []
        elif cautious >= self.held:
            self.lower_ticks = []
        else:
            self.lower_ticks.append(now)
            if now - self.lower_ticks[0] >= self.limits.lower_after - 1e-9:
                self.held, self.lower_ticks = cautious, []
        return self.held
