"""Entry of a controller started without fork: connects back to the simulation, then runs the script."""

from __future__ import annotations

import os
import socket
from typing import Any

from worlds.headless.processes.child import die_with_parent, run_controller


def main(job: dict[str, Any]) -> None:
    """`job`: spec, port, token (proof that we are the process that was started)."""
    parent = os.getppid()
    die_with_parent()
    if os.getppid() != parent:
        return
    sock = socket.create_connection(("127.0.0.1", job["port"]))
    sock.sendall(job["token"].encode())
    run_controller(job["spec"], sock)
