"""Keyboard, joystick, robot window and speaker, as a controller meets them.

Sections named are those of the facts about Webots R2025a listed in docs/standin.md.
"""

from __future__ import annotations

import pytest

from tests.integration.worlds.conftest import Project
from worlds.headless import JoystickState, Played

pytestmark = pytest.mark.integration

ROBOT = 'Robot { name "r" controller "c" children [ Speaker { name "voice" } ] }'
STICK = """
from controller import Robot
r = Robot()
j = r.getJoystick()
"""


# --- keyboard (section 6) -----------------------------------------------------------------------------


def test_keys_are_read_once_most_recent_first_until_minus_one(project: Project) -> None:
    probe = project(
        ROBOT,
        c="""
        from controller import Robot, Keyboard
        r = Robot()
        kb = r.getKeyboard(); kb.enable(10)
        held = []
        for _ in range(3):
            r.step(10)
            held.append([kb.getKey(), kb.getKey(), kb.getKey()])
        report(held)
        """,
    )
    probe.run(keys=lambda t: [315, 65] if t < 0.025 else [])
    assert probe.report() == [[315, 65, -1], [315, 65, -1], [-1, -1, -1]]


def test_at_most_seven_keys_are_told_and_only_at_the_keyboards_period(project: Project) -> None:
    probe = project(
        ROBOT,
        c="""
        from controller import Robot
        r = Robot()
        kb = r.getKeyboard(); kb.enable(20)
        held = []
        for _ in range(4):
            r.step(10)
            keys = []
            while (key := kb.getKey()) != -1: keys.append(key)
            held.append(keys)
        report(held)
        """,
    )
    probe.run(keys=lambda _: range(65, 75))
    # cleared at each step, told every second one: who reads less often than the list is filled misses keys
    assert probe.report() == [[], [*range(65, 72)], [], [*range(65, 72)]]


def test_a_keyboard_that_is_not_enabled_complains_and_knows_no_key(project: Project) -> None:
    probe = project(ROBOT, c="from controller import Robot\nr = Robot()\nr.step(10)\nreport(r.getKeyboard().getKey())")
    outcome = probe.run(keys=lambda _: [65])
    assert probe.report() == -1
    assert "Keyboard.getKey() called for a disabled device" in outcome.controllers[0].stderr_tail


# --- joystick (section 6) -----------------------------------------------------------------------------


def test_a_joystick_is_connected_one_step_after_it_was_enabled(project: Project) -> None:
    probe = project(
        ROBOT,
        c=STICK
        + """
j.enable(20)
before = j.isConnected()
r.step(10)
told = [j.isConnected(), j.model, j.getNumberOfAxes(), j.getNumberOfPovs(), j.getAxisValue(0)]
r.step(10)
report([before, told, [j.getAxisValue(i) for i in range(3)], j.getPovValue(0)])
""",
    )
    probe.run(joystick=lambda _: JoystickState((100, -32768, 32767), (), (8,), "G29"))
    # its axes are zero until the first sampling period is over
    assert probe.report() == [False, [True, "G29", 3, 1, 0], [100, -32768, 32767], 8]


def test_held_buttons_are_told_one_by_one_and_the_list_is_cleared_at_each_step(project: Project) -> None:
    probe = project(
        ROBOT,
        c=STICK
        + """
j.enable(20)
seen = []
for _ in range(4):
    r.step(10)
    seen.append([j.getPressedButton() for _ in range(3)])
report(seen)
""",
    )
    probe.run(joystick=lambda _: JoystickState((0,), (2, 5)))
    nothing = [-1, -1, -1]
    assert probe.report() == [nothing, [2, 5, -1], nothing, [2, 5, -1]]


def test_a_joystick_can_be_unplugged_and_plugged_in_again_in_mid_drive(project: Project) -> None:
    probe = project(
        ROBOT,
        c=STICK
        + """
j.enable(10)
seen = []
for _ in range(6):
    r.step(10)
    seen.append([j.isConnected(), j.getNumberOfAxes(), j.getAxisValue(0) if j.isConnected() else None])
try:
    j.model
except AttributeError:
    report("no model", "model")
report(seen)
""",
    )
    probe.run(joystick=lambda t: JoystickState((7,)) if t < 0.025 or 0.035 < t < 0.055 else None)
    here, gone = [True, 1, 7], [False, 0, None]
    assert probe.report() == [here, here, gone, here, here, gone]
    assert probe.report("model") == "no model"


