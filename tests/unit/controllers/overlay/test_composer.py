from __future__ import annotations

from typing import Any

import pytest

from coach_core.contracts import SECTORS, Level, Pose2
from controllers.data import cue_texts
from controllers.parkit_coach.overlay import layout
from controllers.parkit_coach.overlay.commands import Box, Command, Line, Paste, Polygon
from controllers.parkit_coach.overlay.composer import BLANK, Composer
from controllers.parkit_coach.overlay.palette import LEVELS, rank
from controllers.parkit_coach.overlay.pictures import render
from controllers.parkit_coach.overlay.scene import SceneKeeper
from controllers.parkit_coach.overlay.sprites import Badge, Chip, Cone, Dot, Glyph, Plate, RingHead, RingMark, Strip
from tests.unit.controllers.overlay.scenes import LOT, OUT_AND_BACK, PROFILE, cue, decision, frame, plan

COMPOSER = Composer(PROFILE, LOT, "ko", "김하늘")
FREE = (200, 60, 640, 380)
"""Left, top, right, bottom of the road that nothing may hide."""


def picture(linked: bool | None = None, gear: str = "R", steer: float = 0.2, **changes: Any) -> tuple[Command, ...]:
    kept, made = SceneKeeper(cue_texts(), "ko", PROFILE.steering_ratio), decision(**changes)
    kept.note(made)
    return COMPOSER.picture(kept.scene(frame(gear=gear, steering_angle_rad=steer), made, linked))


def pasted(commands: tuple[Command, ...], kind: type) -> list[Paste]:
    return [c for c in commands if isinstance(c, Paste) and isinstance(c.sprite, kind)]


