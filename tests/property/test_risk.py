"""The compiled warnings against their slow twin, and what must hold for any input."""

import math

import numpy as np
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from coach_core.geometry.polygons import ObstacleSet, pack_obstacles
from coach_core.risk import CRITICAL, RiskInput, RiskLimits, RiskResult, RiskState
from coach_core.risk.rules import levels_into, sector_level
from coach_core.risk.sweep import AHEAD, TRAVEL
from tests.unit.coach_core.risk import naive_risk as naive
from tests.unit.coach_core.risk.ticks import BACK, CAR, FRONT, HALF, tick

LIMITS = RiskLimits()
EXAMPLES = settings(max_examples=60, deadline=None)
FEW = settings(max_examples=15, deadline=None)

around = st.floats(-7.0, 9.0)
steers = st.floats(-0.6, 0.6)
speeds = st.floats(0.1, 2.8)
directions = st.sampled_from((-1, 1))
poses = st.tuples(st.floats(-50, 50), st.floats(-50, 50), st.floats(-3.2, 3.2))


@st.composite
def boxes(draw: st.DrawFn) -> list[list[float]]:
    """A turned rectangle somewhere round the car, counter-clockwise."""
    x, y, yaw = draw(around), draw(around), draw(st.floats(-1.6, 1.6))
    length, width = draw(st.floats(0.1, 5.0)), draw(st.floats(0.1, 3.0))
    c, s = math.cos(yaw), math.sin(yaw)
    corners = [(-length / 2, -width / 2), (length / 2, -width / 2), (length / 2, width / 2), (-length / 2, width / 2)]
    return [[x + c * u - s * v, y + s * u + c * v] for u, v in corners]


Scene = tuple[list[tuple[float, float]], list[list[list[float]]]]
"""Echo points, and polygons by their corners."""
scenes: st.SearchStrategy[Scene] = st.tuples(
    st.lists(st.tuples(around, around), max_size=4), st.lists(boxes(), max_size=3)
)


def judge(points: list[tuple[float, float]], polygons: list[list[list[float]]], **changes: object) -> RiskResult:
    seen = np.array(points, dtype=np.float64).reshape(-1, 2)
    return RiskState(CAR).update(tick(points=seen, polygons=pack_obstacles(polygons), **changes), 0.0)


def shapes_of(points: list[tuple[float, float]], polygons: list[list[list[float]]]) -> list[BaseGeometry]:
    return [*naive.points_as_shapes(points), *(Polygon(corners) for corners in polygons)]


def clear_of_the_body(shapes: list[BaseGeometry]) -> bool:
    return all(naive.body_of(CAR).distance(shape) > 0.0 for shape in shapes)


@EXAMPLES
@given(scenes)
def test_sector_distances_are_those_of_the_twin(scene: Scene) -> None:
    shapes = shapes_of(*scene)
    assume(clear_of_the_body(shapes))
    found = judge(*scene).sector_distance
    expected = naive.sector_distances(CAR, (0.0, 0.0, 0.0), shapes, LIMITS.sector_range)
    for k in range(12):
        # a thing on the border of two sectors may be counted to either, rounding decides
        if not math.isclose(found[k], expected[k], abs_tol=1e-6):
            beyond = math.nextafter(LIMITS.sector_range, 0.0) - 1e-6
            assert min(found[k], expected[k]) >= beyond or on_a_border(scene, k)


def on_a_border(scene: Scene, k: int) -> bool:
    """Whether the nearest thing of the sector lies on its border with another sector."""

    def nearest(region: BaseGeometry) -> float:
        parts = [shape.intersection(region) for shape in shapes_of(*scene)]
        return min((naive.body_of(CAR).distance(part) for part in parts if not part.is_empty), default=99.0)

    region = naive.regions(CAR)[k]
    return nearest(region.buffer(-1e-6)) - nearest(region.buffer(1e-6)) > 1e-6


@EXAMPLES
@given(scenes, steers, directions)
@example(([(5.0, 0.0)], []), 0.0, 1)
@example(([], [[[-3.0, -2.0], [-2.0, -2.0], [-2.0, 2.0], [-3.0, 2.0]]]), 0.6, -1)
def test_free_travel_lies_between_that_of_a_slightly_smaller_and_a_slightly_larger_body(
    scene: Scene, steer: float, direction: int
) -> None:
    shapes = shapes_of(*scene)
    assume(clear_of_the_body(shapes))
    way = direction * LIMITS.horizon * LIMITS.creep
    every, tolerance = 0.01, 0.005
    found = judge(*scene, steer=steer, gear=direction).free_travel
    larger = naive.free_travel(CAR, (0, 0, 0), shapes, steer, way, grown=tolerance, every=every)
    smaller = naive.free_travel(CAR, (0, 0, 0), shapes, steer, way, grown=-tolerance, every=every)
    assert larger - 2 * every <= found <= smaller + 1e-6


