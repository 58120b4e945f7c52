# ruff: noqa: TID252
"""The stand-in's `controller` module: Webots R2025a's names and behaviour, as far as docs/standin.md says."""

from .ansi_codes import AnsiCodes
from .device import Device, Sensor
from .display import Display
from .field import Field
from .inputs import Joystick, Keyboard, absent
from .node import ContactPoint, Node
from .outputs import LED, Speaker
from .radio import Emitter, Receiver
from .robot import Mouse, Robot
from .sensors import GPS, DistanceSensor, Gyro, InertialUnit
from .supervisor import Supervisor

Accelerometer = absent("Accelerometer")
Altimeter = absent("Altimeter")
Brake = absent("Brake")
Camera = absent("Camera")
CameraRecognitionObject = absent("CameraRecognitionObject")
Compass = absent("Compass")
Connector = absent("Connector")
Lidar = absent("Lidar")
LidarPoint = absent("LidarPoint")
LightSensor = absent("LightSensor")
Motion = absent("Motion")
Motor = absent("Motor")
MouseState = absent("MouseState")
Pen = absent("Pen")
PositionSensor = absent("PositionSensor")
Proto = absent("Proto")
Radar = absent("Radar")
RadarTarget = absent("RadarTarget")
RangeFinder = absent("RangeFinder")
Skin = absent("Skin")
TouchSensor = absent("TouchSensor")
VacuumGripper = absent("VacuumGripper")

__all__ = [
    "GPS", "LED", "Accelerometer", "Altimeter", "AnsiCodes", "Brake", "Camera", "CameraRecognitionObject",
    "Compass", "Connector", "ContactPoint", "Device", "Display", "DistanceSensor", "Emitter", "Field", "Gyro",
    "InertialUnit", "Joystick", "Keyboard", "Lidar", "LidarPoint", "LightSensor", "Motion", "Motor", "Mouse",
    "MouseState", "Node", "Pen", "PositionSensor", "Proto", "Radar", "RadarTarget", "RangeFinder", "Receiver",
    "Robot", "Sensor", "Skin", "Speaker", "Supervisor", "TouchSensor", "VacuumGripper",
]  # fmt: skip
