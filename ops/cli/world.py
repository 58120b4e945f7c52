"""`parkit world`: run worlds without a window."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.table import Table

from ops.cli.output import console, print_json, progress_bar
from ops.run import EXIT_STATUS, SessionOptions, Simulator, check_world, simulator

app = typer.Typer(help="Run worlds headless.", no_args_is_help=True)


@app.callback()
def worlds() -> None:
    """Keeps `run` a command of its own."""


@app.command()
def run(
    world: Annotated[Path, typer.Argument(help="The .wbt file.")],
    driver: Annotated[
        str, typer.Option(envvar="PARKIT_DRIVER", help="keyboard, novice, expert or script:FILE.")
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
