"""A run scored as a session would be, by the project's own rubric."""

from __future__ import annotations

from functools import cache

from coach_core.contracts import Contact, Ended, EndPose, SessionEvent, Started
from coach_core.contracts.messages import EventDetail
from coach_core.scoring import Rubric, SessionTrack, par_of, score_session
from controllers.data import builtin_rubric
from ops.study.simulator import Run, Settings, learner_car

RUBRIC = "parkit-1"


@cache
def _rubric() -> Rubric:
    return builtin_rubric(RUBRIC)


def score_of(done: Run, settings: Settings) -> float | None:
    """Points of a run whose messages were kept; None where the rubric gives none (left outside a slot)."""
    ended = _ended(done)
    started = Started(
        done.episode.family, "study", "study", done.episode.seed, settings.assist, RUBRIC, "en", learner_car(),
        done.episode.lot,
    )  # fmt: skip
    contacts = [] if done.touch is None else [_contact(done)]
    told: list[tuple[float, EventDetail]] = [(0.0, started), *done.told]
    told += [(done.duration, contact) for contact in contacts]
    told.append((done.duration, ended))
    events = [
        SessionEvent(1, "study", "study", seq, round(now * 1e6), now, detail) for seq, (now, detail) in enumerate(told)
    ]
    track = SessionTrack.from_messages(done.frames, done.decisions, events)
    return score_session(track, ended, contacts, _rubric(), par_of(done.decisions)).score


def _contact(done: Run) -> Contact:
    touch = done.touch
    assert touch is not None
    if touch.kind == "kerb":
        side, end = ("front" if "front" in touch.part else "rear"), ("left" if "left" in touch.part else "right")
        return Contact(f"wheel_{side}_{end}", touch.x, touch.y, touch.speed, "kerb")
    return Contact("body", touch.x, touch.y, touch.speed, "wall" if touch.kind == "pillar" else touch.kind)


def _ended(done: Run) -> Ended:
    stand = done.stand
    return Ended(
        result="aborted" if done.result == "stopped" else done.result,
        slot_id=stand.slot_id if stand else None,
        duration_s=done.duration,
        contacts=int(done.touch is not None),
        min_clearance_m=done.clearance if done.clearance < 1e3 else None,
        end_pose=EndPose(stand.lateral, stand.depth, stand.yaw) if stand else None,
        wheels_on_line=0,
        in_slot=bool(stand and stand.in_slot),
    )
