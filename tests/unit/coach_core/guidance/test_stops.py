"""How often the warnings stop a car at one place."""

from __future__ import annotations

import numpy as np

from coach_core.guidance.stops import ONE_PLACE, Stops


def stopped(stops: Stops, x: float) -> int:
    stops.disrupted = True
    return stops.in_one_place(np.array([x, 0.0, 0.0]))


def test_stops_that_lead_nowhere_are_counted_though_the_car_creeps_on() -> None:
    stops = Stops()
    assert [stopped(stops, 0.8 * ONE_PLACE * n) for n in range(4)] == [1, 2, 3, 4]


def test_a_stop_elsewhere_begins_anew() -> None:
    stops = Stops()
    assert [stopped(stops, x) for x in (0.0, 0.01, 1.0, 1.01)] == [1, 2, 1, 2]


def test_standing_for_another_reason_is_not_counted() -> None:
    stops = Stops()
    stopped(stops, 0.0)
    assert stops.in_one_place(np.zeros(3)) == 1
