"""The process that runs amqtt, a broker in Python: MQTT 3.1.1, enough for a demo of a few cars."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import amqtt.broker
from amqtt.broker import Broker, RetainedApplicationMessage
from amqtt.mqtt.protocol.broker_handler import BrokerProtocolHandler
from amqtt.plugins.base import BaseAuthPlugin
from amqtt.session import Session

from ops.embedded.child import follow_stdin, say
from ops.ports import HOST
from ops.signals import call_on_stop_signals


class AllowEveryone(BaseAuthPlugin):  # type: ignore[misc]
    """Lets everyone in, like amqtt's own plugin, but without marking sessions anonymous.

    amqtt forgets anonymous sessions, and with them what waits for a relay that is being restarted.
    """

    async def authenticate(self, *, session: Session) -> bool:  # noqa: ARG002
        return True


class KeepingHandler(BrokerProtocolHandler):  # type: ignore[misc]
    """Sends a message again when its receiver is back, if it went away without acknowledging it.

    amqtt itself forgets what is in flight when a connection ends, which breaks the promise of QoS 1.
    """

    async def mqtt_publish(self, topic: str, data: bytes, qos: int | None, retain: bool, *rest: Any) -> Any:
        session = self.session
        try:
            return await super().mqtt_publish(topic, data, qos, retain, *rest)
        except BaseException:
            if qos and session is not None and not session.clean_session:
                session.retained_messages.put_nowait(RetainedApplicationMessage(None, topic, data, qos))
            raise


def serve(port: int, end_with_stdin: bool) -> None:
    """Run amqtt on `port` until told to stop."""
    logging.basicConfig(level=logging.ERROR)
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(_serve(port, end_with_stdin))


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    """uvloop where it is installed: a quarter faster, otherwise the same."""
    try:
        from uvloop import new_event_loop
    except ImportError:
        return asyncio.new_event_loop
    return new_event_loop


async def _serve(port: int, end_with_stdin: bool) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stop_soon() -> None:
        loop.call_soon_threadsafe(stop.set)

    call_on_stop_signals(stop_soon)
    config: dict[str, Any] = {
        "listeners": {"default": {"type": "tcp", "bind": f"{HOST}:{port}"}},
        "plugins": {f"{AllowEveryone.__module__}.{AllowEveryone.__qualname__}": {}},
    }
    vars(amqtt.broker)["BrokerProtocolHandler"] = KeepingHandler  # the only way in
    broker = Broker(config, loop=loop)
    await broker.start()
    if end_with_stdin:
        follow_stdin(lambda _line: None, stop_soon)
    say({"port": port})
    await stop.wait()
    await broker.shutdown()
