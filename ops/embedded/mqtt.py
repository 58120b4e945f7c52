"""An embedded MQTT broker on the loopback: Mosquitto (MQTT 5) where it is installed, else amqtt (MQTT 3.1.1).

Either way a small Python process stands between, which ends the broker when its own parent goes away.
Anonymous, no persistence, no bound on queued messages, TCP_NODELAY on every socket: Nagle's algorithm together with
delayed acknowledgements is the largest source of latency there is here.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Sequence
from types import TracebackType
from typing import Literal, Self

from coach_core.errors import UsageError
from ops.embedded.child import ChildProcess, say
from ops.ports import HOST, can_listen, free_port

Kind = Literal["mosquitto", "amqtt"]
PROTOCOLS: dict[Kind, Literal[5, 311]] = {"mosquitto": 5, "amqtt": 311}


def find_mosquitto() -> str | None:
    """Path of the Mosquitto broker, also where Debian hides it from ordinary users; None if not installed."""
    return shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/local/sbin:/usr/sbin:/opt/homebrew/sbin")


class EmbeddedMqtt:
    """An MQTT broker on 127.0.0.1 as a context manager.

    port: 0 picks a free one. kind: "mosquitto" or "amqtt"; None takes Mosquitto if it is installed.
    """

    host = HOST

    def __init__(self, *, port: int = 0, kind: Kind | None = None) -> None:
        self.kind: Kind = kind or ("mosquitto" if find_mosquitto() else "amqtt")
        self.port = port
        self.protocol: Literal[5, 311] = PROTOCOLS[self.kind]
        self._child: ChildProcess | None = None

    def start(self) -> Self:
        """Start and wait until it accepts connections. UsageError for a port in use or a missing broker."""
        self.port = _usable_port(self.port)
        self._child = ChildProcess("ops.embedded.mqtt", ["--port", str(self.port), "--kind", self.kind])
        self._child.start()
        return self

    def stop(self) -> None:
        if self._child:
            self._child.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.stop()


def _usable_port(port: int) -> int:
    """`port` if it is free, a free one for 0."""
    if port == 0:
        return free_port()
    if not can_listen(port):
        raise UsageError(
            f"Port {port} on {HOST} is already in use; stop what listens there, or give another port for the MQTT "
            "broker (0 picks a free one)."
        )
    return port


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m ops.embedded.mqtt", description="MQTT broker for development.")
    parser.add_argument("--port", type=int, default=0, help="0 picks a free one")
    parser.add_argument("--kind", choices=sorted(PROTOCOLS), help="default: mosquitto if installed, else amqtt")
    parser.add_argument("--end-with-stdin", action="store_true", help="end when stdin closes")
    options = parser.parse_args(argv)
    kind: Kind = options.kind or ("mosquitto" if find_mosquitto() else "amqtt")
    try:
        port = _usable_port(options.port)
        if kind == "mosquitto":
            from ops.embedded.mosquitto_child import serve
        else:
            from ops.embedded.amqtt_child import serve
        serve(port, options.end_with_stdin)
    except (UsageError, ImportError) as error:
        say({"error": str(error)})
        raise SystemExit(2) from None


if __name__ == "__main__":
    main()
