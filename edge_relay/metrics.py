"""What the relay counts and measures, for Prometheus. One registry per relay, so that two can live in a process."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_SECONDS = (0.0005, 0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0, 300.0)
PLAUSIBLE_HOP_S = 3_600.0
"""Ages outside 0 … this say that the car's clock is not ours, and are not counted."""


class Metrics:
    """The series of one relay; names in docs/relay.md."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self.received = Counter("parkit_relay_received", "MQTT messages taken in", ["channel"], registry=registry)
        self.produced = Counter("parkit_relay_produced", "Records Kafka has taken", ["topic"], registry=registry)
        self.failed = Counter("parkit_relay_produce_failed", "Records Kafka did not take at first", registry=registry)
        self.dead_letters = Counter(
            "parkit_relay_dead_letter", "Messages that became dead letters", ["reason"], registry=registry
        )
        self.commands = Counter("parkit_relay_commands", "Commands passed on to cars", registry=registry)
        self.spool_bytes = Gauge("parkit_relay_spool_bytes", "Bytes in the spool", registry=registry)
        self.spool_records = Gauge("parkit_relay_spool_records", "Records in the spool", registry=registry)
        self.spool_errors = Counter("parkit_relay_spool_errors", "Failed writes to the spool", registry=registry)
        self.in_memory = Gauge(
            "parkit_relay_unsafe_records", "Records neither on disk nor in Kafka, not acknowledged", registry=registry
        )
        self.hop = Histogram(
            "parkit_relay_hop_seconds",
            "Time per hop: car_to_relay by both clocks, relay_to_kafka until Kafka has it",
            ["hop"],
            buckets=_SECONDS,
            registry=registry,
        )
        self.kafka_up = Gauge("parkit_relay_kafka_up", "1 while Kafka can be reached", registry=registry)
        self.mqtt_up = Gauge("parkit_relay_mqtt_up", "1 while connected to the MQTT broker", registry=registry)

    def observe_hop(self, hop: str, seconds: float) -> None:
        """Count the time of one hop, unless two clocks disagree."""
        if 0.0 <= seconds <= PLAUSIBLE_HOP_S:
            self.hop.labels(hop).observe(seconds)
