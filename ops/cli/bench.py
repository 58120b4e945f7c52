"""`parkit bench`: the figures in docs/results, each by one command."""

from __future__ import annotations

import json
import math
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from ops.cli.output import console, print_json, progress_bar
from ops.embedded.mqtt import Kind
from ops.run import check_world

PROJECT = Path(__file__).resolve().parents[2]
RESULTS = PROJECT / "docs" / "results"
TPCAP = PROJECT.parent / "shared" / "domain" / "tpcap"
"""Where the TPCAP cases lie if they lie beside the clone."""
PERPENDICULAR = PROJECT / "worlds" / "perpendicular.wbt"

app = typer.Typer(help="Measure: ticks, coaching, the pipeline, the relay, the planner.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Figures as one JSON object.")]
Save = Annotated[bool, typer.Option("--save", help="Write the figures to docs/results as well.")]
World = Annotated[Path, typer.Option(help="The .wbt file.")]


@app.command()
def tick(
    frames: Annotated[int, typer.Option(min=1)] = 100_000,
    driver: str = "novice",
    seed: Annotated[int, typer.Option(min=0)] = 1,
    world: World = PERPENDICULAR,
    as_json: Json = False,
    save: Save = False,
) -> None:
    """Sensor frame to decision, over many frames of a driven session."""
    from ops.bench.tick import measure

    with progress_bar("ticks", frames, quiet=as_json) as show:
        figures = measure(check_world(world), frames=frames, driver=driver, seed=seed, on_done=show)
    _report("tick", figures, as_json, save)


@app.command()
def coaching(
    seeds: Annotated[int, typer.Option(min=1, help="How many seeds, from 1.")] = 100,
    assist: Annotated[str, typer.Option(help="Assist levels, by commas.")] = "4,0",
    driver: str = "novice",
    workers: Annotated[int, typer.Option(min=1)] = 2,
    world: World = PERPENDICULAR,
    as_json: Json = False,
    save: Save = False,
) -> None:
    """The same novices in the same scenarios, coached and not."""
    from ops.bench.coaching import markdown, measure

    levels = _levels(assist)
    with progress_bar("sessions", seeds * len(levels), quiet=as_json) as show:
        figures = measure(
            check_world(world),
            driver=driver,
            seeds=range(1, seeds + 1),
            assists=levels,
            workers=workers,
            on_done=show,
        )
    name = "coaching" if driver == "novice" else f"coaching-{driver}"
    _report(name, figures, as_json, save, markdown(figures, _command()))


@app.command()
def pipeline(
    cars: Annotated[int, typer.Option(min=1)] = 1,
    seconds: Annotated[float, typer.Option(min=2.0)] = 30.0,
    mqtt: Annotated[str, typer.Option(help="mosquitto or amqtt; default: what the demo would take.")] = "",
    world: World = PERPENDICULAR,
    as_json: Json = False,
    save: Save = False,
) -> None:
    """Sensor timestamp to browser paint, hop by hop, in headless Chromium."""
    from ops.bench.pipeline import measure

    with progress_bar("pipeline", seconds, quiet=as_json) as show:
        figures = measure(check_world(world), cars=cars, seconds=seconds, mqtt_kind=mqtt or None, on_second=show)
    _report("pipeline" if cars == 1 else f"pipeline-{cars}", figures, as_json, save)


@app.command()
def relay(
    seconds: Annotated[float, typer.Option(min=1.0)] = 10.0,
    cars: Annotated[int, typer.Option(min=1)] = 1,
    as_json: Json = False,
    save: Save = False,
) -> None:
    """MQTT publish to Kafka consumer, beside a bare loop over the same brokers."""
    from ops.bench.machine import machine
    from ops.bench.relay import measure, measure_bare
    from ops.embedded.mqtt import find_mosquitto

    kinds: list[Kind] = ["mosquitto", "amqtt"] if find_mosquitto() else ["amqtt"]
    with progress_bar("relay", None, quiet=as_json):
        ways = [measure_bare(cars=cars, seconds=seconds)]
        ways += [measure(kind, cars=cars, seconds=seconds) for kind in kinds]
    figures = {"ways": [way._asdict() for way in ways], "machine": machine()}
    _report("relay", figures, as_json, save)


