"""A simulator in a process of its own, so that runs side by side do not wait for each other's interpreter lock.

A simulation and its controllers run in turn, never at once, so one processor is all they can use, and keeping them on
one saves most of the waiting: to wake a process on another that has gone to sleep takes as long as a step.

Requests and answers are pickles on the process's standard input and output; what controllers print goes to standard
error. The process ends when its input does.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import IO, Any

from ops.run import RunError, SessionOptions, Simulator, simulator

POLL_S = 0.2
"""How often whoever waits for an answer looks whether to stop."""
LEAVE_S = 30.0
"""A process whose input has ended is given this long [s] to end its controllers."""


class SimulatorElsewhere:
    """As `ops.run.simulator(which)`, one call at a time; a context manager."""

    def __init__(self, which: Simulator, place: int | None = None) -> None:
        """place: counts those side by side, each of which stays on a processor of its own; None: on any."""
        self._which, self._place = which, place

    def __enter__(self) -> SimulatorElsewhere:
        call = f"from ops.check.elsewhere import serve; serve({self._which!r}, {self._place!r})"
        command = [sys.executable, "-c", call]
        paths = os.pathsep.join(path or "." for path in sys.path)
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": paths},
            start_new_session=True,  # Ctrl-C is ours to pass on
        )
        return self

    def __exit__(self, *exc: object) -> None:
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        with contextlib.suppress(OSError):
            process.stdin.close()
        try:
            process.wait(LEAVE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()

    def run(self, options: SessionOptions, *, stop: Callable[[], bool]) -> dict[str, Any]:
        """The session's result; raises what kept it from running, RunError too if the process itself is gone."""
        process = self._process
        assert process.stdin is not None
        answer: list[Any] = []
        waiting = threading.Thread(target=lambda: answer.append(_read(process.stdout)), daemon=True)
        try:
            pickle.dump(options, process.stdin)
            process.stdin.flush()
        except OSError:
            raise RunError(f"the process of the simulator ended with status {process.wait()}") from None
        waiting.start()
        while waiting.is_alive():
            waiting.join(POLL_S)
            if stop() and waiting.is_alive():
                process.terminate()
                waiting.join()
        if answer[0] is None:
            raise RunError(f"the process of the simulator ended with status {process.wait()}")
        if isinstance(answer[0], BaseException):
            raise answer[0]
        result: dict[str, Any] = answer[0]
        return result


def _read(stream: IO[bytes] | None) -> Any:
    assert stream is not None
    try:
        return pickle.load(stream)
    except (EOFError, OSError, pickle.UnpicklingError):
        return None


def stay_on(place: int) -> None:
    """Keep this process, and those it will start, on one of the processors it may use; counted round."""
    if sys.platform == "linux":
        usable = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {usable[place % len(usable)]})


def serve(which: Simulator, place: int | None = None) -> None:
    """Run the sessions asked for on standard input, until it ends; SIGTERM stops the one under way."""
    if place is not None:
        stay_on(place)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever is printed must not get between the answers
    stopping = threading.Event()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    with simulator(which) as chosen:
        while (options := _read(sys.stdin.buffer)) is not None:
            try:
                answer: Any = chosen.run(options, stop=stopping.is_set)
            except (Exception, KeyboardInterrupt) as error:
                answer = _plain(error)
            pickle.dump(answer, answers)
            answers.flush()


def _plain(error: BaseException) -> BaseException:
    """An error that can be sent: itself, or one of ours with its words."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RunError(f"{type(error).__name__}: {error}")
    return error
