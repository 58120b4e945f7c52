"""The mini-map: the car from above with its nose up, and what is round it."""

from __future__ import annotations

import math

from coach_core.contracts import ClearanceState, LotMap, VehicleProfile
from controllers.parkit_coach.overlay.car_pictures import MAP_SCALE, axle_in_car, cone_size
from controllers.parkit_coach.overlay.clipping import Point
from controllers.parkit_coach.overlay.commands import Box, Command, Paste, Pen, text
from controllers.parkit_coach.overlay.layout import MAP, MAP_FRAME
from controllers.parkit_coach.overlay.lot import LotPainter
from controllers.parkit_coach.overlay.palette import (
    LEVEL_FILL,
    LEVELS,
    MAP_ALPHA,
    MUTED,
    OBSTACLE,
    PLATE,
    SWEEP,
    TARGET,
    rank,
)
from controllers.parkit_coach.overlay.pictures import chip_size
from controllers.parkit_coach.overlay.scene import TEST, WARNINGS, Scene
from controllers.parkit_coach.overlay.sprites import Body, Car, Chip, Cone, Diamond, Dot, Plate, Sprite, Strip
from controllers.parkit_coach.overlay.strokes import dab, fill, outline
from controllers.parkit_coach.overlay.typeface import width
from controllers.parkit_coach.overlay.words import LEVEL_WORDS, Language, distance

SWEEP_LENGTH = 3.0
"""How far ahead the swept path is drawn [m]."""
_SWEEP_STEPS = 10
_CONE_REACH = 1.5
_CONE_LEAST = 18
"""Reach of the shortest cone [px]: three bars need that much."""
_CONE_STEP = 3
_STEER_STEP = 3
"""Degrees between two pictures of the front wheels."""
_NAME_DEPTHS = (0.5, 0.8, 0.2)
"""Where the target's name may stand, as a share of the slot's depth."""
_CAR_AT = (MAP[0] + 150.0, MAP[1] + 146.0)
"""Where the middle of the car is."""
_OBSTACLE_GRID = 5
_MOST_OBSTACLES = 160
_SCALE_BAR = 2.0
_SCALE_TEXT = "2 m"
_FARTHEST_NUMBER = 160
"""Centimetres up to which the chips with distances are prepared."""


