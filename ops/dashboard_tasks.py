"""`python -m ops.dashboard_tasks check|test|contracts`: the dashboard's npm scripts, with Node from PyPI."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence

from coach_core.errors import UsageError
from ops.dashboard_build import DASHBOARD, Node, find_node

STEPS = {
    # one by one: a script that calls npm again would find the wheel's own `npm`, which some installers break
    "check": ("check:types", "check:lint", "check:contracts"),
    "test": ("test",),
    "contracts": ("contracts",),
}


def development_packages_are_installed() -> bool:
    """Whether node_modules holds every locked package, those for checks and tests included."""
    record = DASHBOARD / "node_modules" / ".package-lock.json"
    if not record.is_file():
        return False
    installed = json.loads(record.read_text(encoding="utf-8"))["packages"]
    locked = json.loads((DASHBOARD / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    return all(
        installed.get(name, {}).get("version") == package.get("version")
        for name, package in locked.items()
        if name and not (package.get("optional") or package.get("devOptional"))
    )


def run_npm(node: Node, arguments: Sequence[str]) -> int:
    """npm in the dashboard's folder, its output passed through; the exit status."""
    path = os.pathsep.join((str(node.executable.parent), os.environ.get("PATH", "")))
    command = [str(node.executable), str(node.npm), *arguments]
    return subprocess.run(command, cwd=DASHBOARD, env={**os.environ, "PATH": path}, check=False).returncode


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status: npm's, or 2 where there is no Node."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("script", choices=tuple(STEPS))
    script = parser.parse_args(arguments).script
    try:
        node = find_node()
    except UsageError as error:
        print(f"parkit: {error}", file=sys.stderr)
        return 2
    if not development_packages_are_installed():
        quiet = ["--no-audit", "--no-fund", "--loglevel=error"]
        status = run_npm(node, ["ci", "--ignore-scripts", "--prefer-offline", *quiet])
        if status != 0:
            return status
    for step in STEPS[script]:
        status = run_npm(node, ["run", "--silent", step])
        if status != 0:
            return status
    return 0


if __name__ == "__main__":
    sys.exit(main())
