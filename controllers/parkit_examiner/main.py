"""The examiner: sets the scene, watches, gives a verdict, ends the simulation with a status."""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from typing import Any, Literal

from coach_core.contracts import SlotMap
from coach_core.errors import ParkitError
from controllers.parkit_examiner.judge import Point, Standing, Truth, gap, outline, rectangle, standing
from controllers.parkit_examiner.scenario import AWAY, apply_scenario, draw, load_scenario
from controllers.radio import received, send
from controllers.settings import ControllerSettings, load_settings
from controllers.worldfiles import load_lot, load_profile

PERIOD_MS = 50
STANDSTILL = 0.02
"""Below this speed [m/s] the car stands."""
FAREWELL_S = 20.0
"""The car is given this long [s, simulated] to write its result after the verdict."""
EXIT_STATUS = {"parked": 0, "contact": 3, "timeout": 4, "aborted": 5}
BROKEN = 2

Verdict = Literal["parked", "contact", "timeout", "aborted"]


class Examiner:
    """Watches one session."""

    def __init__(self, supervisor: Any, settings: ControllerSettings) -> None:
        self._supervisor = supervisor
        self._settings = settings
        world = Path(supervisor.getWorldPath())
        self._lot, self._profile = load_lot(world), load_profile(world)
        file = load_scenario(world)
        self._scenario = draw(file, self._lot, settings.seed)
        self._time_limit = min(settings.time_limit_s, file.time_limit_s)
        apply_scenario(supervisor, file, self._scenario)
        self._ego = supervisor.getFromDef(file.ego_def)
        self._to_car, self._from_car = supervisor.getDevice("to_car"), supervisor.getDevice("from_car")
        self._from_car.enable(PERIOD_MS)
        self._bodies: list[list[Point]] = [[(x, y) for x, y in wall] for wall in self._lot.walls]
        for name, placement in self._scenario.parked.items():
            if (placement.x, placement.y) != AWAY:
                self._bodies.append(self._parked_outline(name))
        self._clearance = math.inf
        self._contacts = 0
        self._secured_slot: str | None = None

    def run(self) -> int:
        """Step until the session is over; the status for Webots."""
        if self._supervisor.step(PERIOD_MS) == -1:
            return EXIT_STATUS["aborted"]
        send(self._to_car, "scenario", free_slots=list(self._scenario.free_slots), seed=self._settings.seed)
        began = self._supervisor.getTime()
        while self._supervisor.step(PERIOD_MS) != -1:
            now = self._supervisor.getTime() - began
            self._watch()
            verdict = self._verdict(now)
            if verdict is not None:
                return self._close(verdict, now)
        return EXIT_STATUS["aborted"]

    def _parked_outline(self, name: str) -> list[Point]:
        node = self._supervisor.getFromDef(name)
        x, y, _ = node.getField("translation").getSFVec3f()
        yaw = node.getField("rotation").getSFRotation()[3]
        length, width, _ = node.getField("size").getSFVec3f()
        return rectangle(Truth(x, y, yaw), -0.5 * length, 0.5 * length, 0.5 * width)

    def _truth(self) -> Truth:
        x, y, _ = self._ego.getPosition()
        orientation = self._ego.getOrientation()
        return Truth(x, y, math.atan2(orientation[3], orientation[0]))

    def _speed(self) -> float:
        vx, vy, *_ = self._ego.getVelocity()
        return math.hypot(vx, vy)

    def _watch(self) -> None:
        body = outline(self._truth(), self._profile)
        self._clearance = min(self._clearance, *(gap(body, other) for other in self._bodies))
        points = self._ego.getContactPoints(False)
        if points or self._clearance == 0.0:
            self._contacts += 1
            at = points[0].point if points else [*body[0], 0.0]
            send(
                self._to_car, "contact", part="body", at=[float(at[0]), float(at[1])], speed_mps=round(self._speed(), 3)
            )
        for message in received(self._from_car):
            if message["type"] == "secured":
                self._secured_slot = message.get("slot_id") or ""

    def _verdict(self, now: float) -> Verdict | None:
        if self._contacts:
            return "contact"
        if self._secured_slot is not None and self._speed() < STANDSTILL:
            _, how = self._nearest_slot()
            return "parked" if how.in_slot else "aborted"
        return "timeout" if now > self._time_limit else None

    def _nearest_slot(self) -> tuple[SlotMap, Standing]:
        truth = self._truth()
        judged = ((slot, standing(truth, self._profile, slot)) for slot in self._lot.slots)
        return min(judged, key=lambda pair: abs(pair[1].lateral_m) + abs(pair[1].depth_m))

    def _close(self, verdict: Verdict, now: float) -> int:
        slot, how = self._nearest_slot()
        near = abs(how.lateral_m) < slot.width_m and abs(how.depth_m) < slot.depth_m
        pose = {"lateral_m": how.lateral_m, "depth_m": how.depth_m, "yaw_rad": how.yaw_rad} if near else None
        reason = "secured outside a slot" if verdict == "aborted" else ""
        facts: dict[str, Any] = {
            "result": verdict,
            "slot_id": slot.slot_id if near else None,
            "duration_s": round(now, 3),
            "contacts": self._contacts,
            "min_clearance_m": round(self._clearance, 4) if math.isfinite(self._clearance) else None,
            "end_pose": {key: round(value, 5) for key, value in pose.items()} if pose else None,
            "wheels_on_line": how.wheels_on_line if near else 0,
            "in_slot": how.in_slot,
            "reason": reason,
        }
        if self._settings.result_dir is not None:
            (self._settings.result_dir / "examiner.json").write_text(json.dumps(facts), encoding="utf-8")
        send(self._to_car, "verdict", **facts)
        deadline = self._supervisor.getTime() + FAREWELL_S
        while self._supervisor.step(PERIOD_MS) != -1 and self._supervisor.getTime() < deadline:
            if any(message["type"] == "bye" for message in received(self._from_car)):
                break
        return EXIT_STATUS[verdict]


def main() -> int:
    """Run the examiner; Webots ends with the status of the verdict."""
    from controller import Supervisor  # type: ignore[import-not-found]  # Webots' own module, or the stand-in's

    supervisor = Supervisor()
    try:
        status = Examiner(supervisor, load_settings()).run()
    except KeyboardInterrupt:
        return 130
    except ParkitError as error:
        print(f"parkit_examiner: {error}", file=sys.stderr)
        status = BROKEN
    except Exception:
        supervisor.simulationQuit(1)  # or Webots would stand still for ever
        supervisor.step(PERIOD_MS)
        raise
    supervisor.simulationQuit(status)
    supervisor.step(PERIOD_MS)
    return 0 if status in EXIT_STATUS.values() else status