class MiniMap:
    """Draws scenes for one car and one lot."""

    def __init__(self, profile: VehicleProfile, lot: LotMap, language: Language) -> None:
        self._body = Body(profile.wheelbase_m, profile.front_overhang_m, profile.rear_overhang_m, profile.width_m)
        self._mounts = {mount.sensor_id.removeprefix("us_"): mount for mount in profile.sensors}
        self._lot = LotPainter(lot)
        self._words = LEVEL_WORDS[language]
        middle = 0.5 * (profile.wheelbase_m + profile.front_overhang_m - profile.rear_overhang_m)
        self._axle = (_CAR_AT[0], _CAR_AT[1] + middle * MAP_SCALE)

    def sprites(self) -> list[Sprite]:
        """What is sure to be needed, so that it need not be made while driving."""
        wheels = [Car(self._body, degrees) for degrees in range(-36, 37, _STEER_STEP)]
        reaches = range(_CONE_LEAST, round(_CONE_REACH * MAP_SCALE) + _CONE_STEP, _CONE_STEP)
        cones = [
            Cone(_clockwise(mount.yaw_rad), _half(mount.field_of_view_rad), reach, level)
            for mount in self._mounts.values()
            for level in LEVELS
            for reach in reaches
        ]
        plates = [Plate(MAP[2], MAP[3], MAP_ALPHA, level) for level in LEVELS]
        chips = [Chip(self._words[level], 18, LEVEL_FILL[level], level) for level in LEVELS]
        slots = [Chip(name, 18, TARGET) for name in self._lot.names]
        numbers = {distance(centimetres / 100.0) for centimetres in range(_FARTHEST_NUMBER)}
        chips += [Chip(number, 24, LEVEL_FILL[level], level) for number in sorted(numbers) for level in LEVELS[1:]]
        scale = Strip(_SCALE_TEXT, 16, MUTED)
        return [*wheels, *cones, *plates, *chips, *slots, scale, Dot(6, TARGET), Dot(4, OBSTACLE), Diamond(14)]

    def commands(self, scene: Scene) -> list[Command]:
        """The whole panel; nothing in a test, where a map would be help."""
        if scene.assist == TEST:
            return []
        to_map = _Camera(scene, self._axle)
        out: list[Command] = [Paste(Plate(MAP[2], MAP[3], MAP_ALPHA, scene.level), MAP[0], MAP[1], blend=False)]
        self._lot.draw(out, scene, to_map)
        if scene.assist >= WARNINGS:
            self._draw_sweep(out, scene)
        self._draw_path(out, scene, to_map)
        self._draw_obstacles(out, scene, to_map)
        for state in sorted(scene.sectors, key=lambda s: rank(s.level)):
            self._draw_cone(out, state)
        nearest = self._nearest(scene)
        self._draw_target_name(out, scene, to_map, nearest)
        self._draw_car(out, scene)
        if nearest is not None:
            out.append(nearest)
        self._draw_frame(out, scene)
        return out

    def _ego(self, forward: float, left: float) -> Point:
        """A point of the ego frame on the map."""
        return self._axle[0] - left * MAP_SCALE, self._axle[1] - forward * MAP_SCALE

    def _draw_sweep(self, out: list[Command], scene: Scene) -> None:
        """Ground the body covers in the next metres if the wheel stays as it is."""
        direction = {"D": 1.0, "R": -1.0}.get(scene.gear)
        if direction is None:
            return
        body = self._body
        side = 1.0 if scene.steer >= 0.0 else -1.0
        half, nose, tail = body.width / 2, body.wheelbase + body.front_overhang, -body.rear_overhang
        lead = nose if direction > 0.0 else tail
        curvature = math.tan(scene.steer) / body.wheelbase
        poses = [_arc(curvature, direction * SWEEP_LENGTH * i / _SWEEP_STEPS) for i in range(_SWEEP_STEPS + 1)]

        def track(forward: float, left: float) -> list[Point]:
            return [self._ego(*_moved(pose, forward, left)) for pose in poses]

        inner, outer = track(0.0, side * half), track(nose, -side * half)
        ends = track(lead, side * half), track(lead, -side * half)
        last = [ends[0][-1], ends[1][-1]]
        fill(out, [*inner, *last, *reversed(outer)], Pen(SWEEP, 0.2, MAP_ALPHA))
        for end in ends:
            outline(out, end, SWEEP)
        outline(out, last, SWEEP, broad=True)
        for metre in (1, 2):
            i = round(metre / SWEEP_LENGTH * _SWEEP_STEPS)
            outline(out, [ends[0][i], ends[1][i]], SWEEP, opacity=0.45)

    def _draw_path(self, out: list[Command], scene: Scene, to_map: _Camera) -> None:
        for point in scene.path:
            dab(out, Dot(6, TARGET), 6, to_map(point))
        for point in scene.cusps:
            dab(out, Diamond(14), 14, to_map(point))

    def _draw_obstacles(self, out: list[Command], scene: Scene, to_map: _Camera) -> None:
        seen: set[tuple[int, int]] = set()
        for point in scene.obstacles:
            x, y = to_map(point)
            cell = int(x) // _OBSTACLE_GRID, int(y) // _OBSTACLE_GRID
            if cell in seen or len(seen) >= _MOST_OBSTACLES or not MAP_FRAME.holds((x, y), 3.0):
                continue
            seen.add(cell)
            dab(out, Dot(4, OBSTACLE), 4, (x, y))

    def _draw_cone(self, out: list[Command], state: ClearanceState) -> None:
        mount = self._mounts.get(state.sector)
        if mount is None:
            return
        reach = _reach(state)
        x, y = self._ego(mount.x_m, mount.y_m)
        half = cone_size(reach) / 2
        name = Cone(_clockwise(mount.yaw_rad), _half(mount.field_of_view_rad), reach, state.level)
        out.append(Paste(name, round(x - half), round(y - half)))

    def _draw_car(self, out: list[Command], scene: Scene) -> None:
        steer = _STEER_STEP * round(math.degrees(scene.steer) / _STEER_STEP)
        x, y = axle_in_car(self._body)
        out.append(Paste(Car(self._body, steer), round(self._axle[0] - x), round(self._axle[1] - y)))

    def _draw_target_name(self, out: list[Command], scene: Scene, to_map: _Camera, nearest: Paste | None) -> None:
        """In the target's middle; nearer its end or its entrance where the distance of a danger stands in the way."""
        slot = self._lot.target(scene)
        if slot is None:
            return
        corners = [to_map(point) for point in slot]
        chip = Chip(scene.target_slot or "", 18, TARGET)
        for depth in _NAME_DEPTHS:
            name = _centred(chip, _within(corners, depth), inset=0.0)
            if nearest is None or not _overlap(name, nearest):
                out.append(name)
                return

    def _nearest(self, scene: Scene) -> Paste | None:
        """The distance in the worst sector: one number, beyond its cone; None while nothing is near."""
        near = [
            s for s in scene.sectors if s.level != "clear" and s.distance_m is not None and s.sector in self._mounts
        ]
        if not near:
            return None
        worst = max(near, key=lambda s: (rank(s.level), -(s.distance_m or 0.0)))
        mount = self._mounts[worst.sector]
        chip = Chip(distance(worst.distance_m or 0.0), 24, LEVEL_FILL[worst.level], worst.level)
        wide, high = chip_size(chip)
        x, y = self._ego(mount.x_m, mount.y_m)
        across, along = -math.sin(mount.yaw_rad), -math.cos(mount.yaw_rad)
        beyond = _reach(worst) + 6.0
        # the chip's near side touches the tip, whatever way the cone points
        x += across * beyond + min(max(1.5 * across, -1.0), 1.0) * wide / 2
        y += along * beyond + min(max(1.5 * along, -1.0), 1.0) * high / 2
        return _centred(chip, (x, y), inset=2.0)

    def _draw_frame(self, out: list[Command], scene: Scene) -> None:
        """The overall level top left, the scale bottom left."""
        left, bottom = round(MAP_FRAME.left) + 8, round(MAP_FRAME.bottom) - 10
        out.append(
            Paste(
                Chip(self._words[scene.level], 18, LEVEL_FILL[scene.level], scene.level),
                left - 2,
                round(MAP_FRAME.top) + 5,
            )
        )
        length = round(_SCALE_BAR * MAP_SCALE)
        pen = Pen(MUTED)
        ground = length + 6 + width(_SCALE_TEXT, 16) + 10
        out += [
            Box(Pen(PLATE, 0.85, MAP_ALPHA), left - 5, bottom - 15, ground, 22),
            Box(pen, left, bottom, length, 2),
            Box(pen, left, bottom - 4, 2, 6),
            Box(pen, left + length - 2, bottom - 4, 2, 6),
        ]
        out.append(text(Strip(_SCALE_TEXT, 16, MUTED), left + length + 6, bottom - 14))


