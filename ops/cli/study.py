"""`parkit study`: what the coach is worth, by simulated learners; every figure by one command and a seed."""

from __future__ import annotations

import json
import sys
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from coach_core.errors import UsageError
from ops.cli.output import FAILED, progress_bar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ops.study.parking import Row

RESULTS = Path(__file__).resolve().parents[2] / "docs" / "results"
Coached = Literal["both", "yes", "no"]
SKILLS = "beginner,novice,practised"
MEASURED_WITH = ("numpy", "numba", "shapely", "msgspec")


def study(
    parts: Annotated[str, typer.Option(help="Of these, by commas.")] = "parking,warnings,tick,rubrics,score",
    families: Annotated[str, typer.Option(help="Kinds of slots, by commas; all if empty.")] = "",
    skills: Annotated[str, typer.Option(help=f"Who drives, by commas: {SKILLS},expert.")] = SKILLS,
    coached: Annotated[Coached, typer.Option(help="With the coach, without (by memorised recipe), or both.")] = "both",
    episodes: Annotated[int, typer.Option(min=1, help="Of each family, driver and help.")] = 100,
    contacts: Annotated[int, typer.Option(min=1, help="Of the warnings part.")] = 10_000,
    manoeuvres: Annotated[int, typer.Option(min=1, help="Clean ones, of the warnings part.")] = 2_000,
    frames: Annotated[int, typer.Option(min=1, help="Of the tick part.")] = 1_000_000,
    sessions: Annotated[int, typer.Option(min=1, help="Of the rubrics part.")] = 500,
    faults: Annotated[int, typer.Option(min=1, help="Episodes of each bad habit, of the score part.")] = 10,
    quick: Annotated[bool, typer.Option("--quick", help="A little of everything, in a few minutes.")] = False,
    seed: Annotated[int, typer.Option(min=0, help="Of the first episode; the next has the next.")] = 1,
    jobs: Annotated[int, typer.Option(min=1, help="Processes that drive at once.")] = 2,
    save: Annotated[bool, typer.Option("--save", help="Write docs/results/study.json, .md and the pictures.")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget the episodes of a run that was stopped.")] = False,
    trace: Annotated[int | None, typer.Option(help="Tell the one episode of this seed, cue by cue.")] = None,
) -> None:
    """Simulated learners park, coached and alone; others drive into things to see whether they are warned.

    A run that is stopped goes on where it stopped, as long as the sources are the same.
    """
    if lacking := [name for name in ("shapely", "matplotlib") if find_spec(name) is None]:
        raise UsageError(f"{' and '.join(lacking)} not installed; run `make setup-dev`")
    from ops.bench.machine import machine
    from ops.study import parts as measure
    from ops.study.parking import WHO, cases
    from ops.study.scenes import FAMILIES
    from ops.study.tables import names, show, show_lines, tell

    wanted = names(parts, measure.PARTS, "part")
    size = measure.QUICK if quick else measure.Size(episodes, contacts, manoeuvres, frames, sessions, faults)
    helped = {"both": [True, False], "yes": [True], "no": [False]}[coached]
    learners = names(skills, WHO, "skill")
    who = [name for name in WHO if name in learners]
    where = names(families, FAMILIES, "family") if families else list(FAMILIES)
    if trace is not None:
        for case in cases(where, who, helped, 1, trace):
            tell(case)
        return
    chosen = list(cases(where, who, helped, size.episodes, seed))
    totals = {
        "parking": len(chosen),
        "warnings": size.contacts + size.manoeuvres,
        "tick": size.frames,
        "rubrics": size.sessions,
        "score": measure.SCORE_STEPS,
    }
    found: dict[str, Any] = {}
    leads: list[tuple[str, float]] = []
    rows: list[Row] = []
    with progress_bar("study", float(len(wanted) * 1000)) as progress:
        for index, name in enumerate(wanted):

            def on_done(done: float, base: int = 1000 * index, total: float = totals[name]) -> None:
                progress(base + 1000.0 * done / total)

            if name == "parking":
                figures, rows = measure.parking(chosen, jobs=jobs, fresh=fresh, on_done=on_done)
            elif name == "warnings":
                figures, leads = measure.warnings(size, seed, jobs=jobs, fresh=fresh, on_done=on_done)
            elif name == "tick":
                figures = measure.tick(size, seed, on_done=on_done)
            elif name == "score":
                figures = measure.score(size, seed, jobs=jobs, on_done=on_done)
            else:
                figures = measure.rubrics(size, seed)
                on_done(size.sessions)
            found[name] = {"command": _command(), "seed": seed, "machine": machine(), "versions": _versions()}
            found[name]["figures"] = figures
    if rows:
        show(rows)
    show_lines(found)
    if save:
        _save(found, rows, leads)
    if any(row.result.startswith("error") for row in rows):
        raise typer.Exit(FAILED)


def _command() -> str:
    return " ".join(["parkit", *sys.argv[1:]])


def _versions() -> dict[str, str]:
    return {name: version(name) for name in MEASURED_WITH}


def _save(found: dict[str, Any], rows: Sequence[Row], leads: list[tuple[str, float]]) -> None:
    """Parts that were not measured now keep what the files say of them."""
    from ops.study.parts import PARTS
    from ops.study.plots import draw_all, pictures
    from ops.study.report import page

    RESULTS.mkdir(parents=True, exist_ok=True)
    path = RESULTS / "study.json"
    earlier = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    parts: dict[str, Any] = {
        name: found.get(name, earlier.get(name)) for name in PARTS if name in found or name in earlier
    }
    path.write_text(json.dumps(parts, indent=1) + "\n", encoding="utf-8")
    draw_all(found, rows, leads, RESULTS)
    (RESULTS / "study.md").write_text(page(parts, pictures(RESULTS)), encoding="utf-8")
