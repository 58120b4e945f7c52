"""`python -m ops.service MODULE [ARGS…]`: run a module as a service that does not outlive whoever started it."""

from __future__ import annotations

import contextlib
import ctypes
import os
import runpy
import signal
import sys

PR_SET_PDEATHSIG = 1


def end_with_parent(parent: int) -> None:
    """Have Linux send SIGTERM to this process when its parent dies; elsewhere the parent has to stop it itself."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it died before we asked
        sys.exit(0)


if __name__ == "__main__":
    end_with_parent(int(os.environ.pop("PARKIT_PARENT_PID", os.getppid())))
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
