"""What moves is judged by where it will be."""

import math

import numpy as np
import pytest

from coach_core.errors import GeometryError
from coach_core.risk import CLEAR, CRITICAL, RiskResult, RiskState
from tests.unit.coach_core.risk.ticks import BACK, CAR, tick

SPEED = 0.8


def reversing_with(*movers: tuple[float, float, float, float], speed: float = SPEED) -> RiskResult:
    return RiskState(CAR).update(tick(speed=-speed, gear=-1, movers=np.array(movers).reshape(-1, 4)), 0.0)


def test_somebody_walking_into_the_way_is_critical_and_named() -> None:
    # both are 1.5 s from the meeting place behind the car
    result = reversing_with((BACK - 0.35 - SPEED * 1.5, 1.2 * 1.5, 0.0, -1.2))
    assert (result.level, "crossing_mover" in result.patterns) == (CRITICAL, True)
    assert result.ttc < 1.7


def test_somebody_who_will_be_gone_is_no_danger() -> None:
    assert reversing_with((BACK - 0.5 - SPEED * 3.0, -1.6, 0.0, -1.2)).level == CLEAR


def test_somebody_walking_away_faster_than_the_car_comes_is_no_danger() -> None:
    assert reversing_with((BACK - 1.0, 0.0, -1.4, 0.0)).level == CLEAR


def test_a_standing_car_is_not_asked_to_stop_for_somebody_who_passes() -> None:
    assert reversing_with((BACK - 1.0, 1.5, 0.0, -1.2), speed=0.0).level == CLEAR


def test_the_meeting_is_reckoned_along_the_arc() -> None:
    # in reverse with the wheel left the tail goes left: there it meets, straight behind it does not
    person = np.array([[BACK - 1.9, 1.9, 0.0, 0.0]])
    straight = RiskState(CAR).update(tick(speed=-SPEED, gear=-1, movers=person), 0.0)
    bent = RiskState(CAR).update(tick(speed=-SPEED, gear=-1, steer=0.5, movers=person), 0.0)
    assert math.isinf(straight.ttc)
    assert bent.ttc < 4.0


def test_a_mover_that_is_no_number_makes_blind_and_the_others_still_count() -> None:
    result = reversing_with((math.nan, 0.0, 0.0, 0.0), (BACK - 1.0, 0.0, 0.0, 0.0))
    assert (result.blind, result.level) == (True, CRITICAL)


def test_a_wrong_shape_of_movers_is_named() -> None:
    with pytest.raises(GeometryError, match="movers have shape"):
        RiskState(CAR).update(tick(movers=np.zeros((2, 2))), 0.0)
