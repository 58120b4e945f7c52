# ruff: noqa: TID252
"""A node of the scene, as a supervisor sees it."""

from __future__ import annotations

from typing import Any

from ._link import complain, link, missing
from .field import Field
from .node_types import CONSTANTS, NODE_TYPES


class ContactPoint:
    """Where two solids touch, world frame."""

    def __init__(self, point: tuple[list[float], int]) -> None:
        self.point = list(point[0])
        self.node_id = point[1]

    def getPoint(self) -> list[float]:
        return self.point

    def getNodeId(self) -> int:
        return self.node_id


class Node:
    """Made by `Supervisor.getFromDef` and its like; equal nodes compare equal."""

    def __init__(
        self,
        DEF: str | None = None,
        tag: int | None = None,
        id: int | None = None,
        selected: bool | None = None,
        ref: Any = None,
    ) -> None:
        if tag is not None or selected is not None:
            missing("Node by device tag or selection")
        if ref is None:
            ref = link().call("from_def", DEF) if DEF is not None else link().call("from_id", id)
        self._ref = ref
        self._id, self._def, self._type, self._base_type = ref or (-1, "", "", "")

    _id: int
    _def: str
    _type: str
    _base_type: str

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Node) and other._id == self._id

    def __hash__(self) -> int:
        return hash(self._id)

    # --- facts ----------------------------------------------------------------------------------------

    def getDef(self) -> str:
        return self.DEF

    def getId(self) -> int:
        return self.id

    def getType(self) -> int:
        return self.type

    def getTypeName(self) -> str:
        return self.type_name

    def getBaseTypeName(self) -> str:
        return self.base_type_name

    @property
    def DEF(self) -> str:
        return self._def

    @property
    def id(self) -> int:
        return self._id

    @property
    def type(self) -> int:
        return NODE_TYPES.get(self._base_type, 0)

    @property
    def type_name(self) -> str:
        return self._type

    @property
    def base_type_name(self) -> str:
        return self._base_type

    def isProto(self) -> bool:
        return self._type != self._base_type

    def getParentNode(self) -> Node | None:
        return wrap(link().call("parent", self._id))

    def getProto(self) -> Any:
        missing("Node.getProto")

    def getFromProtoDef(self, DEF: str) -> Node | None:  # noqa: ARG002
        missing("Node.getFromProtoDef")
        return None

    def exportString(self) -> Any:
        missing("Node.exportString")

    # --- fields ---------------------------------------------------------------------------------------

    def _fields(self, base: bool) -> list[tuple[str, str]]:
        return list(link().call("fields", self._id, base) or ())

    def _field(self, name: str, base: bool) -> Field | None:
        kind = link().call("field", self._id, name, base)
        return None if kind is None else Field((self._id, name, kind, base and self.isProto()))

    def _field_at(self, index: int, base: bool) -> Field | None:
        fields = self._fields(base)
        if not 0 <= index < len(fields):
            complain(f"Error: the node has no field of index {index}.")
            return None
        return Field((self._id, *fields[index], base and self.isProto()))

    def getField(self, fieldName: str) -> Field | None:
        return self._field(fieldName, False)

    def getFieldByIndex(self, index: int) -> Field | None:
        return self._field_at(index, False)

    def getNumberOfFields(self) -> int:
        return self.number_of_fields

    def getBaseNodeField(self, fieldName: str) -> Field | None:
        return self._field(fieldName, True)

    def getBaseNodeFieldByIndex(self, index: int) -> Field | None:
        return self._field_at(index, True)

    def getNumberOfBaseNodeFields(self) -> int:
        return self.number_of_base_node_fields

    @property
    def number_of_fields(self) -> int:
        return len(self._fields(False))

    @property
    def number_of_base_node_fields(self) -> int:
        return len(self._fields(True))

    # --- motion ---------------------------------------------------------------------------------------

    def getPosition(self) -> list[float]:
        pose = self.getPose()
        return [pose[3], pose[7], pose[11]]

    def getOrientation(self) -> list[float]:
        """Nine numbers, row-major."""
        p = self.getPose()
        return [*p[0:3], *p[4:7], *p[8:11]]

    def getPose(self, fromNode: Node | None = None) -> list[float]:
        """Sixteen numbers, row-major: the node's frame in the world, or in `fromNode`."""
        return list(link().call("pose", self._id, None if fromNode is None else fromNode._id))

    def enablePoseTracking(self, samplingPeriod: int, fromNode: Node | None = None) -> None:
        """Only a matter of speed in Webots; poses are always current here."""

    def disablePoseTracking(self, fromNode: Node | None = None) -> None:
        """See enablePoseTracking."""

    def getCenterOfMass(self) -> list[float]:
        missing("Node.getCenterOfMass")
        return []

    def getContactPoints(self, includeDescendants: bool = False) -> list[ContactPoint]:
        """For a car: touches of the body alone, or with its wheels (tyres on the floor included)."""
        return [ContactPoint(p) for p in link().call("contacts", self._id, bool(includeDescendants)) or ()]

    def enableContactPointsTracking(self, samplingPeriod: int, includeDescendants: bool = False) -> None:
        """Only a matter of speed in Webots; contacts are always current here."""

    def disableContactPointsTracking(self, includeDescendants: bool = False) -> None:
        """See enableContactPointsTracking."""

    def getStaticBalance(self) -> bool:
        missing("Node.getStaticBalance")
        return False

    def getVelocity(self) -> list[float]:
        """Linear then angular velocity, world frame."""
        return list(link().call("velocity", self._id))

    def setVelocity(self, velocity: list[float]) -> None:
        link().queue("velocity", self._id, [float(v) for v in velocity])

    def resetPhysics(self) -> None:
        link().queue("halt", self._id)

    def saveState(self, stateName: str) -> None:  # noqa: ARG002
        missing("Node.saveState")

    def loadState(self, stateName: str) -> None:  # noqa: ARG002
        missing("Node.loadState")

    def setJointPosition(self, position: float, index: int = 1) -> None:  # noqa: ARG002
        missing("Node.setJointPosition")

    def addForce(self, force: list[float], relative: bool) -> None:  # noqa: ARG002
        missing("Node.addForce")

    def addForceWithOffset(self, force: list[float], offset: list[float], relative: bool) -> None:  # noqa: ARG002
        missing("Node.addForceWithOffset")

    def addTorque(self, torque: list[float], relative: bool) -> None:  # noqa: ARG002
        missing("Node.addTorque")

    # --- the scene ------------------------------------------------------------------------------------

    def remove(self) -> None:
        link().queue("remove", self._id)

    def restartController(self) -> None:
        missing("Node.restartController")

    def moveViewpoint(self) -> None:
        """There is no viewpoint to move."""

    def setVisibility(self, fromNode: Node, visible: bool) -> None:
        """Nothing is ever seen."""


for _name, _value in CONSTANTS.items():
    setattr(Node, _name, _value)


def wrap(ref: Any) -> Node | None:
    """A Node for what the simulation answered; None for none."""
    return None if ref is None else Node(ref=tuple(ref))
