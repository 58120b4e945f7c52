"""The messages of Parkit.

Units are SI and stand in each field's name. Angles are radians; yaw is counter-clockwise from world +x;
a steering angle is the front wheel's, left positive. `timestamp` is integer microseconds since the Unix
epoch; `sim_time_s` is the simulator's clock. Poses are those of the rear-axle centre in the world frame.
Unknown fields are ignored on reading, missing ones are refused.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

SCHEMA_VERSION = 1

Level = Literal["clear", "caution", "warning", "critical"]
"""Severity of a danger, mildest first."""

Result = Literal["parked", "contact", "timeout", "aborted"]
"""How a session ended."""

SECTORS = (
    "front_left", "front_centre_left", "front_centre_right", "front_right",
    "right_front", "right_rear",
    "rear_right", "rear_centre_right", "rear_centre_left", "rear_left",
    "left_rear", "left_front",
)  # fmt: skip
"""The 12 sectors round the body, clockwise from the front left. Sensor ids are `us_` + sector."""

Gear = Literal["P", "R", "N", "D"]
SlotKind = Literal["perpendicular", "parallel", "angled"]
Occupancy = Literal["free", "occupied", "unknown"]

NonNegative = Annotated[float, msgspec.Meta(ge=0.0)]
Fraction = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]
Sequence = Annotated[int, msgspec.Meta(ge=0)]
Identifier = Annotated[str, msgspec.Meta(min_length=1, max_length=128, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]*$")]
AssistLevel = Annotated[int, msgspec.Meta(ge=0, le=4)]
"""4 full guidance, 3 words only, 2 warnings only, 1 critical only, 0 test (no coaching)."""


class Pose2(msgspec.Struct, frozen=True):
    """Position [m] and yaw [rad, counter-clockwise from +x] of the rear-axle centre, world frame."""

    x_m: float
    y_m: float
    yaw_rad: float


# --- what the car senses ------------------------------------------------------------------------------


class SensorReading(msgspec.Struct, frozen=True):
    """One ultrasonic reading: distance from the sensor [m], or null where there was no echo."""

    sensor_id: str
    distance: NonNegative | None
    timestamp: int


class SensorFrame(msgspec.Struct, frozen=True):
    """Everything the car sensed at one instant. Kafka `sensor-raw`, key = session_id."""

    schema_version: Literal[1]
    vehicle_id: Identifier
    session_id: Identifier
    seq: Sequence
    timestamp: int
    sim_time_s: NonNegative
    readings: list[SensorReading]
    pose: Pose2
    speed_mps: float
    """Signed: negative when rolling backwards."""
    steering_angle_rad: float
    gear: Gear
    throttle: Fraction
    brake: Fraction
    parking_brake: bool = False
    faults: list[str] = []


# --- what the coach decides ---------------------------------------------------------------------------


class ClearanceState(msgspec.Struct, frozen=True):
    """Free distance in one of the 12 sectors round the body and its level."""

    sector: str
    distance_m: float | None
    level: Level


class Cue(msgspec.Struct, frozen=True):
    """One piece of advice: an id of the cue catalogue and the values of its placeholders."""

    id: str
    params: dict[str, str | int] = {}
    severity: Level = "clear"


class PlanSegment(msgspec.Struct, frozen=True):
    """One arc of the plan: gear +1 forward / -1 reverse, steering angle, length driven."""

    gear: Literal[-1, 1]
    steering_angle_rad: float
    length_m: NonNegative


class PlanSummary(msgspec.Struct, frozen=True):
    """The manoeuvre the coach is guiding along. `path` is sent when the plan changed, else null."""

    plan_id: int
    slot_id: str
    status: str
    cusps: int
    length_m: float
    segment_index: int
    segments: list[PlanSegment]
    path: list[tuple[float, float, float]] | None = None


class Decision(msgspec.Struct, frozen=True):
    """What the coach made of one frame (same seq). Kafka `coach-decisions`, key = session_id."""

    schema_version: Literal[1]
    vehicle_id: Identifier
    session_id: Identifier
    seq: Sequence
    timestamp: int
    sim_time_s: NonNegative
    level: Level
    sectors: list[ClearanceState]
    ttc_s: float | None
    patterns: list[str]
    cue: Cue | None
    target_steering_angle_rad: float | None
    stop_in_m: float | None
    plan: PlanSummary | None
    assist_level: AssistLevel
    pose: Pose2
    """The coach's own estimate, not the raw GPS."""
    obstacles: list[tuple[float, float]] | None
    """Echo points of the local map, world frame; null while unchanged since the last sent."""
    decision_us: float
    """Measured time from frame to decision. The only field that is not reproducible."""


