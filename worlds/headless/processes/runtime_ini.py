"""The runtime.ini of a controller: what it adds to the environment."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

from worlds.headless.errors import WorldError

_PLATFORM = {"linux": "Linux", "darwin": "macOS", "win32": "Windows"}.get(sys.platform, "Linux")
_PATHS = "environment variables with paths"
_PLAIN = "environment variables"
_OTHERS = {f"{_PLAIN} for {name}" for name in ("Windows", "macOS", "Linux", "Linux 32", "Linux 64")}
_REFERENCE = re.compile(r"\$\(([^)]+)\)|\$([A-Za-z_]\w*)")


def read_runtime_ini(folder: Path) -> dict[str, str]:
    """Environment variables of `folder`/runtime.ini, `$(NAME)` replaced; empty without the file.

    WorldError on an unknown section, and on [python]: the extern launcher of Webots refuses it, so we do as well.
    """
    path = folder / "runtime.ini"
    if not path.is_file():
        return {}
    found: dict[str, str] = {}
    section = ""
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        line = raw.split(";", 1)[0].strip()
        if not line:
            continue
        if line.startswith("[") and line.endswith("]"):
            section = line[1:-1].strip()
            if section == "python":
                raise WorldError(
                    path, number, "[python] is refused by the extern launcher of Webots; remove the section."
                )
            if section not in (_PATHS, _PLAIN) and section not in _OTHERS:
                raise WorldError(path, number, f"unknown section [{section}]; use [{_PLAIN}] or [{_PATHS}].")
            continue
        name, equals, value = line.partition("=")
        if not equals or not section:
            raise WorldError(path, number, f"expected NAME = value inside a section, found {line!r}.")
        if section in (_PATHS, _PLAIN, f"{_PLAIN} for {_PLATFORM}"):
            value = _expand(value.strip(), found)
            found[name.strip()] = _as_paths(value, folder) if section == _PATHS else value
    return found


def _expand(value: str, found: dict[str, str]) -> str:
    def replace(match: re.Match[str]) -> str:
        name = match.group(1) or match.group(2)
        return found.get(name, os.environ.get(name, ""))

    return _REFERENCE.sub(replace, value)


def _as_paths(value: str, folder: Path) -> str:
    # written with ':' for all platforms; relative entries start from the controller's folder
    return os.pathsep.join(str(folder / entry) if entry.startswith(".") else entry for entry in value.split(":"))
