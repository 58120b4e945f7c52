"""The scenario file: every name it uses is in the world or on the map, every range is a range."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from coach_core.contracts import LotMap, decode
from coach_core.errors import ContractError
from controllers.parkit_examiner.scenario_file import Clutter, Mover, Row, ScenarioFile
from ops.worlds.check.catalogue import nearest
from ops.worlds.check.findings import Findings
from worlds.headless.vrml.parser import World

_FREE_TEXT = ("about",)
_MEASURES = ("_m.", "_s.", "_deg.", "_mps.")
"""Ends of the names of ranges: what has a unit and two numbers is [low, high]."""


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
    try:
        file = decode(path.read_bytes(), ScenarioFile)
    except ContractError as error:
        named = re.findall(r"[A-Za-z_]\w*", str(error).rpartition("$")[2]) or re.findall(r"`(\w+)`", str(error))
        line = line_of(path, named[-1]) if named else 1
        findings.error(path, line, f"{str(error).removesuffix('.')}; docs/worlds.md says what a scenario is.")
        return
    checker = _Scenario(path, file, world, lot, findings)
    checker.keys(raw, file, "")
    checker.check()


class _Scenario:
    def __init__(self, path: Path, file: ScenarioFile, world: World, lot: LotMap | None, findings: Findings) -> None:
        self._path, self._file, self._findings = path, file, findings
        self._defs = {node.def_name for node in world.nodes if node.def_name}
        self._all_defs = set(world.defs)
        self._lot = lot

    def keys(self, raw: Any, parsed: Any, where: str) -> None:
        """Names that no reader knows: they would be ignored without a word."""
        if isinstance(parsed, list):
            for one, other in zip(raw, parsed, strict=True):
                self.keys(one, other, where)
        elif isinstance(parsed, msgspec.Struct):
            fields = {field.encode_name: field.name for field in msgspec.structs.fields(parsed)}
            for key, value in raw.items():
                if key in fields:
                    self.keys(value, getattr(parsed, fields[key]), f"{where}{key}.")
                elif key not in _FREE_TEXT:
                    self._error(key, f"{where}{key} is no field of a scenario{nearest(key, fields)}.")
        elif isinstance(parsed, tuple) and where.endswith(_MEASURES) and parsed[0] > parsed[1]:
            sentence = f"{where.removesuffix('.')}: {list(parsed)} is [low, high] with low above high; swap them."
            self._findings.error(self._path, line_of(self._path, json.dumps(raw)), sentence)

    def check(self) -> None:
        """Names against the world and the map; what the types cannot say."""
        file = self._file
        self._known_defs([file.ego_def], "ego_def")
        self._known_slots(file.free_from, "free_from")
        if not file.free_from:
            self._error("free_from", "free_from names no slot; list at least one that may be free.")
        if "{slot}" not in file.parked_def:
            self._error("parked_def", 'parked_def needs {slot} in it, as in "PARKED_{slot}".')
        low, high = file.free_count
        if high > len(file.free_from):
            self._error("free_count", f"free_count asks for {high} free slots; free_from has {len(file.free_from)}.")
        elif not (0 if file.rows else 1) <= low <= high:
            self._error("free_count", f"free_count [{low}, {high}] must be [low, high], 1 or more (0 where rows are).")
        for row in file.rows:
            self._row(row)
        for thing in file.clutter:
            self._clutter(thing)
        for mover in file.movers:
            self._mover(mover)
        names = [thing.name for thing in file.clutter] + [mover.name for mover in file.movers]
        names += [name for row in file.rows for name in row.defs]
        for name in sorted({name for name in names if names.count(name) > 1}):
            self._error(name, f"DEF {name} is moved by two entries; give each its own node.")

    def _error(self, word: str, sentence: str) -> None:
        self._findings.error(self._path, line_of(self._path, word), sentence)

    def _known_defs(self, names: Iterable[str], where: str) -> None:
        for name in names:
            if name in self._defs:
                continue
            if name in self._all_defs:
                sentence = f"{where}: DEF {name} is inside another node; only top-level nodes can be moved."
            else:
                sentence = f"{where}: the world has no DEF {name}{nearest(name, self._defs)}."
            self._error(name, sentence)

    def _known_slots(self, names: Iterable[str], where: str) -> None:
        slots = {slot.slot_id for slot in self._lot.slots} if self._lot is not None else set(names)
        for name in names:
            if name not in slots:
                self._error(name, f"{where}: the lot map has no slot {name}{nearest(name, slots)}.")

    def _row(self, row: Row) -> None:
        if self._lot is not None and row.strip not in {strip.strip_id for strip in self._lot.strips}:
            self._error(row.strip, f"rows: the lot map has no strip {row.strip}.")
        self._known_defs(row.defs, "rows")
        for name in row.gap_after:
            if name not in row.defs:
                self._error(name, f"rows: gap_after names {name}, which is not among its defs.")

    def _clutter(self, thing: Clutter) -> None:
        self._known_defs([thing.name], "clutter")
        self._known_slots(thing.blocks, "blocks")

    def _mover(self, mover: Mover) -> None:
        self._known_defs([mover.name], "movers")
        if len(set(mover.path)) < 2:
            self._error(mover.name, f"movers {mover.name}: path needs two different way points [x, y] or more.")
        if mover.speed_mps[0] <= 0.0:
            self._error(mover.name, f"movers {mover.name}: speed_mps must be greater than 0.")
        if (mover.trigger.near is None) != (mover.trigger.ego_within_m == 0.0):
            self._error(mover.name, f"movers {mover.name}: trigger needs near and ego_within_m together.")
