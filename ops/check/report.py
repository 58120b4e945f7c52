"""The check as one HTML file that needs nothing else: a table of the runs, and each to be played again from above."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from coach_core.perception.slots import slot_from_map
from controllers.worldfiles import load_lot, load_profile
from ops.check.cases import Outcome
from ops.check.golden import thinned


def write_report(outcomes: Sequence[Outcome], path: Path, facts: str) -> None:
    """Write it. facts: one line on how the runs were made."""
    passed = sum(outcome.verdict == "passed" for outcome in outcomes)
    template = (resources.files("ops.check") / "report.html").read_text(encoding="utf-8")
    runs = json.dumps([_run(outcome) for outcome in outcomes], ensure_ascii=False).replace("</", "<\\/")
    page = template.replace("__SUMMARY__", f"{passed} of {len(outcomes)} passed")
    page = page.replace("__FACTS__", html.escape(facts)).replace("__RUNS__", runs)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8")


def _run(outcome: Outcome) -> dict[str, Any]:
    case, result = outcome.case, outcome.result
    profile, lot = load_profile(case.world), load_lot(case.world)
    head: dict[str, Any] = outcome.trace[0] if outcome.trace else {}
    bodies = [body["outline"] for body in head.get("bodies", []) if body.get("outline")]
    return {
        "cells": [
            case.world.stem,
            case.driver,
            str(case.seed),
            outcome.verdict,
            _number(result.get("score"), ""),
            _number(result.get("duration_s"), " s"),
            _number(result.get("min_clearance_m"), " m"),
            _number(result.get("contacts"), ""),
            str(result.get("digest", ""))[:12],
        ],
        "why": outcome.why,
        "bodies": bodies,
        "slots": [slot_from_map(slot).corners().tolist() for slot in lot.slots],
        "places": [[round(value, 3) for value in place] for place in thinned(outcome.trace)],
        "car": [profile.rear_overhang_m, profile.wheelbase_m + profile.front_overhang_m, 0.5 * profile.width_m],
    }


def _number(value: float | None, unit: str) -> str:
    return "–" if value is None else f"{round(value, 2):g}{unit}"
