"""One episode told line by line: whenever the cue, the gear or the coach's phase changes."""

from __future__ import annotations

import math
from collections.abc import Callable

import shapely

from controllers.parkit_examiner.judge import Truth, outline
from ops.study.judge import stand_in
from ops.study.parking import Case, drive
from ops.study.simulator import Run, Tick, learner_car

HEADER = (
    f"{'time':>7} {'cue':<34} {'level':<8} {'gear':<4} {'v m/s':>6} {'steer':>6} {'want':>6} {'stop':>6} "
    f"{'phase':<9} {'seg':<5} {'plan':>4}  error in slot: right, deep, turned"
)


def trace(case: Case, say: Callable[[str], None]) -> Run:
    """Drive the case, telling `say` each change."""
    profile = learner_car()
    last: tuple[object, ...] = ()

    def watch(tick: Tick) -> bool:
        nonlocal last
        decision, car = tick.decision, tick.plant.car
        cue, plan = decision.cue, decision.plan
        words = "" if cue is None else " ".join([cue.id, *(f"{v}" for k, v in cue.params.items() if k != "cm")])
        phase = plan.status if plan else "search"
        change = (words, tick.frame.gear, phase, plan and (plan.plan_id, plan.segment_index), decision.level)
        if change == last:
            return False
        last = change
        error = ""
        target = plan and next((s for s in tick.episode.lot.slots if s.slot_id == plan.slot_id), None)
        if target:
            body = shapely.Polygon(outline(Truth(car.x, car.y, car.yaw), profile))
            stand = stand_in(target, body, car.yaw)
            error = f"{target.slot_id} {stand.lateral:+.2f} {stand.depth:+.2f} {math.degrees(stand.yaw):+.1f}°"
        segment = f"{plan.segment_index + 1}/{len(plan.segments)}" if plan else ""
        say(
            f"{tick.now:7.2f} {words:<34} {decision.level:<8} {tick.frame.gear:<4} {car.speed:6.2f} "
            f"{-car.steer:6.2f} {_number(decision.target_steering_angle_rad)} {_number(decision.stop_in_m)} "
            f"{phase:<9} {segment:<5} {plan.plan_id if plan else '':>4}  {error}"
        )
        return False

    say(f"{case.key}")
    say(HEADER)
    return drive(case, watch)


def _number(value: float | None) -> str:
    return f"{'':>6}" if value is None else f"{value:6.2f}"
