"""The check as JUnit XML, which every CI system shows."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from pathlib import Path

from ops.check.cases import Outcome


def write_junit(outcomes: Sequence[Outcome], path: Path) -> None:
    """One suite, a test case a run: an error where the run itself failed, a failure for any other verdict."""
    failures = sum(outcome.verdict not in ("passed", "failed") for outcome in outcomes)
    errors = sum(outcome.verdict == "failed" for outcome in outcomes)
    suite = ET.Element(
        "testsuite",
        name="parkit check",
        tests=str(len(outcomes)),
        failures=str(failures),
        errors=str(errors),
        time=f"{sum(outcome.wall_s for outcome in outcomes):.3f}",
    )
    for outcome in outcomes:
        case = outcome.case
        element = ET.SubElement(
            suite,
            "testcase",
            classname=f"{case.world.stem}.{case.driver}",
            name=f"seed {case.seed}",
            time=f"{outcome.wall_s:.3f}",
        )
        if outcome.verdict != "passed":
            kind = "error" if outcome.verdict == "failed" else "failure"
            first = outcome.why.splitlines()[0] if outcome.why else outcome.verdict
            ET.SubElement(element, kind, type=outcome.verdict, message=_printable(first)).text = _printable(outcome.why)
    path.parent.mkdir(parents=True, exist_ok=True)
    ET.ElementTree(suite).write(path, encoding="utf-8", xml_declaration=True)


def _printable(text: str) -> str:
    """Without the control characters that XML does not allow."""
    return "".join(c for c in text if c in "\t\n" or ord(c) >= 32)
