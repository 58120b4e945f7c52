"""Ports of services on this machine."""

from __future__ import annotations

import random
import socket

from coach_core.errors import UsageError

HOST = "127.0.0.1"
SERVICE_PORTS = range(20_000, 32_000)


def can_listen(port: int) -> bool:
    """Whether nothing listens on a loopback port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A port nobody listens on, outside the range from which the system serves outgoing connections.

    A port of that range may be taken by any client between the moment it is found and the moment a service binds it.
    """
    candidates = random.SystemRandom().sample(SERVICE_PORTS, 100)
    port = next(filter(can_listen, candidates), None)
    if port is None:
        raise UsageError(f"no free port was found on {HOST}; choose one with --port")
    return port
