"""The fork server: a small process that has imported what controllers need, and becomes a controller on request.

It answers on a Unix socket that keeps messages apart; they are JSON. `{"spawn": {...}}` with three descriptors
(channel, stdout, stderr) gives `{"pid": n}`; a controller's end gives `{"exit": pid, "code": c}`; `{"dump": pid}` makes
one print where it is, `{"kill": pid}` ends one. When the socket closes, the zygote ends and takes every controller with
it.
"""

from __future__ import annotations

import array
import contextlib
import gc
import importlib
import json
import os
import selectors
import signal
import socket
import sys
import traceback
import warnings
from typing import Any

from worlds.headless.processes.child import ControllerSpec, die_with_parent, run_controller

_MAX_REQUEST = 1 << 20


class Zygote:
    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._children: set[int] = set()
        self._wake_out, self._wake_in = os.pipe()
        os.set_blocking(self._wake_in, False)
        os.set_blocking(self._wake_out, False)

    def serve(self) -> tuple[ControllerSpec, socket.socket] | None:
        """Fork on request until the runner goes. Returns a controller to run (in its new process), None at the end."""
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._wake_in, warn_on_full_buffer=False)
        selector = selectors.DefaultSelector()
        selector.register(self._control, selectors.EVENT_READ)
        selector.register(self._wake_out, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                if key.fileobj is self._control:
                    request, descriptors = self._receive()
                    if request is None:
                        self._end_all()
                        return None
                    job = self._answer(request, descriptors)
                    if job is not None:
                        selector.close()
                        return job
                else:
                    with contextlib.suppress(BlockingIOError):
                        os.read(self._wake_out, 4096)
            self._reap()

    def _receive(self) -> tuple[dict[str, Any] | None, list[int]]:
        descriptors = array.array("i")
        try:
            data, ancillary, _, _ = self._control.recvmsg(_MAX_REQUEST, socket.CMSG_SPACE(3 * descriptors.itemsize))
        except OSError:
            return None, []
        for level, kind, body in ancillary:
            if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                descriptors.frombytes(body[: len(body) - len(body) % descriptors.itemsize])
        return (json.loads(data) if data else None), list(descriptors)

    def _answer(self, request: dict[str, Any], descriptors: list[int]) -> tuple[ControllerSpec, socket.socket] | None:
        if "dump" in request:
            if request["dump"] in self._children:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(request["dump"], signal.SIGUSR1)
            return None
        if "kill" in request:
            if request["kill"] in self._children:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(request["kill"], signal.SIGKILL)
            return None
        with warnings.catch_warnings():
            # idle threads of numerical libraries are not ours and hold no lock here
            warnings.simplefilter("ignore", DeprecationWarning)
            pid = os.fork()
        if pid == 0:
            return self._become(request["spawn"], descriptors)
        with contextlib.suppress(PermissionError, ProcessLookupError):
            os.setpgid(pid, pid)
        for descriptor in descriptors:
            os.close(descriptor)
        self._children.add(pid)
        self._say({"pid": pid})
        return None

    def _become(self, spec: ControllerSpec, descriptors: list[int]) -> tuple[ControllerSpec, socket.socket]:
        die_with_parent()
        with contextlib.suppress(PermissionError):
            os.setpgid(0, 0)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self._control.close()
        os.close(self._wake_in)
        os.close(self._wake_out)
        channel, out, err = descriptors
        os.dup2(out, 1)
        os.dup2(err, 2)
        os.close(out)
        os.close(err)
        return spec, socket.socket(fileno=channel)

    def _reap(self) -> None:
        for pid in list(self._children):
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                self._children.discard(pid)
                self._say({"exit": pid, "code": os.waitstatus_to_exitcode(status)})

    def _say(self, message: dict[str, Any]) -> None:
        with contextlib.suppress(OSError):
            self._control.send(json.dumps(message).encode())

    def _end_all(self) -> None:
        for pid in self._children:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)


def main(descriptor: int, preload: list[str]) -> None:
    """Import what was asked for, then serve; a controller's process leaves through here as its script does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    control = socket.socket(fileno=descriptor)
    for name in preload:
        try:
            importlib.import_module(name)
        except Exception:
            # a controller that needs it will fail with the same words; the others need not
            traceback.print_exc(file=sys.stderr)
    try:
        control.send(json.dumps({"ready": os.getpid()}).encode())
    except OSError:
        return  # whoever asked for it is gone already: a world that cannot be read, a wrong option
    # controllers keep it frozen: looking through what they share would copy it into each of them
    gc.collect()
    gc.freeze()
    job = Zygote(control).serve()
    if job is not None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        run_controller(*job)
