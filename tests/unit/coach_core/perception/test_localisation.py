"""Where the car thinks it is."""

from __future__ import annotations

import math

import numpy as np
import pytest

from coach_core.contracts import Pose2
from coach_core.geometry.poses import advance
from coach_core.perception.localisation import Localiser
from tests.toy.frames import CAR, frame

CURVATURE = math.tan(0.3) / CAR.wheelbase


def test_first_fix_is_taken_as_it_is() -> None:
    pose = Localiser(CAR.wheelbase).update(frame(pose=Pose2(1.0, -2.0, 0.5)))
    assert pose == pytest.approx([1.0, -2.0, 0.5])


def test_noisy_fixes_along_an_arc_are_smoothed_to_less_than_their_own_noise() -> None:
    rng = np.random.default_rng(1)
    localiser = Localiser(CAR.wheelbase)
    truth, errors, noise = np.array([0.0, 0.0, 0.2]), [], []
    for seq in range(500):
        if seq:
            truth = advance(truth, CURVATURE, 0.8 * 0.02)
        off = rng.normal(0.0, 0.02, 2)
        fix = Pose2(truth[0] + off[0], truth[1] + off[1], truth[2])
        pose = localiser.update(frame(seq, pose=fix, speed_mps=0.8, steering_angle_rad=0.3))
        if seq > 100:
            errors.append(np.hypot(*(pose[:2] - truth[:2])))
            noise.append(np.hypot(*off))
    assert np.mean(errors) < 0.4 * np.mean(noise)


def test_wrong_first_fix_is_forgotten_within_two_seconds() -> None:
    localiser = Localiser(CAR.wheelbase)
    localiser.update(frame(0, pose=Pose2(0.5, 0.5, 0.2)))
    for seq in range(1, 101):
        pose = localiser.update(frame(seq, pose=Pose2(0.0, 0.0, 0.0)))
    assert np.abs(pose).max() < 0.01


def test_yaw_is_pulled_the_short_way_round() -> None:
    localiser = Localiser(CAR.wheelbase)
    localiser.update(frame(0, pose=Pose2(0.0, 0.0, 3.10)))
    pose = localiser.update(frame(1, pose=Pose2(0.0, 0.0, -3.10)))
    assert abs(pose[2]) > 3.10


def test_fix_further_than_a_metre_is_followed_as_a_jump_and_only_once() -> None:
    localiser = Localiser(CAR.wheelbase)
    jumps = []
    for seq, x in enumerate((-10.0, -8.0, -8.0)):
        pose = localiser.update(frame(seq, pose=Pose2(x, 2.4, 0.0)))
        assert pose == pytest.approx([x, 2.4, 0.0])
        jumps.append(localiser.jumped)
    assert jumps == [False, True, False]


def test_jump_behind_a_gap_is_a_jump_and_a_gap_alone_is_none() -> None:
    localiser = Localiser(CAR.wheelbase)
    jumps = []
    for seq, x in ((0, -10.0), (100, -10.0), (200, 5.0)):
        localiser.update(frame(seq, pose=Pose2(x, 2.4, 0.0)))
        jumps.append(localiser.jumped)
    assert jumps == [False, False, True]


def test_frames_that_are_not_newer_leave_the_pose_unchanged() -> None:
    localiser = Localiser(CAR.wheelbase)
    localiser.update(frame(4))
    before = localiser.update(frame(5, speed_mps=1.0))
    for seq in (5, 4, 0):
        assert localiser.update(frame(seq, pose=Pose2(-10.3, 2.0, 0.1), speed_mps=1.0)) == pytest.approx(before)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, 1e9])
def test_unusable_fix_is_coasted_over_and_told(bad: float) -> None:
    localiser = Localiser(CAR.wheelbase)
    localiser.update(frame(0))
    for seq in range(1, 6):
        pose = localiser.update(frame(seq, pose=Pose2(bad, 2.4, 0.0), speed_mps=1.0))
        assert not localiser.known
    assert pose == pytest.approx([-9.9, 2.4, 0.0])
    localiser.update(frame(6, speed_mps=1.0))
    assert localiser.known


@pytest.mark.parametrize(("speed", "steer"), [(math.nan, 0.0), (1e9, 0.0), (1.0, math.nan), (math.inf, math.inf)])
def test_broken_odometry_leaves_the_fixes_to_do_the_work(speed: float, steer: float) -> None:
    localiser = Localiser(CAR.wheelbase)
    localiser.update(frame(0))
    pose = localiser.update(frame(1, speed_mps=speed, steering_angle_rad=steer))
    assert pose == pytest.approx([-10.0, 2.4, 0.0])


def test_answer_belongs_to_the_caller() -> None:
    localiser = Localiser(CAR.wheelbase)
    localiser.update(frame(0))[:] = 99.0
    assert localiser.update(frame(1)) == pytest.approx([-10.0, 2.4, 0.0])


def test_pose_is_as_sure_as_it_is_right_while_fixes_come() -> None:
    rng = np.random.default_rng(3)
    localiser, errors = Localiser(CAR.wheelbase), []
    assert math.isinf(localiser.sigma)
    truth = np.zeros(3)
    for seq in range(800):
        if seq:
            truth = advance(truth, CURVATURE, 1.2 * 0.02)
        off = rng.normal(0.0, 0.02, 2)
        fix = Pose2(truth[0] + off[0], truth[1] + off[1], truth[2] + rng.normal(0.0, 0.002))
        pose = localiser.update(frame(seq, pose=fix, speed_mps=1.21, steering_angle_rad=0.3))
        errors.append(pose[:2] - truth[:2])
    spread = float(np.std(np.concatenate(errors[100:])))
    assert 0.3 * localiser.sigma < spread < 2.0 * localiser.sigma
    assert localiser.sigma < 0.02
    assert localiser.yaw_sigma < 0.01
    assert localiser.drift == 0.0


def test_without_fixes_the_pose_is_less_sure_with_every_metre_and_sure_again_when_they_return() -> None:
    localiser = Localiser(CAR.wheelbase)
    localiser.update(frame(0))
    before = localiser.sigma
    for seq in range(1, 101):
        localiser.update(frame(seq, pose=Pose2(math.nan, 0.0, 0.0), speed_mps=2.0, steering_angle_rad=0.2))
    assert 0.05 < localiser.sigma - before < 0.2
    assert localiser.drift == pytest.approx(localiser.sigma - before)
    assert localiser.outage_since == 0.0
    truth = localiser.update(frame(101, pose=Pose2(math.nan, 0.0, 0.0)))
    pulls = np.zeros(2)
    for seq in range(102, 202):
        fix = Pose2(float(truth[0]) + 0.2, float(truth[1]), float(truth[2]))
        pose = localiser.update(frame(seq, pose=fix))
        pulls += localiser.pull
    assert pose[0] - truth[0] == pytest.approx(0.2, abs=0.01)
    assert pulls == pytest.approx(pose[:2] - truth[:2], abs=1e-9)
    assert localiser.sigma < 0.02


def test_long_time_without_frames_and_fixes_leaves_nothing_known() -> None:
    localiser = Localiser(CAR.wheelbase)
    localiser.update(frame(0))
    localiser.update(frame(100, pose=Pose2(math.nan, 0.0, 0.0)))
    assert math.isinf(localiser.sigma)
    localiser.update(frame(101))
    assert localiser.sigma < 0.03
