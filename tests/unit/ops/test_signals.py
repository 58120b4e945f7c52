"""Being told to stop: whatever the main thread holds when the signal comes."""

from __future__ import annotations

import signal
import subprocess
import sys

HOLDS_THE_LOCK = """
import os, signal, sys, threading
from ops.signals import call_on_stop_signals
stop = threading.Event()
call_on_stop_signals(stop.set)
with stop._cond:  # as within wait(), where a handler that set the event itself would wait for ever
    os.kill(os.getpid(), int(sys.argv[1]))
sys.exit(0 if stop.wait(30) else 1)
"""


def test_a_signal_is_heard_while_the_event_it_sets_is_locked() -> None:
    for signum in (signal.SIGTERM, signal.SIGINT):
        done = subprocess.run([sys.executable, "-c", HOLDS_THE_LOCK, str(int(signum))], timeout=60, check=False)
        assert done.returncode == 0
