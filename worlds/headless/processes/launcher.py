"""Start controllers: by forking the zygote where that exists, else one fresh interpreter each."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from pathlib import Path
from typing import Any, Protocol

from worlds.headless.processes.channel import Channel
from worlds.headless.processes.child import ControllerSpec

CAN_FORK = sys.platform == "linux"
"""Elsewhere fork is missing (Windows) or not safe after imports (macOS), and Unix sockets keep no messages apart."""
_START_TIMEOUT_S = 120.0
_IMPORT_TIMEOUT_S = 900.0
"""What is imported once may compile first; a process that works on is given time, one that ends is noticed at once."""
_POLL_S = 0.2
PATIENCE_S = 0.1
"""Whoever waits for a controller's message may look this often [s] at what else there is."""


class Process:
    """A running controller, seen from the simulation."""

    def __init__(self, channel: Channel, out: int, err: int) -> None:
        self.channel = channel
        self.out = out
        self.err = err
        self.exit_code: int | None = None
        """What it left with (negative: the signal that ended it); None while it runs."""


class Launcher(Protocol):
    def spawn(self, spec: ControllerSpec) -> Process: ...
    def wait(self, process: Process, timeout: float) -> int | None:
        """Exit code once it has ended, None if it still runs after `timeout` s."""

    def dump(self, process: Process) -> None:
        """Make it print the traceback of each of its threads on standard error, where the system can."""

    def kill(self, process: Process) -> None: ...
    def close(self) -> None: ...


class LaunchError(RuntimeError):
    """No process could be started."""


def make_launcher(preload: tuple[str, ...]) -> Launcher:
    return ForkLauncher(preload) if CAN_FORK else SpawnLauncher()


def _import_path() -> list[str]:
    return [str(Path(entry or ".").resolve()) for entry in sys.path]


class ForkLauncher:
    """Controllers forked from one process that has paid for the imports."""

    def __init__(self, preload: tuple[str, ...]) -> None:
        # SEQPACKET keeps messages apart, descriptors with the message they belong to
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        path = _import_path()
        code = f"import sys; sys.path[:] = {path!r}; from worlds.headless.processes import zygote; "
        code += f"zygote.main({theirs.fileno()}, {list(preload)!r})"
        self._zygote = subprocess.Popen(
            [sys.executable, "-u", "-c", code],
            pass_fds=[theirs.fileno()],
            start_new_session=True,
            stdin=subprocess.DEVNULL,
        )
        theirs.close()
        self._pids: dict[int, Process] = {}
        self._answers: deque[dict[str, Any]] = deque()

    def spawn(self, spec: ControllerSpec) -> Process:
        ours, theirs = socket.socketpair()
        out, out_theirs = os.pipe()
        err, err_theirs = os.pipe()
        request = json.dumps({"spawn": spec}).encode()
        self._until("ready")
        socket.send_fds(self._control, [request], [theirs.fileno(), out_theirs, err_theirs])
        pid = int(self._until("pid")["pid"])
        theirs.close()
        os.close(out_theirs)
        os.close(err_theirs)
        process = Process(Channel(ours, PATIENCE_S), out, err)
        self._pids[pid] = process
        return process

    _ready = False

    def _until(self, key: str) -> dict[str, Any]:
        if key == "ready" and self._ready:
            return {}
        allowed = _IMPORT_TIMEOUT_S if key == "ready" else _START_TIMEOUT_S
        deadline = time.monotonic() + allowed
        while time.monotonic() < deadline:
            message = self._read(_POLL_S)
            if message is None:
                if self._zygote.poll() is not None:
                    raise LaunchError(
                        f"the process that starts controllers ended with status {self._zygote.returncode}."
                    )
                continue
            if key in message:
                self._ready = True
                return message
        raise LaunchError(f"the process that starts controllers did not answer within {allowed:.0f} s.")

    def _read(self, timeout: float) -> dict[str, Any] | None:
        """Next message, having noted the exits it may tell of; None if there is none in time."""
        if not select.select([self._control], [], [], timeout)[0]:
            return None
        data = self._control.recv(1 << 16)
        if not data:
            raise LaunchError(f"the process that starts controllers is gone (status {self._zygote.wait()}).")
        message: dict[str, Any] = json.loads(data)
        if "exit" in message:
            process = self._pids.pop(message["exit"], None)
            if process is not None:
                process.exit_code = message["code"]
        return message

    def wait(self, process: Process, timeout: float) -> int | None:
        deadline = time.monotonic() + timeout
        while process.exit_code is None and process in self._pids.values():
            left = deadline - time.monotonic()
            if left < 0.0:
                return None
            self._read(left)
        return process.exit_code

    def dump(self, process: Process) -> None:
        self._order("dump", process)

    def kill(self, process: Process) -> None:
        self._order("kill", process)

    def _order(self, what: str, process: Process) -> None:
        for pid, known in self._pids.items():
            if known is process:
                self._control.send(json.dumps({what: pid}).encode())

    def close(self) -> None:
        self._control.close()
        try:
            self._zygote.wait(5.0)
        except subprocess.TimeoutExpired:
            self._zygote.kill()
            self._zygote.wait()