def extent(command: Command) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of what a command can touch."""
    match command:
        case Box():
            return command.x, command.y, command.x + command.width, command.y + command.height
        case Line():
            xs, ys = (command.x1, command.x2), (command.y1, command.y2)
            return min(xs), min(ys), max(xs) + 1, max(ys) + 1
        case Polygon():
            return min(command.xs), min(command.ys), max(command.xs) + 1, max(command.ys) + 1
        case Paste():
            size = render(command.sprite)
            return command.x, command.y, command.x + size.width, command.y + size.height


EVERYTHING: dict[str, Any] = {
    "sectors": dict.fromkeys(SECTORS, (0.2, "critical")),
    "level": "critical",
    "cue": cue("sys.instructor", text="아주 긴 말 " * 30),
    "target_steering_angle_rad": -0.55,
    "plan": plan(OUT_AND_BACK),
    "obstacles": [(0.3 * i - 15.0, 0.2 * j) for i in range(100) for j in range(30)],
}


@pytest.mark.parametrize("yaw", [0.0, 0.7, 2.4, -1.6])
@pytest.mark.parametrize("gear", ["D", "R"])
def test_the_road_stays_free_and_nothing_leaves_the_display(yaw: float, gear: str) -> None:
    commands = picture(linked=True, gear=gear, steer=0.5, pose=Pose2(0.5, 2.0, yaw), **EVERYTHING)
    left, top, right, bottom = FREE
    assert commands[0] == BLANK
    for command in commands[1:]:
        x1, y1, x2, y2 = extent(command)
        assert 0 <= x1 <= x2 <= layout.WIDTH, command
        assert 0 <= y1 <= y2 <= layout.HEIGHT, command
        assert x2 <= left or x1 >= right or y2 <= top or y1 >= bottom, command


def test_a_picture_is_at_most_some_hundred_commands() -> None:
    """Each is sent to the simulator."""
    assert len(picture(linked=True, **EVERYTHING)) < 700


def test_equal_scenes_give_equal_pictures() -> None:
    assert picture(**EVERYTHING) == picture(**EVERYTHING)


@pytest.mark.parametrize("level", LEVELS[1:])
def test_a_level_is_told_by_shape_bars_and_number_as_well(level: Level) -> None:
    commands = picture(sectors={"rear_left": (0.42, level)}, level=level)
    (cone,) = [c for c in pasted(commands, Cone) if c.sprite.level != "clear"]  # type: ignore[union-attr]
    assert cone.sprite.level == level  # type: ignore[union-attr]
    chips = [c.sprite for c in pasted(commands, Chip)]
    assert any(chip.text == "40 cm" and chip.level == level for chip in chips)  # type: ignore[union-attr]
    edge = [c for c in commands if isinstance(c, Box) and c.y > layout.HEIGHT - layout.MARGIN and c.height == 3]
    assert len(edge) == rank(level)


def test_twelve_sectors_have_twelve_cones() -> None:
    assert len(pasted(picture(), Cone)) == len(SECTORS)


@pytest.mark.parametrize(
    ("sector", "side"),
    [("front_left", "top"), ("rear_right", "bottom"), ("left_front", "left"), ("right_rear", "right")],
)
def test_bars_stand_on_the_side_of_the_danger(sector: str, side: str) -> None:
    before, after = picture(level="caution"), picture(level="caution", sectors={sector: (0.8, "caution")})
    new = [c for c in after if isinstance(c, Box) and c not in before and c.width > 2 < c.height]
    x1, y1, x2, y2 = extent(max(new, key=lambda box: box.width * box.height))
    touches = {"top": y1 == 0, "bottom": y2 == layout.HEIGHT, "left": x1 == 0, "right": x2 == layout.WIDTH}
    assert touches[side]


def test_the_map_is_car_up() -> None:
    """An obstacle ahead of the car is above it on the map, one to its left is on the left, wherever it looks."""
    for yaw, ahead, left in ((0.0, (5.0, 3.0), (1.4, 6.0)), (1.5707963, (0.0, 8.0), (-3.0, 4.4))):
        at = {}
        for name, point in (("ahead", ahead), ("left", left)):
            (dot,) = pasted(picture(pose=Pose2(0.0, 3.0, yaw), obstacles=[point]), Dot)[:1]
            at[name] = dot.x + 2 - (layout.MAP[0] + 150), dot.y + 2 - (layout.MAP[1] + 146)
        assert at["ahead"] == pytest.approx((0, -72), abs=2)
        assert at["left"] == pytest.approx((-60, 0), abs=2)


def test_the_swept_path_lies_on_the_side_the_gear_drives_to() -> None:
    def sweep(gear: str) -> list[Polygon]:
        return [c for c in picture(gear=gear) if isinstance(c, Polygon) and c.pen.opacity == 0.2]

    (forward,), (reverse,) = sweep("D"), sweep("R")
    assert min(forward.ys) < min(reverse.ys)
    assert max(reverse.ys) > max(forward.ys)
    assert sweep("P") == []


def test_the_arrow_along_the_ring_goes_the_short_way_the_words_say() -> None:
    right = picture(steer=0.0, target_steering_angle_rad=-0.2)
    left = picture(steer=0.0, target_steering_angle_rad=0.2)
    assert pasted(right, RingHead)[0].sprite.clockwise  # type: ignore[union-attr]
    assert not pasted(left, RingHead)[0].sprite.clockwise  # type: ignore[union-attr]


def test_a_reached_target_is_solid_and_has_no_arrow() -> None:
    commands = picture(steer=0.2, target_steering_angle_rad=0.205)
    assert pasted(commands, RingMark)[0].sprite.reached  # type: ignore[union-attr]
    assert pasted(commands, RingHead) == []


def lines(commands: tuple[Command, ...]) -> list[str]:
    return [c.sprite.text for c in pasted(commands, Strip)]  # type: ignore[union-attr]


def test_the_line_has_its_arrow_only_with_full_help() -> None:
    turn = cue("steer.full", dir="left")
    assert [g.sprite.name for g in pasted(picture(cue=turn), Glyph)] == ["turn_left"]  # type: ignore[union-attr]
    words_only = picture(cue=turn, assist_level=3)
    assert pasted(words_only, Glyph) == []
    assert "핸들을 왼쪽 끝까지 돌리세요." in " ".join(lines(words_only))


def test_a_warning_shows_its_shape_beside_the_line() -> None:
    commands = picture(cue=cue("warn.rear", "warning", cm=45), level="warning")
    assert [b.sprite.level for b in pasted(commands, Badge)] == ["warning"]  # type: ignore[union-attr]


def test_without_a_cue_there_is_no_plate() -> None:
    assert all(c.sprite.width != layout.INSTRUCTION[2] for c in pasted(picture(), Plate))  # type: ignore[union-attr]


def test_a_test_shows_gauges_only() -> None:
    commands = picture(assist_level=0, plan=plan(OUT_AND_BACK), obstacles=[(1.0, 1.0)])
    assert pasted(commands, Cone) == []
    assert [c for c in commands if isinstance(c, Polygon | Line)] == []
    assert "시험" in lines(commands)


@pytest.mark.parametrize(("linked", "word"), [(True, "연결됨"), (False, "연결 끊김"), (None, None)])
def test_the_top_line_says_who_drives_and_whether_the_car_is_linked(linked: bool | None, word: str | None) -> None:
    said = lines(picture(linked=linked))
    assert "김하늘" in said
    assert "안내 4단계" in said
    assert (word in said) if word else not {"연결됨", "연결 끊김"} & set(said)


@pytest.mark.parametrize("sector", ["rear_right", "rear_centre_right", "right_rear", "front_right"])
@pytest.mark.parametrize("metres", [0.2, 0.75, 1.4])
def test_the_targets_name_and_the_distance_of_a_danger_do_not_cover_each_other(sector: str, metres: float) -> None:
    for x in (-1.5, 0.0, 1.5, 3.0):
        near = {sector: (metres, "warning")}
        pose = Pose2(x, 1.6, 0.6)
        chips = pasted(picture(level="warning", sectors=near, pose=pose, plan=plan(OUT_AND_BACK)), Chip)
        named = [extent(chip) for chip in chips if chip.sprite.text == "A4"]  # type: ignore[union-attr]
        (number,) = [extent(chip) for chip in chips if chip.sprite.text.endswith(("cm", " m"))]  # type: ignore[union-attr]
        for name in named:
            assert name[2] <= number[0] or number[2] <= name[0] or name[3] <= number[1] or number[3] <= name[1]


def test_the_target_keeps_its_name_while_nothing_is_near() -> None:
    assert any(chip.sprite.text == "A4" for chip in pasted(picture(plan=plan(OUT_AND_BACK)), Chip))  # type: ignore[union-attr]
