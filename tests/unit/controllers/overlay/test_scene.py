from __future__ import annotations

import pytest

from coach_core.contracts import Fault, SlotMap, SlotOffer, SlotOffered
from controllers.data import cue_texts
from controllers.parkit_coach.overlay.scene import NOTICE_S, Scene, SceneKeeper
from tests.unit.controllers.overlay.scenes import OUT_AND_BACK, Sectors, cue, decision, frame, plan

NEAR: Sectors = {"rear_left": (0.2, "critical"), "front_left": (0.9, "caution")}


def keeper() -> SceneKeeper:
    return SceneKeeper(cue_texts(), "ko", 15.0)


def scene(**changes: object) -> Scene:
    made, kept = decision(**changes), keeper()  # type: ignore[arg-type]
    kept.note(made)
    return kept.scene(frame(), made, None)


def test_what_is_sent_only_when_it_changed_is_remembered() -> None:
    kept = keeper()
    kept.note(decision(obstacles=[(1.0, 2.0)], plan=plan(OUT_AND_BACK)))
    later = decision(obstacles=None, plan=plan(None))
    kept.note(later)
    shown = kept.scene(frame(), later, None)
    assert shown.obstacles == ((1.0, 2.0),)
    assert len(shown.path) == 8
    assert shown.cusps == ((2.0, 3.0),)


def test_the_path_of_another_plan_is_not_shown() -> None:
    kept = keeper()
    kept.note(decision(plan=plan(OUT_AND_BACK)))
    kept.note(decision(plan=plan(None, plan_id=2)))
    assert kept.scene(frame(), decision(plan=plan(None, plan_id=2)), None).path == ()


def test_dots_that_were_passed_are_gone_although_the_way_back_runs_over_them() -> None:
    """At the same place, out and back differ by the segment that is driven."""
    kept = keeper()
    kept.note(decision(plan=plan(OUT_AND_BACK)))
    here = frame().pose.__class__(1.5, 3.0, 0.0)
    out = kept.scene(frame(), decision(plan=plan(None), pose=here), None)
    back = kept.scene(frame(), decision(plan=plan(None, segment=1), pose=here), None)
    assert out.path[0] == (2.0, 3.0)
    assert [x for x, _ in back.path] == pytest.approx([1.0, 0.5, 0.0])
    assert back.cusps == ()


@pytest.mark.parametrize(
    ("assist", "sectors", "level", "path", "target"),
    [(4, 12, "critical", 8, -3.0), (3, 12, "critical", 0, None), (1, 1, "critical", 0, None), (0, 0, "clear", 0, None)],
)
def test_help_fades_with_the_assist_level(
    assist: int, sectors: int, level: str, path: int, target: float | None
) -> None:
    shown = scene(
        sectors=NEAR, level="critical", assist_level=assist, plan=plan(OUT_AND_BACK), target_steering_angle_rad=-0.2
    )
    assert len(shown.sectors) == sectors
    assert shown.level == level
    assert len(shown.path) == path
    assert shown.wheel_target == (None if target is None else pytest.approx(target))


def test_only_critical_is_known_where_only_critical_is_shown() -> None:
    assert scene(sectors=NEAR, level="warning", assist_level=1).level == "clear"


def test_the_cue_becomes_one_line_with_its_direction() -> None:
    advice = scene(cue=cue("steer.full", dir="left")).advice
    assert advice is not None
    assert (advice.text, advice.direction, advice.icon) == ("핸들을 왼쪽 끝까지 돌리세요.", "left", "steer")


def test_slots_with_a_car_in_them_are_remembered_from_the_offer() -> None:
    kept = keeper()
    taken = SlotOffer("A1", "occupied", False, None, None, None, "occupied")
    free = SlotOffer("A2", "free", True, 1, 1, 0.4, "nearest_free")
    kept.hear(SlotOffered([taken, free]))
    assert kept.scene(frame(), decision(), None).taken_slots == {"A1"}
    assert kept.scene(frame(), decision(assist_level=1), None).taken_slots == frozenset()


NOTICES = {"input.joystick.raised": {"ko": "빠졌어요.", "en": "Unplugged."}}


def test_device_that_is_unplugged_takes_the_line_for_a_moment() -> None:
    kept = SceneKeeper(cue_texts(), "ko", 15.0, NOTICES)
    kept.hear(Fault("input.joystick", "raised", ""))
    made = decision(cue=cue("move.keep"))
    shown = [kept.scene(frame(now), made, None).advice for now in (1.0, 1.0 + NOTICE_S - 0.1, 1.0 + NOTICE_S)]
    assert all(advice is not None for advice in shown)
    assert [advice.text == "빠졌어요." for advice in shown if advice is not None] == [True, True, False]


def test_notice_never_hides_a_warning() -> None:
    kept = SceneKeeper(cue_texts(), "ko", 15.0, NOTICES)
    kept.hear(Fault("input.joystick", "raised", ""))
    advice = kept.scene(frame(1.0), decision(cue=cue("crit.stop", "critical")), None).advice
    assert advice is not None
    assert advice.text == "정지!"


def test_way_back_after_a_contact_is_offered_even_beside_a_stop() -> None:
    kept = SceneKeeper(cue_texts(), "en", 15.0, {"retry.offer": {"en": "Press T.", "written": {"en": "T: back."}}})
    kept.notice("retry.offer", "critical", 20.0)
    made = decision(cue=cue("crit.stop", "critical"))
    shown = [kept.scene(frame(now), made, None).advice for now in (1.0, 20.0, 21.0)]
    assert [advice is not None and advice.text == "T: back." for advice in shown] == [True, True, False]


def test_fault_that_is_no_device_of_the_drivers_is_not_told_here() -> None:
    kept = SceneKeeper(cue_texts(), "ko", 15.0, NOTICES)
    kept.hear(Fault("us_front_left", "raised", ""))
    assert kept.scene(frame(1.0), decision(), None).advice is None


def test_measured_gaps_are_kept_from_the_offer_and_hidden_with_the_map_s_help() -> None:
    gap = SlotMap("S1-1", "parallel", 3.0, 2.2, -1.57, 6.8, 2.2)
    kept = keeper()
    kept.hear(SlotOffered([SlotOffer("S1-1", "free", True, 1, 2, 0.4, "fits_easily", gap)]))
    assert kept.scene(frame(), decision(), None).gaps == (gap,)
    assert kept.scene(frame(), decision(assist_level=1), None).gaps == ()
