"""Destinations are read to the letter."""

import pytest

from cloud.gateway.destinations import CarCommands, OwnQueue, Ping, parse_send, parse_subscription
from cloud.live.bus import PRESENCE, LiveTopic


def test_the_known_subscriptions_are_read() -> None:
    assert parse_subscription("/topic/cars/car-1/frames") == LiveTopic("frames", "car-1")
    assert parse_subscription("/topic/cars/a.b:c/events") == LiveTopic("events", "a.b:c")
    assert parse_subscription("/topic/presence") == PRESENCE
    assert parse_subscription("/user/queue/pong") == OwnQueue("/user/queue/pong")


@pytest.mark.parametrize(
    "destination",
    [
        "",
        "/topic/cars",
        "/topic/cars//frames",
        "/topic/cars/a/b/frames",
        "/topic/cars/a/status",
        "/topic/cars/*/frames",
    ],
)
def test_an_unknown_subscription_is_none(destination: str) -> None:
    assert parse_subscription(destination) is None


def test_the_known_targets_of_send_are_read() -> None:
    assert parse_send("/app/cars/car-1/commands") == CarCommands("car-1")
    assert parse_send("/app/ping") == Ping()
    assert parse_send("/topic/cars/car-1/frames") is None
