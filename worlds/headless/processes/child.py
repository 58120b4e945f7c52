"""What happens in a controller's process before and after its own script."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import sys
import traceback
import types
from typing import TypedDict

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


def run_controller(spec: ControllerSpec, sock: socket.socket) -> None:
    """Run the script as `python -u NAME.py args` would; leaves with SystemExit or the script's own exception."""
    folder = os.path.dirname(spec["script"])
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(spec["env"])
    sys.argv = [os.path.basename(spec["script"]), *spec["args"]]
    # Webots puts the controller's folder first and its own modules behind it
    sys.path[:0] = [folder, RUNTIME]
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=True, write_through=True)  # type: ignore[union-attr]

    from controller import _link  # type: ignore[import-not-found] # the stand-in's, from RUNTIME

    _link.connect(Channel(sock))
    try:
        _run_as_main(spec["script"])
    except Exception as error:
        # what the person wrote is to blame: leave our own frames out
        trace = error.__traceback__
        while trace is not None and trace.tb_frame.f_code.co_filename != spec["script"]:
            trace = trace.tb_next
        traceback.print_exception(type(error), error, trace)
        raise SystemExit(1) from None


def _run_as_main(script: str) -> None:
    """Run a file as `__main__`, and leave it there: threads of the controller may outlast the script's last line."""
    main = types.ModuleType("__main__")
    main.__file__ = script
    sys.modules["__main__"] = main
    with open(script, "rb") as source:
        code = compile(source.read(), script, "exec")
    exec(code, main.__dict__)
