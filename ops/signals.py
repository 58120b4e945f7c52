"""Being told to stop."""

from __future__ import annotations

import queue
import signal
import threading
from collections.abc import Callable


def call_on_stop_signals(stop: Callable[[], None]) -> None:
    """Have SIGTERM and SIGINT call `stop`, from a thread of its own, in place of a traceback.

    Not from the handler itself: that interrupts the main thread anywhere, also while it holds the lock of the very
    event that `stop` wants to set. A simple queue is the one thing a handler may safely touch.
    """
    wake: queue.SimpleQueue[None] = queue.SimpleQueue()

    def wait() -> None:
        while True:
            wake.get()
            stop()

    threading.Thread(target=wait, daemon=True, name="stop-signals").start()
    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, lambda _signum, _frame: wake.put(None))
