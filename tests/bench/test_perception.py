"""How well gaps are measured and slots judged: 300 passes along kerbs, and one past every slot of 120 lots."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
import shapely

from coach_core.contracts import Pose2, SensorReading
from coach_core.perception.scene import Perception
from ops.study import scenes
from ops.study.plant import Surroundings, floor
from tests.toy.frames import PROFILE, frame
from tests.unit.coach_core.perception.kerbside import Sonar, drive_past

pytestmark = [pytest.mark.bench, pytest.mark.timeout(3600)]


def test_gaps_are_measured_to_ten_centimetres_in_95_percent_of_300_passes() -> None:
    errors, sure = [], []
    for seed in range(1000, 1300):
        passing = drive_past(seed)
        low, high = passing.row.gap
        gaps = [slot for slot in passing.perception.slots if abs(slot.world_from_slot[0] - 0.5 * (low + high)) < 1.5]
        assert len(gaps) == 1
        errors.append(abs(gaps[0].width - (high - low)))
        sure.append(errors[-1] < 2.0 * gaps[0].width_sigma)
        assert not any(len(scene.movers) for scene in passing.scenes)
    print(f"\ngap length: p50 {np.percentile(errors, 50):.3f} m, p95 {np.percentile(errors, 95):.3f} m, "
          f"max {max(errors):.3f} m, within two sigmas {np.mean(sure):.3f}")  # fmt: skip
    assert np.percentile(errors, 95) <= 0.10
    assert np.mean(sure) >= 0.93


@pytest.mark.parametrize("family", list(scenes.FAMILIES))
def test_no_taken_slot_is_called_free_after_driving_past_it(family: str) -> None:
    told: Counter[tuple[str, str]] = Counter()
    for seed in range(20):
        episode = scenes.draw(family, seed)
        rng = np.random.default_rng(seed)
        sonar = Sonar([*Surroundings(episode.bodies).obstacles, floor()], rng, 0.01)
        perception, start = Perception(PROFILE, episode.lot), episode.start
        x, y, yaw, speed = start.x, start.y, 0.3 * start.yaw, rng.uniform(0.8, 2.0)
        due, seq, readings = rng.uniform(0.0, 0.05), 0, list[SensorReading]()
        while x < min(14.0, start.x + 26.0):
            ago = 0.02 * seq - due
            if ago >= 0.0:
                back = speed * ago
                readings = sonar.readings(x - back * math.cos(yaw), y - back * math.sin(yaw), yaw, due)
                due += 0.05
            dx, dy, turn = rng.normal(0.0, (0.02, 0.02, 0.002))
            fix = Pose2(x + dx, y + dy, yaw + turn)
            scene = perception.update(frame(seq, pose=fix, readings=readings, speed_mps=speed))
            assert len(scene.movers) == 0
            x, y, seq = x + 0.02 * speed * math.cos(yaw), y + 0.02 * speed * math.sin(yaw), seq + 1
        bodies = shapely.union_all([shapely.Polygon(body.outline()) for body in episode.bodies])
        for slot in perception.slots:
            if start.x + 3.0 < slot.world_from_slot[0] < x - 1.0:
                truth = "taken" if shapely.Polygon(slot.corners()).intersection(bodies).area > 0.1 else "empty"
                told[truth, perception.occupancy(slot.slot_id)] += 1
    print(f"\n{family}: {dict(told)}")
    assert told["taken", "free"] == 0
    assert told["empty", "occupied"] <= 1