# --- what happened ------------------------------------------------------------------------------------


class SensorMount(msgspec.Struct, frozen=True):
    """Where an ultrasonic sensor sits (ego frame: rear-axle centre, x forward, y left) and what it covers."""

    sensor_id: str
    x_m: float
    y_m: float
    yaw_rad: float
    field_of_view_rad: float
    max_range_m: float


class VehicleProfile(msgspec.Struct, frozen=True):
    """Dimensions of a car; all [m] and [rad], from the rear-axle centre."""

    name: str
    wheelbase_m: float
    front_overhang_m: float
    rear_overhang_m: float
    width_m: float
    track_m: float
    max_steering_angle_rad: float
    steering_ratio: float
    """Hand-wheel angle per front-wheel angle."""
    sensors: list[SensorMount] = []


class SlotMap(msgspec.Struct, frozen=True):
    """A painted slot: entrance midpoint, yaw pointing into the slot, opening width and depth.

    A parallel slot is entered from its long side: its width lies along the road, its depth across it.
    """

    slot_id: str
    kind: SlotKind
    entrance_x_m: float
    entrance_y_m: float
    inward_yaw_rad: float
    width_m: float
    depth_m: float
    parked_yaw_rad: float | None = None
    """Heading of a car parked in it. Null: nose outwards, or along the kerb with the kerb on the right."""


LineKind = Literal["bay", "detection", "check", "entry"]


class GroundLine(msgspec.Struct, frozen=True):
    """A line painted on the ground that wheels may touch: a band `width_m` wide about a straight stretch."""

    line_id: str
    kind: LineKind
    x1_m: float
    y1_m: float
    x2_m: float
    y2_m: float
    width_m: float = 0.15


class ParkingStrip(msgspec.Struct, frozen=True):
    """A kerb along which cars park without painted slots: gaps in it are measured while driving past.

    From (x1, y1) to (x2, y2) along the kerb, the road on its left; cars park within `depth_m` of it.
    """

    strip_id: str
    x1_m: float
    y1_m: float
    x2_m: float
    y2_m: float
    depth_m: float


class LotMap(msgspec.Struct, frozen=True):
    """What a driver could know of the lot beforehand: painted slots, walls and kerbs; never parked cars."""

    name: str
    slots: list[SlotMap]
    walls: list[list[tuple[float, float]]] = []
    """Fixed polygons, counter-clockwise, not closed."""
    drivable: list[tuple[float, float]] = []
    """Outline of the ground that may be driven on."""
    kerbs: list[list[tuple[float, float]]] = []
    """Raised edges, as polygons like the walls: the body may overhang them, wheels must not touch them."""
    lines: list[GroundLine] = []
    strips: list[ParkingStrip] = []


class SlotOffer(msgspec.Struct, frozen=True):
    slot_id: str
    occupancy: Occupancy
    feasible: bool
    rank: int | None
    cusps: int | None
    clearance_m: float | None
    reason: str
    """Key of the reason's text in the catalogue."""
    slot: SlotMap | None = None
    """Where a measured gap is; null for a slot of the lot map."""


class Started(msgspec.Struct, frozen=True, tag_field="kind", tag="started"):
    world: str
    driver: str
    driver_name: str
    seed: int
    assist_level: AssistLevel
    rubric: str
    language: Literal["ko", "en"]
    vehicle: VehicleProfile
    lot: LotMap


class SlotOffered(msgspec.Struct, frozen=True, tag_field="kind", tag="slot_offered"):
    offers: list[SlotOffer]


class SlotChosen(msgspec.Struct, frozen=True, tag_field="kind", tag="slot_chosen"):
    slot_id: str


