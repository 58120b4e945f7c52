"""A closed loop in one process: the real coach, driver and powertrain in the stand-in's physics, without its processes.

Fast, because nothing crosses a pipe; fair, because car, rays and contacts are the stand-in's and the judge is shapely.
Equal episodes, drivers and settings give equal runs.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from coach_core.coach import Coach, CoachEvent, CoachSetup
from coach_core.contracts import Decision, SensorFrame, VehicleProfile
from coach_core.guidance.planning import InlinePlanner, Planner
from coach_core.guidance.selector import CueCatalogue
from controllers.data import cue_catalogue
from controllers.parkit_coach.drivers import Controls, Driver, Sight, View
from controllers.worldfiles import load_profile
from ops.study.episode import Episode
from ops.study.judge import Judge, Stand, Touch
from ops.study.plant import STEP_S, Delays, Plant, Surroundings
from ops.study.senses import SONAR_PERIOD_S, Noise, Senses

FRAME_S = 0.02
STANDSTILL = 0.01
PROJECT = Path(__file__).resolve().parents[2]
TRUTH = ("time", "x", "y", "yaw", "speed", "steer")
"""Columns of `Run.truth`."""

Result = Literal["parked", "contact", "timeout", "aborted", "stopped"]


class Tick(NamedTuple):
    """One frame of a run, for whoever watches it. speed [m/s] is the car's true one, signed."""

    now: float
    frame: SensorFrame
    decision: Decision
    controls: Controls
    plant: Plant
    episode: Episode


Watch = Callable[[Tick], bool]
"""Called once a frame; True ends the run with result "stopped"."""


class Settings(NamedTuple):
    """What a run needs beside its episode and driver."""

    assist: int = 4
    noise: Noise = Noise()
    delays: Delays = Delays()
    keep_messages: bool = False


@dataclass
class Run:
    """How an episode went."""

    episode: Episode
    result: Result = "timeout"
    duration: float = 0.0
    """[s]"""
    stand: Stand | None = None
    """In the slot that is nearest, at the end; None in a lot without slots."""
    touch: Touch | None = None
    clearance: float = math.inf
    """Least distance [m] of the body to anything but kerbs."""
    kerb_clearance: float = math.inf
    """Least distance [m] of a wheel to a kerb."""
    kerb_gap: float = math.inf
    """Distance [m] of the nearest wheel to a kerb at the end."""
    cues: list[tuple[float, str]] = field(default_factory=list)
    """When [s] which cue began."""
    cusps: int = 0
    """Changes of direction that were driven."""
    told: list[tuple[float, CoachEvent]] = field(default_factory=list)
    """The coach's events and when [s] they came."""
    truth: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, len(TRUTH))))
    """(N, 6), a row a frame: see TRUTH."""
    frames: list[SensorFrame] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    """Both kept only where the settings say so."""


@cache
def learner_car() -> VehicleProfile:
    """The car that every world has."""
    return load_profile(PROJECT / "worlds" / "perpendicular.wbt")


@cache
def _catalogue() -> CueCatalogue:
    return cue_catalogue()


def new_coach(episode: Episode, assist: int = 4, planner: Planner | None = None) -> Coach:
    """A coach for the learner's car in the lot of an episode."""
    setup = CoachSetup("study", session_name(episode), learner_car(), episode.lot, _catalogue(), assist)
    return Coach(setup, planner or InlinePlanner())


def session_name(episode: Episode) -> str:
    return f"{episode.family}-{episode.seed}"


def run(episode: Episode, driver: Driver, settings: Settings | None = None, watch: Watch | None = None) -> Run:
    """Drive an episode to its end: contact, parked (P and parking brake), the time limit, or when `watch` says so."""
    settings = settings or Settings()
    profile = learner_car()
    surroundings = Surroundings(episode.bodies)
    plant = Plant(profile, episode.start, surroundings, settings.delays)
    senses = Senses(profile, surroundings, settings.noise, episode.seed)
    judge = Judge(episode, profile, surroundings)
    coach = new_coach(episode, settings.assist)
    driver.start(Sight(profile, episode.lot, episode.free_slots, settings.assist))
    done = Run(episode)
    truth: list[tuple[float, ...]] = []
    name = session_name(episode)
    per_frame, per_ping = round(FRAME_S / STEP_S), round(SONAR_PERIOD_S / STEP_S)
    last_cue, last_gear = "", 0
    senses.ping(plant, 0.0)
    for step in range(0, round(episode.time_limit / STEP_S), per_frame):
        now = round(step * STEP_S, 6)
        frame = senses.frame(plant, plant.state, step // per_frame, now, name)
        decision = coach.step(frame, now)
        done.told += [(now, event) for event in coach.take_events()]
        cue = decision.cue.id if decision.cue else ""
        if cue != last_cue:
            last_cue = cue
            if cue:
                done.cues.append((now, cue))
        controls = driver.act(View(now, frame, decision, decision.cue))
        if settings.keep_messages:
            done.frames.append(frame)
            done.decisions.append(decision)
        car = plant.car
        truth.append((now, car.x, car.y, car.yaw, car.speed, -car.steer))
        done.duration = now
        if watch is not None and watch(Tick(now, frame, decision, controls, plant, episode)):
            done.result = "stopped"
            break
        if plant.state.gear == "P" and plant.state.parking_brake and abs(car.speed) < STANDSTILL:
            stand = judge.stand(plant)
            done.result = "parked" if stand is not None and stand.in_slot else "aborted"
            break
        speed = car.speed
        for inner in range(step + 1, step + per_frame + 1):
            plant.step(controls)
            surroundings.at(inner * STEP_S)
            if inner % per_ping == 0:
                senses.ping(plant, round(inner * STEP_S, 6))
        direction = 0 if abs(car.speed) < STANDSTILL else (1 if car.speed > 0.0 else -1)
        if direction:
            done.cusps += last_gear not in (0, direction)
            last_gear = direction
        done.touch = judge.watch(plant, round(now + FRAME_S, 6), speed)
        if done.touch is not None:
            done.result = "contact"
            break
    done.clearance = 0.0 if done.result == "contact" else judge.clearance
    done.kerb_clearance = judge.kerb_clearance
    done.truth = np.array(truth)
    done.kerb_gap = judge.kerb_gap(plant)
    done.stand = judge.stand(plant)
    return done
