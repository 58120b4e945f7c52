"""Every limit of the warnings in one versioned place, so that a report can state what it was judged by."""

from __future__ import annotations

from typing import NamedTuple


class RiskLimits(NamedTuple):
    """When to warn. Distances [m], times [s], speeds [m/s], accelerations [m/s²], angles [rad].

    The defaults are those of docs/risk.md. A NamedTuple of numbers, so that kernels take it as it is.
    """

    version: int = 2

    horizon: float = 4.0
    """How far ahead the sweep looks."""
    resolution: float = 0.005
    """A touch over less travel than this may go unseen; it is less than a millimetre deep."""
    creep: float = 0.5
    """The sweep's speed is at least this, so that a standing car sees where it would go."""
    sector_range: float = 5.0
    """Obstacles farther than this from the body are not reported in a sector."""

    info_distance: float = 1.2
    """Caution: free travel below this."""
    warning_ttc: float = 3.0
    """Warning: time to collision below this."""
    lateral_gap: float = 0.30
    """Warning: something beside the body nearer than this and coming closer."""
    critical_ttc: float = 2.0
    """Critical, off plan only: time to collision below this. Drivers who back up on their own seldom let it fall below
    2.0 s and never below 1.0 s (Huey, Harpster and Lerner, NHTSA HS 808 532)."""
    push_lasts: float = 0.6
    """A car that speeds up goes on doing so for this long."""
    full_throttle: float = 2.5
    """Acceleration that a full throttle brings about ..."""
    full_brake: float = 6.0
    """... and deceleration by a full brake."""
    least_push: float = 0.3
    """Gaining speed by less than this is not looked ahead."""
    gentle_push: float = 1.3
    """On plan, gaining speed by up to this is moving off as everybody does (an automatic that creeps and a little
    throttle) and is not looked ahead; nor are pedals that ask for less than `surge_acceleration`."""
    brake_share: float = 0.7
    """Part of what the brake pedal asks for that is counted on ..."""
    brake_lag: float = 0.3
    """... after this time."""
    stop_clearance: float = 0.20
    """Braking that leaves this much room is a stop well made: nothing to say."""
    turn_rate: float = 0.05
    """Turning the wheel faster than this [rad/s] is looked ahead: where the car goes if the turning goes on ..."""
    turn_ahead: float = 1.0
    """... for two seconds, whose mean angle is the one reached after this time [s]."""
    wheel_radius: float = 0.32
    mover_margin: float = 0.35
    """Half the size of somebody who walks."""
    deceleration: float = 3.0
    """Braking that a novice manages, for the stopping distance."""
    reaction: float = 1.0
    reaction_on_plan: float = 0.5
    """On plan the driver is about to stop anyway."""
    stop_margin: float = 0.10
    """Critical: free travel below the stopping distance plus this ..."""
    crawl: float = 0.30
    """... or, on plan and no faster than this, ..."""
    crawl_margin: float = 0.05
    """... plus this: along a kerb a stroke ends two hand's breadths before the next car."""
    closing_speed: float = 0.1
    """Critical needs the car to be faster than this."""
    contact_gap: float = 0.02
    """A gap up to this counts as touching."""
    standstill_speed: float = 0.05
    """Below this the car stands."""
    lateral_closing_speed: float = 0.02
    """A lateral gap that shrinks faster than this is closing."""
    lateral_lookahead: float = 0.5
    """Closing is measured over the travel of one reaction time, but no farther than this."""

    lower_after: float = 0.3
    lower_distance: float = 0.10
    """A level falls when it has been lower for this time and would be with every distance this much shorter."""

    plan_tolerance: float = 0.15
    plan_speed_tolerance: float = 0.15
    plan_speed: float = 1.4
    plan_deceleration: float = 0.5
    """On plan: nothing stands before the planned stop, and v <= min(plan_speed, sqrt(2 plan_deceleration s)) +
    tolerance."""

    braking_slack: float = 0.15
    """On plan with a foot on the brake, the car may still be this much faster: it answers a little late."""

    silent_for: float = 2.5
    """Off plan, an echo point that the map has given up still counts for this long: silence is not clearance."""
    looming_range: float = 0.8
    looming_time: float = 0.5
    """Off plan: what a leading sensor hears nearer than the first and sees come so fast that it will be here within the
    second is met then, wherever in its cone it is."""
    near_echo: float = 0.30
    """Echoes nearer than this are taken as they are, without waiting for the map."""
    near_release: float = 0.30
    """After a near echo, silence means near until the car has moved this far."""
    blind_after: float = 0.5
    """A sensor that has not spoken for this long is dead."""

    lock_angle: float = 0.20
    """Steering beyond this swings the corners out (patterns)."""
    scrape_gap: float = 0.15
    late_stop_ttc: float = 1.0
    braking: float = 0.3
    """Slowing down by more than this is braking."""
    surge_acceleration: float = 1.0
    surge_distance: float = 2.0
    wrong_way_travel: float = 0.3
    """Driven away from the plan's next stop by more than this: the wrong gear."""


NARROW_LIMITS = RiskLimits(lateral_gap=0.15, lateral_closing_speed=0.03, scrape_gap=0.08)
"""For real Korean bays of 2.3 m, where 0.30 m beside the car is more than there is."""