class GearChanged(msgspec.Struct, frozen=True, tag_field="kind", tag="gear_changed"):
    gear: Gear
    previous: Gear
    speed_mps: float


class Contact(msgspec.Struct, frozen=True, tag_field="kind", tag="contact"):
    """Reported by the examiner: which part of the car touched, and where (world frame)."""

    part: str
    x_m: float
    y_m: float
    speed_mps: float
    other: Literal["car", "wall", "kerb", "cone", "person", "object"] = "object"
    """What was touched. A kerb is touched by a wheel: `part` names it, as `wheel_front_left`."""


Wheel = Literal["front_left", "front_right", "rear_left", "rear_right"]


class LineTouched(msgspec.Struct, frozen=True, tag_field="kind", tag="line_touched"):
    """Reported by the examiner: a wheel has entered the band of a line. Told again only after it has left it."""

    line_id: str
    line_kind: LineKind
    wheel: Wheel
    x_m: float
    y_m: float


class Retried(msgspec.Struct, frozen=True, tag_field="kind", tag="retried"):
    """The examiner has put the car back to before a mistake. From here on the session is practice."""

    attempt: int
    """1 for the first retry."""
    back_s: float
    """How far back, counted from when the retry was asked for."""
    pose: Pose2
    """Where the car stands now."""


class HintAcked(msgspec.Struct, frozen=True, tag_field="kind", tag="hint_acked"):
    command_id: str
    status: Literal["shown", "expired", "refused", "applied"]
    detail: str = ""


class Fault(msgspec.Struct, frozen=True, tag_field="kind", tag="fault"):
    component: str
    state: Literal["raised", "cleared"]
    detail: str


class EndPose(msgspec.Struct, frozen=True):
    """Error of the final pose in the slot: + to the learner's right, + too deep, + counter-clockwise."""

    lateral_m: float
    depth_m: float
    yaw_rad: float


class Ended(msgspec.Struct, frozen=True, tag_field="kind", tag="ended"):
    """The examiner's verdict. `end_pose` is null when the car was not near a slot."""

    result: Result
    slot_id: str | None
    duration_s: float
    contacts: int
    min_clearance_m: float | None
    end_pose: EndPose | None
    wheels_on_line: int
    in_slot: bool
    reason: str = ""
    tries: int = 0
    """Retries taken. Any makes the session practice: it never counts as a test."""


EventDetail = (
    Started | SlotOffered | SlotChosen | GearChanged | Contact | LineTouched | Retried | HintAcked | Fault | Ended
)


class SessionEvent(msgspec.Struct, frozen=True):
    """Something that happened once. Kafka `session-events`, key = session_id; `seq` counts events."""

    schema_version: Literal[1]
    vehicle_id: Identifier
    session_id: Identifier
    seq: Sequence
    timestamp: int
    sim_time_s: NonNegative
    detail: EventDetail


# --- what people ask of the car -----------------------------------------------------------------------


class HintCommand(msgspec.Struct, frozen=True, tag_field="kind", tag="hint"):
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    cue_id: str | None = None


class PauseCommand(msgspec.Struct, frozen=True, tag_field="kind", tag="pause"):
    paused: bool


class RetryCommand(msgspec.Struct, frozen=True, tag_field="kind", tag="retry"):
    pass


class AssistLevelCommand(msgspec.Struct, frozen=True, tag_field="kind", tag="assist_level"):
    assist_level: AssistLevel


class CoachCommand(msgspec.Struct, frozen=True):
    """From the dashboard to one car. Kafka `coach-commands`, key = vehicle_id; acked by a `hint_acked` event."""

    schema_version: Literal[1]
    vehicle_id: Identifier
    command_id: Identifier
    issued_at: int
    expires_at: int
    """Microseconds since the epoch; a car that sees it later acks `expired` and shows nothing."""
    sender: str
    action: HintCommand | PauseCommand | RetryCommand | AssistLevelCommand


