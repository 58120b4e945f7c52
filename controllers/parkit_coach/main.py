"""The learner's car, tick by tick: sample, ask the coach, publish, let the driver act."""

from __future__ import annotations

import gc
import json
import sys
import time
from pathlib import Path
from typing import Any

import msgspec
import structlog

from coach_core.coach import Coach, CoachSetup
from coach_core.contracts import Contact, Decision, Ended, Fault, Started
from coach_core.contracts.messages import EventDetail
from coach_core.errors import ParkitError, UsageError
from coach_core.guidance.planning import ThreadPlanner
from coach_core.warmup import warm_up
from controllers.data import builtin_rubric, cue_catalogue
from controllers.kernel_cache import compiling_alone
from controllers.parkit_coach.cabin import Cabin
from controllers.parkit_coach.drivers import PEOPLE, Controls, Driver, Sight, View, check_driver, file_of, make_driver
from controllers.parkit_coach.inputs import DriveCommand
from controllers.parkit_coach.inputs.devices import Devices
from controllers.parkit_coach.link import CarLink
from controllers.parkit_coach.powertrain import Powertrain
from controllers.parkit_coach.senses import Senses
from controllers.parkit_coach.session import SessionLog, ended_from_verdict
from controllers.radio import received, send
from controllers.settings import ControllerSettings, load_settings
from controllers.worldfiles import load_lot, load_profile

log = structlog.get_logger()

FRAME_PERIOD_MS = 20
SCENARIO_WAIT_S = 1.0
"""Without an examiner's word for this long [s], the car starts by itself."""
SECURED = Controls(brake=1.0, gear="P", parking_brake=True)
FAREWELL_S = 1.0
"""How long [s] the link may send what is left when the session is over."""


