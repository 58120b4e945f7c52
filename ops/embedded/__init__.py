"""Brokers for demo, development and tests, each in a process of its own, from Python packages alone.

They hold nothing on disk and listen on the loopback only. Production uses real ones (docs/relay.md).

    with EmbeddedKafka() as kafka, EmbeddedMqtt() as mqtt:
        print(kafka.bootstrap, mqtt.host, mqtt.port)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ops.embedded.kafka import EmbeddedKafka
    from ops.embedded.mqtt import EmbeddedMqtt

__all__ = ["EmbeddedKafka", "EmbeddedMqtt"]


def __getattr__(name: str) -> Any:
    """Import on first use: both modules are also programs, which runpy wants to be the first to import."""
    if name == "EmbeddedKafka":
        from ops.embedded.kafka import EmbeddedKafka

        return EmbeddedKafka
    if name == "EmbeddedMqtt":
        from ops.embedded.mqtt import EmbeddedMqtt

        return EmbeddedMqtt
    raise AttributeError(name)