class _Camera:
    """From the world to the map."""

    def __init__(self, scene: Scene, axle: Point) -> None:
        pose = scene.pose
        self._x, self._y = pose.x_m, pose.y_m
        self._cos, self._sin = MAP_SCALE * math.cos(pose.yaw_rad), MAP_SCALE * math.sin(pose.yaw_rad)
        self._axle_x, self._axle_y = axle

    def __call__(self, point: tuple[float, float]) -> Point:
        dx, dy = point[0] - self._x, point[1] - self._y
        return (
            self._axle_x + dx * self._sin - dy * self._cos,
            self._axle_y - dx * self._cos - dy * self._sin,
        )


def _centred(chip: Chip, middle: Point, inset: float) -> Paste:
    """A chip about a point, moved so that it stays on the map, `inset` px from its frame."""
    wide, high = chip_size(chip)
    x, y = MAP_FRAME.nearest(middle, wide / 2 + inset, high / 2 + inset)
    return Paste(chip, round(x - wide / 2), round(y - high / 2))


def _overlap(a: Paste, b: Paste) -> bool:
    """Whether two chips cover each other."""
    assert isinstance(a.sprite, Chip)
    assert isinstance(b.sprite, Chip)
    (aw, ah), (bw, bh) = chip_size(a.sprite), chip_size(b.sprite)
    return a.x < b.x + bw and b.x < a.x + aw and a.y < b.y + bh and b.y < a.y + ah


def _within(corners: list[Point], depth: float) -> Point:
    """A point of a slot's middle line; `depth` 0 at the entrance, 1 at the far end."""
    entrance = 0.5 * (corners[0][0] + corners[1][0]), 0.5 * (corners[0][1] + corners[1][1])
    end = 0.5 * (corners[2][0] + corners[3][0]), 0.5 * (corners[2][1] + corners[3][1])
    return entrance[0] + depth * (end[0] - entrance[0]), entrance[1] + depth * (end[1] - entrance[1])


def _arc(curvature: float, way: float) -> tuple[float, float, float]:
    """Pose in the ego frame after `way` m on an arc."""
    turn = curvature * way
    chord = way if abs(turn) < 1e-9 else 2.0 * math.sin(0.5 * turn) / curvature
    return chord * math.cos(0.5 * turn), chord * math.sin(0.5 * turn), turn


def _moved(pose: tuple[float, float, float], forward: float, left: float) -> tuple[float, float]:
    cos, sin = math.cos(pose[2]), math.sin(pose[2])
    return pose[0] + forward * cos - left * sin, pose[1] + forward * sin + left * cos


def _clockwise(yaw: float) -> int:
    """A yaw of the ego frame [rad] in degrees clockwise from the top of the map."""
    return round(-math.degrees(yaw)) % 360


def _half(field_of_view: float) -> int:
    return round(math.degrees(min(field_of_view, 1.1)) / 2)


def _reach(state: ClearanceState) -> int:
    """Length of a sector's cone [px], in steps, so that few pictures do for all."""
    metres = min(_CONE_REACH if state.distance_m is None else state.distance_m, _CONE_REACH)
    steps = round((metres * MAP_SCALE - _CONE_LEAST) / _CONE_STEP)
    return _CONE_LEAST + _CONE_STEP * max(0, steps)
