# ruff: noqa: TID252
"""A field of a node, as a supervisor sees it."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from ._link import complain, link, missing

if TYPE_CHECKING:
    from .node import Node

_TYPES = {
    "SFBool": 1, "SFInt32": 2, "SFFloat": 3, "SFVec2f": 4, "SFVec3f": 5, "SFRotation": 6, "SFColor": 7, "SFString":
    8, "SFNode": 9, "MFBool": 17, "MFInt32": 18, "MFFloat": 19, "MFVec2f": 20, "MFVec3f": 21, "MFRotation": 22,
    "MFColor": 23, "MFString": 24, "MFNode": 25,
}  # fmt: skip
_LENGTHS = {"Vec2f": 2, "Vec3f": 3, "Color": 3, "Rotation": 4}
_SINGLES: dict[str, type] = {"Bool": bool, "Int32": int, "Float": float, "String": str}


class Field:
    """One field. Its setters are as strict as the real ones: a wrong type is refused with a message."""

    SF_BOOL = 1
    SF_INT32 = 2
    SF_FLOAT = 3
    SF_VEC2F = 4
    SF_VEC3F = 5
    SF_ROTATION = 6
    SF_COLOR = 7
    SF_STRING = 8
    SF_NODE = 9
    MF_BOOL = 17
    MF_INT32 = 18
    MF_FLOAT = 19
    MF_VEC2F = 20
    MF_VEC3F = 21
    MF_ROTATION = 22
    MF_COLOR = 23
    MF_STRING = 24
    MF_NODE = 25

    def __init__(self, ref: tuple[int, str, str, bool]) -> None:
        self._ref = ref
        self._node, self._name, self._type, self._base = ref
        self.type = _TYPES[self._type]

    # --- facts ----------------------------------------------------------------------------------------

    def getName(self) -> str:
        return self.name

    def getType(self) -> int:
        return self.type

    def getTypeName(self) -> str:
        return self.type_name

    def getCount(self) -> int:
        return self.count

    def getActualField(self) -> Field:
        return self

    @property
    def name(self) -> str:
        return self._name

    @property
    def type_name(self) -> str:
        return self._type

    @property
    def count(self) -> int:
        """Items of a multiple field, -1 for a single one."""
        return int(link().call("count", self._node, self._name, self._base)) if self._type.startswith("MF") else -1

    def enableSFTracking(self, samplingPeriod: int) -> None:
        """Only a matter of speed in Webots; values are always current here."""

    def disableSFTracking(self) -> None:
        """See enableSFTracking."""

    # --- values ---------------------------------------------------------------------------------------

    def _get(self, index: int | None) -> Any:
        return link().call("get", self._node, self._name, self._base, index)

    def _set(self, how: str, index: int | None, value: Any) -> None:
        if self._base:
            complain(f"Error: the field '{self._name}' is inside a PROTO and read-only.")
            return
        link().queue("set", self._node, self._name, False, how, index, copy.copy(value))

    @property
    def value(self) -> Any:
        if self._type == "SFNode":
            return self.getSFNode()
        if self._type.startswith("MF"):
            return None
        value = self._get(None)
        # the real getter of an SF_BOOL gives 0 or 1
        return int(value) if self._type == "SFBool" else value

    @value.setter
    def value(self, value: Any) -> None:
        kind = self._type[2:]
        if self._type.startswith("SF") and self._fits(kind, value):
            self._set("set", None, value)
        else:
            complain("Error: new field value has wrong type or length.")

    @staticmethod
    def _fits(kind: str, value: Any) -> bool:
        if kind in _SINGLES:
            return isinstance(value, _SINGLES[kind])
        return kind in _LENGTHS and isinstance(value, list) and len(value) == _LENGTHS[kind]

    def _check_length(self, value: Any, length: int, call: str) -> None:
        if len(value) == length:
            self.value = value
        else:
            complain(f"Error: {call}(): length of 'value' argument should be {length}.")

    def _item(self, index: int) -> Any:
        return self._get(index)

    def getSFBool(self) -> bool:
        return bool(self.value) if self._type != "SFBool" else self.value

    def getSFInt32(self) -> int:
        return int(self.value)

    def getSFFloat(self) -> float:
        return float(self.value)

    def getSFVec2f(self) -> list[float]:
        return list(self.value)

    def getSFVec3f(self) -> list[float]:
        return list(self.value)

    def getSFRotation(self) -> list[float]:
        return list(self.value)

    def getSFColor(self) -> list[float]:
        return list(self.value)

    def getSFString(self) -> str:
        return str(self.value)

    def getMFBool(self, index: int) -> bool:
        return bool(self._item(index))

    def getMFInt32(self, index: int) -> int:
        return int(self._item(index))

    def getMFFloat(self, index: int) -> float:
        return float(self._item(index))

    def getMFString(self, index: int) -> str:
        return str(self._item(index))

    def getMFVec2f(self, index: int) -> list[float]:
        return list(self._item(index))

    def getMFVec3f(self, index: int) -> list[float]:
        return list(self._item(index))

    def getMFRotation(self, index: int) -> list[float]:
        return list(self._item(index))

    def getMFColor(self, index: int) -> list[float]:
        return list(self._item(index))

    def setSFBool(self, value: bool) -> None:
        self.value = value

    def setSFInt32(self, value: int) -> None:
        self.value = value

    def setSFFloat(self, value: float) -> None:
        self.value = value

    def setSFVec2f(self, value: list[float]) -> None:
        self._check_length(value, 2, "setSFVec2f")

    def setSFVec3f(self, value: list[float]) -> None:
        self._check_length(value, 3, "setSFVec3f")

    def setSFRotation(self, value: list[float]) -> None:
        self._check_length(value, 4, "setSFRotation")

    def setSFColor(self, value: list[float]) -> None:
        self._check_length(value, 3, "setSFColor")

    def setSFString(self, value: str) -> None:
        self.value = value

    def setMFBool(self, index: int, value: bool) -> None:
        self._set("set", index, bool(value))

    def setMFInt32(self, index: int, value: int) -> None:
        self._set("set", index, int(value))

    def setMFFloat(self, index: int, value: float) -> None:
        self._set("set", index, float(value))

    def setMFVec2f(self, index: int, value: list[float]) -> None:
        self._set("set", index, _floats(value, 2))

    def setMFVec3f(self, index: int, value: list[float]) -> None:
        self._set("set", index, _floats(value, 3))

    def setMFRotation(self, index: int, value: list[float]) -> None:
        self._set("set", index, _floats(value, 4))

    def setMFColor(self, index: int, value: list[float]) -> None:
        self._set("set", index, _floats(value, 3))

    def setMFString(self, index: int, value: str) -> None:
        self._set("set", index, str(value))

    def insertMFBool(self, index: int, value: bool) -> None:
        self._set("insert", index, bool(value))

    def insertMFInt32(self, index: int, value: int) -> None:
        self._set("insert", index, int(value))

    def insertMFFloat(self, index: int, value: float) -> None:
        self._set("insert", index, float(value))

    def insertMFVec2f(self, index: int, value: list[float]) -> None:
        self._set("insert", index, _floats(value, 2))

    def insertMFVec3f(self, index: int, value: list[float]) -> None:
        self._set("insert", index, _floats(value, 3))

    def insertMFRotation(self, index: int, value: list[float]) -> None:
        self._set("insert", index, _floats(value, 4))

    def insertMFColor(self, index: int, value: list[float]) -> None:
        self._set("insert", index, _floats(value, 3))

    def insertMFString(self, index: int, value: str) -> None:
        self._set("insert", index, str(value))

    def removeMF(self, index: int) -> None:
        self._set("remove", index, None)

    def removeSF(self) -> None:
        missing("Field.removeSF")

    # --- nodes ----------------------------------------------------------------------------------------

    def importMFNodeFromString(self, position: int, nodeString: str) -> None:  # noqa: ARG002
        missing("Field.importMFNodeFromString (it builds no nodes while running)")

    def importSFNodeFromString(self, nodeString: str) -> None:  # noqa: ARG002
        missing("Field.importSFNodeFromString (it builds no nodes while running)")

    def getSFNode(self) -> Node | None:
        from .node import wrap

        return wrap(self._get(None))

    def getMFNode(self, index: int) -> Node | None:
        from .node import wrap

        return wrap(self._item(index))


def _floats(value: list[float], count: int) -> list[float]:
    if len(value) != count:
        raise IndexError(f"expected {count} numbers, got {len(value)}")
    return [float(item) for item in value]