@EXAMPLES
@given(scenes, steers, directions, speeds, poses)
def test_the_world_may_be_moved_and_turned(
    scene: Scene,
    steer: float,
    direction: int,
    speed: float,
    pose: tuple[float, float, float],
) -> None:
    points, polygons = scene
    x, y, yaw = pose
    c, s = math.cos(yaw), math.sin(yaw)

    def away(p: list[float] | tuple[float, float]) -> tuple[float, float]:
        return (x + c * p[0] - s * p[1], y + s * p[0] + c * p[1])

    here = judge(points, polygons, steer=steer, gear=direction, speed=direction * speed)
    there = judge(
        [away(p) for p in points],
        [[list(away(p)) for p in corners] for corners in polygons],
        steer=steer,
        gear=direction,
        speed=direction * speed,
        pose=np.array(pose),
    )
    assert min(there.sector_distance) == np.float64(min(here.sector_distance)) or math.isclose(
        min(there.sector_distance), min(here.sector_distance), abs_tol=1e-6
    )
    if math.isfinite(here.free_travel) and math.isfinite(there.free_travel):
        # a corner that only just grazes something may be met a step later
        assert abs(there.free_travel - here.free_travel) <= 0.5 * max(speed, LIMITS.creep)


@EXAMPLES
@given(scenes, boxes(), steers, directions, speeds)
def test_one_more_obstacle_never_makes_it_safer(
    scene: Scene,
    another: list[list[float]],
    steer: float,
    direction: int,
    speed: float,
) -> None:
    points, polygons = scene
    before = judge(points, polygons, steer=steer, gear=direction, speed=direction * speed)
    after = judge(points, [*polygons, another], steer=steer, gear=direction, speed=direction * speed)
    assert after.free_travel <= before.free_travel
    assert (after.sector_distance <= before.sector_distance).all()


numbers = st.floats(allow_nan=True, allow_infinity=True)
distances = st.one_of(st.floats(0.0, 6.0), st.just(math.inf))


@EXAMPLES
@given(distances, distances, distances, st.floats(0.0, 6.0), st.sampled_from((-1.5, 0.0, 0.7, 2.5)), st.booleans())
@example(1.2, math.inf, math.inf, 0.5, 0.0, False)
@example(0.25, math.inf, math.inf, 0.1, 0.0, False)
@example(1.0, math.inf, math.inf, 0.0, 2.5, False)
def test_levels_are_those_of_the_table(
    travel: float, closing: float, touching: float, speed: float, push: float, on_plan: bool
) -> None:
    found = sector_level(travel, closing, touching, 0.0, speed, push, on_plan, LIMITS)
    expected = naive.level_of(travel, closing, touching, speed, push, on_plan, LIMITS)
    # where travel and speed sit on a threshold, other ways of reckoning may round apart
    on_threshold = any(
        math.isclose(travel, naive.way_after(t, speed, push, LIMITS), rel_tol=1e-9)
        for t in (LIMITS.warning_ttc, LIMITS.critical_ttc)
    )
    assert found == expected or on_threshold


@EXAMPLES
@given(st.lists(st.tuples(st.floats(0.05, 2.0), st.floats(0.01, 0.2)), min_size=1, max_size=40), speeds)
def test_the_held_level_is_that_of_the_twin_that_forgets_nothing(told: list[tuple[float, float]], speed: float) -> None:
    held, since = np.zeros(12, dtype=np.int64), np.full(12, np.nan)
    twin = naive.NaiveHysteresis(LIMITS)
    now = 0.0
    for travel, dt in told:
        now += dt
        scan = np.full((AHEAD + 1, 12), np.inf)
        scan[TRAVEL, 6] = travel
        levels_into(scan, np.zeros(12, dtype=np.int64), speed, 0.0, False, now, LIMITS, held, since)
        raw, cautious = (
            sector_level(travel - less, math.inf, math.inf, 0.0, speed, 0.0, False, LIMITS)
            for less in (0.0, LIMITS.lower_distance)
        )
        assert held[6] == twin.tell(raw, cautious, now)
        assert held[6] >= raw
        assert held.sum() == held[6]


