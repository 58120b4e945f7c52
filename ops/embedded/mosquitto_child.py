"""The process that runs Mosquitto and takes it along when it ends."""

from __future__ import annotations

import ctypes
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from coach_core.errors import UsageError
from ops.embedded.child import follow_stdin, say
from ops.embedded.mqtt import find_mosquitto
from ops.ports import HOST
from ops.signals import call_on_stop_signals

CONFIG = """\
listener {port} {host}
allow_anonymous true
persistence false
set_tcp_nodelay true
# A car's messages wait here while the relay restarts; the stock bounds (20 in flight, 1,000 queued) would drop them.
max_inflight_messages 1000
max_queued_messages 0
log_dest stderr
log_type error
log_type warning
"""
_PR_SET_PDEATHSIG = 1


def serve(port: int, end_with_stdin: bool) -> None:
    """Run Mosquitto on `port` until told to stop or it dies; UsageError if it cannot start."""
    binary = find_mosquitto()
    if binary is None:
        raise UsageError("Mosquitto is not installed; install it (apt install mosquitto), or use kind amqtt.")
    stop = threading.Event()
    with tempfile.TemporaryDirectory(prefix="parkit-mqtt-") as folder:
        config = Path(folder) / "mosquitto.conf"
        config.write_text(CONFIG.format(port=port, host=HOST))
        # safe with preexec_fn: this process has no other thread yet
        broker = subprocess.Popen(
            [binary, "-c", str(config)],
            stdin=subprocess.DEVNULL,
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,
        )
        try:
            call_on_stop_signals(stop.set)
            _await_listening(port, broker)
            say({"port": port})
            if end_with_stdin:
                follow_stdin(lambda _line: None, stop.set)
            while not stop.wait(0.5) and broker.poll() is None:
                pass
        finally:
            _end(broker)
    if not stop.is_set():
        raise UsageError(f"Mosquitto ended by itself with status {broker.returncode}; its messages are on stderr.")


def _end(broker: subprocess.Popen[bytes]) -> None:
    """Ask until it ends: Mosquitto forgets a signal that comes after it listens but before its loop has begun."""
    for _ in range(10):
        broker.terminate()
        try:
            broker.wait(0.1)
        except subprocess.TimeoutExpired:
            continue
        return
    broker.kill()
    broker.wait()


def _await_listening(port: int, broker: subprocess.Popen[bytes], timeout_s: float = 5.0) -> None:
    deadline = time.monotonic() + timeout_s
    while True:
        try:
            socket.create_connection((HOST, port), timeout=0.2).close()
            return
        except OSError:
            if broker.poll() is not None or time.monotonic() > deadline:
                raise UsageError(f"Mosquitto does not listen on port {port}; its messages are on stderr.") from None
            time.sleep(0.005)


def _die_with_parent() -> None:
    """In the new process: be terminated when the process above dies, even by SIGKILL."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
