# ruff: noqa: TID252
"""The robot a controller drives."""

from __future__ import annotations

import sys
from typing import Any

from ._link import complain, link, missing
from .device import Device
from .display import Display
from .inputs import Joystick, Keyboard, absent
from .outputs import LED, Speaker
from .radio import Emitter, Receiver
from .sensors import GPS, DistanceSensor, Gyro, InertialUnit

_CLASSES: dict[str, Any] = {
    "DistanceSensor": DistanceSensor,
    "GPS": GPS,
    "InertialUnit": InertialUnit,
    "Gyro": Gyro,
    "Display": Display,
    "Emitter": Emitter,
    "Receiver": Receiver,
    "Speaker": Speaker,
    "LED": LED,
}
_CAR_DEVICES = {
    f"{side}_{part}"
    for side in ("left", "right")
    for part in (
        *(
            "steer",
            "steer_sensor",
            "front_wheel",
            "rear_wheel",
            "front_sensor",
            "rear_sensor",
            "front_brake",
            "rear_brake",
        ),
        "indicators",
    )
} | {"engine_speaker", "front_lights", "antifog_lights", "rear_lights", "backwards_lights", "brake_lights"}
"""Devices every car has, which the stand-in moves as a whole."""
_ABSENT_GETTERS = {
    f"get{kind}"
    for kind in (
        *(
            "Accelerometer",
            "Altimeter",
            "Brake",
            "Camera",
            "Compass",
            "Connector",
            "Lidar",
            "LightSensor",
            "Motor",
            "Pen",
        ),
        *("PositionSensor", "Radar", "RangeFinder", "Skin", "TouchSensor"),
    )
}
Mouse = absent("Mouse")


