"""A development tool: drive a made-up attempt and publish it to Kafka, so that the dashboard has something to show.

    python -m cloud.dashboard.dev.drive --kafka HOST:PORT [--cars 3] [--pace 1.0]

The car is a kinematic one that follows a fixed manoeuvre (see `attempt.py`); there is no coach, no simulator and no
score in it. What it sends follows the contracts, so the services treat it as they would a real car. Use `parkit demo`
to see the real thing.
"""

from __future__ import annotations

import argparse
import sys
import threading
import time

import msgspec
from confluent_kafka import Producer

from cloud.dashboard.dev.attempt import Attempt, Tick
from coach_core.contracts import (
    KAFKA_TOPICS,
    Decision,
    SensorFrame,
    SessionEvent,
    Topic,
    VehicleStatus,
    encode,
)

TOPIC_OF: dict[type[msgspec.Struct], Topic] = {
    SensorFrame: Topic.SENSOR_RAW,
    Decision: Topic.COACH_DECISIONS,
    SessionEvent: Topic.SESSION_EVENTS,
    VehicleStatus: Topic.VEHICLE_STATUS,
}


def publish(producer: Producer, tick: Tick) -> None:
    """Send a tick's messages, keyed as their topics ask."""
    for message in tick.messages:
        topic = TOPIC_OF[type(message)]
        key = getattr(message, KAFKA_TOPICS[topic].key)
        producer.produce(str(topic), encode(message), key=str(key))
    producer.poll(0)


def drive(producer: Producer, attempt: Attempt, pace: float, stop: threading.Event) -> None:
    """Publish an attempt `pace` times as fast as it would take, until it ends or `stop` is set; then the car leaves."""
    start = time.monotonic()
    for tick in attempt.ticks():
        if stop.wait(max(0.0, start + tick.sim_time_s / pace - time.monotonic())):
            break
        publish(producer, attempt.stamped(tick, time.time_ns() // 1000))
    producer.flush(5)  # else its last frames could overtake the word that it has left
    publish(producer, attempt.stamped(attempt.leaves(), time.time_ns() // 1000))
    producer.flush(5)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kafka", required=True, help="bootstrap servers, HOST:PORT")
    parser.add_argument("--cars", type=int, default=1)
    parser.add_argument("--pace", type=float, default=1.0, help="2 is twice as fast")
    parser.add_argument("--repeat", type=int, default=1, help="attempts of each car")
    options = parser.parse_args()
    producer = Producer({"bootstrap.servers": options.kafka, "linger.ms": 0})

    stop = threading.Event()

    def car(number: int) -> None:
        for attempt in range(options.repeat):
            drive(producer, Attempt(f"car-{number + 1}", attempt, delay_s=4.0 * number), options.pace, stop)

    threads = [threading.Thread(target=car, args=(number,), daemon=True) for number in range(options.cars)]
    for thread in threads:
        thread.start()
    try:
        for thread in threads:
            thread.join()
    except KeyboardInterrupt:
        stop.set()
        for thread in threads:
            thread.join()
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
