"""The stand-in offers nothing that Webots does not, and our controllers call nothing else."""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from worlds.headless.vrml.tables import DATA

ROOT = Path(__file__).resolve().parents[4]
RUNTIME = ROOT / "worlds" / "headless" / "runtime"
API: dict[str, Any] = json.loads((DATA / "python_api.json").read_text(encoding="utf-8"))
CLASSES: dict[str, Any] = API["classes"]


@pytest.fixture(scope="module")
def modules() -> Iterator[dict[str, ModuleType]]:
    """`controller` and `vehicle` as a controller imports them."""
    before = set(sys.modules)
    sys.path.insert(0, str(RUNTIME))
    try:
        yield {name: importlib.import_module(name) for name in ("controller", "vehicle")}
    finally:
        sys.path.remove(str(RUNTIME))
        for name in set(sys.modules) - before:
            if name.split(".")[0] in ("controller", "vehicle"):
                del sys.modules[name]


def public(cls: type) -> dict[str, Any]:
    return {
        name: value
        for base in reversed(cls.__mro__[:-1])
        for name, value in vars(base).items()
        if not name.startswith("_")
    }


def test_both_modules_export_exactly_what_webots_exports(modules: dict[str, ModuleType]) -> None:
    for name, module in modules.items():
        assert sorted(module.__all__) == sorted(API["exports"][name])


def test_no_class_has_a_public_name_that_webots_has_not(modules: dict[str, ModuleType]) -> None:
    extra = [
        f"{cls}.{name}"
        for module in modules.values()
        for cls in module.__all__
        for name in public(getattr(module, cls))
        if name not in CLASSES[cls]["all_public_names"]
    ]
    assert extra == []


def test_methods_take_the_same_arguments_as_webots(modules: dict[str, ModuleType]) -> None:
    different = []
    for module in modules.values():
        for cls in module.__all__:
            known = {**CLASSES[cls].get("methods", {}), **CLASSES[cls].get("static_methods", {})}
            for name, value in vars(getattr(module, cls)).items():
                if name not in known or not callable(getattr(value, "__func__", value)):
                    continue
                function = getattr(value, "__func__", value)
                ours = [p for p in inspect.signature(function).parameters.values() if p.name != "self"]
                theirs = known[name]["params"]
                if [p.name for p in ours] != [p["name"] for p in theirs]:
                    different.append(f"{cls}.{name}{inspect.signature(function)} != {theirs}")
                elif [p.default is not p.empty for p in ours] != ["default" in p for p in theirs]:
                    different.append(f"{cls}.{name}: optional arguments differ")
    assert different == []


def test_constants_have_webots_values(modules: dict[str, ModuleType]) -> None:
    for module in modules.values():
        for cls in module.__all__:
            offered = public(getattr(module, cls))
            for name, value in CLASSES[cls].get("constants", {}).items():
                if name in offered:
                    assert offered[name] == value, f"{cls}.{name}"


def test_the_classes_the_stand_in_models_are_complete(modules: dict[str, ModuleType]) -> None:
    modelled = (
        "DistanceSensor",
        "GPS",
        "Gyro",
        "InertialUnit",
        "Display",
        "Emitter",
        "Receiver",
        "Field",
        "Node",
        "Keyboard",
        "Joystick",
        "Speaker",
    )
    for cls in modelled:
        offered = public(getattr(modules["controller"], cls))
        missing = {m for m in CLASSES[cls]["methods"] if m not in offered and not m.startswith("_")}
        assert missing == set(), cls
    offered = public(modules["controller"].Supervisor)
    wanted = {*CLASSES["Supervisor"]["methods"], *CLASSES["Robot"]["methods"]} - {"__del__"}
    left = wanted - set(offered)
    # what is left are getters of devices that do not exist here, and they say so
    robot = object.__new__(modules["controller"].Robot)
    for name in left:
        with pytest.raises(NotImplementedError, match=name):
            getattr(robot, name)
    for cls in ("Driver", "Car"):
        wanted = {m for m in CLASSES[cls]["methods"] if not m.startswith("_")}
        assert wanted - set(public(getattr(modules["vehicle"], cls))) == set()


# --- what our controllers call ------------------------------------------------------------------------

KNOWN = {name for cls in CLASSES.values() for name in cls["all_public_names"]}
SIGNATURES: dict[str, list[list[dict[str, Any]]]] = {}
for _cls in CLASSES.values():
    for _name, _method in {**_cls.get("methods", {}), **_cls.get("static_methods", {})}.items():
        SIGNATURES.setdefault(_name, []).append(_method["params"])


def webots_calls(path: Path) -> Iterator[tuple[ast.Call, str]]:
    """Calls with a camelCase name on an object: our own names are snake_case, so these are Webots'."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name = node.func.attr
            if name[0].islower() and name.lower() != name:
                yield node, name


CONTROLLERS = sorted((ROOT / "controllers").rglob("*.py"))


def test_our_controllers_call_only_what_the_real_api_has() -> None:
    calls = [(path, call, name) for path in CONTROLLERS for call, name in webots_calls(path)]
    assert calls, "no call of Webots was found: has the house style changed?"
    unknown = [f"{path.name}:{call.lineno} {name}" for path, call, name in calls if name not in KNOWN]
    assert unknown == []


def test_our_controllers_pass_as_many_arguments_as_the_real_api_takes() -> None:
    wrong = []
    for path in CONTROLLERS:
        for call, name in webots_calls(path):
            given = len(call.args) + len(call.keywords)
            fits = any(
                sum("default" not in p for p in params) <= given <= len(params) for params in SIGNATURES.get(name, [])
            )
            if not fits and not any(isinstance(arg, ast.Starred) for arg in call.args):
                wrong.append(f"{path.name}:{call.lineno} {name} with {given} arguments")
    assert wrong == []


def test_the_runtime_is_not_importable_from_the_project() -> None:
    import importlib.util

    for name in ("controller", "vehicle"):
        found = importlib.util.find_spec(name) if name not in sys.modules else None
        assert found is None or not str(found.origin).startswith(str(RUNTIME))
