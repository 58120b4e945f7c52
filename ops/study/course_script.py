"""Scripted sessions on the Korean right-angle course: what happened when, drawn at random or set on a boundary.

A script counts in tenths of a second and in millimetres, whole numbers both, so that a boundary is one exactly.
"""

from __future__ import annotations

import random
from typing import Literal, NamedTuple

from coach_core.contracts import (
    Contact,
    Ended,
    EndPose,
    LineTouched,
    Pose2,
    SensorFrame,
    SessionEvent,
)
from coach_core.contracts.messages import EventDetail, Gear, HintAcked, LineKind, Result, Wheel

TICK_S = 0.1
WHEELS: tuple[Wheel, ...] = ("front_left", "front_right", "rear_left", "rear_right")
Other = Literal["car", "wall", "kerb", "cone", "person", "object"]


class Phase(NamedTuple):
    """So long [ticks] the car moves at this speed [mm/s, negative backwards], with the parking brake like this."""

    ticks: int
    speed: int
    parking_brake: bool = False


class LineTouch(NamedTuple):
    """A wheel enters the band of a line at a tick."""

    at: int
    line: LineKind
    wheel: Wheel


class Strike(NamedTuple):
    """The car touches something at a tick."""

    at: int
    other: Other


class Script(NamedTuple):
    """One session. about: what it is meant to try. pauses: from tick, to tick. The session ends at tick `end`."""

    about: str
    phases: tuple[Phase, ...]
    end: int
    lines: tuple[LineTouch, ...] = ()
    strikes: tuple[Strike, ...] = ()
    pauses: tuple[tuple[int, int], ...] = ()
    result: Result = "parked"
    told_contacts: int | None = None
    """What the examiner counts at the end; as many as there were strikes if None."""


class Messages(NamedTuple):
    """A script as the messages a car and its examiner would have sent."""

    frames: list[SensorFrame]
    events: list[SessionEvent]
    ended: Ended
    contacts: list[Contact]


def render(script: Script) -> Messages:
    """The messages of a script, ten frames a second."""
    moves = [(phase.speed, phase.parking_brake) for phase in script.phases for _ in range(phase.ticks)]
    frames = []
    x = 0
    for tick in range(script.end + 1):
        speed, parking_brake = moves[min(tick, len(moves) - 1)]
        frames.append(_frame(tick, x, speed, parking_brake))
        x += speed
    told: list[tuple[int, EventDetail]] = []
    told += [(t.at, LineTouched(t.line, t.line, t.wheel, 0.0, 0.0)) for t in script.lines]
    contacts = [
        Contact("wheel_rear_right" if s.other == "kerb" else "body", 0.0, 0.0, 0.1, s.other) for s in script.strikes
    ]
    told += [(strike.at, contact) for strike, contact in zip(script.strikes, contacts, strict=True)]
    for number, (since, until) in enumerate(script.pauses):
        told.append((since, HintAcked(f"p{number}", "applied", "paused")))
        told.append((until, HintAcked(f"r{number}", "applied", "resumed")))
    count = len(contacts) if script.told_contacts is None else script.told_contacts
    ended = Ended(script.result, "T1", script.end * TICK_S, count, 0.3, EndPose(0.0, 0.0, 0.0), 0, True)
    told.append((script.end, ended))
    told.sort(key=lambda item: item[0])
    events = [
        SessionEvent(1, "car-1", "course-1", seq, at * 100_000, round(at * TICK_S, 6), detail)
        for seq, (at, detail) in enumerate(told)
    ]
    return Messages(frames, events, ended, contacts)


def _frame(tick: int, x_tenth_mm: int, speed: int, parking_brake: bool) -> SensorFrame:
    gear: Gear = "R" if speed < 0 else "D" if speed > 0 else "P" if parking_brake else "D"
    return SensorFrame(
        schema_version=1,
        vehicle_id="car-1",
        session_id="course-1",
        seq=tick,
        timestamp=tick * 100_000,
        sim_time_s=round(tick * TICK_S, 6),
        readings=[],
        pose=Pose2(x_tenth_mm * 1e-4, 0.0, 0.0),
        speed_mps=speed / 1000.0,
        steering_angle_rad=0.0,
        gear=gear,
        throttle=0.0,
        brake=0.0 if speed else 0.5,
        parking_brake=parking_brake,
    )


# --- scripts ----------------------------------------------------------------------------------------------


