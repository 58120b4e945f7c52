"""`parkit study`: what the coach is worth, by simulated learners; every figure by one command and a seed."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from ops.cli.output import FAILED, progress_bar

Coached = Literal["both", "yes", "no"]
SKILLS = "beginner,novice,practised"


def study(
    families: Annotated[str, typer.Option(help="Kinds of slots, by commas; all if empty.")] = "",
    skills: Annotated[str, typer.Option(help=f"Who drives, by commas: {SKILLS},expert.")] = SKILLS,
    coached: Annotated[Coached, typer.Option(help="With the coach, without (by memorised recipe), or both.")] = "both",
    episodes: Annotated[int, typer.Option(min=1, help="Of each family, driver and help.")] = 100,
    seed: Annotated[int, typer.Option(min=0, help="Of the first episode; the next has the next.")] = 1,
    jobs: Annotated[int, typer.Option(min=1, help="Processes that drive at once.")] = 2,
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget the episodes of a run that was stopped.")] = False,
    trace: Annotated[int | None, typer.Option(help="Tell the one episode of this seed, cue by cue.")] = None,
) -> None:
    """Park many times with simulated learners, coached and not."""
    from ops.study.parking import WHO, Row, cases
    from ops.study.runner import Journal, run_cases
    from ops.study.scenes import FAMILIES
    from ops.study.tables import names, show, tell

    helped = {"both": [True, False], "yes": [True], "no": [False]}[coached]
    who = names(skills, WHO, "skill")
    where = names(families, FAMILIES, "family") if families else list(FAMILIES)
    if trace is not None:
        for case in cases(where, [name for name in WHO if name in who], helped, 1, trace):
            tell(case)
        return
    chosen = list(cases(where, [name for name in WHO if name in who], helped, episodes, seed))
    journal = Journal()
    if fresh:
        journal.forget(chosen)
    done = 0

    with progress_bar("episodes", len(chosen)) as progress:

        def count(_: Row) -> None:
            nonlocal done
            done += 1
            progress(float(done))

        rows = run_cases(chosen, jobs=jobs, journal=journal, on_done=count)
    show(rows)
    if any(row.result.startswith("error") for row in rows):
        raise typer.Exit(FAILED)
