"""What happens in a controller's process before and after its own script."""

from __future__ import annotations

import atexit
import ctypes
import faulthandler
import os
import signal
import socket
import sys
import threading
import traceback
import types
from typing import NoReturn, TypedDict

from worlds.headless.processes.channel import Channel

RUNTIME = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "runtime")
_PR_SET_PDEATHSIG = 1


class ControllerSpec(TypedDict):
    """A controller to run: its script, arguments, working folder (the script's) and whole environment."""

    script: str
    args: list[str]
    env: dict[str, str]


def die_with_parent() -> None:
    """Ask the kernel to end this process when its parent ends; where it cannot, the closed channel will do."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def run_controller(spec: ControllerSpec, sock: socket.socket) -> NoReturn:
    """Run the script as `python -u NAME.py args` would, and end the process with its status."""
    folder = os.path.dirname(spec["script"])
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(spec["env"])
    sys.argv = [os.path.basename(spec["script"]), *spec["args"]]
    # Webots puts the controller's folder first and its own modules behind it
    sys.path[:0] = [folder, RUNTIME]
    if hasattr(signal, "SIGUSR1"):
        # a controller that hangs is asked where before it is ended
        faulthandler.register(signal.SIGUSR1, file=sys.__stderr__ or sys.stderr, all_threads=True)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=True, write_through=True)  # type: ignore[union-attr]

    from controller import _link  # type: ignore[import-not-found] # the stand-in's, from RUNTIME

    _link.connect(Channel(sock))
    status = 0
    try:
        _run_as_main(spec["script"])
    except SystemExit as leaving:
        status = _status(leaving.code)
    except BaseException as error:
        status = 1
        # what the person wrote is to blame: leave our own frames out
        trace = error.__traceback__
        while trace is not None and trace.tb_frame.f_code.co_filename != spec["script"]:
            trace = trace.tb_next
        traceback.print_exception(type(error), error, trace)
    _leave(status)


def _run_as_main(script: str) -> None:
    """Run a file as `__main__`, and leave it there: threads of the controller may outlast the script's last line."""
    main = types.ModuleType("__main__")
    main.__file__ = script
    sys.modules["__main__"] = main
    with open(script, "rb") as source:
        code = compile(source.read(), script, "exec")
    exec(code, main.__dict__)


def _status(code: object) -> int:
    """Exit status of sys.exit(code)."""
    if code is None or isinstance(code, int):
        return code or 0
    print(code, file=sys.stderr)
    return 1


def _leave(status: int) -> NoReturn:
    """End as an interpreter does, without the second or so that unloading compiled modules takes.

    The order is that of `multiprocessing` for its own forked processes: threads first, then exit functions.
    """
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status & 0xFF)
