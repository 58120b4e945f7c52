"""Whatever the car sends, in whatever order: the coach answers, and what it cannot judge it does not call clear."""

import math
from typing import Any

import msgspec
from hypothesis import example, given, settings
from hypothesis import strategies as st

from coach_core.contracts import SECTORS, Decision, Fault, Pose2, SensorFrame, SensorReading, decode, encode
from tests.toy.frames import frame
from tests.toy.lot import new_coach

FEW = settings(max_examples=12, deadline=None)

odd = st.one_of(
    st.sampled_from([math.nan, math.inf, -math.inf, 1e300, -1e300, -0.0]),
    st.floats(allow_nan=True, allow_infinity=True),
)
distances = st.one_of(st.none(), st.floats(0.0, 4.0), odd)


@st.composite
def readings(draw: st.DrawFn, at_us: int) -> list[SensorReading]:
    """Some of the sensors, some of them twice, one unknown; stamps that are new, stale or from tomorrow."""
    names = draw(st.lists(st.sampled_from([*(f"us_{sector}" for sector in SECTORS), "us_none"]), max_size=14))
    stamps = st.sampled_from([at_us, at_us - 40_000, 0, at_us + 10**9])
    return [SensorReading(name, draw(distances), draw(stamps)) for name in names]


@st.composite
def frames(draw: st.DrawFn) -> SensorFrame:
    """A frame of the first two seconds in which a few things are broken."""
    seq = draw(st.integers(0, 100))
    broken: dict[str, Any] = {
        "speed_mps": draw(odd),
        "steering_angle_rad": draw(odd),
        "pose": Pose2(draw(odd), draw(odd), draw(odd)),
        "readings": draw(readings(seq * 20_000)),
        "throttle": draw(odd),
        "brake": draw(odd),
        "sim_time_s": draw(odd),
        "gear": draw(st.sampled_from(["P", "R", "N", "D"])),
        "faults": draw(st.lists(st.sampled_from(["pose", "speed", "steering", "camera"]), max_size=2)),
    }
    names = draw(st.sets(st.sampled_from(sorted(broken)), max_size=3))
    return frame(seq, **{name: broken[name] for name in names})


def cannot_be_judged(sensed: SensorFrame) -> bool:
    """Whether the car itself is unknown: where it is, how fast, which way it steers."""
    numbers = (sensed.speed_mps, sensed.steering_angle_rad, sensed.pose.x_m, sensed.pose.y_m, sensed.pose.yaw_rad)
    return not all(math.isfinite(n) for n in numbers) or bool({"pose", "speed", "steering"} & set(sensed.faults))


@FEW
@given(st.lists(frames(), min_size=1, max_size=8))
@example([frame(0, throttle=math.nan, brake=math.nan)])
@example([frame(3), frame(1, pose=Pose2(math.nan, 0.0, 0.0), gear="R"), frame(2)])
def test_no_sequence_of_frames_raises_or_is_called_clear_where_the_car_is_unknown(sent: list[SensorFrame]) -> None:
    coach = new_coach()
    for i, sensed in enumerate(sent):
        decision = coach.step(sensed, 0.02 * i)
        assert decision.seq == sensed.seq
        assert decode(encode(decision), Decision) == decision
        assert all(math.isfinite(n) for n in (decision.pose.x_m, decision.pose.y_m, decision.pose.yaw_rad))
        if cannot_be_judged(sensed):
            assert decision.level != "clear"


@FEW
@given(st.sets(st.sampled_from(SECTORS), min_size=1), st.sampled_from(["missing", "stale", "nan", "negative"]))
def test_a_sensor_that_says_nothing_usable_for_half_a_second_is_never_called_clear(lost: set[str], how: str) -> None:
    coach = new_coach()
    for seq in range(40):
        sensed = frame(seq)
        told = []
        for reading in sensed.readings:
            if reading.sensor_id.removeprefix("us_") not in lost:
                told.append(reading)
            elif how == "stale":
                told.append(SensorReading(reading.sensor_id, None, 0))
            elif how != "missing":
                told.append(SensorReading(reading.sensor_id, math.nan if how == "nan" else -1.0, reading.timestamp))
        decision = coach.step(msgspec.structs.replace(sensed, readings=told), sensed.sim_time_s)
    assert decision.level != "clear"
    unsure = {sector.sector for sector in decision.sectors if sector.level != "clear"}
    assert lost <= unsure
    assert any(event == Fault("ultrasonic", "raised", "") for event in coach.take_events())


@FEW
@given(st.floats(1.1, 500.0), st.floats(-math.pi, math.pi), st.sampled_from(["R", "D"]))
def test_a_pose_that_jumps_is_a_fault_and_for_a_moment_nothing_is_called_clear(
    way: float, direction: float, gear: str
) -> None:
    coach = new_coach()
    for seq in range(5):
        assert coach.step(frame(seq, gear=gear), seq * 0.02).level == "clear"
    there = Pose2(-10.0 + way * math.cos(direction), 2.4 + way * math.sin(direction), 0.0)
    decision = coach.step(frame(5, gear=gear, pose=there), 0.1)
    assert decision.level != "clear"
    assert Fault("pose_jump", "raised", "") in coach.take_events()
