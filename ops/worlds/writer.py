"""Write a layout as `NAME.wbt`, `NAME.lot.json` and `NAME.scenario.json`."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from coach_core.errors import UsageError
from ops.worlds.layout import PROJECT, Body, Layout, Look, Value
from worlds.headless.vrml.scene import axis_angle
from worlds.headless.vrml.tables import RELEASE, stock_protos

RELEASE_URL = f"https://raw.githubusercontent.com/cyberbotics/webots/{RELEASE}/"
REST_HEIGHT = 0.28
"""Height [m] of the learner's rear axle when the car stands on its wheels."""
_JSON_WIDTH = 150
_LIST_WIDTH = 110


def write(layout: Layout, folder: Path, *, protos: str = "") -> list[Path]:
    """Write the files of a world; `protos` is the URL or path of our PROTO folder as seen from the world.

    A world needs the car's profile beside it: it is copied where the folder has none. UsageError if a file cannot be
    written.
    """
    texts = {
        f"{layout.name}.wbt": world_text(layout, protos or _protos_from(folder)),
        f"{layout.name}.lot.json": lot_text(layout),
        f"{layout.name}.scenario.json": json_text(dict(layout.scenario)) + "\n",
    }
    profile = "learner_car.profile.json"
    if not (folder / profile).exists():
        texts[profile] = (PROJECT / "worlds" / profile).read_text(encoding="utf-8")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write {layout.name} to {folder}: {error.strerror}") from error
    return [folder / name for name in texts]


def _protos_from(folder: Path) -> str:
    if (folder.parent / "protos" / "LearnerCar.proto").exists():
        return "../protos"
    return Path(os.path.relpath(PROJECT / "protos", folder.resolve())).as_posix()


# --- the world ----------------------------------------------------------------------------------------


def world_text(layout: Layout, protos: str) -> str:
    """The .wbt file's text."""
    ours = sorted({body.proto for body in layout.bodies} | {"LearnerCar"})
    stock = ("Asphalt", "Floor", "TexturedBackground", "TexturedBackgroundLight")
    lines = [f"#VRML_SIM {RELEASE} utf8", f"# {layout.about}"]
    lines += [f'EXTERNPROTO "{protos}/{name}.proto"' for name in ours]
    lines += [f'EXTERNPROTO "{RELEASE_URL}{stock_protos()[name].url_path}"' for name in stock]
    lines += ["", *_world_info(layout), *_light_and_ground(layout.look)]
    for body in layout.bodies:
        lines += _body(body)
    x, y, yaw = layout.start
    lines += _body(Body("LearnerCar", x, y, REST_HEIGHT, yaw, "EGO", {"controller": "parkit_coach"}))
    lines += _EXAMINER.splitlines()
    return "\n".join(lines) + "\n"


def _world_info(layout: Layout) -> Iterator[str]:
    yield "WorldInfo {"
    yield "  info ["
    for sentence in layout.info:
        yield f"    {_quoted(sentence)}"
    yield "  ]"
    yield f"  title {_quoted('Parkit: ' + layout.name.replace('_', ' '))}"
    yield from _PHYSICS.splitlines()
    yield "}"


def _light_and_ground(look: Look) -> Iterator[str]:
    yield "Viewpoint {"
    yield f"  orientation {_numbers(viewpoint_orientation(look.eye, look.target))}"
    yield f"  position {_numbers(look.eye)}"
    yield '  follow "learner"'
    yield '  followType "None"'
    yield "}"
    yield "TexturedBackground {"
    yield f"  texture {_quoted(look.sky)}"
    yield f"  luminosity {look.luminosity:g}"
    if not look.skybox:
        yield "  skybox FALSE"
        yield "  skyColor [ 0.1 0.11 0.12 ]"
    yield "}"
    yield "TexturedBackgroundLight {"
    yield f"  texture {_quoted(look.sky)}"
    yield f"  luminosity {look.luminosity:g}"
    yield "}"
    yield "Floor {"
    if look.floor_at != (0.0, 0.0):
        yield f"  translation {_numbers((*look.floor_at, 0.0))}"
    yield f"  size {_numbers(look.floor)}"
    yield "  tileSize 4 4"
    yield "  appearance Asphalt {"
    yield f"    colorOverride {_numbers(tuple(min(1.0, 2.4 * c) for c in look.floor_color))}"
    yield "  }"
    yield "}"


