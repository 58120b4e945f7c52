"""Ten mistakes, one each in a drive along a plan: the first cause on the card is the mistake that was made."""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from coach_core.contracts import (
    ClearanceState,
    Contact,
    Decision,
    PlanSegment,
    PlanSummary,
    Pose2,
    ScoreCard,
    SensorFrame,
)
from coach_core.scoring import Par, SessionTrack, cause_sentence, change_sentence, score_session
from tests.unit.coach_core.scoring.sessions import decision, ended, event, frame, parkit_1
from tests.unit.coach_core.scoring.test_sentences import TEXTS

STROKES = (PlanSegment(1, 0.0, 4.0), PlanSegment(-1, -0.6, 5.0), PlanSegment(-1, 0.0, 3.0))
PACE = 0.6
GEARS = {1: "D", -1: "R"}


class Stroke(NamedTuple):
    """How one segment is driven: its pace [m/s], how far beyond its length [m], the wheel by wanted angle [rad] and way
    driven [m], the way first driven the other way [m], and how long the car stands before it [s]."""

    pace: float = PACE
    beyond: float = 0.0
    steer: Callable[[float, float], float] = lambda wanted, _: wanted
    backwards: float = 0.0
    standing: float = 1.0


class Drive:
    """Frames and decisions of a drive along STROKES, ten a second; each stroke is a plan of its own, as in the car."""

    def __init__(self, *strokes: Stroke) -> None:
        self.frames: list[SensorFrame] = []
        self.decisions: list[Decision] = []
        self._level = "clear"
        for number, (segment, stroke) in enumerate(zip(STROKES, strokes, strict=True)):
            plan = PlanSummary(number + 1, "A4", "follow", 1, 12.0, 0, list(STROKES[number:]))
            self._stand(plan, segment, stroke.standing)
            self._move(plan, -segment.gear, stroke.pace, stroke.backwards, lambda _: 0.0)
            way = segment.length_m + stroke.beyond
            wanted = segment.steering_angle_rad
            self._move(plan, segment.gear, stroke.pace, way, lambda d, w=wanted, s=stroke: s.steer(w, d))
        self._stand(plan, segment, 1.0, gear="P", parking_brake=True)

    def _stand(self, plan: PlanSummary, segment: PlanSegment, seconds: float, **more: Any) -> None:
        for _ in range(round(10 * seconds)):
            values = {"gear": GEARS[segment.gear], "speed_mps": 0.0, "brake": 0.5, "steering_angle_rad": 0.0, **more}
            self._add(plan, **values)

    def _move(self, plan: PlanSummary, gear: int, pace: float, way: float, steer: Callable[[float], float]) -> None:
        driven = 0.0
        while driven < way - 1e-9:
            speed = min(pace, max(0.2, 1.5 * (way - driven)), 0.2 + 0.6 * driven)
            self._add(plan, gear=GEARS[gear], speed_mps=gear * speed, steering_angle_rad=steer(driven))
            driven += 0.1 * speed

    def _add(self, plan: PlanSummary, **values: Any) -> None:
        seq = len(self.frames)
        self.frames.append(frame(seq, pose=Pose2(0.0, 0.0, 0.0), **values))
        self.decisions.append(decision(seq, plan=plan))

    def card(self, contact: float | None = None, **end: Any) -> ScoreCard:
        """The score; contact: when [s] the car touched something."""
        touches = [] if contact is None else [Contact("body", 0.0, 0.0, 0.2, "car")]
        events = [event(0, contact, touch) for touch in touches]
        track = SessionTrack.from_messages(self.frames, self.decisions, events)
        end = {"duration_s": track.t[-1], **end}
        return score_session(track, ended(**end), touches, parkit_1(), Par(1, 60.0))


CROOKED = {"in_slot": False, "end_pose": None}
GOOD = Stroke()


def late(way: float) -> Callable[[float, float], float]:
    return lambda wanted, driven: wanted if driven > way else 0.0


def early(way: float, to: float, length: float) -> Callable[[float, float], float]:
    return lambda wanted, driven: to if driven > length - way else wanted


FAULTS: dict[str, tuple[tuple[Stroke, Stroke, Stroke], dict[str, Any]]] = {
    "start_pose": ((Stroke(beyond=0.9), GOOD, GOOD), CROOKED),
    "turned_late": ((GOOD, Stroke(steer=late(1.2)), GOOD), CROOKED),
    "turned_early": ((Stroke(steer=early(1.2, -0.5, 4.0)), GOOD, GOOD), CROOKED),
    "not_straightened": ((GOOD, GOOD, Stroke(steer=lambda _, d: -0.4 if d < 1.5 else 0.0)), CROOKED),
    "wrong_way": ((GOOD, Stroke(steer=lambda w, d: -w if d < 0.9 else w), GOOD), CROOKED),
    "wrong_gear": ((GOOD, Stroke(backwards=0.9), GOOD), CROOKED),
    "too_fast": ((GOOD, Stroke(pace=2.2), GOOD), CROOKED),
    "braked_late": ((GOOD, GOOD, Stroke(beyond=0.8)), CROOKED),
    "hesitated": ((GOOD, Stroke(standing=70.0), GOOD), {}),
    "not_corrected": ((GOOD, GOOD, GOOD), CROOKED),
}


