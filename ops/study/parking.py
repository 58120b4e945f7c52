"""Parking, and leaving, by simulated novices, coached and not: who gets in, how straight, with how many prompts."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from typing import Any, Literal, NamedTuple, get_args

from controllers.parkit_coach.drivers import Driver
from controllers.parkit_coach.drivers.expert import ExpertDriver
from controllers.parkit_coach.drivers.novice import NoviceDriver, Skill
from ops.study.leaving import LeavingDriver, is_out
from ops.study.prompts import prompts
from ops.study.scenes import EXIT, draw
from ops.study.scoring import score_of
from ops.study.simulator import Run, Settings, Tick, Watch, run

Who = Literal["beginner", "novice", "practised", "expert"]
WHO: tuple[Who, ...] = get_args(Who)
SKILLS: tuple[Skill, ...] = get_args(Skill)


class Case(NamedTuple):
    """One episode to drive: who does it where, helped or not."""

    family: str
    who: Who
    coached: bool
    seed: int

    @property
    def key(self) -> str:
        return f"{self.family}/{self.who}/{'coached' if self.coached else 'alone'}/{self.seed}"


def cases(
    families: Iterable[str], who: Iterable[Who], coached: Iterable[bool], episodes: int, seed: int
) -> Iterator[Case]:
    """Every combination, the same scenes for everybody: episode i of a family has seed `seed` + i.

    Ordered so that a run that is stopped has a bit of everything.
    """
    for i in range(episodes):
        for family in families:
            for driver in who:
                for is_coached in coached:
                    if driver != "expert" or is_coached:  # the expert follows the coach's plan and has none alone
                        yield Case(family, driver, is_coached, seed + i)


def driver_of(case: Case) -> Driver:
    """The one who drives; a novice's traits and moods come from the case's seed."""
    if case.who == "expert":
        return ExpertDriver()
    if case.family == EXIT and not case.coached:
        return LeavingDriver(case.seed, case.who)
    return NoviceDriver(case.seed, case.who)


def settings_of(case: Case, *, keep_messages: bool = False) -> Settings:
    """Full guidance, or none."""
    return Settings(assist=4 if case.coached else 0, keep_messages=keep_messages)


def drive(case: Case, watch: Watch | None = None, *, keep_messages: bool = False) -> Run:
    """The run of a case. Whoever was to leave a slot is stopped, with result "stopped", where that is done."""

    def look(tick: Tick) -> bool:
        return bool(watch is not None and watch(tick)) or (case.family == EXIT and is_out(tick.plant.car))

    return run(draw(case.family, case.seed), driver_of(case), settings_of(case, keep_messages=keep_messages), look)


class Row(NamedTuple):
    """What is kept of a run; lengths m, angles degrees, times s; JSON-ready."""

    family: str
    who: Who
    coached: bool
    seed: int
    result: str
    duration: float
    slot_id: str | None
    lateral: float | None
    """End pose against the middle of the slot: the learner's right positive ..."""
    depth: float | None
    """... too deep positive, or too far ahead along a kerb ..."""
    yaw: float | None
    """... counter-clockwise positive."""
    kerb: float | None
    """From the nearer wheel of the last moment to the kerb, where there is one."""
    clearance: float
    cusps: int
    prompts: int
    """What the learner was asked to do; see `ops.study.prompts`."""
    touched: str | None
    """Part of the car and what it met."""
    score: float | None
    """By the project's own rubric; None where that gives none."""

    @property
    def parked(self) -> bool:
        """Done without a contact: parked, or out where the slot was to be left."""
        return self.result in ("parked", "out")

    @property
    def case(self) -> Case:
        return Case(self.family, self.who, self.coached, self.seed)


def row_of(case: Case, done: Run) -> Row:
    """The figures of a run whose messages were kept."""
    leaves = case.family == EXIT
    stand = None if leaves else done.stand
    return Row(
        *case,
        result="out" if leaves and done.result == "stopped" else done.result,
        duration=round(done.duration, 2),
        slot_id=stand.slot_id if stand else None,
        lateral=round(stand.lateral, 4) if stand else None,
        depth=round(stand.depth, 4) if stand else None,
        yaw=round(math.degrees(stand.yaw), 3) if stand else None,
        kerb=round(done.kerb_gap, 4) if math.isfinite(done.kerb_gap) else None,
        clearance=round(done.clearance, 4) if math.isfinite(done.clearance) else 99.0,
        cusps=done.cusps,
        prompts=prompts(done.decisions).total(),
        touched=f"{done.touch.part} - {done.touch.kind}" if done.touch else None,
        score=None if leaves else score_of(done, settings_of(case)),
    )


def measure(case: Case) -> Row:
    """Drive a case and keep its figures. A run that raises is a result too: the study reports it and goes on."""
    try:
        return row_of(case, drive(case, keep_messages=True))
    except Exception as error:  # a fault of the coach must cost one episode, not the night
        return Row(*case, f"error: {error!r}", 0.0, None, None, None, None, None, 0.0, 0, 0, None, None)


def to_json(row: Row) -> str:
    return json.dumps(row._asdict())


def from_json(text: str) -> Row:
    fields: dict[str, Any] = json.loads(text)
    return Row(**fields)