class SpawnLauncher:
    """A fresh interpreter for each controller, talking over a loopback port: slower, but needs nothing special."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(_POLL_S)
        self._running: dict[int, subprocess.Popen[bytes]] = {}

    def spawn(self, spec: ControllerSpec) -> Process:
        token = secrets.token_hex(16)
        job = {"spec": spec, "port": self._listener.getsockname()[1], "token": token, "path": _import_path()}
        code = "import sys, json; job = json.loads(sys.stdin.readline()); sys.path[:] = job['path']; "
        code += "from worlds.headless.processes import fresh; fresh.main(job)"
        popen = subprocess.Popen(
            [sys.executable, "-u", "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        assert popen.stdin is not None
        assert popen.stdout is not None
        assert popen.stderr is not None
        with popen.stdin as pipe:
            pipe.write(json.dumps(job).encode() + b"\n")
        sock = self._accept(popen, token)
        # our own copies: the pipes must outlive the Popen object's file objects
        process = Process(Channel(sock, PATIENCE_S), os.dup(popen.stdout.fileno()), os.dup(popen.stderr.fileno()))
        popen.stdout.close()
        popen.stderr.close()
        self._running[id(process)] = popen
        return process

    def _accept(self, popen: subprocess.Popen[bytes], token: str) -> socket.socket:
        """The connection of the process just started: it proves itself by its token."""
        deadline = time.monotonic() + _START_TIMEOUT_S
        while time.monotonic() < deadline and popen.poll() is None:
            try:
                sock, _ = self._listener.accept()
            except TimeoutError:
                continue
            if secrets.compare_digest(sock.recv(len(token)), token.encode()):
                return sock
            sock.close()
        popen.kill()
        raise LaunchError(f"a controller's interpreter did not start (status {popen.wait()}).")

    def wait(self, process: Process, timeout: float) -> int | None:
        popen = self._running.get(id(process))
        if popen is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.exit_code = popen.wait(timeout)
        return process.exit_code

    def dump(self, process: Process) -> None:
        popen = self._running.get(id(process))
        if popen is not None and popen.poll() is None and hasattr(signal, "SIGUSR1"):
            popen.send_signal(signal.SIGUSR1)

    def kill(self, process: Process) -> None:
        popen = self._running.get(id(process))
        if popen is not None and popen.poll() is None:
            popen.kill()

    def close(self) -> None:
        for popen in self._running.values():
            if popen.poll() is None:
                popen.kill()
            popen.wait()
        self._listener.close()


class OutputPump(threading.Thread):
    """Passes on what controllers print, line by line with the robot's name, and keeps the last of it."""

    TAIL_LINES = 60

    def __init__(self, *, quiet: bool) -> None:
        super().__init__(name="controller-output", daemon=True)
        self._quiet = quiet
        self._files: dict[int, tuple[str, bool]] = {}
        self._partial: dict[int, bytes] = {}
        self._tails: dict[str, deque[str]] = {}

    def add(self, robot: str, process: Process) -> None:
        self._tails[robot] = deque(maxlen=self.TAIL_LINES)
        self._files[process.out] = (robot, False)
        self._files[process.err] = (robot, True)

    def tail(self, robot: str) -> str:
        """The last lines of its standard error."""
        return "\n".join(self._tails.get(robot, ()))

    def run(self) -> None:
        while self._files:
            for descriptor in select.select(list(self._files), [], [])[0]:
                piece = os.read(descriptor, 1 << 16)
                lines = (self._partial.pop(descriptor, b"") + piece).split(b"\n")
                if piece:
                    rest = lines.pop()
                    if rest:
                        self._partial[descriptor] = rest
                elif lines == [b""]:
                    lines = []
                robot, is_error = self._files[descriptor]
                for line in lines:
                    self._pass(robot, is_error, line.decode("utf-8", "replace"))
                if not piece:
                    os.close(descriptor)
                    del self._files[descriptor]

    def _pass(self, robot: str, is_error: bool, line: str) -> None:
        if is_error:
            self._tails[robot].append(line)
        if not self._quiet:
            print(f"[{robot}] {line}", file=sys.stderr if is_error else sys.stdout, flush=True)
