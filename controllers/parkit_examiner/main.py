"""The examiner: sets the scene, watches, gives a verdict, ends the simulation with a status."""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from typing import Any, Literal

from coach_core.contracts import SlotMap
from coach_core.errors import ParkitError
from controllers.parkit_examiner.gaps import gap_slots
from controllers.parkit_examiner.judge import Standing, Truth, outline, standing
from controllers.parkit_examiner.rewind import Rewinder
from controllers.parkit_examiner.scenario import draw, load_scenario
from controllers.parkit_examiner.stage import Stage
from controllers.parkit_examiner.touches import Happening, TouchWatch
from controllers.parkit_examiner.trace import Trace
from controllers.radio import received, send
from controllers.settings import ControllerSettings, load_settings
from controllers.worldfiles import load_lot, load_profile

PERIOD_MS = 50
STANDSTILL = 0.02
"""Below this speed [m/s] the car stands."""
FAREWELL_S = 20.0
"""The car is given this long [s, simulated] to write its result after the verdict."""
SECOND_THOUGHTS_S = 20.0
"""A person who ran into something may ask for a retry for this long [s, simulated]; then it was a contact."""
EXIT_STATUS = {"parked": 0, "contact": 3, "timeout": 4, "aborted": 5}
BROKEN = 2
UNTRIED = ("novice", "expert", "script")
"""Drivers that never ask for a retry by themselves: for them nobody waits."""

Verdict = Literal["parked", "contact", "timeout", "aborted"]


