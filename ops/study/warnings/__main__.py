"""`python -m ops.study.warnings`: the warnings alone, with a table on the terminal."""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from coach_core.warmup import warm_up
from ops.study.scenes import FAMILIES
from ops.study.warnings.study import Warnings, study


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m ops.study.warnings", description=__doc__)
    parser.add_argument("--episodes", type=int, default=200, help="contact episodes")
    parser.add_argument("--manoeuvres", type=int, default=28, help="clean manoeuvres")
    parser.add_argument("--families", default=",".join(FAMILIES), help="families of the clean manoeuvres")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, help="write figures and rows to this file")
    options = parser.parse_args(arguments)
    families = tuple(name for name in options.families.split(",") if name)
    unknown = [name for name in families if name not in FAMILIES]
    if unknown:
        parser.error(f"unknown family {unknown[0]!r}; there are: {', '.join(FAMILIES)}")
    if options.episodes < 0 or options.manoeuvres < 0:
        parser.error("--episodes and --manoeuvres are numbers of runs, 0 or more")
    warm_up()
    found = Warnings(options.seed)
    with Progress(console=Console(stderr=True)) as progress, contextlib.suppress(KeyboardInterrupt):
        task = progress.add_task("warnings", total=options.episodes + options.manoeuvres)
        study(
            options.episodes,
            options.manoeuvres,
            options.seed,
            families=families,
            on_done=lambda done: progress.update(task, completed=done),
            found=found,
        )
    missing = options.episodes + options.manoeuvres - len(found.rows) - len(found.clean_rows)
    if missing:
        print(f"stopped {missing} runs early; the figures are those of the rest", file=sys.stderr)
    if options.json is not None:
        options.json.write_text(json.dumps(found.to_json(), indent=1) + "\n", encoding="utf-8")
    show(found, Console())
    return 0


def show(found: Warnings, console: Console) -> None:
    """Both tables."""
    if found.rows:
        table = Table(title="Contacts: lead of the critical level [s]; PDW: a beeper's 30 cm tone")
        for name in (
            "group",
            "n",
            "missed",
            "< bound",
            "p1",
            "p5",
            "p50",
            ">= 1 s",
            "95 %",
            "named",
            "PDW missed",
            "PDW p50",
        ):
            table.add_column(name, justify="left" if name == "group" else "right")
        for name, f in found.leads().items():
            table.add_row(
                name,
                str(f.episodes),
                str(f.missed),
                f"{100 * f.missed_95:.2f} %",
                *(f"{value:.2f}" for value in (f.lead_p1_s, f.lead_p5_s, f.lead_p50_s)),
                f"{100 * f.in_time:.1f} %",
                f"{100 * f.in_time_95[0]:.1f}-{100 * f.in_time_95[1]:.1f}",
                f"{100 * f.named:.0f} %",
                f"{100 * f.pdw_missed:.0f} %",
                f"{f.pdw_p50_s:.2f}",
            )
        console.print(table)
        console.print(f"{found.without_contact} draws ended without their contact and were replaced.")
    if found.clean_rows:
        table = Table(title="Clean manoeuvres: signals per manoeuvre")
        for name in ("family", "n", "not clean", "critical", "warning", "sounding s", "PDW s", "ratio"):
            table.add_column(name, justify="left" if name == "family" else "right")
        for name, n in found.nuisance().items():
            ratio = "-" if n.tone_ratio is None else f"{n.tone_ratio:.3f}"
            counts = (str(n.manoeuvres), str(n.not_clean), f"{n.critical:.3f}", f"{n.warning:.3f}")
            table.add_row(name, *counts, f"{n.sounding_s:.2f}", f"{n.pdw_sounding_s:.2f}", ratio)
        console.print(table)


if __name__ == "__main__":
    sys.exit(main())
