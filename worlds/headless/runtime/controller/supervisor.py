# ruff: noqa: TID252
"""A robot with power over the simulation."""

from __future__ import annotations

from typing import Any

from ._link import complain, link, missing
from .node import Node, wrap
from .robot import Robot

_MAX_LABEL_ID = 65534


class Supervisor(Robot):
    """Works only where the robot's `supervisor` field is TRUE; elsewhere each call prints an error and does nothing."""

    SIMULATION_MODE_PAUSE = 0
    SIMULATION_MODE_REAL_TIME = 1
    SIMULATION_MODE_FAST = 2

    def _allowed(self, call: str) -> bool:
        if link().config["supervisor"]:
            return True
        complain(f"Error: ignoring illegal call to {call}() in a 'Robot' controller: the 'supervisor' field is FALSE.")
        return False

    # --- nodes ----------------------------------------------------------------------------------------

    def getRoot(self) -> Node | None:
        return Node(ref=(0, "", "Group", "Group")) if self._allowed("getRoot") else None

    def getSelf(self) -> Node | None:
        return wrap(link().call("from_id", link().config["node"])) if self._allowed("getSelf") else None

    def getFromDef(self, d: str) -> Node | None:
        return wrap(link().call("from_def", d)) if self._allowed("getFromDef") else None

    def getFromId(self, id: int) -> Node | None:
        return wrap(link().call("from_id", id)) if self._allowed("getFromId") else None

    def getFromDevice(self, tag: Any) -> Node | None:  # noqa: ARG002
        missing("Supervisor.getFromDevice")
        return None

    def getSelected(self) -> Node | None:
        """Nobody can select anything."""
        self._allowed("getSelected")
        return None

    # --- the view -------------------------------------------------------------------------------------

    def setLabel(
        self,
        id: int,
        label: str,
        x: float,
        y: float,
        size: float,
        color: int,
        transparency: float = 0,
        font: str = "Arial",
    ) -> None:
        if not self._allowed("setLabel"):
            return
        if not 0 <= id <= _MAX_LABEL_ID:
            complain(f"Error: setLabel() called with an id outside [0, {_MAX_LABEL_ID}].")
            return
        if not all(0.0 <= value <= 1.0 for value in (x, y, size)):
            complain("Error: setLabel() called with x, y or size outside [0, 1].")
            return
        link().queue("event", "label", (id, label, float(x), float(y), float(size), color, float(transparency), font))

    def exportImage(self, filename: str, quality: int) -> None:  # noqa: ARG002
        missing("Supervisor.exportImage (it renders nothing)")

    def movieStartRecording(
        self,
        filename: str,  # noqa: ARG002
        width: int,  # noqa: ARG002
        height: int,  # noqa: ARG002
        codec: int,  # noqa: ARG002
        quality: int,  # noqa: ARG002
        acceleration: int,  # noqa: ARG002
        caption: bool,  # noqa: ARG002
    ) -> None:
        missing("Supervisor.movieStartRecording (it renders nothing)")

    def movieStopRecording(self) -> None:
        missing("Supervisor.movieStopRecording (it renders nothing)")

    def movieIsReady(self) -> bool:
        missing("Supervisor.movieIsReady (it renders nothing)")
        return False

    def movieFailed(self) -> bool:
        missing("Supervisor.movieFailed (it renders nothing)")
        return False

    def animationStartRecording(self, filename: str) -> Any:  # noqa: ARG002
        missing("Supervisor.animationStartRecording")

    def animationStopRecording(self) -> Any:
        missing("Supervisor.animationStopRecording")

    def virtualRealityHeadsetIsUsed(self) -> bool:
        return False

    def virtualRealityHeadsetGetPosition(self) -> list[float]:
        missing("a virtual reality headset")
        return []

    def virtualRealityHeadsetGetOrientation(self) -> list[float]:
        missing("a virtual reality headset")
        return []

    # --- the simulation -------------------------------------------------------------------------------

    def simulationQuit(self, status: int) -> None:
        """Ask the simulation to end with this status; step once more afterwards."""
        if self._allowed("simulationQuit"):
            link().queue("quit", int(status))

    def simulationReset(self) -> None:
        if self._allowed("simulationReset"):
            link().queue("reset")

    def simulationResetPhysics(self) -> None:
        missing("Supervisor.simulationResetPhysics; use Node.resetPhysics")

    def worldReload(self) -> None:
        if self._allowed("worldReload"):
            link().queue("reload")

    def worldLoad(self, filename: str) -> None:  # noqa: ARG002
        missing("Supervisor.worldLoad")

    def worldSave(self, filename: str | None = None) -> int:  # noqa: ARG002
        missing("Supervisor.worldSave")
        return 0

    def simulationGetMode(self) -> int:
        return self.simulation_mode

    def simulationSetMode(self, mode: int) -> None:
        self.simulation_mode = mode

    @property
    def simulation_mode(self) -> int:
        """FAST, or REAL_TIME when the run is paced."""
        return int(link().config["mode"])

    @simulation_mode.setter
    def simulation_mode(self, mode: int) -> None:
        if mode == self.SIMULATION_MODE_PAUSE:
            # nobody is there to press play again
            missing("a pause")
        if self._allowed("simulationSetMode"):
            link().config["mode"] = mode