def test_a_drive_along_the_plan_has_no_cause_to_name() -> None:
    card = Drive(GOOD, GOOD, GOOD).card()
    assert (card.score, card.causes, card.best_change, card.best_change_score) == (100.0, [], "", None)


@pytest.mark.parametrize("fault", FAULTS)
def test_the_first_cause_is_the_mistake_that_was_made(fault: str) -> None:
    strokes, end = FAULTS[fault]
    card = Drive(*strokes).card(**end)
    assert card.causes[0].cause == f"cause.{fault}"
    assert card.best_change == f"cause.{fault}"
    for language in ("ko", "en"):
        assert cause_sentence(card.causes[0], TEXTS, language).endswith(".")  # type: ignore[arg-type]
        assert change_sentence(card.best_change, TEXTS, language).endswith(".")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("strokes", "measured"),
    [
        ((Stroke(beyond=0.9), GOOD, GOOD), 0.9),
        ((GOOD, Stroke(steer=late(1.2)), GOOD), 1.2),
        ((GOOD, Stroke(backwards=0.9), GOOD), 0.9),
    ],
)
def test_a_cause_tells_how_far_it_went(strokes: tuple[Stroke, Stroke, Stroke], measured: float) -> None:
    assert Drive(*strokes).card(**CROOKED).causes[0].params["m"] == pytest.approx(measured, abs=0.11)


@pytest.mark.parametrize(
    "strokes",
    [
        (Stroke(beyond=0.2), GOOD, GOOD),
        (GOOD, Stroke(steer=late(0.5)), GOOD),
        (GOOD, GOOD, Stroke(steer=lambda _, d: -0.3 if d < 0.5 else 0.0)),
        (GOOD, Stroke(backwards=0.2), GOOD),
    ],
)
def test_small_departures_from_the_plan_are_blamed_for_nothing(strokes: tuple[Stroke, Stroke, Stroke]) -> None:
    assert [cause.cause for cause in Drive(*strokes).card(**CROOKED).causes] == ["cause.not_corrected"]


def test_a_contact_is_traced_to_the_mistake_before_it_and_not_to_one_long_past() -> None:
    wrong = (GOOD, Stroke(steer=lambda w, d: -w if d < 0.9 else w), GOOD)
    assert Drive(*wrong).card(contact=14.0).causes[0].cause == "cause.wrong_way"
    waited = (GOOD, wrong[1], Stroke(standing=20.0))
    assert Drive(*waited).card(contact=44.0).causes[0].cause == "cause.too_close"


def near(sector: str, gear: str, steer: float) -> ScoreCard:
    """Something comes near in one sector, at 0.7 m/s."""
    values = {"gear": gear, "speed_mps": 0.7 if gear == "D" else -0.7, "steering_angle_rad": steer}
    frames = [frame(i, **values) for i in range(30)]
    states = [ClearanceState(sector, 0.1, "critical")]
    decisions = [decision(i, sectors=states if i in (15, 16) else []) for i in range(30)]
    return score_session(SessionTrack.from_messages(frames, decisions, []), ended(), [], parkit_1(), None)


@pytest.mark.parametrize(
    ("sector", "gear", "steer", "cause"),
    [
        ("front_left", "R", 0.5, "cause.swing_out"),
        ("rear_right", "R", -0.5, "cause.cut_in"),
        ("rear_right", "R", 0.0, "cause.too_close"),
        ("front_left", "D", 0.5, "cause.too_close"),
    ],
)
def test_a_narrow_gap_in_a_turn_is_told_by_the_corner_that_came_near(
    sector: str, gear: str, steer: float, cause: str
) -> None:
    found = [each for each in near(sector, gear, steer).causes if each.cause == cause]
    assert [each.points for each in found] == [4.0]


def test_each_point_lost_is_counted_with_exactly_one_cause() -> None:
    strokes = (Stroke(beyond=0.9), Stroke(pace=2.2), Stroke(standing=50.0))
    card = Drive(*strokes).card(wheels_on_line=1, end_pose=None)
    assert card.score is not None
    assert math.isclose(sum(cause.points for cause in card.causes), 100.0 - card.score)
    assert [cause.points for cause in card.causes] == sorted((c.points for c in card.causes), reverse=True)