class Robot:
    """One per process."""

    EVENT_QUIT = -1
    EVENT_NO_EVENT = 0
    EVENT_MOUSE_CLICK = 1
    EVENT_MOUSE_MOVE = 2
    EVENT_KEYBOARD = 4
    EVENT_JOYSTICK_BUTTON = 8
    EVENT_JOYSTICK_AXIS = 16
    EVENT_JOYSTICK_POV = 32
    MODE_SIMULATION = 0
    MODE_CROSS_COMPILATION = 1
    MODE_REMOTE_CONTROL = 2

    _created: Robot | None = None

    def __init__(self) -> None:
        if Robot._created is not None:
            complain("Error: Only one instance of the Robot class should be created.")
            return
        Robot._created = self
        config = link().config
        self._custom_data = str(config["custom_data"])
        self.devices: dict[str, Any] = {e[1]: _CLASSES[e[2]](e[0]) for e in config["devices"]}
        self._by_index = list(self.devices.values())
        self.keyboard = Keyboard()
        self.joystick = Joystick()

    def __del__(self) -> None:
        Robot._created = None

    # --- devices --------------------------------------------------------------------------------------

    def getDevice(self, name: str) -> Any:
        """The device of this name; None, with a line on standard error, if there is none."""
        found = self.devices.get(name)
        if found is None and link().config["car"] and name in _CAR_DEVICES:
            missing(f'the device "{name}" of a car; use vehicle.Driver or vehicle.Car')
        if found is None:
            print(f'Warning: "{name}" device not found.', file=sys.stderr)
        return found

    def getDeviceByIndex(self, index: int) -> Device:
        device: Device = self._by_index[index]
        return device

    def getNumberOfDevices(self) -> int:
        return self.number_of_devices

    @property
    def number_of_devices(self) -> int:
        return len(self._by_index)

    def __getattr__(self, name: str) -> Any:
        if name in _ABSENT_GETTERS:
            missing(f"Robot.{name}")
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def getDisplay(self, name: str) -> Any:
        return self.getDevice(name)

    def getDistanceSensor(self, name: str) -> Any:
        return self.getDevice(name)

    def getEmitter(self, name: str) -> Any:
        return self.getDevice(name)

    def getGPS(self, name: str) -> Any:
        return self.getDevice(name)

    def getGyro(self, name: str) -> Any:
        return self.getDevice(name)

    def getInertialUnit(self, name: str) -> Any:
        return self.getDevice(name)

    def getLED(self, name: str) -> Any:
        return self.getDevice(name)

    def getReceiver(self, name: str) -> Any:
        return self.getDevice(name)

    def getSpeaker(self, name: str) -> Any:
        return self.getDevice(name)

    def getKeyboard(self) -> Keyboard:
        return self.keyboard

    def getJoystick(self) -> Joystick:
        return self.joystick

    def getMouse(self) -> Any:
        missing("a mouse")

    # --- facts ----------------------------------------------------------------------------------------

    def getBasicTimeStep(self) -> float:
        return self.basic_time_step

    def getName(self) -> str:
        return self.name

    def getModel(self) -> str:
        return self.model

    def getCustomData(self) -> str:
        return self.custom_data

    def setCustomData(self, data: str) -> None:
        self.custom_data = data

    def getProjectPath(self) -> str:
        return self.project_path

    def getWorldPath(self) -> str:
        return self.world_path

    def getSupervisor(self) -> bool:
        return self.supervisor

    def getSynchronization(self) -> bool:
        return self.synchronization

    def getTime(self) -> float:
        return link().time

    def getMode(self) -> int:
        return self.mode

    def setMode(self, mode: int, arg: str) -> None:  # noqa: ARG002
        missing("Robot.setMode (there is no remote control)")

    def getUrdf(self, prefix: str = "") -> str:  # noqa: ARG002
        missing("Robot.getUrdf")
        return ""

    @property
    def basic_time_step(self) -> float:
        return float(link().config["basic_step"])

    @property
    def name(self) -> str:
        return str(link().config["name"])

    @property
    def model(self) -> str:
        return str(link().config["model"])

    @property
    def custom_data(self) -> str:
        return self._custom_data

    @custom_data.setter
    def custom_data(self, data: str) -> None:
        self._custom_data = str(data)
        link().queue("custom_data", self._custom_data)

    @property
    def project_path(self) -> str:
        return str(link().config["project"])

    @property
    def world_path(self) -> str:
        return str(link().config["world"])

    @property
    def supervisor(self) -> bool:
        return bool(link().config["supervisor"])

    @property
    def synchronization(self) -> bool:
        return bool(link().config["synchronization"])

    @property
    def time(self) -> float:
        return link().time

    @property
    def mode(self) -> int:
        return self.MODE_SIMULATION

    # --- the robot window -----------------------------------------------------------------------------

    def wwiSendText(self, text: str) -> None:
        """Cut to as many bytes as it has characters, as by the real library: send ASCII."""
        cut = text.encode()[: len(text)].decode(errors="replace")
        link().queue("event", "window", cut)

    def wwiReceiveText(self) -> str | None:
        """Oldest waiting message of the robot window, None when there is none left; the runner plays the window."""
        waiting = link().window
        return waiting.pop(0) if waiting else None

    # --- time -----------------------------------------------------------------------------------------

    def step(self, time_step: int | None = None) -> int:
        """Let `time_step` ms pass (default: the basic step): 0, or -1 when the simulation is over."""
        return link().step(self._whole(time_step))

    def _whole(self, time_step: int | None) -> int:
        if time_step is None:
            return int(self.basic_time_step)
        if type(time_step) is not int:
            raise TypeError(f"Robot.step: the time step must be an int of milliseconds, not {time_step!r}")
        if time_step < 0:
            complain("Error: Robot.step() called with a negative time step.")
            return 0
        return time_step

    def stepBegin(self, time_step: int | None = None) -> int:  # noqa: ARG002
        missing("Robot.stepBegin")
        return 0

    def stepEnd(self) -> int:
        missing("Robot.stepEnd")
        return 0

    def waitForUserInputEvent(self, event_type: int, timeout: int) -> int:  # noqa: ARG002
        missing("Robot.waitForUserInputEvent")
        return 0

    def batterySensorEnable(self, sampling_period: int) -> None:  # noqa: ARG002
        missing("a battery sensor")

    def batterySensorDisable(self) -> None:
        missing("a battery sensor")

    def batterySensorGetSamplingPeriod(self) -> int:
        missing("a battery sensor")
        return 0

    def batterySensorGetValue(self) -> float:
        missing("a battery sensor")
        return 0.0
