"""Who drives: a person's keys, a script's lines, a novice's habits, an expert's precision."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from coach_core.contracts import Cue, Decision, PlanSegment, PlanSummary, Pose2
from coach_core.errors import UsageError
from controllers.parkit_coach.drivers import Controls, Driver, Sight, View, check_driver, make_driver
from controllers.parkit_coach.drivers.base import hold_speed
from controllers.parkit_coach.drivers.novice import Skill, draw_traits
from tests.toy.frames import LOT, PROFILE, frame
from tests.toy.lot import new_coach

DECISION: Decision = new_coach().step(frame(), 0.0)
LOCK = PROFILE.max_steering_angle_rad


def view(now: float = 0.0, cue: Cue | None = None, **changes: Any) -> View:
    sensed = frame(round(now / 0.02), **changes)
    return View(now, sensed, msgspec.structs.replace(DECISION, cue=cue), cue)


def begun(driver: Driver, assist: int = 4) -> Driver:
    driver.start(Sight(PROFILE, LOT, ("A3",), assist))
    return driver


# --- names --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["granny", "", "Expert", "script", "remote:FILE"])
def test_unknown_driver_is_refused_with_those_there_are(name: str) -> None:
    with pytest.raises(
        UsageError, match="keyboard, joystick:FILE, calibrate:FILE, remote, novice, expert, script:FILE"
    ):
        check_driver(name)


@pytest.mark.parametrize(("speed", "wanted"), [(0.0, 1.0), (1.0, 1.0), (-0.5, 1.0), (2.0, 1.0), (1.0, 0.0), (0.0, 0.0)])
def test_pedals_are_never_pressed_together_nor_beyond_their_travel(speed: float, wanted: float) -> None:
    throttle, brake = hold_speed(speed, wanted)
    assert 0.0 <= throttle <= 1.0
    assert 0.0 <= brake <= 1.0
    assert throttle == 0.0 or brake == 0.0
    assert (brake > 0.0) == (wanted <= 0.0 or abs(speed) > wanted)


# --- script -------------------------------------------------------------------------------------------


def script(tmp_path: Path, text: str) -> str:
    path = tmp_path / "drive.txt"
    path.write_text(text)
    return f"script:{path}"


def test_script_plays_its_lines_by_time_since_the_start_and_brakes_after_the_last(tmp_path: Path) -> None:
    driver = begun(make_driver(script(tmp_path, "# two lines\n2.0 D 0.1 0.3 0\n\n4.0 R -0.6 0.2 0  # back\n"), 0))
    played = [driver.act(view(10.0 + now)) for now in (0.0, 1.9, 2.0, 3.9, 4.0)]
    assert [(c.gear, c.steer, c.throttle) for c in played[:4]] == [("D", 0.1, 0.3)] * 2 + [("R", -0.6, 0.2)] * 2
    assert (played[4].brake, played[4].throttle) == (1.0, 0.0)


@pytest.mark.parametrize(
    "line",
    [
        "2.0 D 0.0 0.3",
        "2.0 X 0.0 0.3 0",
        "two D 0.0 0.3 0",
        "2.0 D nan 0.3 0",
        "inf D 0.0 0.3 0",
        "2.0 D 0.0 1.5 0",
        "2.0 D 0.0 0.3 -1",
        "1.0 D 0.0 0.3 0",
    ],
)
def test_line_that_cannot_be_driven_is_refused_with_file_and_number(tmp_path: Path, line: str) -> None:
    with pytest.raises(UsageError, match=r"drive\.txt:3: want 'until_s gear steer_rad throttle brake'"):
        check_driver(script(tmp_path, f"# wrong\n1.0 D 0 0 0\n{line}\n"))


def test_script_that_is_not_there_or_no_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.txt: cannot be read"):
        check_driver(f"script:{tmp_path / 'none.txt'}")
    (tmp_path / "raw").write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match="no UTF-8"):
        check_driver(f"script:{tmp_path / 'raw'}")


# --- novice -------------------------------------------------------------------------------------------


def heard(seed: int, cue: Cue, seconds: float = 4.0, **changes: Any) -> list[Controls]:
    driver = begun(make_driver("novice", seed))
    return [driver.act(view(0.02 * tick, cue, **changes)) for tick in range(round(seconds / 0.02))]


def test_traits_follow_the_population_and_the_seed() -> None:
    people = [draw_traits(np.random.default_rng(seed), PROFILE.steering_ratio) for seed in range(300)]
    assert people[5] == draw_traits(np.random.default_rng(5), PROFILE.steering_ratio)
    assert len({person.pace for person in people}) == 300
    assert all(1.5 <= person.pace * 3.6 <= 4.0 for person in people)
    assert all(180.0 <= math.degrees(person.wheel_rate) * PROFILE.steering_ratio <= 360.0 for person in people)
    assert abs(np.mean([person.steering_bias for person in people])) < 0.01


def test_same_seed_is_the_same_person() -> None:
    cue = Cue("steer.full", {"dir": "left"})
    assert heard(4, cue) == heard(4, cue)
    assert heard(4, cue) != heard(5, cue)


def test_novice_acts_only_after_a_reaction_time() -> None:
    for seed in range(10):
        controls = heard(seed, Cue("gear.reverse"), gear="D")
        assert all(c.gear == "D" for c in controls[:10])
        assert controls[-1].gear == "R"


def test_left_is_left_to_every_novice_sooner_or_later() -> None:
    turned = [heard(seed, Cue("steer.full", {"dir": "left"}), seconds=6.0) for seed in range(20)]
    assert all(max(controls.steer for controls in person) > 0.7 * LOCK for person in turned)
    assert sum(min(controls.steer for controls in person) >= 0.0 for person in turned) >= 16
    assert all(abs(controls.steer) <= LOCK for person in turned for controls in person)


def test_word_to_stop_ends_in_braking_and_word_to_go_in_rolling() -> None:
    for seed in range(10):
        assert heard(seed, Cue("move.stop_here"))[-1].brake > 0.0
        driver = begun(make_driver("novice", seed))
        rolling = [driver.act(view(0.02 * tick, Cue("move.forward_slow"))) for tick in range(400)]
        assert rolling[-1].brake == 0.0


def test_novice_who_is_asked_to_keep_near_the_bays_steers_towards_them_until_something_else_is_said() -> None:
    far = Pose2(-8.0, 5.0, 0.0)
    for seed in range(10):
        driver = begun(make_driver("novice", seed))
        nearer = [driver.act(view(0.02 * tick, Cue("appr.gap"), pose=far)) for tick in range(400)]
        assert nearer[-1].steer < -0.1
        other = [driver.act(view(8.0 + 0.02 * tick, Cue("steer.straight"), pose=far)) for tick in range(400)]
        assert abs(other[-1].steer) < 0.05


def test_cry_to_stop_is_never_missed_and_braked_hard() -> None:
    for seed in range(30):
        assert heard(seed, Cue("crit.stop", {}, "critical"), seconds=2.2)[-1].brake == 1.0


def test_cry_to_stop_is_not_forgotten_for_the_next_word() -> None:
    for seed in range(30):
        driver = begun(make_driver("novice", seed))
        words = [Cue("crit.stop", {}, "critical") if tick < 10 else Cue("gear.park") for tick in range(110)]
        driven = [driver.act(view(0.02 * tick, cue, speed_mps=-0.3, gear="R")) for tick, cue in enumerate(words)]
        assert max(controls.brake for controls in driven) == 1.0


@pytest.mark.parametrize(("skill", "better"), [("beginner", False), ("practised", True)])
def test_who_has_practised_reacts_sooner_and_errs_less(skill: Skill, better: bool) -> None:
    novice, other = (
        draw_traits(np.random.default_rng(3), PROFILE.steering_ratio, level) for level in ("novice", skill)
    )
    assert novice.pace == other.pace
    for name in ("reaction", "steering_spread", "wander", "missed", "wrong_way"):
        assert (getattr(other, name) < getattr(novice, name)) == better
    assert (other.wheel_rate > novice.wheel_rate) == better


def test_novice_parks_the_lever_and_sets_the_brake_only_when_standing() -> None:
    moving = heard(1, Cue("gear.park"), speed_mps=0.8)[-1]
    assert not moving.parking_brake
    standing = heard(1, Cue("gear.park"), gear="P")[-1]
    assert (standing.gear, standing.parking_brake) == ("P", True)


def test_uncoached_novice_drives_off_by_recipe() -> None:
    driver = begun(make_driver("novice", 1), assist=0)
    controls = driver.act(view())
    assert controls.gear == "D"
    assert controls.throttle > 0.0


# --- expert -------------------------------------------------------------------------------------------


def test_expert_cruises_until_there_is_a_plan_and_brakes_hard_in_danger() -> None:
    driver = begun(make_driver("expert", 0))
    assert driver.act(view()).throttle > 0.0
    danger = msgspec.structs.replace(DECISION, level="critical")
    assert driver.act(View(0.0, frame(speed_mps=0.5), danger, None)).brake == 1.0


def test_expert_looks_for_the_next_slot_forwards_after_giving_one_up_in_reverse() -> None:
    driver = begun(make_driver("expert", 0))
    back = PlanSummary(1, "A3", "follow", 0, 3.0, 0, [PlanSegment(-1, 0.0, 3.0)])
    backing = msgspec.structs.replace(DECISION, plan=back, stop_in_m=3.0)
    driver.act(View(0.0, frame(), backing, None))
    assert driver.act(View(0.1, frame(gear="R"), backing, None)).gear == "R"
    assert driver.act(view(0.2, gear="R", speed_mps=-0.5)).brake > 0.0
    assert driver.act(view(0.3, gear="R")).gear == "D"
    assert driver.act(view(0.4)).throttle > 0.0


def test_expert_goes_back_for_a_slot_that_was_missed_when_told_to() -> None:
    driver = begun(make_driver("expert", 0))
    stop, back, slow, on = (Cue(f, {}, "clear") for f in ("move.stop_here", "gear.reverse", "appr.slow", "gear.drive"))
    assert driver.act(view(0.1, stop, speed_mps=0.8)).brake > 0.0
    assert driver.act(view(0.2, back)).gear == "R"
    assert driver.act(view(0.3, back, gear="R")).throttle > 0.0
    assert driver.act(view(0.4, slow, gear="R", speed_mps=-0.3)).throttle > 0.0
    assert driver.act(view(0.5, stop, gear="R", speed_mps=-0.5)).brake > 0.0
    assert driver.act(view(0.6, on, gear="R")).gear == "D"
