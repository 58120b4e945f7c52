"""What is driven, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from coach_core.errors import UsageError
from controllers.parkit_coach.drivers import check_driver
from ops.run import check_world

Verdict = Literal["passed", "low_score", "drifted", "contact", "timeout", "aborted", "failed"]
EXIT_STATUS: dict[Verdict, int] = {
    "passed": 0,
    "failed": 1,
    "contact": 3,
    "timeout": 4,
    "aborted": 5,
    "low_score": 6,
    "drifted": 7,
}
"""As of `parkit world run`, and two more; a check ends with that of its worst run, in the order of SEVERITY."""
SEVERITY: tuple[Verdict, ...] = ("failed", "contact", "aborted", "timeout", "drifted", "low_score", "passed")


@dataclass(frozen=True)
class Case:
    """One run to make."""

    world: Path
    driver: str
    seed: int

    @property
    def name(self) -> str:
        """Unique in a check, and fit for a file name."""
        driver = "".join(c if c.isalnum() else "-" for c in self.driver)
        return f"{self.world.stem}-{driver}-{self.seed}"


@dataclass(frozen=True)
class Outcome:
    """What came of a case. `result` is empty and `why` tells the failure where the run itself failed."""

    case: Case
    verdict: Verdict
    why: str = ""
    result: dict[str, Any] = field(default_factory=dict)
    trace: list[dict[str, Any]] = field(default_factory=list)
    wall_s: float = 0.0


def find_worlds(paths: Iterable[Path]) -> list[Path]:
    """The worlds named, and those in the folders named; UsageError if there are none."""
    found: list[Path] = []
    for path in paths:
        found += sorted(path.glob("*.wbt")) if path.is_dir() else [path]
    worlds = [check_world(path) for path in found]
    if not worlds:
        raise UsageError("no worlds to check: name .wbt files, or a folder that has some")
    return worlds


def all_cases(worlds: Sequence[Path], drivers: Sequence[str], seeds: int, first_seed: int) -> list[Case]:
    """Every world with every driver and seed; UsageError for a driver there is not."""
    for driver in drivers:
        check_driver(driver)
    span = range(first_seed, first_seed + seeds)
    return [Case(world, driver, seed) for world in worlds for driver in drivers for seed in span]


def worst(outcomes: Iterable[Outcome]) -> Verdict:
    """The gravest verdict; "passed" of none."""
    verdicts = {outcome.verdict for outcome in outcomes}
    return next((verdict for verdict in SEVERITY if verdict in verdicts), "passed")
