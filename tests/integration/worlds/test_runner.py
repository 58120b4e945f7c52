"""How runs start and end: verdicts, processes, environments, repeatability."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.integration.worlds.conftest import ROOT, Probe, Project, car, supervisor
from worlds.headless import Runner, RunOptions, WorldError
from worlds.headless.processes import launcher

pytestmark = pytest.mark.integration

IDLE = """
from controller import Robot
r = Robot()
while r.step(10) != -1: pass
"""
ROBOT = 'Robot { name "r" controller "c" }\n'


def wait_for(condition: Callable[[], bool], seconds: float = 20.0) -> bool:
    """True as soon as the condition holds; False if it never does."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return condition()


# --- verdicts -----------------------------------------------------------------------------------------


def test_a_run_ends_when_its_simulated_time_is_over(project: Project) -> None:
    outcome = project(ROBOT, c=IDLE).run(max_sim_s=0.3)
    assert (outcome.verdict, outcome.status, outcome.steps) == ("timeout", None, 30)
    assert [(c.robot, c.controller, c.exit_code) for c in outcome.controllers] == [("r", "c", 0)]


def test_a_controller_that_crashes_fails_the_run_with_its_traceback(project: Project) -> None:
    crash = "from controller import Robot\nr = Robot()\nr.step(10)\nraise ValueError('lost my keys')"
    outcome = project(ROBOT + supervisor("idle"), c=crash, idle=IDLE).run()
    assert outcome.verdict == "controller_failed"
    assert '"r" (c) ended with status 1 at 0.010 s' in outcome.detail
    failed = outcome.controllers[0]
    assert failed.exit_code == 1
    assert failed.stderr_tail.startswith("Traceback")
    assert "lost my keys" in failed.stderr_tail
    assert "zygote" not in failed.stderr_tail


def test_a_syntax_error_in_a_controller_fails_the_run_and_says_where(project: Project) -> None:
    outcome = project(ROBOT, c="def broken(:").run()
    assert outcome.verdict == "controller_failed"
    assert "SyntaxError" in outcome.controllers[0].stderr_tail


def test_a_controller_that_leaves_with_a_status_fails_the_run(project: Project) -> None:
    outcome = project(ROBOT, c="import sys\nsys.exit(3)").run()
    assert (outcome.verdict, outcome.controllers[0].exit_code) == ("controller_failed", 3)


def test_a_controller_killed_by_a_signal_fails_the_run(project: Project) -> None:
    outcome = project(ROBOT, c="import os, signal\nos.kill(os.getpid(), signal.SIGKILL)").run()
    assert (outcome.verdict, outcome.controllers[0].exit_code) == ("controller_failed", -signal.SIGKILL)


def test_a_controller_that_never_steps_is_ended(project: Project) -> None:
    hang = "from controller import Robot\nimport threading\nr = Robot()\nr.step(10)\nthreading.Event().wait()"
    outcome = project(ROBOT, c=hang).run(step_timeout_s=0.3)
    assert outcome.verdict == "controller_hung"
    assert "did not step within 0.3 s at 0.010 s" in outcome.detail
    assert outcome.controllers[0].exit_code == -signal.SIGKILL
    # and it has said where it was
    assert 'c.py", line' in outcome.controllers[0].stderr_tail


def test_a_controller_that_never_takes_a_first_step_is_ended(project: Project) -> None:
    outcome = project(ROBOT, c="import threading\nthreading.Event().wait()").run(start_timeout_s=0.5)
    assert (outcome.verdict, outcome.sim_time_s) == ("controller_hung", 0.0)
    assert "threading.py" in outcome.controllers[0].stderr_tail


@pytest.mark.parametrize("question", ["s.getSelf().getPosition()", "s.step(0)"])
def test_a_controller_that_only_asks_and_never_steps_is_ended(project: Project, question: str) -> None:
    source = f"from controller import Supervisor\ns = Supervisor()\ns.step(10)\nwhile True: {question}"
    outcome = project(supervisor("c"), c=source).run(step_timeout_s=0.5)
    assert outcome.verdict == "controller_hung"
    assert 'c.py", line' in outcome.controllers[0].stderr_tail


def test_a_run_can_be_stopped_while_a_controller_only_asks(project: Project) -> None:
    source = "from controller import Supervisor\ns = Supervisor()\ns.step(10)\nwhile True: s.getSelf().getPosition()"
    steps: list[float] = []
    outcome = project(supervisor("c"), c=source).run(on_step=steps.append, stop=lambda: bool(steps))
    assert outcome.verdict == "stopped"


def test_a_controller_that_ignores_the_end_is_ended_after_its_grace(project: Project) -> None:
    stubborn = IDLE + "import threading\nthreading.Event().wait()"
    outcome = project(ROBOT, c=stubborn).run(max_sim_s=0.1, grace_s=0.2)
    assert (outcome.verdict, outcome.controllers[0].exit_code) == ("timeout", -signal.SIGKILL)


