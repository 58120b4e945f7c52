"""Many runs as one verdict, with a simulator that answers at once."""

from __future__ import annotations

import gzip
import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from coach_core.errors import UsageError
from ops.check.cases import Case, Outcome, all_cases, find_worlds, worst
from ops.check.drive import drive, judge
from ops.cli import check as command
from ops.cli.main import app
from ops.run import RunError, SessionOptions
from ops.worlds.layout import PROJECT

WORLD = PROJECT / "worlds" / "perpendicular.wbt"
PARKED = {
    "result": "parked",
    "score": 96.0,
    "duration_s": 31.0,
    "min_clearance_m": 0.4,
    "contacts": 0,
    "digest": "abc",
    "card": {"passed": True, "rubric": "parkit-1"},
}
Answer = Callable[[SessionOptions], dict[str, Any]]


class Fake:
    """Answers by seed, and leaves the trace it is asked for."""

    name = "fake"

    def __init__(self, answer: Answer, shift: float = 0.0) -> None:
        self._answer = answer
        self._shift = shift

    def __enter__(self) -> Fake:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def run(self, options: SessionOptions, **_: object) -> dict[str, Any]:
        result = self._answer(options)
        lines: list[dict[str, Any]] = [{"trace": 1, "bodies": [{"outline": [[0, 0], [1, 0], [1, 1]]}]}]
        lines += [{"t": 0.05 * n, "ego": [0.1 * n + self._shift, 0.0, 0.0, 1.0]} for n in range(60)]
        with gzip.open(options.environment["PARKIT_TRACE"], "wt") as file:
            file.writelines(json.dumps(line) + "\n" for line in lines)
        return result


def by_seed(options: SessionOptions) -> dict[str, Any]:
    """Seed 1 parks, 2 is poor, 3 touches, 4 crashes."""
    if options.seed == 4:
        raise RunError("perpendicular.wbt: controller_crashed\nTraceback (most recent call last): boom")
    changes: dict[int, dict[str, Any]] = {2: {"score": 41.0}, 3: {"result": "contact"}}
    return PARKED | changes.get(options.seed, {})


def outcomes(cases: list[Case], answer: Answer = by_seed) -> dict[int, Outcome]:
    made = drive(cases, lambda: Fake(answer), jobs=2, min_score=80.0, time_limit_s=60.0)
    return {outcome.case.seed: outcome for outcome in made}


def test_every_case_gets_its_verdict_and_a_crash_ends_nothing() -> None:
    made = outcomes(all_cases([WORLD], ["expert"], 4, 1))
    assert {seed: one.verdict for seed, one in made.items()} == {
        1: "passed",
        2: "low_score",
        3: "contact",
        4: "failed",
    }
    assert "41 points" in made[2].why
    assert "Traceback" in made[4].why
    assert made[1].trace[0]["trace"] == 1
    assert worst(made.values()) == "failed"
    assert worst([made[1], made[2]]) == "low_score"


def test_a_failure_nobody_foresaw_is_that_runs_failure() -> None:
    def broken(_: SessionOptions) -> dict[str, Any]:
        raise KeyError("score")

    assert outcomes(all_cases([WORLD], ["expert"], 1, 1), broken)[1].why == "KeyError: 'score'"


def test_a_rubric_without_points_passes_by_its_verdict() -> None:
    card = {"passed": True, "rubric": "uk-bay"}
    assert judge(PARKED | {"score": None, "card": card}, 80.0)[0] == "passed"
    assert judge(PARKED | {"score": None, "card": card | {"passed": False}}, 80.0)[0] == "low_score"


def test_folders_stand_for_their_worlds_and_nothing_is_refused(tmp_path: Path) -> None:
    assert WORLD in find_worlds([PROJECT / "worlds"])
    with pytest.raises(UsageError, match="no worlds"):
        find_worlds([tmp_path])
    with pytest.raises(UsageError, match="driver"):
        all_cases([WORLD], ["nobody"], 1, 1)


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Callable[[Answer, float], None]:
    def use(answer: Answer, shift: float = 0.0) -> None:
        monkeypatch.setattr(command, "simulator", lambda _which: Fake(answer, shift))

    return use


def parkit_check(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["check", *map(str, arguments)])


def test_check_writes_junit_and_a_page_and_its_status_is_the_worst(tmp_path: Path, fake: Callable[..., None]) -> None:
    fake(by_seed)
    junit, page = tmp_path / "out" / "junit.xml", tmp_path / "out" / "report.html"
    answer = parkit_check(WORLD, "--seeds", 3, "--min-score", 80, "--junit", junit, "--report", page, "--json")
    assert answer.exit_code == 3
    last = json.loads(answer.stdout.splitlines()[-1])
    assert last == {"simulator": "fake", "runs": 3, "verdict": "contact"}
    suite = ET.parse(junit).getroot()
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("3", "2", "0")
    text = page.read_text(encoding="utf-8")
    assert "1 of 3 passed" in text
    assert "__RUNS__" not in text


def test_runs_are_held_against_the_golden_ones(tmp_path: Path, fake: Callable[..., None]) -> None:
    fake(by_seed)
    assert parkit_check(WORLD, "--seeds", 1, "--golden", tmp_path, "--update-golden").exit_code == 0
    assert parkit_check(WORLD, "--seeds", 1, "--golden", tmp_path).exit_code == 0
    fake(by_seed, 0.4)
    drifted = parkit_check(WORLD, "--seeds", 1, "--golden", tmp_path, "--json")
    assert drifted.exit_code == 7
    assert "0.40 m" in drifted.stdout
    next(tmp_path.glob("*.json")).write_text("{}")
    assert isinstance(parkit_check(WORLD, "--seeds", 1, "--golden", tmp_path).exception, UsageError)
