"""`parkit joystick calibrate`: find out what a gamepad's or wheel's axes and buttons mean."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Annotated, Literal

import typer

from coach_core.errors import UsageError
from controllers.parkit_coach.drivers import check_driver
from ops.cli.output import console
from ops.run import check_world, find_webots
from ops.worlds.layout import PROJECT

app = typer.Typer(help="Gamepads and wheels.", no_args_is_help=True)
DEFAULT = Path("joystick.json")


@app.callback()
def joystick() -> None:
    """Gamepads and wheels."""


@app.command()
def calibrate(
    file: Annotated[Path, typer.Argument(help="The calibration to write.")] = DEFAULT,
    world: Annotated[Path, typer.Option(help="Any world with the learner's car.")] = PROJECT
    / "worlds"
    / "perpendicular.wbt",
    language: Annotated[Literal["ko", "en"] | None, typer.Option(help="Of the prompts.")] = None,
) -> None:
    """Open Webots; the car's display asks for one movement after another, then writes FILE."""
    file, world = file.absolute(), check_world(world)
    check_driver(f"calibrate:{file}")
    webots = find_webots()
    if webots is None:
        raise UsageError(
            "a gamepad or wheel is read by Webots, which was not found: install it and set WEBOTS_HOME (docs/webots.md)"
        )
    variables = {"PARKIT_DRIVER": f"calibrate:{file}"} | ({"PARKIT_LANGUAGE": language} if language else {})
    command = [str(webots), "--mode=realtime", "--stdout", "--stderr", str(world)]
    before = _written(file)
    console.print("Plug the device in, click into Webots' 3D view and do what the display says; then close Webots.")
    status = subprocess.run(command, env={**os.environ, **variables}, check=False).returncode
    if _written(file) == before:
        raise UsageError(f"{file} was not written (Webots ended with status {status}); the car's console says why")
    console.print(f"Wrote {file}. Drive with: PARKIT_DRIVER=joystick:{file}", soft_wrap=True)


def _written(file: Path) -> int | None:
    """When a file was last written; None if there is none."""
    try:
        return file.stat().st_mtime_ns
    except FileNotFoundError:
        return None
