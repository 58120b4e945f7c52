"""Plans made beside the tick: asked for at one frame, taken up at a fixed later one.

A plan that arrives "when the thread happens to be done" would make decisions depend on the machine's mood. So every
request has a due time; until then nobody looks, and at that time the answer is taken. A run as fast as possible
waits for it; a run in real time does not, and looks again at the next frame.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Literal, NamedTuple, Protocol

from coach_core.geometry.polygons import ObstacleSet
from coach_core.geometry.poses import Pose
from coach_core.guidance.between_lines import Ground, plan_between_lines
from coach_core.guidance.leaving import Row, plan_out
from coach_core.guidance.tracker import way_to
from coach_core.planner import PlanOptions, PlanResult, PlanSegment, PlanStatus, plan
from coach_core.planner.strokes import (
    ALIGN,
    ALONG_KERB,
    CLOSE_NOSE_IN,
    NOSE_IN,
    NOSE_TO_AND_FRO,
    REVERSE_IN,
    SHORT_TO_AND_FRO,
    TIGHT_ALIGN,
    TIGHT_ALONG_KERB,
    TO_AND_FRO,
    StrokeOptions,
    plan_strokes,
)
from coach_core.vehicle import VehicleParams

DUE_AFTER = 0.16
"""Time [s] from a request to the frame at which its answer is taken up."""


Entry = Literal["reverse", "nose", "along", "align", "leave"]
"""How a slot is entered: backwards, forwards, from the side along a kerb; that the car is in such a slot
already; or that it is to leave one."""
SHAPES: dict[Entry, tuple[StrokeOptions, ...]] = {
    "reverse": (REVERSE_IN,),
    "nose": (NOSE_IN._replace(thorough=False), NOSE_TO_AND_FRO, CLOSE_NOSE_IN),
    "along": (TO_AND_FRO, SHORT_TO_AND_FRO, SHORT_TO_AND_FRO._replace(soft=0.1, overshoot=0.15), TIGHT_ALONG_KERB),
    "align": (ALIGN, SHORT_TO_AND_FRO._replace(aside=0.08), TIGHT_ALIGN, ALONG_KERB),
}


class PlanRequest(NamedTuple):
    """Everything a plan depends on; frozen at the moment of asking."""

    slot_id: str
    vehicle: VehicleParams
    start: Pose
    goal: Pose
    obstacles: ObstacleSet
    steer: float
    """Where the wheel is [rad, left positive]."""
    turn_steers: tuple[float, ...]
    """Partial wheel angles a novice can be told [rad]."""
    entry: Entry
    options: PlanOptions
    others: tuple[Pose, ...] = ()
    """Other goals that would do ..."""
    row: Row | None = None
    """... where the car is to leave a slot of this row."""
    ground: Ground | None = None
    """Told apart where lines are painted that no wheel should touch."""


class Planner(Protocol):
    """Takes one request at a time."""

    def submit(self, request: PlanRequest) -> None:
        """Begin; an earlier request that was not collected is forgotten."""

    def collect(self) -> PlanResult | None:
        """The answer, or None while it is being worked out."""


def solve(request: PlanRequest) -> PlanResult:
    """The answer to a request, in the calling thread: long strokes where they do, else whatever gets there."""
    if request.row is not None:
        return plan_out(
            request.vehicle,
            request.start,
            request.row,
            (request.goal, *request.others),
            request.obstacles,
            request.turn_steers,
            request.steer,
            request.options,
        )
    if request.ground is not None and request.entry == "reverse":
        found = plan_between_lines(
            request.vehicle, request.start, request.goal, request.ground, request.turn_steers, request.steer
        )
        if found is not None:
            return found
    for shapes in SHAPES[request.entry]:
        result = plan_strokes(
            request.vehicle, request.start, request.goal, request.obstacles, request.turn_steers, request.steer, shapes
        )
        if result.status is not PlanStatus.NO_PATH:
            break
    if result.status is PlanStatus.FOUND:
        return result
    shares = [steer / request.vehicle.max_steer for steer in request.turn_steers]
    options = request.options._replace(partials=(shares[-1], shares[0])) if len(shares) > 1 else request.options
    return plan(request.vehicle, request.start, request.goal, request.obstacles, options)


class InlinePlanner:
    """Plans in the calling thread when collected: for replays and tests."""

    def __init__(self) -> None:
        self._request: PlanRequest | None = None

    def submit(self, request: PlanRequest) -> None:
        self._request = request

    def collect(self) -> PlanResult | None:
        request, self._request = self._request, None
        return None if request is None else solve(request)


class ThreadPlanner:
    """Plans in a worker thread (the kernels release the GIL).

    wait: whether `settle` and `collect` wait for the answer; True keeps faster-than-real-time runs reproducible.
    """

    def __init__(self, *, wait: bool) -> None:
        self._wait = wait
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="planner")
        self._future: Future[PlanResult] | None = None

    def submit(self, request: PlanRequest) -> None:
        if self._future is not None:
            self._future.cancel()
        self._future = self._pool.submit(solve, request)

    def collect(self) -> PlanResult | None:
        if self._future is None or not (self._wait or self._future.done()):
            return None
        future, self._future = self._future, None
        return future.result()

    def settle(self) -> None:
        """Between ticks: wait for a plan under way, so that no tick has to."""
        if self._wait and self._future is not None:
            wait([self._future])

    def close(self) -> None:
        """Stop the worker; an unfinished plan is dropped."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def with_run_up(result: PlanResult, pose: Pose) -> list[PlanSegment]:
    """The strokes of a plan that begins ahead of a car at `pose` (world), from where the car is."""
    segments = list(result.segments)
    ahead = max(0.05, way_to(result.poses[0], pose))
    if segments[0].gear > 0 and abs(segments[0].steer) < 1e-6:
        segments[0] = segments[0]._replace(length=segments[0].length + ahead)
    else:
        segments.insert(0, PlanSegment(1, 0.0, ahead))
    return segments
