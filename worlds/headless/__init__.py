"""A stand-in for Webots: runs the same worlds and the same controllers, without graphics, faster than real time.

It is a stand-in and says so: see docs/standin.md for what is modelled and what is not.
"""

from worlds.headless.devices.joystick import JoystickState
from worlds.headless.devices.sounds import Played
from worlds.headless.errors import WorldError
from worlds.headless.processes.launcher import LaunchError
from worlds.headless.runner import ControllerExit, Runner, RunOptions, RunOutcome, Verdict, run_world

__all__ = [
    "ControllerExit", "JoystickState", "LaunchError", "Played", "RunOptions", "RunOutcome", "Runner", "Verdict",
    "WorldError", "run_world",
]  # fmt: skip