def _body(body: Body) -> Iterator[str]:
    yield f"{'DEF ' + body.define + ' ' if body.define else ''}{body.proto} {{"
    yield f"  translation {_numbers((body.x, body.y, body.z))}"
    if body.yaw:
        yield f"  rotation 0 0 1 {_number(body.yaw)}"
    for name, value in body.fields.items():
        yield f"  {name} {_value(value)}"
    yield "}"


def viewpoint_orientation(eye: Sequence[float], target: Sequence[float]) -> tuple[float, ...]:
    """Axis and angle of a view from `eye` to `target`: the camera looks along its +x, +z is up."""
    forward = np.array(target) - np.array(eye)
    forward = forward / np.linalg.norm(forward)
    left = np.cross([0.0, 0.0, 1.0], forward)
    left = left / np.linalg.norm(left)
    found = axis_angle(np.column_stack([forward, left, np.cross(forward, left)]))
    return tuple(round(value, 4) for value in found)


def _value(value: Value) -> str:
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, tuple):
        return _numbers(tuple(float(number) for number in value))
    items = [_numbers(vector) for vector in value]
    return "[ " + _wrapped(items, ", " if len(value[0]) > 1 else " ") + " ]"


def _wrapped(items: Sequence[str], separator: str) -> str:
    """The items of a list, on further lines where one would be too long."""
    lines = [""]
    for i, item in enumerate(items):
        last = i + 1 == len(items)
        if lines[-1] and len(lines[-1]) + len(item) > _LIST_WIDTH:
            lines[-1] = lines[-1].rstrip()
            lines.append("")
        lines[-1] += item + ("" if last else separator)
    return "\n    ".join(lines)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _numbers(values: Sequence[float]) -> str:
    return " ".join(_number(value) for value in values)


def _number(value: float) -> str:
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text


_PHYSICS = """\
  ERP 0.6
  basicTimeStep 10
  lineScale 1
  contactProperties [
    ContactProperties {
      material2 "ToyotaPriusWheels"
      coulombFriction 8
      softCFM 0.00001
      bumpSound ""
      rollSound ""
      slideSound ""
    }
  ]"""

_EXAMINER = """\
DEF EXAMINER Robot {
  name "examiner"
  controller "parkit_examiner"
  supervisor TRUE
  children [
    Emitter {
      name "to_car"
      type "radio"
      channel 1
    }
    Receiver {
      name "from_car"
      type "radio"
      channel 2
    }
  ]
}"""


# --- the data files -----------------------------------------------------------------------------------


def lot_text(layout: Layout) -> str:
    """The lot map as JSON a person can read: what is left at its default is left out."""
    lot = msgspec.to_builtins(layout.lot)
    kept = {key: value for key, value in lot.items() if value != [] or key == "slots"}
    kept["slots"] = [{k: v for k, v in slot.items() if v is not None} for slot in lot["slots"]]
    return json_text(kept) + "\n"


def json_text(value: Any, indent: int = 0) -> str:
    """JSON with one line for what fits on it."""
    flat = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or (indent and len(flat) + 2 * indent <= _JSON_WIDTH):
        return flat
    pad, end = "  " * (indent + 1), "  " * indent
    if isinstance(value, dict):
        rows = [f"{pad}{json.dumps(key)}: {json_text(item, indent + 1)}" for key, item in value.items()]
        return "{\n" + ",\n".join(rows) + f"\n{end}}}"
    rows = [pad + json_text(item, indent + 1) for item in value]
    return "[\n" + ",\n".join(rows) + f"\n{end}]"
