"""`parkit check`: worlds × drivers × seeds, and one verdict for CI."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from ops.check import golden
from ops.check.cases import EXIT_STATUS, Case, Outcome, all_cases, find_worlds, worst
from ops.check.drive import drive
from ops.check.elsewhere import SimulatorElsewhere
from ops.check.junit import write_junit
from ops.check.report import write_report
from ops.check.table import write_table
from ops.cli.output import console, print_json, progress_bar
from ops.run import Simulator, simulator


def check(
    paths: Annotated[list[Path], typer.Argument(help="Worlds, or folders of worlds.")],
    driver: Annotated[str, typer.Option(help="One or more, by commas.")] = "expert",
    seeds: Annotated[int, typer.Option(min=1, help="Of each world and driver.")] = 5,
    first_seed: Annotated[int, typer.Option(min=0, help="The others follow.")] = 1,
    min_score: Annotated[float, typer.Option(min=0.0, max=100.0, help="Fewer points do not pass.")] = 0.0,
    junit: Annotated[Path | None, typer.Option(help="Write JUnit XML here.")] = None,
    report: Annotated[Path | None, typer.Option(help="Write a page with replays here.")] = None,
    table: Annotated[Path | None, typer.Option(help="Write a Markdown table here, a row a world and driver.")] = None,
    golden_runs: Annotated[
        Path | None, typer.Option("--golden", help="Folder of known good runs to compare with.")
    ] = None,
    update_golden: Annotated[bool, typer.Option(help="Make the runs that pass the golden ones.")] = False,
    metres: Annotated[float, typer.Option(min=0.0, help="Farther from the golden run is a drift ...")] = 0.25,
    degrees: Annotated[float, typer.Option(min=0.0, help="... and so is being turned by more.")] = 5.0,
    jobs: Annotated[int, typer.Option(min=1, help="Runs at once.")] = 2,
    which: Annotated[
        Simulator, typer.Option("--simulator", help="auto takes Webots where WEBOTS_HOME is set.")
    ] = "auto",
    time_limit: Annotated[float, typer.Option(min=1.0, help="Simulated seconds of a run.")] = 240.0,
    as_json: Annotated[bool, typer.Option("--json", help="A JSON object a run, and the verdict last.")] = False,
) -> None:
    """Drive every world with every driver and seed. Status 0: all passed; else that of the worst run (1 failed,
    3 contact, 4 timeout, 5 aborted, 6 low score, 7 drifted from the golden run)."""
    cases = all_cases(find_worlds(paths), [name.strip() for name in driver.split(",")], seeds, first_seed)
    name = simulator(which).name
    places = count()

    def new_simulator() -> Any:
        # side by side in one process, two of the stand-in would wait for each other's interpreter lock
        return SimulatorElsewhere(which, next(places)) if name == "standin" and jobs > 1 else simulator(which)

    outcomes: dict[Case, Outcome] = {}
    with progress_bar(f"{len(cases)} runs in {name}", len(cases), quiet=as_json) as show:
        for outcome in drive(cases, new_simulator, jobs=jobs, min_score=min_score, time_limit_s=time_limit):
            outcomes[outcome.case] = _against_golden(outcome, golden_runs, update_golden, metres, degrees)
            show(len(outcomes))
    ordered = [outcomes[case] for case in cases]
    verdict = worst(ordered)
    if junit is not None:
        write_junit(ordered, junit)
    facts = f"{name}, {driver}, seeds {first_seed}-{first_seed + seeds - 1}"
    if report is not None:
        write_report(ordered, report, facts)
    if table is not None:
        write_table(ordered, table, f"Written by `parkit check --table`: {facts}.")
    if as_json:
        for one in ordered:
            print_json(
                {"case": one.case.name, "verdict": one.verdict, "why": one.why, "digest": one.result.get("digest")}
            )
        print_json({"simulator": name, "runs": len(ordered), "verdict": verdict})
    else:
        _show(ordered, name)
    raise typer.Exit(EXIT_STATUS[verdict])


def _against_golden(outcome: Outcome, folder: Path | None, update: bool, metres: float, degrees: float) -> Outcome:
    if folder is None or outcome.verdict != "passed":
        return outcome
    if update:
        golden.keep(folder, outcome)
        return outcome
    why = golden.drift(folder, outcome, metres, degrees)
    return replace(outcome, verdict="drifted", why=why) if why else outcome


def _show(outcomes: list[Outcome], name: str) -> None:
    table = Table("world", "driver", "passed", "of", title=f"parkit check in {name}")
    groups = dict.fromkeys((outcome.case.world.stem, outcome.case.driver) for outcome in outcomes)
    for world, driver in groups:
        mine = [one for one in outcomes if (one.case.world.stem, one.case.driver) == (world, driver)]
        table.add_row(world, driver, str(sum(one.verdict == "passed" for one in mine)), str(len(mine)))
    console.print(table)
    for one in outcomes:
        if one.verdict != "passed":
            console.print(f"{one.case.name}: {one.verdict}: {one.why}", markup=False, highlight=False, soft_wrap=True)