def test_a_run_ends_when_every_controller_has_left(project: Project) -> None:
    outcome = project(ROBOT, c="from controller import Robot\nRobot().step(10)").run()
    assert (outcome.verdict, outcome.detail) == ("stopped", "every controller has ended")


def test_the_caller_can_stop_a_run_at_any_time(project: Project) -> None:
    seen: list[float] = []
    outcome = project(ROBOT, c=IDLE).run(on_step=seen.append, stop=lambda: len(seen) >= 5)
    assert (outcome.verdict, outcome.steps) == ("stopped", 5)
    assert seen == pytest.approx([0.01, 0.02, 0.03, 0.04, 0.05])


def test_a_robot_without_controller_blocks_nobody(project: Project) -> None:
    assert project(ROBOT + 'Robot { name "dummy" controller "<none>" }', c=IDLE).run(max_sim_s=0.1).verdict == "timeout"


@pytest.mark.parametrize(
    ("nodes", "said"),
    [
        ('Robot { name "r" controller "gone" }', '"r" wants the controller "gone", but'),
        ('Robot { name "r" controller "<extern>" }', "has no controller <extern>"),
        ('Robot { name "r" children [ Lidar { } ] }', "the stand-in has no Lidar"),
        ('Robot { name "r" children [ GPS { name "a" } Gyro { name "a" } ] }', 'the name "a" is taken'),
        ('Solid { children [ Robot { name "r" controller "<none>" } ] }', "must stand at the top level"),
        ('Robot { name "r" children [ DistanceSensor { lookupTable [ 1 0 0, 1 1 0 ] } ] }', "must increase"),
        ('Robot { name "r" children [ DistanceSensor { type "infra-red" } ] }', "use sonar or laser"),
        ("Solid { boundingObject IndexedFaceSet { } }", "cannot be a bounding object"),
        ("Solid { boundingObject Transform { } }", "Transform cannot be a bounding object"),
        ("Transform { children [ Solid { } ] }", "a Solid cannot stand in a Transform"),
    ],
)
def test_a_world_that_cannot_be_run_is_refused_before_anything_starts(project: Project, nodes: str, said: str) -> None:
    with pytest.raises(WorldError) as caught:
        project(nodes).run()
    assert said in str(caught.value)
    assert "probe.wbt:5:" in str(caught.value)


# --- the controller's surroundings --------------------------------------------------------------------


def test_a_controller_runs_in_its_folder_with_its_arguments_and_environment(project: Project) -> None:
    robot = 'Robot { name "r" controller "c" controllerArgs [ "--fast" "two words" ] }'
    probe = project(
        robot,
        c="""
        from controller import Robot
        r = Robot()
        report([sys.argv, os.getcwd(), sys.path[0], os.environ["FROM_INI"], os.environ["FROM_RUN"], __name__,
                r.getName(), r.getWorldPath(), r.getProjectPath(), r.getBasicTimeStep()])
        """,
    )
    folder = probe.folder / "controllers" / "c"
    (folder / "runtime.ini").write_text(
        "[environment variables]\nFROM_INI = 1\nFROM_RUN = overridden\n", encoding="utf-8"
    )
    probe.run(env={"FROM_RUN": "2"})
    assert probe.report() == [
        ["c.py", "--fast", "two words"],
        str(folder),
        str(folder),
        "1",
        "2",
        "__main__",
        "r",
        str(probe.world),
        str(probe.folder),
        10.0,
    ]


def test_what_controllers_print_is_passed_on_with_the_robots_name(
    project: Project, capfd: pytest.CaptureFixture[str]
) -> None:
    project(ROBOT, c="import sys\nprint('hello')\nprint('oh', file=sys.stderr)\nprint('no newline', end='')").run(
        quiet=False
    )
    out, err = capfd.readouterr()
    assert out.splitlines() == ["[r] hello", "[r] no newline"]
    assert err == "[r] oh\n"


