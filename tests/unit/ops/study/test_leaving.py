"""Who is out of a slot, and how learners leave one by recipe."""

from __future__ import annotations

import pytest

from ops.study.leaving import LeavingDriver
from ops.study.parking import Case, drive, driver_of, row_of
from ops.study.scenes import EXIT


def test_who_leaves_alone_drives_by_recipe_and_coached_by_the_cues() -> None:
    assert isinstance(driver_of(Case(EXIT, "novice", False, 1)), LeavingDriver)
    assert not isinstance(driver_of(Case(EXIT, "novice", True, 1)), LeavingDriver)


@pytest.mark.parametrize("who", ["expert", "novice"])
def test_coached_driver_gets_out_and_the_row_says_so(who: str) -> None:
    case = Case(EXIT, who, True, 7)  # type: ignore[arg-type]
    row = row_of(case, drive(case, keep_messages=True))
    assert (row.result, row.parked) == ("out", True)
    assert (row.score, row.lateral) == (None, None)
    assert row.prompts > 0