@EXAMPLES
@given(
    st.lists(numbers, min_size=3, max_size=3),
    numbers,
    numbers,
    st.sampled_from((-1, 0, 1)),
    st.lists(st.tuples(numbers, numbers), max_size=3),
    st.lists(numbers, min_size=12, max_size=12),
    st.lists(numbers, min_size=12, max_size=12),
    st.booleans(),
    numbers,
    numbers,
)
@example([math.nan, 0.0, 0.0], 0.0, 0.0, 1, [], [math.nan] * 12, [0.0] * 12, False, math.nan, 0.0)
@example([0.0, 0.0, 0.0], 0.0, 0.0, 1, [(math.nan, 0.0)], [math.nan] * 12, [0.0] * 12, True, math.inf, math.nan)
def test_whatever_the_numbers_the_answer_is_defined_and_never_a_silent_clear(
    pose: list[float],
    speed: float,
    steer: float,
    gear: int,
    points: list[tuple[float, float]],
    echoes: list[float],
    ages: list[float],
    on_plan: bool,
    stop_in: float,
    now: float,
) -> None:
    seen = np.array(points, dtype=np.float64).reshape(-1, 2)
    state = RiskState(CAR)
    nothing = ObstacleSet(np.empty((0, 2)), np.zeros(1, dtype=np.int64), np.empty((0, 4)))
    with np.errstate(all="ignore"):  # numbers near the end of the floats overflow where kernels run uncompiled
        result = state.update(
            RiskInput(
                np.array(pose), speed, steer, gear, seen, nothing, np.array(echoes), np.array(ages), on_plan, stop_in
            ),
            now,
        )
    assert 0 <= result.level <= CRITICAL
    assert result.level == max(result.sector_level)
    assert not np.isnan(result.sector_distance).any()
    assert (result.sector_distance >= 0.0).all()
    assert result.ttc >= 0.0
    assert result.free_travel >= 0.0
    assert -1 <= result.worst_sector < 12
    assert not (result.muted and result.level == CRITICAL)
    known = all(math.isfinite(value) for value in (*pose, speed, steer))
    if not known or not np.isfinite(seen).all() or not all(age <= LIMITS.blind_after for age in ages):
        assert result.blind
    if result.blind:
        assert result.level > 0


def leading_face_after(way: float, across: float, steer: float, direction: int) -> tuple[float, float]:
    """Where a place of the face that leads (`across` -1 right .. 1 left) is after `way` m along the arc."""
    curvature = math.tan(steer) / CAR.wheelbase
    turn = direction * way * curvature
    chord = direction * way if abs(turn) < 1e-9 else 2 * math.sin(turn / 2) / curvature
    x, y = (FRONT if direction > 0 else BACK), across * HALF
    c, s = math.cos(turn), math.sin(turn)
    return (chord * math.cos(turn / 2) + c * x - s * y, chord * math.sin(turn / 2) + s * x + c * y)


@FEW
@given(st.floats(0.3, 3.0), st.floats(-1.0, 1.0), steers, directions, st.floats(0.3, 2.5))
@example(1.125, -0.99609375, 0.5, -1, 1.0)  # grazed by a corner for 2 cm only
def test_no_contact_comes_without_a_stop_signal_in_time(
    way_to_it: float, across: float, steer: float, direction: int, speed: float
) -> None:
    """Drive on at a constant speed until the body meets something: the signal came early enough to react and brake."""
    obstacle = leading_face_after(way_to_it, across, steer, direction)
    shapes = naive.points_as_shapes([obstacle])
    contact_at = naive.free_travel(CAR, (0, 0, 0), shapes, steer, direction * 3.5, every=0.01)
    state = RiskState(CAR)
    curvature, period = math.tan(steer) / CAR.wheelbase, 0.05
    signalled_at, way = math.inf, 0.0
    while signalled_at == math.inf and way < contact_at:
        turn = direction * way * curvature
        chord = direction * way if abs(turn) < 1e-9 else 2 * math.sin(turn / 2) / curvature
        pose = np.array([chord * math.cos(turn / 2), chord * math.sin(turn / 2), turn])
        seen = tick(pose=pose, speed=direction * speed, steer=steer, gear=direction, points=np.array([obstacle]))
        if state.update(seen, way / speed).level == CRITICAL:
            signalled_at = way
        way += speed * period
    needed = speed * LIMITS.reaction + speed**2 / (2 * LIMITS.deceleration)
    # what was nearer than that at the start could not be signalled sooner than at once
    assert contact_at - signalled_at >= min(needed - speed * period, contact_at) - 0.02
