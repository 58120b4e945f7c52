"""From distances to levels, sector by sector, and the hysteresis that keeps a level from flickering."""

from __future__ import annotations

import math

from numba import njit

from coach_core.risk.limits import RiskLimits
from coach_core.risk.sweep import CLOSING, TOUCHING, TRAVEL

CLEAR, CAUTION, WARNING, CRITICAL = range(4)


def planned_speed(stop_in: float, limits: RiskLimits) -> float:
    """Speed [m/s] a driver on plan has `stop_in` m before the planned stop: it tapers to 0."""
    return min(limits.plan_speed, math.sqrt(2.0 * limits.plan_deceleration * max(stop_in, 0.0)))


def is_on_plan(claimed: bool, stop_in: float, speed: float, free_travel: float, limits: RiskLimits) -> bool:
    """Whether the short reaction time may be used: the pose follows the plan (`claimed`), the speed tapers as planned,
    and nothing stands before the planned stop. Without a next stop (NaN) there is nothing to be on."""
    if not claimed or math.isnan(stop_in):
        return False
    slow_enough = speed <= planned_speed(stop_in, limits) + limits.plan_speed_tolerance
    return slow_enough and free_travel >= stop_in - limits.plan_tolerance


@njit(cache=True, nogil=True)
def stopping_distance(speed, reaction, limits):  # type: ignore[no-untyped-def]
    """Distance [m] from seeing to standing at `speed` m/s (unsigned)."""
    return speed * reaction + speed * speed / (2.0 * limits.deceleration)


@njit(cache=True, nogil=True)
def way_within(time, speed, push, limits):  # type: ignore[no-untyped-def]
    """How far [m] a car at `speed` m/s goes in `time` s if it gains `push` m/s² for a while first; less than 0 is 0."""
    lasts = min(time, limits.push_lasts)
    return speed * time + max(push, 0.0) * lasts * (time - 0.5 * lasts)


@njit(cache=True, nogil=True)
def is_stopping(speed, push, free, limits):  # type: ignore[no-untyped-def]
    """Whether the braking under way (`push` < 0 [m/s²]) ends well before `free` m are used up."""
    if push >= 0.0:
        return False
    return free > speed * limits.brake_lag - 0.5 * speed * speed / push + limits.stop_clearance


@njit(cache=True, nogil=True)
def sector_level(travel, closing, touching, shorter, speed, push, on_plan, limits):  # type: ignore[no-untyped-def]
    """Level of one sector from its distances [m], each taken `shorter` m shorter; speed unsigned [m/s] and how fast the
    car gains it, `push` [m/s²], negative while it brakes."""
    free = travel - shorter
    level = CAUTION if free < limits.info_distance else CLEAR
    if speed <= limits.standstill_speed and push <= 0.0:
        return level
    beside = closing - shorter < limits.lateral_gap and speed > limits.standstill_speed
    trusted = on_plan or is_stopping(speed, push, free, limits)
    too_near = free < way_within(limits.warning_ttc, speed, push, limits) and not trusted
    if too_near or (beside and not on_plan):
        level = WARNING
    reaction = limits.reaction_on_plan if trusted else limits.reaction
    soon = speed + max(push, 0.0) * limits.push_lasts
    margin = limits.crawl_margin if on_plan and speed <= limits.crawl else limits.stop_margin
    must_stop = soon > limits.closing_speed and free < stopping_distance(speed, reaction, limits) + margin
    too_soon = not trusted and free < way_within(limits.critical_ttc, speed, push, limits)
    touches = touching - shorter <= limits.contact_gap and speed > limits.standstill_speed
    if must_stop or too_soon or touches:
        level = CRITICAL
    return level


@njit(cache=True, nogil=True)
def levels_into(scan, floor, speed, push, on_plan, now, limits, held, since):  # type: ignore[no-untyped-def]
    """Update the held levels (12,) and the times since which each could be lower (12,) [s], in place.

    scan (5, 12) as `coach_core.risk.sweep.scan` fills it; floor (12,) levels that blindness alone asks for. A level
    rises at once. It falls once it has been lower, with every distance `lower_distance` shorter, for `lower_after`.
    """
    for k in range(12):
        travel, closing, touching = scan[TRAVEL, k], scan[CLOSING, k], scan[TOUCHING, k]
        raw = max(sector_level(travel, closing, touching, 0.0, speed, push, on_plan, limits), floor[k])
        shorter = limits.lower_distance
        cautious = max(sector_level(travel, closing, touching, shorter, speed, push, on_plan, limits), floor[k])
        if raw >= held[k]:
            held[k] = raw
            since[k] = math.nan
        elif cautious >= held[k]:
            since[k] = math.nan
        elif math.isnan(since[k]) or now < since[k]:
            since[k] = now
        elif now - since[k] >= limits.lower_after - 1e-9:
            held[k] = cautious
            since[k] = math.nan
