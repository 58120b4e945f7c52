"""From the sensor's timestamp to the browser's paint, hop by hop, with the whole path on this machine."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from confluent_kafka import Consumer, TopicPartition

from coach_core.contracts import SensorFrame, Topic, decode
from ops.bench.machine import machine
from ops.bench.statistics import spread
from ops.browser import chromium
from ops.dashboard_build import build_dashboard
from ops.run import SessionOptions, StandInSimulator
from ops.stack import LocalStack

SEEDS_APART = 1000
"""A car that finishes goes on with a seed no other car has."""
SETTLE_S = 3.0
"""What is painted in the first seconds is left out: the page is loading, kernels are warming."""


class KafkaHop(threading.Thread):
    """Reads sensor-raw beside the cloud and notes when each frame came by."""

    def __init__(self, bootstrap: str) -> None:
        super().__init__(daemon=True, name="kafka-hop")
        self._consumer = Consumer(
            {
                "bootstrap.servers": bootstrap,
                "group.id": "bench",
                "enable.auto.commit": False,
                "auto.offset.reset": "latest",
                "fetch.wait.max.ms": 1,
            }
        )
        partitions = self._consumer.list_topics(Topic.SENSOR_RAW).topics[Topic.SENSOR_RAW].partitions
        self._consumer.assign([TopicPartition(Topic.SENSOR_RAW, p) for p in partitions])
        self._done = threading.Event()
        self.to_relay_ms: list[float] = []
        self.to_consumer_ms: list[float] = []

    def run(self) -> None:
        while not self._done.is_set():
            message = self._consumer.poll(0.05)
            value = None if message is None or message.error() else message.value()
            if message is None or value is None:
                continue
            now_us = time.time_ns() // 1000
            frame = decode(value, SensorFrame)
            received = dict(message.headers() or []).get("received_at")
            if received is not None:
                self.to_relay_ms.append((int(received) - frame.timestamp) / 1000.0)
            self.to_consumer_ms.append((now_us - frame.timestamp) / 1000.0)

    def close(self) -> None:
        self._done.set()
        self.join()
        self._consumer.close()


def measure(
    world: Path,
    *,
    cars: int,
    seconds: float,
    mqtt_kind: str | None = None,
    on_second: Callable[[float], None] | None = None,
) -> dict[str, Any]:
    """Drive `cars` cars in real time for `seconds` s and look at the first in the browser; times in ms."""
    build_dashboard()
    stop = threading.Event()
    with (
        tempfile.TemporaryDirectory(prefix="parkit-bench-") as folder,
        LocalStack(Path(folder), 0, mqtt_kind=mqtt_kind) as stack,
        chromium() as browser,
    ):
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        hop = KafkaHop(stack.kafka.bootstrap)
        hop.start()
        drivers = [
            threading.Thread(target=_drive, args=(world, stack, Path(folder), number, stop), daemon=True)
            for number in range(1, cars + 1)
        ]
        page.goto(f"{stack.url}/live/car-1")
        for thread in drivers:
            thread.start()
        page.wait_for_function("() => (window.__parkit?.latency?.length ?? 0) > 0", timeout=120_000)
        page.wait_for_timeout(SETTLE_S * 1000)
        began_us = time.time_ns() // 1000
        first = len(hop.to_consumer_ms)
        samples: dict[int, dict[str, float]] = {}
        began = time.monotonic()
        while (elapsed := time.monotonic() - began) < seconds:
            page.wait_for_timeout(500)
            for sample in page.evaluate("() => window.__parkit.latency.slice(-400)"):
                if sample["sensor_us"] >= began_us:
                    samples[int(sample["seq"])] = sample
            if on_second is not None:
                on_second(min(elapsed, seconds))
        stop.set()
        for thread in drivers:
            thread.join()
        hop.close()
        kind = stack.mqtt.kind
    painted = list(samples.values())
    return {
        "cars": cars,
        "seconds": seconds,
        "mqtt": kind,
        "painted_frames": len(painted),
        "frames_through_kafka": len(hop.to_consumer_ms) - first,
        "sensor_to_paint_ms": spread([(s["painted_us"] - s["sensor_us"]) / 1000.0 for s in painted], 2),
        "hops_ms": {
            "sensor_to_relay": spread(hop.to_relay_ms[first:], 2),
            "sensor_to_kafka_consumer": spread(hop.to_consumer_ms[first:], 2),
            "sensor_to_server_sent": spread([(s["server_sent_us"] - s["sensor_us"]) / 1000.0 for s in painted], 2),
            "server_sent_to_onmessage": spread([(s["received_us"] - s["server_sent_us"]) / 1000.0 for s in painted], 2),
            "onmessage_to_paint": spread([(s["painted_us"] - s["received_us"]) / 1000.0 for s in painted], 2),
        },
        "note": "paint = the requestAnimationFrame callback that draws the frame, clocks aligned by pings",
        "machine": machine(),
    }


def _drive(world: Path, stack: LocalStack, folder: Path, number: int, stop: threading.Event) -> None:
    """One car after another session until told to stop."""
    seed = number
    with StandInSimulator() as simulator:
        while not stop.is_set():
            options = SessionOptions(
                world=world,
                driver="novice",
                seed=seed,
                pace=1.0,
                vehicle_id=f"car-{number}",
                session_id=f"car-{number}-bench-{seed}",
                mqtt=(stack.mqtt.host, stack.mqtt.port),
                outbox_dir=folder / "outbox",
            )
            try:
                simulator.run(options, stop=stop.is_set)
            except KeyboardInterrupt:  # how a run says that it was stopped
                return
            seed += SEEDS_APART