def test_without_a_joystick_calls_answer_nothing_and_disabled_ones_complain_each_time(project: Project) -> None:
    probe = project(
        ROBOT,
        c=STICK
        + """
j.getPressedButton(); j.getAxisValue(0)
j.enable(10)
r.step(10)
report([j.isConnected(), j.getNumberOfAxes(), j.getPressedButton(), j.getAxisValue(0)])
""",
    )
    outcome = probe.run()
    assert probe.report() == [False, 0, -1, 0]
    assert outcome.controllers[0].stderr_tail.count("called for a disabled device") == 2


# --- robot window (section 9) -------------------------------------------------------------------------


def test_messages_of_the_robot_window_wait_in_order_until_none(project: Project) -> None:
    probe = project(
        ROBOT,
        c="""
        from controller import Robot
        r = Robot()
        seen = []
        for _ in range(2):
            r.step(10)
            while (text := r.wwiReceiveText()) is not None: seen.append([r.getTime(), text])
        report(seen)
        """,
    )
    probe.run(window=lambda t, robot: [f"hello {robot}", "again"] if t < 0.015 else [])
    assert probe.report() == [[0.01, "hello r"], [0.01, "again"]]


# --- speaker ------------------------------------------------------------------------------------------

SPEAKER = """
import wave
from controller import Robot, Speaker
r = Robot()
v = r.getDevice("voice")
with wave.open("beep.wav", "wb") as file:
    file.setparams((1, 2, 8000, 0, "NONE", ""))
    file.writeframes(bytes(2 * 240))   # 0.03 s
def play(**changes):
    a = dict(sound="beep.wav", volume=1.0, pitch=1.0, balance=0.0, loop=False) | changes
    Speaker.playSound(v, v, a["sound"], a["volume"], a["pitch"], a["balance"], a["loop"])
def playing(steps):
    seen = []
    for _ in range(steps):
        seen.append(v.isSoundPlaying("beep.wav"))
        r.step(10)
    return seen
"""


def test_a_sound_plays_as_long_as_its_file_lasts_and_a_higher_pitch_is_shorter(project: Project) -> None:
    probe = project(ROBOT, c=SPEAKER + "play()\nonce = playing(5)\nplay(pitch=1.5)\nreport([once, playing(4)])")
    outcome = probe.run()
    assert probe.report() == [[True, True, True, False, False], [True, True, False, False]]
    assert outcome.played[0] == Played(0.0, "r", "voice", "sound", "beep.wav")
    assert outcome.played[1].time_s == pytest.approx(0.05)


def test_calling_again_changes_a_playing_sound_and_does_not_start_it_anew(project: Project) -> None:
    probe = project(
        ROBOT, c=SPEAKER + "play()\nfirst = playing(2)\nplay(volume=0.5, balance=-1.0)\nreport(first + playing(3))"
    )
    outcome = probe.run()
    assert probe.report() == [True, True, True, False, False]
    assert [(p.volume, p.balance) for p in outcome.played] == [(1.0, 0.0), (0.5, -1.0)]


def test_a_looped_sound_plays_until_it_is_stopped(project: Project) -> None:
    probe = project(
        ROBOT,
        c=SPEAKER + "play(loop=True)\nlong = playing(8)\nv.stop('beep.wav')\nreport(long + playing(1))\nr.step(10)",
    )
    outcome = probe.run()
    assert probe.report() == [True] * 8 + [False]
    assert [p.kind for p in outcome.played] == ["sound", "stopped"]


def test_a_sound_that_is_missing_or_no_wav_is_not_played_and_said_so(project: Project) -> None:
    source = (
        SPEAKER + "open('song.ogg', 'wb').write(b'OggS')\nplay(sound='gone.wav')\nplay(sound='song.ogg')\nr.step(10)"
    )
    outcome = project(ROBOT, c=source).run()
    said = outcome.controllers[0].stderr_tail
    assert "'gone.wav' was not found" in said
    assert "'song.ogg' cannot be played" in said
    assert outcome.played == ()


def test_set_language_sets_the_engine_as_the_real_binding_does(project: Project) -> None:
    probe = project(
        ROBOT, c=SPEAKER + "report([v.setLanguage('de-DE'), v.getLanguage(), v.setEngine('pico'), v.getEngine()])"
    )
    probe.run()
    assert probe.report() == [False, "en-US", True, "pico"]