@app.command()
def overlay(
    redraws: Annotated[int, typer.Option(min=1)] = 2000,
    as_json: Json = False,
    save: Save = False,
) -> None:
    """What redrawing the in-car display costs the controller."""
    from ops.bench.overlay import measure

    with progress_bar("redraws", None, quiet=as_json):
        figures = measure(redraws)
    _report("overlay", figures, as_json, save)


@app.command()
def planner(
    seed: Annotated[int, typer.Option(min=0)] = 1,
    compare: Annotated[bool, typer.Option("--compare", help="Put OMPL's RRTConnect to the same scenes.")] = False,
    quick: Annotated[bool, typer.Option("--quick", help="Few scenes: a minute instead of ten.")] = False,
    count: Annotated[int | None, typer.Option(min=1, help="Scenes of each easy and tight family.")] = None,
    tpcap: Annotated[
        Path | None, typer.Option(envvar="PARKIT_TPCAP", help="Folder of the TPCAP cases, which are not ours to ship.")
    ] = None,
    as_json: Json = False,
    save: Save = False,
) -> None:
    """The planner on the standard tasks, TPCAP and random lots, every path judged by an independent checker."""
    from ops.bench.machine import machine
    from ops.bench.planner.run import CASES, FULL, QUICK, run
    from ops.bench.planner.scenes import tpcap_cases
    from ops.bench.planner.summary import missed_scenes, promises, render, summarise

    folder = tpcap or TPCAP
    if len(tpcap_cases(folder)) < CASES:
        missing = f"want the {CASES} TPCAP cases Case1.csv ... in {folder}; name their folder with --tpcap"
        if tpcap is not None or os.environ.get("CI"):
            raise typer.BadParameter(missing)
        console.print(f"TPCAP skipped: {missing}", style="yellow")
    size = QUICK if quick else FULL
    size = size if count is None else size._replace(plans=count)
    with progress_bar("scenes", 1.0, quiet=as_json) as show:
        report = run(seed, size, compare=compare, tpcap=folder, on_done=show)
    described = machine()
    figures = {
        "machine": described,
        "seed": seed,
        "scenes": size._asdict(),
        "notes": report.notes,
        "promised": [line._asdict() for line in promises(report.outcomes)],
        "families": [_without_nan(line._asdict()) for line in summarise(report.outcomes)],
        "missed": missed_scenes(report.outcomes),
    }
    on = ", ".join(str(described[key]) for key in ("cpu", "cores", "system", "python", "measured_at"))
    text = f"# Planner\n\nCommand: `{_command()}`\\\nMachine (CPU, cores, system, Python, when): {on}\n\n"
    _report("planner", figures, as_json, save, f"{text}{render(report.outcomes, report.notes)}\n")


def _without_nan(figures: dict[str, Any]) -> dict[str, Any]:
    """JSON knows no NaN: what a solver without any success has no figure for is null."""
    return {key: None if isinstance(value, float) and math.isnan(value) else value for key, value in figures.items()}


def _levels(text: str) -> list[int]:
    try:
        levels = [int(part) for part in text.split(",")]
    except ValueError:
        levels = [-1]
    if not all(0 <= level <= 4 for level in levels):
        raise typer.BadParameter(f"--assist {text!r}: want levels from 0 to 4, by commas")
    return levels


def _command() -> str:
    return " ".join(["parkit", *sys.argv[1:]])


def _report(name: str, figures: dict[str, Any], as_json: bool, save: bool, text: str | None = None) -> None:
    figures = {"command": _command(), **figures}
    if save:
        RESULTS.mkdir(parents=True, exist_ok=True)
        (RESULTS / f"{name}.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
        if text is not None:
            (RESULTS / f"{name}.md").write_text(text, encoding="utf-8")
    if as_json:
        print_json(figures)
    elif text is not None:
        console.print(text, markup=False, soft_wrap=True)
    else:
        console.print_json(json.dumps(figures))