def _good(
    about: str,
    *,
    wait: int = 20,
    entry: int | None = 60,
    end: int = 700,
    brake: tuple[int, int] | None = (410, 640),
    check: tuple[Wheel, ...] = ("rear_left", "rear_right"),
    leave: int = 12,
    **more: object,
) -> Script:
    """Off at tick `wait`, over the entry line, into the bay in reverse by tick 400, out again from tick 650 on.

    leave: ticks of driving out at 0.7 m/s. brake: from tick, to tick, while standing in the bay.
    """
    on, off = brake if brake is not None else (650, 650)
    phases = (
        Phase(wait, 0),
        Phase(200 - wait, 800),
        Phase(10, 0),
        Phase(190, -400),
        Phase(on - 400, 0),
        Phase(off - on, 0, True),
        Phase(650 - off, 0),
        Phase(leave, 700),
        Phase(1, 0),
    )
    lines = [LineTouch(390 + 2 * i, "check", wheel) for i, wheel in enumerate(check)]
    if entry is not None:
        lines += [LineTouch(entry, "entry", "front_left"), LineTouch(entry + 30, "entry", "rear_left")]
    extra = more.pop("lines", ())
    assert isinstance(extra, tuple)
    script = Script(about, phases, end, tuple(lines) + extra)
    return script._replace(**more)  # type: ignore[arg-type]  # the callers below name its fields


def boundaries() -> list[Script]:
    """What stands on an edge of a rule, one script each."""
    touch = LineTouch
    scripts = [
        _good("clean"),
        _good("passed at 80", lines=(touch(200, "detection", "rear_left"), touch(260, "detection", "rear_left"))),
        _good("failed at 70", lines=tuple(touch(200 + 30 * i, "detection", "front_left") for i in range(3))),
        _good("two wheels at the same moment", lines=tuple(touch(220, "detection", w) for w in WHEELS[:2])),
        _good("touch, leave, touch", lines=tuple(touch(t, "detection", "rear_right") for t in (230, 300))),
        _good("bay and check lines cost nothing", lines=(touch(230, "bay", "rear_right"),)),
        _good(
            "more touches than points", lines=tuple(touch(210 + 10 * i, "detection", "front_right") for i in range(12))
        ),
        _good("no brake", brake=None),
        _good("brake for one tick", brake=(648, 649)),
        _good("left a little, then the brake", brake=None, leave=7, end=900)._replace(
            phases=_phases_with_late_brake(before=490)
        ),
        _good("brake after leaving", brake=None, leave=8, end=900)._replace(phases=_phases_with_late_brake(before=560)),
        _good("brake on the way, not at the line")._replace(
            phases=(Phase(20, 0), Phase(180, 800), Phase(10, 0, True), Phase(190, -400), Phase(250, 0), Phase(12, 700))
        ),
        _good("one rear wheel only", check=("rear_left",)),
        _good("front wheels on the check line", check=("front_left", "front_right")),
        _good("never at the check line", check=()),
        _good("came back and braked")._replace(
            phases=_phases_with_late_brake(before=1400, back=1400),
            lines=(*_good("").lines, touch(800, "check", "rear_left")),
            end=1000,
        ),
        _good("timeout", end=2400, result="timeout"),
        _good("aborted", result="aborted"),
        _good("aborted after a touch", result="aborted", lines=(touch(220, "detection", "rear_left"),)),
        _good("no entry line: from the start", entry=None, end=1201),
        _good("rear wheels on the entry line do not start the time", entry=None, end=1201)._replace(
            lines=(*_good("", entry=None).lines, touch(600, "entry", "rear_left"))
        ),
        _good("kerb", strikes=(Strike(300, "kerb"),)),
        _good("kerb after touches", strikes=(Strike(320, "kerb"),), lines=(touch(230, "detection", "rear_left"),)),
        _good("touches after the kerb", strikes=(Strike(220, "kerb"),), lines=(touch(300, "detection", "rear_left"),)),
        _good(
            "touch and kerb at the same moment",
            strikes=(Strike(300, "kerb"),),
            lines=(touch(300, "detection", "rear_left"),),
        ),
        _good("kerb twice", strikes=(Strike(300, "kerb"), Strike(330, "kerb"))),
        _good("kerb with two wheels at once", strikes=(Strike(300, "kerb"), Strike(300, "kerb"))),
        _good("kerb, then aborted", strikes=(Strike(300, "kerb"),), result="aborted"),
        _good("accident", strikes=(Strike(310, "car"),), end=310, result="contact"),
        _good("accident with a cone", strikes=(Strike(310, "cone"),)),
        _good("accident at the examiner's word", result="contact", end=310),
        _good("accident after a kerb", strikes=(Strike(250, "kerb"), Strike(310, "wall")), end=310, result="contact"),
        _good("kerb and accident at the same moment", strikes=(Strike(310, "kerb"), Strike(310, "wall"))),
        _good("a count without an event", told_contacts=1),
        _good("a pause does not run the clock", end=1300, pauses=((450, 560),)),
        _good("a pause too short to help", end=1300, pauses=((450, 480),)),
        _good("a pause before the entry line", entry=60, end=1261, pauses=((5, 15),)),
        Script("never moved", (Phase(400, 0),), 400, result="timeout"),
        Script("never moved, broken off early", (Phase(250, 0),), 250, result="aborted"),
        Script("never moved, broken off late", (Phase(350, 0),), 350, result="aborted"),
        Script("rolled too little to count", (Phase(100, 0), Phase(300, 100)), 400, result="timeout"),
        Script("held at the start", (Phase(350, 0), Phase(300, 500)), 650, pauses=((20, 120),), result="timeout"),
    ]
    for wait in (299, 300, 301):
        scripts.append(
            _good(f"off after {wait / 10} s")._replace(
                phases=(Phase(wait, 0), Phase(50, 800), Phase(50, -800), Phase(250, 0, True), Phase(10, 700))
            )
        )
    for over in (1199, 1200, 1201, 2399, 2400, 2401, 3601):
        scripts.append(_good(f"{over / 10} s after the entry line", end=60 + over))
    return scripts


