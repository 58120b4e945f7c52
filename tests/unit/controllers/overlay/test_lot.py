"""The lot on the map: kerbs, painted lines, measured gaps."""

from __future__ import annotations

import math

import pytest

from coach_core.contracts import GroundLine, LotMap, SlotMap
from controllers.data import cue_texts
from controllers.parkit_coach.overlay.commands import Command, Line, Polygon
from controllers.parkit_coach.overlay.lot import LotPainter, slot_corners
from controllers.parkit_coach.overlay.palette import COURSE_LINE, FAINT, KERB, PAINT, TARGET
from controllers.parkit_coach.overlay.scene import Scene, SceneKeeper
from tests.unit.controllers.overlay.scenes import decision, frame, plan

BAY = SlotMap("A4", "perpendicular", 0.0, 0.0, -math.pi / 2, 2.5, 5.0)
GAP = SlotMap("S1-1", "parallel", 0.0, 2.0, -math.pi / 2, 6.5, 2.0)


def to_map(point: tuple[float, float]) -> tuple[float, float]:
    """Twenty pixels a metre, the world's origin on the map."""
    return 780.0 + 20.0 * point[0], 380.0 - 20.0 * point[1]


def scene(target: str | None = None, gaps: tuple[SlotMap, ...] = (), taken: frozenset[str] = frozenset()) -> Scene:
    made = decision(plan=plan(None))
    plain = SceneKeeper(cue_texts(), "ko", 15.0).scene(frame(), made, None)
    return plain._replace(target_slot=target, gaps=gaps, taken_slots=taken)


def drawn(lot: LotMap, shown: Scene) -> list[Command]:
    out: list[Command] = []
    LotPainter(lot).draw(out, shown, to_map)
    return out


def lines(commands: list[Command], colour: int) -> list[Line]:
    """Middle lines only: their softer neighbours have less opacity."""
    return [c for c in commands if isinstance(c, Line) and c.pen.colour == colour and c.pen.opacity == 0.9]


def areas(commands: list[Command], colour: int) -> list[Polygon]:
    return [c for c in commands if isinstance(c, Polygon) and c.pen.colour == colour]


def test_kerb_is_an_area_of_its_own_colour() -> None:
    kerb = [(-3.0, -0.2), (3.0, -0.2), (3.0, 0.0), (-3.0, 0.0)]
    assert len(areas(drawn(LotMap("x", [], kerbs=[kerb]), scene()), KERB)) == 1


@pytest.mark.parametrize(("kind", "whole"), [("bay", True), ("detection", True), ("check", False), ("entry", False)])
def test_line_not_to_be_touched_is_whole_and_line_to_be_crossed_is_broken(kind: str, whole: bool) -> None:
    line = GroundLine("l", kind, -2.0, 0.0, 2.0, 0.0)  # type: ignore[arg-type]
    found = lines(drawn(LotMap("x", [], lines=[line]), scene()), COURSE_LINE)
    assert len(found) == (1 if whole else 6)
    assert {found[0].y1, found[-1].y2} == {380}


def test_slot_has_three_painted_sides_and_the_target_is_filled() -> None:
    found = drawn(LotMap("x", [BAY]), scene("A4"))
    assert len(lines(found, PAINT)) == 3
    assert len(areas(found, TARGET)) == 1


def test_taken_slot_has_a_car_in_it() -> None:
    assert len(areas(drawn(LotMap("x", [BAY]), scene(taken=frozenset({"A4"}))), FAINT)) == 1


def test_measured_gap_is_broken_and_can_be_the_target() -> None:
    found = drawn(LotMap("x", []), scene("S1-1", (GAP,)))
    assert len(lines(found, PAINT)) > 10
    assert len(areas(found, TARGET)) == 1
    assert LotPainter(LotMap("x", [])).target(scene("S1-1", (GAP,))) == slot_corners(GAP)


def test_target_nobody_knows_is_not_drawn() -> None:
    assert LotPainter(LotMap("x", [BAY])).target(scene("Z9")) is None


def test_line_without_length_is_no_line() -> None:
    line = GroundLine("l", "check", 1.0, 1.0, 1.0, 1.0)
    assert lines(drawn(LotMap("x", [], lines=[line]), scene()), COURSE_LINE) == []
