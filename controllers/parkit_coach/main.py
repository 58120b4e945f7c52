"""The learner's car, tick by tick: sample, ask the coach, publish, let the driver act."""

from __future__ import annotations

import gc
import json
import sys
import time
from functools import cache
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import msgspec
import structlog

from coach_core.coach import Coach, CoachSetup
from coach_core.contracts import DriveCommand, Ended, Fault, Retried, RetryCommand, Started
from coach_core.contracts.messages import EventDetail, Gear
from coach_core.errors import ParkitError, UsageError
from coach_core.guidance.planning import ThreadPlanner
from coach_core.warmup import warm_up
from controllers.data import builtin_rubric, cue_catalogue
from controllers.kernel_cache import compiling_alone
from controllers.parkit_coach.cabin import Cabin
from controllers.parkit_coach.calibrate import calibrate
from controllers.parkit_coach.drivers import Controls, Driver, Sight, View, check_driver, file_of, make_driver
from controllers.parkit_coach.examiner_radio import ExaminerRadio
from controllers.parkit_coach.inputs.devices import Devices
from controllers.parkit_coach.learner import choice_file, chosen, load_choice
from controllers.parkit_coach.link import CarLink
from controllers.parkit_coach.powertrain import Powertrain
from controllers.parkit_coach.retries import RetryDesk
from controllers.parkit_coach.senses import Senses
from controllers.parkit_coach.session import SessionLog
from controllers.parkit_coach.window import window_command
from controllers.settings import ControllerSettings, load_settings
from controllers.worldfiles import load_lot, load_profile

log = structlog.get_logger()

FRAME_PERIOD_MS = 20
SCENARIO_WAIT_S = 1.0
"""Without an examiner's word for this long [s], the car starts by itself."""
COLLECT_AFTER = 100_000
"""New objects after which the collector looks for rubbish where nobody waits for a tick: frames and decisions are kept
and hold none, so that looking more often only costs time."""
SECURED = Controls(brake=1.0, gear="P", parking_brake=True)
FAREWELL_S = 1.0
"""How long [s] the link may send what is left when the session is over."""
ABANDONED = Ended("aborted", None, 0.0, 0, None, None, 0, False, "the simulation was reset")


@runtime_checkable
class TakesOver(Protocol):
    """A driver that keeps a lever of its own, and can take it over as the car has it."""

    def take_over(self, view: View) -> None: ...


