"""A whole session in one process and a few seconds: the real coach, driver, powertrain and scenario in a toy world.

The car moves exactly as it is told and the sonars are single cones of rays, so this says whether the parts work
together; how well they do in a world with delays and noise of every kind is the stand-in's business.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import shapely

from coach_core.coach import Coach, CoachEvent, CoachSetup
from coach_core.contracts import Decision, Pose2, SensorFrame, SensorReading
from coach_core.geometry.polygons import pack_obstacles
from coach_core.geometry.poses import Pose, advance, apply
from coach_core.guidance.planning import InlinePlanner, Planner
from coach_core.perception.echoes import expected_echo
from controllers.parkit_coach.drivers import Controls, Sight, View, make_driver
from controllers.parkit_coach.powertrain import Powertrain
from controllers.parkit_examiner.judge import Point, Standing, Truth, outline, rectangle, standing
from controllers.parkit_examiner.scenario import AWAY, Scenario, draw, load_scenario
from tests.toy.frames import FRAME_S, LOT, PROFILE, WORLD, catalogue, frame

STEP_S = 0.01
SONAR_EVERY = 3
"""Frames between two sonar samples."""
PARKED_HALF_LENGTH, PARKED_HALF_WIDTH = 2.3, 0.925

Tamper = Callable[[SensorFrame], SensorFrame]


class ToyCar:
    """Webots' car driver, as far as the powertrain uses it: km/h and right-positive in, m/s and left-positive kept."""

    steer = 0.0
    speed = 0.0

    def setSteeringAngle(self, angle: float) -> None:
        self.steer = -angle

    def setCruisingSpeed(self, speed: float) -> None:
        self.speed = speed / 3.6


class ToyRun(NamedTuple):
    """How a session went."""

    result: str
    clearance: float
    """Least distance [m] to anything."""
    standing: Standing | None
    frames: list[SensorFrame]
    decisions: list[Decision]
    events: list[CoachEvent]


def new_coach(planner: Planner | None = None, assist: int = 4) -> Coach:
    """A coach for the toy's car and lot."""
    return Coach(CoachSetup("car-1", "s-1", PROFILE, LOT, catalogue(), assist), planner or InlinePlanner())


def drive(
    driver_name: str,
    seed: int,
    *,
    assist: int = 4,
    planner: Planner | None = None,
    tamper: Tamper | None = None,
    limit_s: float = 240.0,
) -> ToyRun:
    """One session. tamper: changes each frame on its way from the car to coach and driver."""
    scenario = draw(load_scenario(WORLD), LOT, seed)
    bodies = _bodies(scenario)
    senses = _Senses(bodies, seed)
    pose = np.array([scenario.ego.x, scenario.ego.y, scenario.ego.yaw])
    car, coach = ToyCar(), new_coach(planner, assist)
    powertrain = Powertrain(car, PROFILE.max_steering_angle_rad, STEP_S)
    driver = make_driver(driver_name, seed)
    driver.start(Sight(PROFILE, LOT, scenario.free_slots, assist))
    state = powertrain.apply(Controls(brake=1.0))
    run = ToyRun("timeout", math.inf, None, [], [], [])
    everything = shapely.union_all([shapely.Polygon(body) for body in bodies])
    clearance = math.inf
    for seq in range(round(limit_s / FRAME_S)):
        sensed = senses.frame(seq, pose, car.speed)
        sensed = frame(
            seq,
            pose=sensed.pose,
            readings=sensed.readings,
            speed_mps=car.speed,
            steering_angle_rad=state.steer,
            gear=state.gear,
            throttle=state.throttle,
            brake=state.brake,
            parking_brake=state.parking_brake,
        )
        if tamper is not None:
            sensed = tamper(sensed)
        now = sensed.sim_time_s if tamper is None else round(seq * FRAME_S, 6)
        decision = coach.step(sensed, now)
        run.frames.append(sensed)
        run.decisions.append(decision)
        run.events.extend(coach.take_events())
        controls = driver.act(View(now, sensed, decision, decision.cue))
        for _ in range(round(FRAME_S / STEP_S)):
            state = powertrain.apply(controls)
            pose = advance(pose, math.tan(car.steer) / PROFILE.wheelbase_m, car.speed * STEP_S)
        if seq % SONAR_EVERY == 0:
            body = shapely.Polygon(outline(Truth(*pose), PROFILE))
            clearance = min(clearance, body.distance(everything))
        if clearance == 0.0:
            return run._replace(result="contact", clearance=0.0)
        if state.gear == "P" and state.parking_brake and car.speed == 0.0:
            how = min(
                (standing(Truth(*pose), PROFILE, slot) for slot in LOT.slots),
                key=lambda s: abs(s.lateral_m) + abs(s.depth_m),
            )
            return run._replace(result="parked" if how.in_slot else "aborted", clearance=clearance, standing=how)
    return run._replace(clearance=clearance)


def _bodies(scenario: Scenario) -> list[list[Point]]:
    """Everything that can be hit: walls and parked cars."""
    bodies: list[list[Point]] = [list(wall) for wall in LOT.walls]
    for slot in LOT.slots:
        place = scenario.parked[f"PARKED_{slot.slot_id}"]
        if (place.x, place.y) == AWAY:
            continue
        half = 0.5 * slot.depth_m
        truth = Truth(
            slot.entrance_x_m + half * math.cos(slot.inward_yaw_rad) + place.x,
            slot.entrance_y_m + half * math.sin(slot.inward_yaw_rad) + place.y,
            slot.inward_yaw_rad + place.yaw,
        )
        bodies.append(rectangle(truth, -PARKED_HALF_LENGTH, PARKED_HALF_LENGTH, PARKED_HALF_WIDTH))
    return bodies


class _Senses:
    """Noisy GPS and sonars."""

    def __init__(self, bodies: list[list[Point]], seed: int) -> None:
        self._obstacles = pack_obstacles([np.array(body) for body in bodies])
        self._rng = np.random.default_rng(seed)
        self._readings: list[SensorReading] = []

    def frame(self, seq: int, pose: Pose, speed: float) -> SensorFrame:
        """What is sensed at `pose`: readings and fix; the rest is the caller's."""
        if seq % SONAR_EVERY == 0:
            stamp = seq * round(FRAME_S * 1e6)
            self._readings = [
                SensorReading(mount.sensor_id, self._echo(pose, mount.x_m, mount.y_m, mount.yaw_rad), stamp)
                for mount in PROFILE.sensors
            ]
        x, y = pose[:2] + self._rng.normal(0.0, 0.02, 2)
        return frame(seq, pose=Pose2(float(x), float(y), float(pose[2])), readings=self._readings, speed_mps=speed)

    def _echo(self, pose: Pose, x: float, y: float, yaw: float) -> float | None:
        at = apply(pose, [x, y])
        distance = expected_echo(
            at[0], at[1], pose[2] + yaw, 0.5, 4.0, self._obstacles.vertices, self._obstacles.offsets
        )
        return None if distance >= 3.98 else float(distance * (1.0 + 0.01 * self._rng.normal()))