class CoachController:
    """One session of one car."""

    def __init__(self, robot: Any, settings: ControllerSettings) -> None:
        self._robot = robot
        self._settings = settings
        world = Path(robot.getWorldPath())
        self._world = world.stem
        self._profile, self._lot = load_profile(world), load_lot(world)
        self._rubric = builtin_rubric(settings.rubric)
        basic_ms = int(robot.getBasicTimeStep())
        if FRAME_PERIOD_MS % basic_ms:
            raise UsageError(f"WorldInfo.basicTimeStep {basic_ms} must divide {FRAME_PERIOD_MS} ms, the coach's frame")
        self._steps_per_frame = FRAME_PERIOD_MS // basic_ms
        self._senses = Senses(robot, self._profile)
        self._powertrain = Powertrain(robot, self._profile.max_steering_angle_rad, basic_ms / 1000.0)
        self._radio_out, self._radio_in = robot.getDevice("to_examiner"), robot.getDevice("from_examiner")
        self._radio_in.enable(basic_ms)
        calibration = file_of(settings.driver) if settings.driver.startswith("joystick:") else None
        self._devices = Devices(robot, basic_ms, calibration)
        inputs = self._devices.inputs(self._remote, self._report_fault)
        self._driver: Driver = make_driver(settings.driver, settings.seed, inputs)
        session_id = settings.session_id or time.strftime(f"{settings.vehicle_id}-%Y%m%dT%H%M%S")
        self._session_id = session_id
        self._link = self._connect(session_id)
        self._log = SessionLog(settings.vehicle_id, session_id, self._publish)
        self._planner = ThreadPlanner(wait=not settings.real_time)
        self._coach = Coach(
            CoachSetup(settings.vehicle_id, session_id, self._profile, self._lot, cue_catalogue(), settings.assist),
            self._planner,
        )
        self._cabin = Cabin(robot, settings, self._profile, self._lot)
        self._controls = Controls(gear="D", brake=1.0)
        self._verdict: Ended | None = None
        self._secured_sent = False

    def run(self) -> None:
        """Drive until the examiner has given a verdict or the simulator ends."""
        try:
            if self._wait_for_scenario():
                self._drive()
        finally:
            self._planner.close()
            if self._link is not None:
                self._link.close(FAREWELL_S)

    def _connect(self, session_id: str) -> CarLink | None:
        settings = self._settings
        remote = settings.driver == "remote"
        if not settings.mqtt_host:
            if remote:
                raise UsageError("driver 'remote' is driven over MQTT: set PARKIT_MQTT_HOST")
            return None
        outbox = settings.outbox_dir or Path.home() / ".cache" / "parkit" / "outbox"
        return CarLink(settings.mqtt_host, settings.mqtt_port, settings.vehicle_id, session_id, outbox, driven=remote)

    def _remote(self) -> list[DriveCommand]:
        return self._link.take_drives() if self._link is not None else []

    def _report_fault(self, fault: Fault) -> None:
        """A device of the driver went or came back."""
        log.warning("driver_input", component=fault.component, state=fault.state, detail=fault.detail)
        self._tell(fault, self._robot.getTime())

    def _tell(self, event: EventDetail, now: float) -> None:
        """Note an event, and let the learner see and hear what of it concerns them."""
        self._log.event(event, now)
        self._cabin.hear(event)

    def _publish(self, channel: str, payload: bytes) -> None:
        if self._link is not None:
            self._link.publish(channel, payload)

    def _wait_for_scenario(self) -> bool:
        """Stand still until the examiner has set the scene; False when the simulator ends before."""
        scenario: dict[str, Any] | None = None
        while scenario is None or not self._senses.ready():
            if self._step(self._controls):
                return False
            for message in received(self._radio_in):
                if message["type"] == "scenario":
                    scenario = message
            if scenario is None and self._robot.getTime() > SCENARIO_WAIT_S:
                scenario = {"free_slots": []}
        settings = self._settings
        self._driver.start(Sight(self._profile, self._lot, tuple(scenario.get("free_slots", ())), settings.assist))
        self._log.event(
            Started(
                world=self._world,
                driver=settings.driver,
                driver_name=settings.driver_name or settings.driver,
                seed=settings.seed,
                assist_level=settings.assist,
                rubric=settings.rubric,
                language=settings.language,
                vehicle=self._profile,
                lot=self._lot,
            ),
            self._robot.getTime(),
        )
        return True

    def _drive(self) -> None:
        while True:
            self._controls = self._tick()
            for _ in range(self._steps_per_frame):
                if self._step(self._controls):
                    return
            self._hear_examiner()
            if self._verdict is not None:
                self._finish(self._verdict)
                return

    def _step(self, controls: Controls) -> bool:
        """One basic time step; True when the simulator ends."""
        self._state = self._powertrain.apply(controls)
        if self._link is not None:
            self._link.pump()
        over = bool(self._robot.step() == -1)
        self._devices.sample()
        return over

    def _tick(self) -> Controls:
        self._planner.settle()
        began = time.perf_counter_ns()
        state = self._state
        frame = self._senses.frame(
            vehicle_id=self._settings.vehicle_id,
            session_id=self._session_id,
            seq=self._log.next_seq,
            steer=state.steer,
            gear=state.gear,
            throttle=state.throttle,
            brake=state.brake,
            parking_brake=state.parking_brake,
        )
        decision = self._coach.step(frame, frame.sim_time_s)
        took_us = (time.perf_counter_ns() - began) / 1000.0
        decision = msgspec.structs.replace(decision, decision_us=round(took_us, 1))
        self._log.add(frame, decision)
        for event in self._coach.take_events():
            self._tell(event, frame.sim_time_s)
        self._take_commands(frame.sim_time_s)
        self._report_secured(decision)
        self._cabin.show(frame, decision, self._link.connected if self._link is not None else None)
        return self._driver.act(View(frame.sim_time_s, frame, decision, decision.cue))

    def _take_commands(self, now: float) -> None:
        if self._link is None:
            return
        for command in self._link.take_commands():
            self._coach.command(command, time.time_ns() // 1000, now)

    def _report_secured(self, decision: Decision) -> None:
        secured = self._state.gear == "P" and self._state.parking_brake
        if secured and not self._secured_sent:
            slot = decision.plan.slot_id if decision.plan else None
            send(self._radio_out, "secured", slot_id=slot)
        self._secured_sent = secured

    def _hear_examiner(self) -> None:
        for message in received(self._radio_in):
            if message["type"] == "contact":
                x, y = message["at"]
                self._log.event(Contact(message["part"], x, y, message["speed_mps"]), self._robot.getTime())
            elif message["type"] == "verdict":
                self._verdict = ended_from_verdict(message)

    def _finish(self, ended: Ended) -> None:
        self._tell(ended, self._robot.getTime())
        card = self._log.score(ended, self._rubric)
        self._cabin.debrief(card, ended, self._rubric)
        folder = self._settings.result_dir
        if folder is not None:
            (folder / "coach.json").write_text(json.dumps(self._log.summary(card)), encoding="utf-8")
            if self._settings.record:
                (folder / "frames.jsonl").write_bytes(self._log.frame_lines())
        over = self._look_back()
        self._cabin.close()
        if self._link is not None:
            self._link.close(FAREWELL_S)
            self._link = None
        send(self._radio_out, "bye")
        while not over:
            over = self._step(SECURED)

    def _look_back(self) -> bool:
        """Leave people the time to read the debrief; True when the simulator ends."""
        person = self._settings.driver.partition(":")[0] in PEOPLE
        until = self._robot.getTime() + (self._settings.debrief_s if person else 0.0)
        held = self._devices.keys()
        while self._robot.getTime() < until:
            if self._step(SECURED):
                return True
            self._cabin.after(self._robot.getTime())
            pressed, held = self._devices.keys() - held, self._devices.keys()
            if pressed:
                break
        return False


def main() -> int:
    """Run the controller; the exit status is 2 when something the user can mend is wrong."""
    try:
        structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
        settings = load_settings()
        check_driver(settings.driver)
        from vehicle import Driver as Vehicle  # type: ignore[import-not-found]  # Webots' own module, or the stand-in's

        robot = Vehicle()
        with compiling_alone():
            warm_up()
        gc.freeze()  # what the imports made lives for ever; the collector need not look at it in a tick
        CoachController(robot, settings).run()
    except KeyboardInterrupt:
        return 130
    except ParkitError as error:
        print(f"parkit_coach: {error}", file=sys.stderr)
        return 2
    return 0
