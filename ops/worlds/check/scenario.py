"""The scenario file: every name it uses is in the world or on the map, every range is a range."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from coach_core.contracts import LotMap
from ops.worlds.check.catalogue import nearest
from ops.worlds.check.findings import Findings
from ops.worlds.layout import FAMILIES
from worlds.headless.vrml.parser import World

GOALS = ("reverse_in", "nose_in", "either", "parallel")
_TOP = frozenset(
    {
        "about", "ego_def", "parked_def", "free_from", "start", "neighbours", "time_limit_s", "family", "rubric",
        "goals", "free_count", "rows", "clutter", "movers",
    }
)  # fmt: skip
_REQUIRED = ("ego_def", "parked_def", "free_from", "start", "neighbours", "time_limit_s")
_KEYS = {
    "start": frozenset({"x_m", "y_m", "yaw_deg"}),
    "neighbours": frozenset({"lateral_m", "depth_m", "yaw_deg"}),
    "rows": frozenset(["strip", "defs", "first_m", "spacing_m", "gap_after", "gap_m", "kerb_m", "yaw_deg"]),
    "clutter": frozenset(["def", "chance", "x_m", "y_m", "yaw_deg", "blocks", "depth_m", "lateral_m"]),
    "movers": frozenset(["def", "chance", "path", "offset_m", "speed_mps", "trigger", "then", "yields_m"]),
    "trigger": frozenset({"after_s", "near", "ego_within_m"}),
}
_THEN = ("stay", "away", "return", "loop")


def line_of(path: Path, text: str, nth: int = 1) -> int:
    """Line of the nth place where a JSON file has this word or text; 1 if it has it nowhere."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return 1
    wanted = text if text.startswith("[") else json.dumps(text)
    found = [i for i, line in enumerate(lines, 1) for _ in range(line.count(wanted))]
    return found[min(nth, len(found)) - 1] if found else 1


