"""`parkit world`: run worlds without a window, make new ones, check and draw them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.table import Table

from coach_core.errors import UsageError
from ops.cli.output import USAGE, console, print_json, progress_bar
from ops.run import EXIT_STATUS, SessionOptions, Simulator, check_world, simulator
from ops.worlds.check import check as check_files
from ops.worlds.families import FAMILIES, drawn
from ops.worlds.layout import PROJECT, Family
from ops.worlds.picture import View, save
from ops.worlds.project import open_project
from ops.worlds.writer import write
from worlds.headless.errors import WorldError
from worlds.headless.vrml.parser import parse_world

app = typer.Typer(help="Run worlds headless, make new ones, check and draw them.", no_args_is_help=True)


@app.command()
def run(
    world: Annotated[Path, typer.Argument(help="The .wbt file.")],
    driver: Annotated[
        str,
        typer.Option(envvar="PARKIT_DRIVER", help="keyboard, joystick:FILE, remote, novice, expert or script:FILE."),
    ] = "novice",
    seed: Annotated[
        int, typer.Option(min=0, envvar="PARKIT_SEED", help="Sets the scenario, the noise and the driver.")
    ] = 0,
    assist: Annotated[
        int, typer.Option(min=0, max=4, envvar="PARKIT_ASSIST", help="4 full guidance ... 0 no coaching.")
    ] = 4,
    pace: Annotated[float, typer.Option(min=0.0, help="1 is real time; 0 as fast as possible.")] = 0.0,
    which: Annotated[
        Simulator, typer.Option("--simulator", help="auto takes Webots where WEBOTS_HOME is set.")
    ] = "auto",
    mqtt: Annotated[str, typer.Option(help="HOST:PORT of a broker to publish to.")] = "",
    vehicle: Annotated[str, typer.Option(envvar="PARKIT_VEHICLE_ID", help="Name of the car on the wire.")] = "car-1",
    name: Annotated[str, typer.Option(help="The learner's name.")] = "",
    language: Annotated[Literal["ko", "en"] | None, typer.Option(help="Of the in-car display.")] = None,
    displays: Annotated[Path | None, typer.Option(help="Folder for pictures of the in-car display.")] = None,
    time_limit: Annotated[float, typer.Option(min=1.0, help="Simulated seconds before the examiner ends it.")] = 240.0,
    as_json: Annotated[bool, typer.Option("--json", help="The result as one JSON object, the last line.")] = False,
) -> None:
    """Drive one session; the exit status says how it ended (0 parked, 3 contact, 4 timeout, 5 aborted)."""
    options = SessionOptions(
        world=check_world(world),
        driver=driver,
        seed=seed,
        assist=assist,
        pace=pace or None,
        mqtt=parse_address(mqtt) if mqtt else None,
        vehicle_id=vehicle,
        driver_name=name,
        language=language or "",
        display_dir=displays,
        time_limit_s=time_limit,
    )
    with (
        simulator(which) as chosen,
        progress_bar(f"{world.stem}, {driver}, {chosen.name}", None, quiet=as_json) as show,
    ):
        result = chosen.run(options, on_step=show)
    if as_json:
        print_json(result)
    else:
        show_result(result)
    raise typer.Exit(EXIT_STATUS[result["result"]])


@app.command()
def new(
    family: Annotated[Family, typer.Option(help=f"One of {', '.join(FAMILIES)}.")],
    seed: Annotated[int, typer.Option(min=0, help="Sets the lot: its bays, widths, aisle and what stands about.")] = 0,
    out: Annotated[Path, typer.Option(help="A worlds/ folder; any other folder is made a project.")] = PROJECT
    / "worlds",
    name: Annotated[str, typer.Option(help="Stem of the files; FAMILY_SEED if not given.")] = "",
) -> None:
    """Write a new world: NAME.wbt, its lot map and its scenario. Equal seeds give equal worlds."""
    stem = name or f"{family}_{seed}"
    if not stem.replace("_", "").replace("-", "").isalnum():
        raise typer.BadParameter(f"{stem!r} cannot name a world; use letters, digits, _ and -", param_hint="--name")
    folder = open_project(out)
    if (folder / f"{stem}.wbt").exists():
        raise UsageError(f"{folder / stem}.wbt exists; delete it or give the new world another --name")
    for path in write(drawn(family, seed, stem), folder):
        print(path)


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(help=".wbt and .proto files; a folder stands for its worlds.")],
    as_json: Annotated[bool, typer.Option("--json", help="All findings as one JSON object.")] = False,
) -> None:
    """Check worlds against the tables of Webots, their lot map and their scenario; status 2 if anything is wrong."""
    paths = [path for given in files for path in (sorted(given.glob("*.wbt")) if given.is_dir() else [given])]
    if not paths:
        raise UsageError(f"there is no .wbt file in {', '.join(map(str, files))}")
    if odd := [path for path in paths if path.suffix not in (".wbt", ".proto")]:
        raise UsageError(f"{odd[0]} is neither a .wbt nor a .proto file")
    findings = check_files(paths)
    warnings = sum(item.severity == "warning" for item in findings.items)
    if as_json:
        found = [item._asdict() for item in findings.sorted()]
        print_json({"files": len(paths), "errors": findings.errors, "warnings": warnings, "findings": found})
    else:
        for item in findings.sorted():
            print(item)
        ending = f"{len(paths)} checked, {findings.errors} errors, {warnings} warnings"
        console.print(ending, style="red" if findings.errors else "green", highlight=False)
    raise typer.Exit(USAGE if findings.errors else 0)


@app.command()
def show(
    file: Annotated[Path, typer.Argument(help="The .wbt file.")],
    png: Annotated[Path, typer.Option(help="The picture to write.")],
    view: Annotated[View, typer.Option(help="top, or viewpoint: what Webots shows first.")] = "top",
    width: Annotated[int, typer.Option(min=64, max=4096, help="Pixels.")] = 1600,
    height: Annotated[int, typer.Option(min=64, max=4096, help="Pixels.")] = 900,
) -> None:
    """Draw a world without Webots, as it stands in the file: the examiner's changes come later."""
    try:
        save(parse_world(check_world(file)), png, view, width, height)
    except WorldError as error:
        raise UsageError(str(error)) from error
    except OSError as error:
        raise UsageError(f"cannot write {png}: {error.strerror}") from error
    print(png)


def parse_address(text: str) -> tuple[str, int]:
    """HOST:PORT; a click error names what is wrong."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise typer.BadParameter(f"{text!r} is not HOST:PORT")
    return host, int(port)


def show_result(result: dict[str, Any]) -> None:
    """A table for people."""
    table = Table(title=f"{result['world']} · {result['driver']} · seed {result['seed']}", show_header=False)
    pose = result["end_pose"] or {}
    rows = {
        "result": result["result"],
        "score": "N/A" if result["score"] is None else f"{result['score']:g}",
        "contacts": result["contacts"],
        "least clearance": f"{result['min_clearance_m']} m",
        "duration": f"{result['duration_s']} s",
        "direction changes": result["cusps"],
        "end pose": f"{pose.get('lateral_m')} m lateral, {pose.get('depth_m')} m depth, {pose.get('yaw_rad')} rad",
        "decision p50 / p99": f"{result['decision_us']['p50']} / {result['decision_us']['p99']} µs",
        "real-time factor": result["real_time_factor"],
        "simulator": result["simulator"],
    }
    for name, value in rows.items():
        table.add_row(name, str(value))
    console.print(table)