def _phases_with_late_brake(before: int, back: int = 0) -> tuple[Phase, ...]:
    """In by tick 400, standing until 650, out by `before` mm, back by `back` mm, then standing with the brake."""
    speed = 70
    out = (Phase(before // (speed // 10), speed * 10 // 10),)
    again = (Phase(back // 20, -200),) if back else ()
    return (
        Phase(20, 0), Phase(180, 800), Phase(10, 0), Phase(190, -400), Phase(250, 0),
        *out, *again, Phase(30, 0, True), Phase(1, 700),
    )  # fmt: skip


def draw(rng: random.Random) -> Script:
    """A session with anything in it: each thing that can happen does, or not, at a random time."""
    wait = rng.choice((0, 20, 150, 299, 300, 301, 350)) if rng.random() < 0.15 else rng.randint(0, 60)
    entry = None if rng.random() < 0.1 else wait + rng.randint(5, 60)
    phases = [Phase(wait, 0), Phase(rng.randint(60, 150), rng.choice((400, 800, 1200)))]
    for _ in range(rng.randint(1, 3)):
        phases += [Phase(rng.randint(1, 30), 0), Phase(rng.randint(50, 150), -rng.choice((210, 430)))]
        reached = sum(phase.ticks for phase in phases)
        phases += [Phase(rng.randint(1, 60), 0)]
        if rng.random() < 0.6:
            phases += [Phase(rng.randint(1, 120), 0, True), Phase(rng.randint(1, 20), 0)]
        phases += [Phase(rng.randint(1, 25), rng.choice((130, 370, 730)))]
        if rng.random() < 0.3:
            phases += [Phase(rng.randint(1, 60), 0, True)]
    length = sum(phase.ticks for phase in phases)
    end = length + rng.choice((1, 1, 1, rng.randint(1, 1500), 3000))
    if entry is not None and rng.random() < 0.15:
        end = max(length, entry + rng.choice((1199, 1200, 1201, 2400, 2401)))
    lines: list[LineTouch] = []
    if entry is not None:
        lines.append(LineTouch(entry, "entry", rng.choice(("front_left", "front_right"))))
    for wheel in ("rear_left", "rear_right"):
        if rng.random() < 0.85:
            lines.append(LineTouch(min(end, reached - rng.randint(0, 12)), "check", wheel))
    for _ in range(rng.choice((0, 0, 1, 1, 2, 3, 5))):
        kind: LineKind = rng.choice(("detection", "detection", "detection", "bay", "check"))
        lines.append(LineTouch(rng.randint(wait, end), kind, rng.choice(WHEELS)))
    strikes = tuple(
        Strike(rng.randint(wait, end), rng.choice(("kerb", "kerb", "car", "wall", "cone")))
        for _ in range(rng.choice((0, 0, 0, 0, 0, 1, 1, 2)))
    )
    since = rng.randint(0, end - 1)
    pauses = ((since, rng.randint(since + 1, end)),) if rng.random() < 0.1 else ()
    result: Result = rng.choice(("parked",) * 8 + ("timeout", "aborted"))
    if any(strike.other != "kerb" for strike in strikes) and rng.random() < 0.7:
        result = "contact"
    return Script("drawn", tuple(phases), end, tuple(sorted(lines)), strikes, pauses, result)