class DriveCommand(msgspec.Struct, frozen=True):
    """Hands and feet of a remote driver at one instant. MQTT `drive`, QoS 0, straight to the car and never to Kafka.

    A station sends ten a second or more; a car that hears none for 0.3 s stops.
    """

    schema_version: Literal[1]
    vehicle_id: Identifier
    station_id: Identifier
    """Who drives. Another station is not listened to before this one has been silent."""
    seq: Sequence
    """Counts the station's commands; an older one that comes late is passed over."""
    steering_angle_rad: Annotated[float, msgspec.Meta(ge=-1.6, le=1.6)]
    """Front wheels, left positive."""
    throttle: Fraction
    brake: Fraction
    gear: Gear
    parking_brake: bool = False


# --- what remains -------------------------------------------------------------------------------------


class Deduction(msgspec.Struct, frozen=True):
    """One record of a score: what rule, when, what was measured against which limit, points taken."""

    rule: str
    component: str
    points: NonNegative
    """After caps; the sum over a card is exactly 100 - score."""
    raw_points: NonNegative
    t0_s: float
    t1_s: float
    measured: float | None
    limit: float | None
    cap_group: str
    cue_id: str | None = None
    params: dict[str, str | int | float] = {}


class Cause(msgspec.Struct, frozen=True):
    """What lay behind one or more deductions: an id of the catalogue of causes, the points it cost, when it began."""

    cause: str
    points: NonNegative
    t0_s: float
    params: dict[str, str | int | float] = {}


class ScoreCard(msgspec.Struct, frozen=True):
    """A rubric applied to a session. `score` and `passed` are null (N/A) when the session was aborted.

    A rubric that counts faults has a null score, no maxima, and tells only `passed`; points are then faults. A rubric
    in an examiner's voice has no strength, no causes and no best change.
    """

    rubric: str
    rubric_version: int
    score: float | None
    passed: bool | None
    components: dict[str, float]
    maxima: dict[str, float]
    deductions: list[Deduction]
    left_out: list[str] = []
    """Rules that this rig cannot sense; the rest is scaled."""
    strength: str = ""
    best_change: str = ""
    """The cause whose absence would have helped most (a rule, in cards older than the causes)."""
    best_change_score: float | None = None
    """The score had that one thing gone well, recomputed by the same rubric."""
    causes: list[Cause] = []
    """Worst first."""


class LatencyStats(msgspec.Struct, frozen=True):
    p50_us: float
    p99_us: float
    max_us: float


class AlertSpan(msgspec.Struct, frozen=True):
    """A span of time at one level in one sector."""

    level: Level
    sector: str
    t0_s: float
    t1_s: float
    min_distance_m: float | None


class SessionReport(msgspec.Struct, frozen=True):
    """What is kept of a session. Kafka `session-reports` (compacted), key = session_id."""

    schema_version: Literal[1]
    vehicle_id: Identifier
    session_id: Identifier
    world: str
    driver: str
    driver_name: str
    seed: int
    assist_level: AssistLevel
    language: Literal["ko", "en"]
    started_at: int
    ended_at: int
    duration_s: float
    result: Result
    slot_id: str | None
    card: ScoreCard
    cusps: int
    contacts: int
    min_clearance_m: float | None
    end_pose: EndPose | None
    frames: int
    missing_frames: int
    alerts: list[AlertSpan]
    decision_latency: LatencyStats
    vehicle: VehicleProfile
    lot: LotMap
    driven_path: list[tuple[float, float, float, float]]
    """Thinned: sim time [s], x, y [m], yaw [rad]."""
    planned_path: list[tuple[float, float, float]]
    tries: int = 0
    """Retries taken; any makes the session practice."""


class DeadLetter(msgspec.Struct, frozen=True):
    """What could not be parsed, kept with its reason. Kafka `dead-letter`."""

    schema_version: Literal[1]
    timestamp: int
    source: str
    """MQTT topic or Kafka topic/partition/offset it came from."""
    reason: str
    error: str
    payload_b64: str


class VehicleStatus(msgspec.Struct, frozen=True):
    """MQTT `status`, retained, with a last will of state `offline`."""

    schema_version: Literal[1]
    vehicle_id: Identifier
    session_id: str | None
    state: Literal["online", "offline"]
    timestamp: int