class Examiner:
    """Watches one session; begins anew when the simulation is reset under it."""

    def __init__(self, supervisor: Any, settings: ControllerSettings) -> None:
        self._supervisor = supervisor
        self._settings = settings
        self._world = Path(supervisor.getWorldPath())
        self._lot, self._profile = load_lot(self._world), load_profile(self._world)
        file = load_scenario(self._world)
        self._rubric = file.rubric
        self._scenario = draw(file, self._lot, settings.seed)
        self._time_limit = min(settings.time_limit_s, file.time_limit_s)
        self._stage = Stage(supervisor, file, self._lot, self._scenario)
        self._to_car, self._from_car = supervisor.getDevice("to_car"), supervisor.getDevice("from_car")
        self._from_car.enable(PERIOD_MS)
        unattended = settings.driver.split(":")[0] in UNTRIED
        self._patience = (
            settings.retry_wait_s if settings.retry_wait_s is not None else SECOND_THOUGHTS_S * (not unattended)
        )
        self._trace: Trace | None = None
        self._last = 0.0
        """Simulated time [s] of the last look."""
        self._watch = TouchWatch(self._profile, self._lot)

    def run(self) -> int:
        """Step until the session is over; the status for Webots."""
        try:
            if not self._step():
                return EXIT_STATUS["aborted"]
            self._begin()
            while self._step():
                if self._supervisor.getTime() < self._last:
                    self._begin()  # somebody has reset the simulation
                    continue
                self._last = self._supervisor.getTime()
                verdict = self._look()
                if verdict is not None:
                    status = self._close(verdict)
                    if status is not None:
                        return status
                    self._begin()
            return EXIT_STATUS["aborted"]
        finally:
            if self._trace is not None:
                self._trace.close()

    def _step(self) -> bool:
        return bool(self._supervisor.step(PERIOD_MS) != -1)

    # --- an attempt -----------------------------------------------------------------------------------

    def _begin(self) -> None:
        """A new attempt, with nothing left of the one before."""
        self._began = self._last = self._supervisor.getTime()
        self._stage.set()
        self._watch.restart()
        self._watch.aim(None)
        self._rewinder = Rewinder(self._settings.retries)
        self._lost: float | None = None
        """When the body first touched something [s of the attempt]."""
        self._secured_slot: str | None = None
        for _ in received(self._from_car):
            pass  # what the car said before the reset
        scenario = self._scenario
        gaps = [slot.slot_id for slot in self._gaps()]
        self._open_trace()
        send(
            self._to_car,
            "scenario",
            free_slots=list(scenario.free_slots),
            seed=self._settings.seed,
            goal=scenario.goal,
            rubric=self._rubric,
            gaps=gaps,
        )

    def _open_trace(self) -> None:
        if self._trace is not None:
            self._trace.close()
        settings = self._settings
        path = settings.trace or (settings.result_dir / "trace.jsonl.gz" if settings.result_dir is not None else None)
        if path is None:
            return
        self._trace = Trace(
            path,
            world=self._world.stem,
            seed=settings.seed,
            period_s=PERIOD_MS / 1000.0,
            goal=self._scenario.goal,
            free_slots=list(self._scenario.free_slots),
            bodies=[
                {"name": body.name, "kind": body.kind, "outline": [_rounded(*corner) for corner in body.outline]}
                for body in self._stage.bodies()
            ],
        )

    def _look(self) -> Verdict | None:
        now = self._last - self._began
        # all questions before anything is moved: they are answered from what came with the step
        truth, speed, place = self._stage.truth(), self._stage.speed(), self._stage.ego_place()
        listed = [(point.point[0], point.point[1]) for point in self._stage.ego.getContactPoints(False)]
        self._stage.advance(now, PERIOD_MS / 1000.0, truth, outline(truth, self._profile))
        for happening in self._watch.look(truth, speed, self._stage.bodies(), listed):
            self._tell(happening, now)
        if self._watch.contacts and self._lost is None:
            self._lost = now
        if self._lost is None:
            self._rewinder.note(self._stage.snapshot(now, self._last, truth, place))
        if self._trace is not None:
            movers = {name: _rounded(*place) for name, place in self._stage.mover_places().items() if place is not None}
            self._trace.write(t=round(now, 3), ego=_rounded(*truth, speed), **({"movers": movers} if movers else {}))
        self._hear(now)
        return self._verdict(self._last - self._began)

    def _tell(self, happening: Happening, now: float) -> None:
        send(self._to_car, happening.type, **happening.facts)
        if self._trace is not None:
            self._trace.write(t=round(now, 3), event=happening.type, **happening.facts)
        if happening.type == "contact" or happening.facts.get("line_kind") == "detection":
            self._rewinder.mistake(now)

    def _hear(self, now: float) -> None:
        for message in received(self._from_car):
            kind = message["type"]
            if kind == "secured":
                self._secured_slot = message.get("slot_id") or ""
            elif kind == "target":
                slots = {slot.slot_id: slot for slot in self._lot.slots}
                self._watch.aim(slots.get(message.get("slot_id") or ""))
            elif kind == "retry":
                self._retry(now)

    def _retry(self, now: float) -> None:
        moment = self._rewinder.back(now)
        if moment is None:
            send(self._to_car, "no_retry", reason=f"no try left of {self._settings.retries}")
            return
        self._stage.restore(moment)
        self._watch.restart()
        self._began += now - moment.time
        self._lost = self._secured_slot = None
        facts = {
            "try": self._rewinder.tries,
            "left": self._rewinder.left,
            "back_s": round(now - moment.time, 3),
            "pose": _rounded(*moment.truth),
        }
        send(self._to_car, "rewound", sim_time_s=moment.sim_time, **facts)
        if self._trace is not None:
            self._trace.write(t=round(now, 3), event="rewound", **facts)

    # --- the verdict ----------------------------------------------------------------------------------

    def _verdict(self, now: float) -> Verdict | None:
        if self._lost is not None:
            waiting = self._rewinder.left > 0 and now - self._lost < self._patience
            return None if waiting else "contact"
        if self._secured_slot is not None and self._stage.speed() < STANDSTILL:
            _, how = self._nearest_slot(self._stage.truth())
            return "parked" if how.in_slot else "aborted"
        return "timeout" if now > self._time_limit else None

    def _gaps(self) -> list[SlotMap]:
        bodies = self._stage.bodies()
        return [slot for strip in self._lot.strips for slot in gap_slots(strip, bodies)]

    def _nearest_slot(self, truth: Truth) -> tuple[SlotMap | None, Standing]:
        goal = self._scenario.goal
        judged = [(slot, standing(truth, self._profile, slot, goal)) for slot in (*self._lot.slots, *self._gaps())]
        if not judged:
            return None, Standing(math.inf, math.inf, 0.0, False, 0)
        return min(judged, key=lambda pair: (not pair[1].in_slot, abs(pair[1].lateral_m) + abs(pair[1].depth_m)))

    def _reason(self, verdict: Verdict, truth: Truth, slot: SlotMap | None) -> str:
        if verdict != "aborted":
            return ""
        if slot is not None and standing(truth, self._profile, slot, "either").in_slot:
            return f"stands in {slot.slot_id} the wrong way round for {self._scenario.goal}"
        return "secured outside a slot"

    def _close(self, verdict: Verdict) -> int | None:
        """Tell the verdict and wait for the car; None if the simulation was reset while it read its debrief."""
        truth, now = self._stage.truth(), self._last - self._began
        slot, how = self._nearest_slot(truth)
        near = slot is not None and _near(slot, how)
        pose = {"lateral_m": how.lateral_m, "depth_m": how.depth_m, "yaw_rad": how.yaw_rad} if near else None
        clearance = self._watch.clearance
        facts: dict[str, Any] = {
            "result": verdict,
            "slot_id": slot.slot_id if slot is not None and near else None,
            "duration_s": round(now, 3),
            "contacts": self._watch.contacts + self._watch.kerb_strikes,
            "kerb_strikes": self._watch.kerb_strikes,
            "min_clearance_m": round(clearance, 4) if math.isfinite(clearance) else None,
            "end_pose": {key: round(value, 5) for key, value in pose.items()} if pose else None,
            "wheels_on_line": how.wheels_on_line if near else 0,
            "in_slot": how.in_slot,
            "tries": self._rewinder.tries,
            "reason": self._reason(verdict, truth, slot),
        }
        if self._settings.result_dir is not None:
            (self._settings.result_dir / "examiner.json").write_text(json.dumps(facts), encoding="utf-8")
        if self._trace is not None:
            self._trace.write(t=round(now, 3), verdict=facts)
            self._trace.close()
        send(self._to_car, "verdict", **facts)
        return EXIT_STATUS[verdict] if self._farewell() else None

    def _farewell(self) -> bool:
        """Give the car the time to write its result; False when the simulation is reset meanwhile."""
        last = self._supervisor.getTime()
        deadline = last + FAREWELL_S
        while self._step() and last < deadline:
            if self._supervisor.getTime() < last:
                return False
            last = self._supervisor.getTime()
            if any(message["type"] == "bye" for message in received(self._from_car)):
                break
        return True


def _near(slot: SlotMap, how: Standing) -> bool:
    """Whether the car is near enough to a slot to speak of its errors in it."""
    along, across = (slot.width_m, slot.depth_m) if slot.kind == "parallel" else (slot.depth_m, slot.width_m)
    return abs(how.depth_m) < along and abs(how.lateral_m) < across


def _rounded(*numbers: float) -> list[float]:
    return [round(number, 4) for number in numbers]


def _was_reset(supervisor: Any) -> bool:
    """Leave the learner with the debrief until the simulation is reset; False when it is closed instead."""
    last = supervisor.getTime()
    while supervisor.step(PERIOD_MS) != -1:
        if supervisor.getTime() < last:
            return True
        last = supervisor.getTime()
    return False


def main() -> int:
    """Run the examiner; Webots ends with the status of the verdict."""
    from controller import Supervisor  # type: ignore[import-not-found]  # Webots' own module, or the stand-in's

    supervisor = Supervisor()
    try:
        settings = load_settings()
        status = Examiner(supervisor, settings).run()
        while settings.stays_open and _was_reset(supervisor):
            status = Examiner(supervisor, settings).run()
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