def check_scenario(path: Path, world: World, lot: LotMap | None, findings: Findings) -> None:
    """The file against its format (docs/worlds.md), the world and the lot map."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        findings.error(path, error.lineno, f"is not JSON: {error.msg}.")
        return
    if not isinstance(raw, dict):
        findings.error(path, 1, "a scenario is a JSON object.")
        return
    _Scenario(path, raw, world, lot, findings).check()


class _Scenario:
    def __init__(self, path: Path, raw: dict[str, Any], world: World, lot: LotMap | None, findings: Findings) -> None:
        self._path, self._raw, self._findings = path, raw, findings
        self._defs = {node.def_name: node for node in world.nodes if node.def_name}
        self._all_defs = set(world.defs)
        self._slots = {slot.slot_id for slot in lot.slots} if lot is not None else None
        self._strips = {strip.strip_id for strip in lot.strips} if lot is not None else None

    def check(self) -> None:
        raw = self._raw
        for key in _REQUIRED:
            if key not in raw:
                self._error(1, f"{key} is missing; docs/worlds.md says what it means.")
        self._keys(raw, _TOP, "")
        for key in ("start", "neighbours"):
            if isinstance(raw.get(key), dict):
                self._keys(raw[key], _KEYS[key], f"{key}.")
                self._ranges(raw[key], _KEYS[key], key)
        self._choice("family", FAMILIES)
        for goal in raw.get("goals", ()):
            if goal not in GOALS:
                self._error(self._line(str(goal)), f'goal "{goal}" is none of {", ".join(GOALS)}.')
        self._names_def(raw.get("ego_def"), "ego_def")
        self._slot_names(raw.get("free_from", ()), "free_from")
        self._free_count()
        for entry in raw.get("rows", ()):
            self._row(entry)
        for entry in raw.get("clutter", ()):
            self._entry(entry, "clutter", ("x_m", "y_m", "yaw_deg", "depth_m", "lateral_m"))
            self._slot_names(entry.get("blocks", ()), "blocks")
        for entry in raw.get("movers", ()):
            self._entry(entry, "movers", ("speed_mps", "offset_m"))
            self._mover(entry)

    def _error(self, line: int, sentence: str) -> None:
        self._findings.error(self._path, line, sentence)

    def _line(self, word: str) -> int:
        return line_of(self._path, word)

    def _keys(self, given: dict[str, Any], known: frozenset[str], where: str) -> None:
        for key in given:
            if key not in known:
                self._error(self._line(key), f"{where}{key} is no field of a scenario{nearest(key, known)}.")

    def _ranges(self, given: dict[str, Any], keys: frozenset[str] | tuple[str, ...], where: str) -> None:
        for key in sorted(keys):
            value = given.get(key)
            if value is None:
                continue
            pair = isinstance(value, list) and len(value) == 2 and all(isinstance(v, int | float) for v in value)
            if not pair or value[0] > value[1]:
                line = self._line(str(given.get("def", key)))
                self._error(
                    line, f"{where}: {key} must be [low, high] with low not above high, found {json.dumps(value)}."
                )

    def _choice(self, key: str, known: tuple[str, ...]) -> None:
        value = self._raw.get(key)
        if value is not None and value not in known:
            self._error(self._line(key), f'{key} "{value}" is none of {", ".join(known)}.')

    def _names_def(self, name: object, where: str) -> None:
        if not isinstance(name, str) or name in self._defs:
            return
        if name in self._all_defs:
            sentence = f"{where}: DEF {name} is inside another node; only top-level nodes can be moved."
        else:
            sentence = f"{where}: the world has no DEF {name}{nearest(name, self._defs)}."
        self._error(self._line(name), sentence)

    def _slot_names(self, names: Any, where: str) -> None:
        slots = self._slots
        for name in names if slots is not None else ():
            if slots is not None and name not in slots:
                self._error(self._line(name), f"{where}: the lot map has no slot {name}{nearest(name, slots)}.")

    def _free_count(self) -> None:
        count = self._raw.get("free_count")
        if count is None:
            return
        whole = isinstance(count, list) and len(count) == 2 and all(isinstance(v, int) for v in count)
        most = len(self._raw.get("free_from", ()))
        if not whole or not 0 <= count[0] <= count[1]:
            self._error(self._line("free_count"), f"free_count must be two whole numbers [low, high], found {count}.")
        elif count[1] > most:
            self._error(self._line("free_count"), f"free_count asks for {count[1]} free slots; free_from has {most}.")

    def _row(self, entry: dict[str, Any]) -> None:
        self._keys(entry, _KEYS["rows"], "rows.")
        self._ranges(entry, ("first_m", "spacing_m", "gap_m", "kerb_m", "yaw_deg"), "rows")
        strip = entry.get("strip")
        if self._strips is not None and strip not in self._strips:
            self._error(self._line(str(strip)), f"rows: the lot map has no strip {strip}.")
        for name in entry.get("defs", ()):
            self._names_def(name, "rows")
        for name in entry.get("gap_after", ()):
            if name not in entry.get("defs", ()):
                self._error(self._line(name), f"rows: gap_after names {name}, which is not among its defs.")

    def _entry(self, entry: dict[str, Any], kind: str, ranges: tuple[str, ...]) -> None:
        self._keys(entry, _KEYS[kind], f"{kind}.")
        name = entry.get("def")
        if name is None:
            self._error(self._line(kind), f"an entry of {kind} needs a def.")
        self._names_def(name, kind)
        self._ranges(entry, ranges, f"{kind} {name}")
        chance = entry.get("chance", 1)
        if not isinstance(chance, int | float) or not 0 <= chance <= 1:
            self._error(self._line(str(name)), f"{kind} {name}: chance must be between 0 and 1, found {chance}.")

    def _mover(self, entry: dict[str, Any]) -> None:
        name = str(entry.get("def"))
        path = entry.get("path", ())
        if len(path) < 2 or any(not isinstance(point, list) or len(point) != 2 for point in path):
            self._error(self._line(name), f"movers {name}: path needs two way points [x, y] or more.")
        speed = entry.get("speed_mps")
        if speed is None or (isinstance(speed, list) and min(speed, default=0) <= 0):
            self._error(self._line(name), f"movers {name}: speed_mps must be [low, high], both greater than 0.")
        if entry.get("then", "stay") not in _THEN:
            self._error(self._line(name), f'movers {name}: then "{entry["then"]}" is none of {", ".join(_THEN)}.')
        trigger = entry.get("trigger", {})
        self._keys(trigger, _KEYS["trigger"], "trigger.")
        self._ranges(trigger, ("after_s",), f"movers {name}")
        if ("near" in trigger) != ("ego_within_m" in trigger):
            self._error(self._line(name), f"movers {name}: trigger needs near and ego_within_m together.")