class CoachController:
    """One session of one car."""

    def __init__(self, robot: Any, settings: ControllerSettings, attempt: int = 1) -> None:
        """attempt: counts the sessions of this process; each reset of the simulation begins another."""
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
        self._radio = ExaminerRadio(robot, basic_ms)
        self._retries = RetryDesk(self._radio)
        calibration = file_of(settings.driver) if settings.driver.startswith("joystick:") else None
        self._devices = Devices(robot, basic_ms, calibration)
        inputs = self._devices.inputs(self._remote, self._report_fault)
        self._driver: Driver = make_driver(settings.driver, settings.seed, inputs)
        session_id = settings.session_id or time.strftime(f"{settings.vehicle_id}-%Y%m%dT%H%M%S")
        session_id += f"-{attempt}" if attempt > 1 else ""
        self._session_id = session_id
        self._link = self._connect(session_id)
        publish = self._publish if self._link is not None else None
        self._log = SessionLog(settings.vehicle_id, session_id, publish, real_time=settings.real_time)
        self._planner = ThreadPlanner(wait=not settings.real_time)
        self._coach = Coach(
            CoachSetup(settings.vehicle_id, session_id, self._profile, self._lot, cue_catalogue(), settings.assist),
            self._planner,
        )
        self._cabin = Cabin(robot, settings, self._profile, self._lot, self._devices.raw)
        self._controls = Controls(gear="D", brake=1.0)
        self._verdict: Ended | None = None
        self._clock = robot.getTime()
        self._was_reset = False
        self._went_back = False

    def run(self) -> bool:
        """Drive until the examiner has given a verdict or the simulator ends; True if it was reset instead."""
        try:
            if self._wait_for_scenario():
                self._drive()
        finally:
            self._planner.close()
            self._cabin.close()
            if self._link is not None:
                self._link.close(FAREWELL_S)
        return self._was_reset

    def _connect(self, session_id: str) -> CarLink | None:
        settings = self._settings
        remote = settings.driver == "remote"
        if not settings.mqtt_host:
            if remote:
                raise UsageError("driver 'remote' is driven over MQTT: set PARKIT_MQTT_HOST")
            return None
        outbox = settings.outbox_dir or Path.home() / ".cache" / "parkit" / "outbox"
        return CarLink(
            settings.mqtt_host,
            settings.mqtt_port,
            settings.vehicle_id,
            session_id,
            outbox,
            driven=remote,
            password=settings.mqtt_password.get_secret_value() if settings.mqtt_password else None,
        )

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
            scenario = self._radio.hear().scenario or scenario
            if scenario is None and self._robot.getTime() > SCENARIO_WAIT_S:
                scenario = {"free_slots": []}
        settings = self._settings
        if "rubric" not in settings.model_fields_set and scenario.get("rubric"):
            # nobody asked for another: the one this world is made for
            settings = self._settings = settings.model_copy(update={"rubric": scenario["rubric"]})
            self._rubric = builtin_rubric(settings.rubric)
        self._driver.start(Sight(self._profile, self._lot, tuple(scenario.get("free_slots", ())), settings.assist))
        self._log.event(
            Started(
                world=self._world,
                driver=settings.driver,
                driver_name=settings.driver_name or _called(settings.driver),
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
                    if self._was_reset:
                        self._tell(ABANDONED, self._clock)
                    return
            self._hear_examiner()
            if self._verdict is not None:
                self._finish(self._verdict)
                return

    def _step(self, controls: Controls) -> bool:
        """One basic time step; True when the simulator ends or is reset, and the session with it."""
        self._state = self._powertrain.apply(controls)
        if self._link is not None:
            self._link.pump()
        over = bool(self._robot.step() == -1)
        self._devices.sample()
        now = self._robot.getTime()
        if now < self._clock:
            self._was_reset = over = True
        self._clock = max(self._clock, now)
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
        slot_id = decision.plan.slot_id if decision.plan else None
        self._radio.aim(slot_id)
        self._radio.stand(state.gear == "P" and state.parking_brake, slot_id)
        self._cabin.show(frame, decision, self._link.connected if self._link is not None else None)
        view = View(frame.sim_time_s, frame, decision, decision.cue)
        if self._went_back and isinstance(self._driver, TakesOver):
            self._driver.take_over(view)
        self._went_back = False
        return self._driver.act(view)

    def _take_commands(self, now: float) -> None:
        self._retries.key(self._devices.retry_held(), now)
        assist = self._cabin.take_assist()
        if assist is not None:
            self._coach.command(window_command(self._settings.vehicle_id, assist, time.time_ns() // 1000), 0, now)
        for command in self._link.take_commands() if self._link is not None else ():
            received_us = time.time_ns() // 1000
            if isinstance(command.action, RetryCommand) and received_us <= command.expires_at:
                self._retries.command(command.command_id, now)
            else:
                self._coach.command(command, received_us, now)

    def _hear_examiner(self) -> None:
        now = self._robot.getTime()
        heard = self._radio.hear()
        for event in (*heard.events, *self._retries.answer(heard, now)):
            self._tell(event, now)
        for retried in heard.events:
            if isinstance(retried, Retried):
                self._go_back(self._log.gear_at(now - retried.back_s))
        self._verdict = heard.verdict

    def _go_back(self, gear: Gear) -> None:
        """The car stands where it stood before; so does its lever, or the next try begins the wrong way."""
        self._powertrain.halt(gear)
        self._state = self._state._replace(gear=gear)
        self._went_back = True

    def _finish(self, ended: Ended) -> None:
        began = time.perf_counter()
        self._tell(ended, self._robot.getTime())
        card = self._log.score(ended, self._rubric)
        self._cabin.debrief(card, ended, self._rubric)
        took_ms = round((time.perf_counter() - began) * 1000.0, 1)
        log.info("session_over", result=ended.result, score=card.score, debrief_after_ms=took_ms)
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
        self._radio.bye()
        while not over:
            over = self._step(SECURED)

    def _look_back(self) -> bool:
        """Leave people the time to read the debrief; True when the simulator ends."""
        until = self._robot.getTime() + (self._settings.debrief_s if self._settings.person else 0.0)
        held = self._devices.keys()
        while self._robot.getTime() < until:
            if self._step(SECURED):
                return True
            self._cabin.after(self._robot.getTime())
            pressed, held = self._devices.keys() - held, self._devices.keys()
            if pressed:
                break
        return False


@cache
def get_ready() -> None:
    """Have every kernel compiled or loaded; a process that was forked from one that is ready is ready."""
    with compiling_alone():
        warm_up()


def _called(driver: str) -> str:
    """What a driver without a name is called: a file's own name says enough."""
    kind, _, file = driver.partition(":")
    return f"{kind} {Path(file).stem}" if file else kind


def main() -> int:
    """Run the controller; the exit status is 2 when something the user can mend is wrong."""
    try:
        structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
        settings = load_settings()
        if settings.person:
            settings = chosen(settings, load_choice(choice_file(settings)))
        check_driver(settings.driver)
        from vehicle import Driver as Vehicle  # type: ignore[import-not-found]  # Webots' own module, or the stand-in's

        robot = Vehicle()
        if settings.driver.startswith("calibrate:"):
            calibrate(robot, Path(settings.driver.partition(":")[2]), settings)
            return 0
        get_ready()
        gc.freeze()  # what the imports made lives for ever; the collector need not look at it in a tick
        if not settings.real_time:
            gc.set_threshold(COLLECT_AFTER)
        attempt = 1
        while CoachController(robot, settings, attempt).run():
            attempt += 1
    except KeyboardInterrupt:
        return 130
    except ParkitError as error:
        print(f"parkit_coach: {error}", file=sys.stderr)
        return 2
    return 0
