"""A robot of the world: its devices, its car if it is one, and the controller that drives it."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

from worlds.headless.devices.display import Display
from worlds.headless.devices.joystick import JoystickPort
from worlds.headless.devices.radio import Emitter, Receiver
from worlds.headless.devices.sensors import DistanceSensor, Gps, Gyro, InertialUnit, Motion, Sensor, SonarBank
from worlds.headless.errors import WorldError
from worlds.headless.habits import Habits
from worlds.headless.physics.car import Car, car_spec
from worlds.headless.processes.channel import ChannelClosed
from worlds.headless.processes.launcher import Process
from worlds.headless.scenery import Place, Scenery
from worlds.headless.vrml.scene import Frame, Node, local_frame, yaw_of
from worlds.headless.vrml.tables import vehicles

_IGNORED = {"Pose", "Group", "Transform", "Shape", "Solid"}


class Plain:
    """A device that only takes orders: a speaker, a lamp."""

    def __init__(self, tag: int, place: Place) -> None:
        self.tag = tag
        self.place = place
        self.name: str = place.node.get("name")


_NOISY: dict[str, Callable[[int, Place, int, str], Any]] = {
    "DistanceSensor": DistanceSensor,
    "GPS": Gps,
    "InertialUnit": InertialUnit,
    "Gyro": Gyro,
}
_OTHERS: dict[str, Callable[[int, Place], Any]] = {
    "Emitter": Emitter,
    "Receiver": Receiver,
    "Speaker": Plain,
    "LED": Plain,
}
_DEVICES = (*_NOISY, "Display", *_OTHERS)


class Robot:
    """Everything the simulation knows of one robot. Times in ms of simulated time."""

    def __init__(self, place: Place, scenery: Scenery, project: Path, seed: int) -> None:
        self.place = place
        self.node = place.node
        self.name: str = self.node.get("name")
        self.controller: str = self.node.get("controller")
        self.is_supervisor = bool(self._optional("supervisor", False))
        self.window: str = self._optional("window", "<none>")
        self.car = self._make_car()
        self.process: Process | None = None
        self.waiting = False
        self.due = 0.0
        self.commands: list[tuple[Any, ...]] = []
        self.habits = Habits()
        self.keyboard_period = 0.0
        self.keyboard_due = math.inf
        self.joystick = JoystickPort()
        self._scenery = scenery
        self._devices: list[Any] = []
        self._build_devices(scenery, project, seed)
        self.by_tag = {device.tag: device for device in self._devices}
        self._sonars = [d for d in self._devices if isinstance(d, DistanceSensor)]
        self._bank = SonarBank(self._sonars) if self._sonars else None
        self._samplers = [d for d in self._devices if isinstance(d, Sensor)]
        self._fresh: dict[int, Any] = {}
        self._due = math.inf
        """When the next sample is due."""
        self._framed: tuple[Any, Any, Frame] | None = None
        """The values of the pose fields, and the frame they make."""

    def _optional(self, field: str, otherwise: Any) -> Any:
        found = self.node.find(field)
        return otherwise if found is None else found.value

    def _make_car(self) -> Car | None:
        facts = vehicles().get(self.node.base.type_name)
        if facts is None:
            return None
        frame = local_frame(self.node)
        car = Car(car_spec(facts), float(frame.origin[0]), float(frame.origin[1]), yaw_of(frame.rotation))
        self._show_pose(car)
        return car

    def _build_devices(self, scenery: Scenery, project: Path, seed: int) -> None:
        taken: dict[str, Node] = {}
        for place in scenery.places.values():
            if place.top is not self.place.top or place.node is self.node:
                continue
            node = place.node
            kind = node.base_type_name
            if kind in _IGNORED:
                continue
            name = node.get("name")
            if name in taken:
                other = taken[name].line
                sentence = f'"{self.name}" already has a device named "{name}" (line {other}); rename one.'
                raise WorldError(node.file, node.line, sentence)
            taken[name] = node
            self._devices.append(self._device(kind, len(self._devices) + 1, place, project, seed))

    def _device(self, kind: str, tag: int, place: Place, project: Path, seed: int) -> Any:
        if kind in _NOISY:
            return _NOISY[kind](tag, place, seed, self.name)
        if kind == "Display":
            return Display(tag, place, project)
        if kind in _OTHERS:
            return _OTHERS[kind](tag, place)
        sentence = f"the stand-in has no {kind}; the devices it has are {', '.join(_DEVICES)}."
        raise WorldError(place.node.file, place.node.line, sentence)

    # --- what the controller is told ------------------------------------------------------------------

    def describe(self, world: Path, project: Path, basic_step: float, mode: int) -> dict[str, Any]:
        """The first message to the controller: who it is and what it has."""
        devices = [
            (device.tag, device.name, self._kind(device), device.describe() if hasattr(device, "describe") else {})
            for device in self._devices
        ]
        return {
            "name": self.name,
            "model": self._optional("model", ""),
            "basic_step": basic_step,
            "world": str(world),
            "project": str(project),
            "supervisor": self.is_supervisor,
            "synchronization": bool(self._optional("synchronization", True)),
            "custom_data": self.custom_data,
            "node": self.node.id,
            "mode": mode,
            "car": self.car is not None,
            "drive": self._drive(),
            "devices": devices,
        }

    def _drive(self) -> int:
        """Driven axle as the vehicle library numbers it: 0 front, 1 rear, 2 both."""
        if self.car is None or not self.car.spec.rear_drive:
            return 0
        return 2 if self.car.spec.front_drive else 1

    @staticmethod
    def _kind(device: Any) -> str:
        kind: str = device.place.node.base_type_name
        return kind

    @property
    def custom_data(self) -> str:
        """Free text, or what Car.proto writes there for the vehicle library."""
        own: str = self._optional("customData", "")
        facts = vehicles().get(self.node.base.type_name)
        return own if own or facts is None else car_custom_data(facts)

    # --- sensing --------------------------------------------------------------------------------------

    def frame(self) -> Frame:
        """In the world; the same object as long as nobody has set the pose."""
        translation, rotation = self.node.find("translation"), self.node.find("rotation")
        shift = None if translation is None else translation.value
        turn = None if rotation is None else rotation.value
        framed = self._framed
        if framed is None or framed[0] is not shift or framed[1] is not turn:
            framed = self._framed = shift, turn, self.place.in_world()
        return framed[2]

    def motion(self) -> Motion:
        frame = self.frame()
        if self.car is None:
            return Motion(frame, (0.0, 0.0, 0.0), (0.0, 0.0, 0.0))
        speed = self.car.speed
        velocity = (speed * math.cos(self.car.yaw), speed * math.sin(self.car.yaw), 0.0)
        return Motion(frame, velocity, (0.0, 0.0, self.car.yaw_rate))

    def sense(self, now: float) -> None:
        """Take the samples that are due."""
        if self._due > now + 1e-6:
            return
        due = [sensor for sensor in self._samplers if sensor.due <= now + 1e-6]
        motion = self.motion()
        sonars = [sensor for sensor in due if isinstance(sensor, DistanceSensor)]
        if sonars and self._bank is not None:
            self._scenery.refresh(self.node)
            x, y, _ = motion.frame.origin.tolist()
            caster = self._scenery.caster(self.node, x, y, self._bank.within)
            self._fresh.update(self._bank.sample(sonars, motion.frame, caster))
        for sensor in due:
            sensor.due += sensor.period
            if not isinstance(sensor, DistanceSensor):
                value = sensor.measure(motion)
                if isinstance(sensor, Receiver):
                    # packets pile up until the controller's next step
                    if value is not None:
                        self._fresh.setdefault(sensor.tag, []).extend(value)
                else:
                    self._fresh[sensor.tag] = value
        self._due = min(sensor.due for sensor in self._samplers)

    def enable(self, tag: int, period: int, now: float) -> None:
        """Sample a device from now on; not any more where `period` is 0."""
        self.by_tag[tag].enable(period, now)
        self._due = min((sensor.due for sensor in self._samplers), default=math.inf)

    def take_samples(self) -> list[tuple[int, Any]]:
        """What is new since the last answer."""
        fresh, self._fresh = self._fresh, {}
        return list(fresh.items())

    def car_state(self) -> tuple[float, ...] | None:
        """Steering angles left and right, then the four wheel encoders FR, FL, RR, RL [rad]."""
        return None if self.car is None else (self.car.left, self.car.right, *self.car.encoders)

    def restart_clocks(self, offset: float) -> None:
        """Simulated time went back by `offset` ms: sampling goes on at its rhythm."""
        self.keyboard_due -= offset
        self.joystick.restart(offset)
        for sensor in self._samplers:
            sensor.due -= offset
        self._due -= offset

    @property
    def receivers(self) -> list[Receiver]:
        return [d for d in self._devices if isinstance(d, Receiver)]

    @property
    def displays(self) -> list[Display]:
        return [d for d in self._devices if isinstance(d, Display)]

    # --- moving ---------------------------------------------------------------------------------------

    def move(self, dt: float) -> None:
        """Advance the car by dt s, if it is one."""
        car = self.car
        if car is None:
            return
        for obstacle in self._scenery.refresh(self.node):
            x, y = obstacle.centre
            car.solver.beware(math.hypot(x - car.x, y - car.y) - obstacle.radius - car.far)
        before = car.x, car.y, car.yaw
        car.step(dt, self._scenery.obstacles(self.node))
        if before != (car.x, car.y, car.yaw):
            self._show_pose(car)
            self._scenery.moved(self.node)

    def _show_pose(self, car: Car) -> None:
        translation, rotation = self.node.find("translation"), self.node.find("rotation")
        assert translation is not None
        assert rotation is not None
        translation.value = [car.x, car.y, car.spec.rest_height]
        rotation.value = [0.0, 0.0, 1.0, car.yaw]

    def replaced(self) -> None:
        """Somebody set the pose fields: put the car there, at rest on its wheels."""
        if self.car is not None:
            frame = local_frame(self.node)
            self.car.place(float(frame.origin[0]), float(frame.origin[1]), yaw_of(frame.rotation))
            self._show_pose(self.car)

    # --- the controller -------------------------------------------------------------------------------

    @property
    def running(self) -> bool:
        return self.process is not None

    def send(self, message: Any) -> None:
        if self.process is not None:
            try:
                self.process.channel.send(message)
            except ChannelClosed:
                # noticed, with its exit code, when we next listen to it
                return


def car_custom_data(facts: dict[str, Any]) -> str:
    """The customData string of a car, in Car.proto's layout."""
    engine = facts["engine"]
    gears = engine["gearRatio"]
    letter = {"combustion": "C", "electric": "E", "parallel hybrid": "P", "power-split hybrid": "S"}[
        engine["engineType"]
    ]
    head = [
        facts["wheelbase"],
        facts["trackFront"],
        facts["trackRear"],
        facts["tireRadiusFront"],
        facts["tireRadiusRear"],
    ]
    head += [engine["brakeCoefficient"], engine["wheelsDampingConstant"], letter]
    head += [engine.get("engineMaxTorque", 250), engine.get("engineMaxPower", 50000)]
    head += [engine["engineMinRPM"], engine["engineMaxRPM"], *engine.get("engineFunctionCoefficients", [150, 0.1, 0])]
    head += [engine.get("hybridPowerSplitRatio", 0.25), engine.get("hybridPowerSplitRPM", 3000), 1000, len(gears), 0]
    return " ".join(str(item) for item in [*head, *gears, "none"])
