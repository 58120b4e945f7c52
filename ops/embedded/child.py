"""A helper process and the two ends of the pipe that ties it to whoever started it.

The child prints one line of JSON when it is ready (or why it cannot be), answers each line it is sent with one
line, and ends when its stdin closes: so it ends with its parent, however that dies, on every platform. It has a
session of its own, so Ctrl-C in a terminal reaches the parent only, which decides in what order things stop.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from typing import IO, Any, cast

from coach_core.errors import UsageError

Answer = dict[str, Any]


class ChildProcess:
    """`python -m module args…`, with line-wise questions over its pipes. Start it, ask it, stop it."""

    def __init__(self, module: str, args: Sequence[str] = (), *, ready_timeout_s: float = 15.0) -> None:
        self._module = module
        self._args = list(args)
        self._ready_timeout_s = ready_timeout_s
        self._process: subprocess.Popen[bytes] | None = None
        self._errors: IO[bytes] | None = None
        self._lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._asking = threading.Lock()

    @property
    def pid(self) -> int | None:
        """Process id while running, else None."""
        return self._process.pid if self._process else None

    def start(self) -> Answer:
        """Start and wait until it is ready; its first line. UsageError says why it could not start."""
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 closed by stop()
        self._process = subprocess.Popen(
            [sys.executable, "-m", self._module, *self._args, "--end-with-stdin"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            start_new_session=True,
        )
        self._lines = queue.SimpleQueue()
        threading.Thread(target=self._read, args=(self._process, self._lines), daemon=True).start()
        try:
            return self._answer(self._ready_timeout_s)
        except BaseException:
            self.stop()
            raise

    def ask(self, question: str, timeout_s: float = 5.0) -> Answer:
        """Send one line and wait for the answer to it."""
        with self._asking:
            process = self._process
            if process is None or process.stdin is None:
                raise UsageError(f"{self._module} is not running; start it first.")
            with contextlib.suppress(BrokenPipeError):  # a dead child is reported by the missing answer
                process.stdin.write(question.encode() + b"\n")
                process.stdin.flush()
            return self._answer(timeout_s)

    def stop(self, timeout_s: float = 1.0) -> None:
        """Close its stdin, wait, and kill it if that did not help. Safe to call twice."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            with contextlib.suppress(OSError):
                process.stdin.close()
        try:
            process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()
        if self._errors is not None:
            self._errors.close()

    @staticmethod
    def _read(process: subprocess.Popen[bytes], lines: queue.SimpleQueue[bytes]) -> None:
        assert process.stdout is not None
        with contextlib.suppress(OSError, ValueError):  # closed under us by stop()
            for line in process.stdout:
                lines.put(line)
        lines.put(b"")

    def _answer(self, timeout_s: float) -> Answer:
        try:
            line = self._lines.get(timeout=timeout_s)
        except queue.Empty:
            raise UsageError(
                f"{self._module} did not answer within {timeout_s:g} s; is the machine overloaded? {self._last_words()}"
            ) from None
        if not line:
            raise UsageError(f"{self._module} ended unexpectedly. {self._last_words()}")
        answer = cast(Answer, json.loads(line))
        if "error" in answer:
            raise UsageError(str(answer["error"]))
        return answer

    def _last_words(self) -> str:
        if self._errors is None:
            return ""
        self._errors.seek(0)
        lines = self._errors.read().decode(errors="replace").strip().splitlines()
        return "Its last words: " + " | ".join(lines[-5:]) if lines else "It said nothing."


def say(answer: Answer) -> None:
    """Child's end: one line to the parent."""
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def follow_stdin(on_line: Callable[[str], None], on_end: Callable[[], None]) -> None:
    """Child's end: read questions in a thread until stdin closes, which means that the parent is gone.

    Reads the descriptor, not `sys.stdin`: a thread waiting in a buffered read would abort the interpreter's exit.
    """

    def read() -> None:
        rest = b""
        while chunk := os.read(0, 65536):
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                on_line(line.decode())
        on_end()

    threading.Thread(target=read, daemon=True, name="stdin").start()