def test_modules_are_imported_once_for_all_controllers(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "heavy_module_of_this_test.py").write_text("import os\nPID = os.getpid()\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    probe = project(ROBOT, c="import heavy_module_of_this_test as h\nreport([h.PID, os.getpid(), os.getppid()])")
    with Runner() as own:
        own.run(probe.world, RunOptions(preload=("heavy_module_of_this_test",), quiet=True))
    imported_by, pid, parent = probe.report()
    assert imported_by == parent != pid


def test_robots_move_in_lock_step_however_long_one_of_them_thinks(project: Project) -> None:
    probe = project(
        'Robot { name "slow" controller "slow" }' + 'Robot { name "quick" controller "quick" }',
        slow="""
        from controller import Robot
        import threading
        r = Robot()
        times = []
        for _ in range(3):
            threading.Event().wait(0.02)
            r.step(30)
            times.append(r.getTime())
        report(times, "slow")
        """,
        quick="""
        from controller import Robot
        r = Robot()
        times = []
        for _ in range(9):
            r.step(10)
            times.append(r.getTime())
        report(times, "quick")
        """,
    )
    probe.run()
    assert probe.report("slow") == pytest.approx([0.03, 0.06, 0.09])
    assert probe.report("quick") == pytest.approx([0.01 * n for n in range(1, 10)])


def test_a_paced_run_is_not_faster_than_asked(project: Project) -> None:
    outcome = project(ROBOT, c=IDLE).run(max_sim_s=0.5, pace=2.0)
    assert outcome.wall_time_s >= 0.25 - 0.01


# --- repeatability ------------------------------------------------------------------------------------

TRACE = """
from vehicle import Driver
d = Driver()
gps = d.getDevice("gps"); gps.enable(20)
eye = d.getDevice("us_front_left"); eye.enable(50)
d.setCruisingSpeed(4.0); d.setSteeringAngle(-0.2)
seen = []
for _ in range(150):
    d.step()
    v = [*gps.getValues(), eye.getValue(), d.getCurrentSpeed()]
    seen.append([x.hex() for x in v])
report(seen)
"""


def test_the_same_seed_gives_the_same_run_to_the_last_bit_and_another_does_not(project: Project) -> None:
    wall = 'LotWall { translation 7 0 0.6 rotation 0 0 1 1.570796 name "ahead" size 20 0.2 1.2 }\n'
    probe = project(car("c") + wall, c=TRACE)
    runs = []
    for seed in (1, 1, 2):
        probe.run(seed=seed)
        runs.append(probe.report())
    assert runs[0] == runs[1]
    assert runs[0] != runs[2]


def test_without_fork_a_run_is_the_same(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    probe = project(car("c"), c=TRACE)
    probe.run(seed=3)
    forked = probe.report()
    monkeypatch.setattr(launcher, "CAN_FORK", False)
    with Runner() as spawning:
        outcome = spawning.run(probe.world, RunOptions(seed=3, max_sim_s=5.0, quiet=True))
    assert outcome.controllers[0].exit_code == 0
    assert probe.report() == forked


# --- no process is left behind ------------------------------------------------------------------------

PARENT = """
import signal, sys
from pathlib import Path
from worlds.headless import Runner, RunOptions
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where a shell has put the tests in the background
try:
    with Runner() as runner:
        runner.run(Path(sys.argv[1]), RunOptions(max_sim_s=1e6, quiet=True))
except KeyboardInterrupt:
    sys.exit(130)
"""
HOLD = """
from controller import Robot
r = Robot()
r.step(10)
report(os.getpid(), "pid")
{tail}
"""


def alive() -> dict[int, int]:
    """Processes that run now (no zombies), each with its parent."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,stat="], capture_output=True, text=True, check=True).stdout
    rows = (line.split() for line in listed.splitlines())
    return {int(pid): int(parent) for pid, parent, state in rows if not state.startswith("Z")}


def descendants(ancestor: int) -> set[int]:
    """Processes below a process, leaving out the `ps` that lists them."""
    parents = alive()
    found: set[int] = {ancestor}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return (found - {ancestor}) & set(alive())


@contextlib.contextmanager
def parent_of(probe: Probe) -> Iterator[tuple[subprocess.Popen[bytes], set[int]]]:
    """A process of its own that runs the probe, and its descendants once the controller is at work."""
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", PARENT, str(probe.world)]
    with subprocess.Popen(command, env=env, stderr=subprocess.PIPE) as parent:
        try:
            assert wait_for((probe.folder / "pid.json").exists)
            yield parent, descendants(parent.pid)
        finally:
            parent.kill()


@pytest.mark.parametrize("tail", ["while r.step(10) != -1: pass", "while True: pass"], ids=["stepping", "hung"])
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda how: how.name)
def test_no_process_outlives_its_parent(project: Project, how: signal.Signals, tail: str) -> None:
    with parent_of(project(ROBOT, c=HOLD.format(tail=tail))) as (parent, family):
        assert len(family) == 2  # the process that forks, and the controller
        parent.send_signal(how)
        _, said = parent.communicate(timeout=20)
    assert wait_for(lambda: not family & set(alive()))
    assert b"Traceback" not in said
    assert parent.returncode == (130 if how is signal.SIGINT else -how)


def test_closing_the_runner_ends_the_process_it_forks_from(project: Project) -> None:
    probe = project(ROBOT, c=IDLE)
    before = descendants(os.getpid())
    with Runner() as own:
        own.run(probe.world, RunOptions(max_sim_s=0.1, quiet=True))
        during = descendants(os.getpid())
    assert len(during - before) == 1
    assert descendants(os.getpid()) == before
