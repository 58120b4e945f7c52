"""`python -m ops.dashboard_tasks check|test|contracts`: the dashboard's npm scripts, with Node from PyPI."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence

from coach_core.errors import UsageError
from ops.dashboard_build import DASHBOARD, Node, find_node, packages_are_installed

STEPS = {
    # one by one: a script that calls npm again would find the wheel's own `npm`, which some installers break
    "check": ("check:types", "check:lint", "check:contracts"),
    "test": ("test",),
    "contracts": ("contracts",),
}


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
    if not packages_are_installed(development=True):
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
