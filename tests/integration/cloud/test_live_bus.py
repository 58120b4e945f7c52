"""One contract for the live bus, in this process and over a real Redis."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress

import pytest

from cloud.errors import Unavailable
from cloud.live.bus import PRESENCE, LiveBus, LiveTopic
from cloud.live.memory import MemoryBus
from cloud.live.messages import LiveMessage, LiveRecord
from cloud.live.redis_bus import RedisBus
from coach_core.contracts import Decision, SensorFrame, SessionEvent, VehicleStatus, decode, encode
from tests.fixtures.brokers import unique
from tests.integration.cloud.server import wait_for
from tests.unit.cloud.messages import decision, event, frame, plan, started, status

pytestmark = pytest.mark.integration

KINDS = {SensorFrame: "frames", Decision: "decisions", SessionEvent: "events", VehicleStatus: "status"}


class RedisServer:
    """Debian's redis-server on a free port, keeping nothing."""

    def __init__(self) -> None:
        binary = shutil.which("redis-server")
        if binary is None:
            message = "Redis is not installed (apt install redis-server)"
            if os.environ.get("CI") == "true":
                pytest.fail(message)
            pytest.skip(message)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self._command = [binary, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL)
        wait_for(self._answers, "Redis")

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), 0.2).close()
        except OSError:
            return False
        return True

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(10)

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"


@pytest.fixture(scope="module")
def redis_server() -> Iterator[RedisServer]:
    server = RedisServer()
    yield server
    server.stop()


@pytest.fixture(params=["memory", "redis"])
def make_bus(request: pytest.FixtureRequest) -> Callable[[], LiveBus]:
    if request.param == "memory":
        return MemoryBus
    server: RedisServer = request.getfixturevalue("redis_server")
    return lambda: RedisBus(server.url)


@asynccontextmanager
async def running(bus: LiveBus) -> AsyncIterator[LiveBus]:
    await bus.start()
    try:
        yield bus
    finally:
        await bus.close()


def records(*messages: SensorFrame | Decision | SessionEvent | VehicleStatus) -> list[LiveRecord]:
    at = int(time.time() * 1000)
    return [LiveRecord(KINDS[type(m)], encode(m), at) for m in messages]  # type: ignore[arg-type]


class Inbox:
    """A sink that can be waited for."""

    def __init__(self) -> None:
        self.messages: list[LiveMessage] = []
        self._more = asyncio.Event()

    def __call__(self, messages: Sequence[LiveMessage]) -> None:
        self.messages += messages
        self._more.set()

    async def wait(self, count: int) -> list[LiveMessage]:
        async with asyncio.timeout(5):
            while len(self.messages) < count:
                self._more.clear()
                await self._more.wait()
        return self.messages


def run(scenario: Callable[[], Awaitable[None]]) -> None:
    async def main() -> None:
        await scenario()

    asyncio.run(main())


def test_messages_reach_subscribers_of_their_car_and_kind_in_order(make_bus: Callable[[], LiveBus]) -> None:
    car, other = unique("car"), unique("car")

    async def scenario() -> None:
        async with running(make_bus()) as bus:
            frames, decisions = Inbox(), Inbox()
            await bus.subscribe(LiveTopic("frames", car), frames)
            await bus.subscribe(LiveTopic("decisions", car), decisions)
            await bus.publish(records(*(frame(seq, car=car) for seq in range(100)), frame(0, car=other)))
            await bus.publish(
                records(decision(0, car=car), decision(1, car=car), decision(2, car=car, level="warning"))
            )
            got = await frames.wait(100)
            assert [decode(m.body, SensorFrame).seq for m in got] == list(range(100))
            assert {m.vehicle_id for m in got} == {car}
            assert [m.keep for m in await decisions.wait(3)] == [True, False, True]

    run(scenario)


def test_two_subscribers_get_the_same_and_a_cancelled_one_nothing_more(make_bus: Callable[[], LiveBus]) -> None:
    car = unique("car")

    async def scenario() -> None:
        async with running(make_bus()) as bus:
            first, second = Inbox(), Inbox()
            topic = LiveTopic("events", car)
            cancel = await bus.subscribe(topic, first)
            await bus.subscribe(topic, second)
            await bus.publish(records(event(0, started(), car=car)))
            assert await first.wait(1) == await second.wait(1)
            await cancel()
            await cancel()
            await bus.publish(records(event(1, started(), car=car)))
            await second.wait(2)
            assert len(first.messages) == 1
            again = Inbox()
            await bus.subscribe(topic, again)
            await bus.publish(records(event(2, started(), car=car)))
            assert len(await again.wait(1)) == 1

    run(scenario)


def test_presence_is_told_of_every_car(make_bus: Callable[[], LiveBus]) -> None:
    cars = [unique("car") for _ in range(3)]

    async def scenario() -> None:
        async with running(make_bus()) as bus:
            inbox = Inbox()
            await bus.subscribe(PRESENCE, inbox)
            await bus.publish(records(*(status("online", car=car) for car in cars)))
            await bus.publish(records(status("offline", car=cars[1])))
            told = [decode(m.body, VehicleStatus) for m in await inbox.wait(4)]
            assert [(one.vehicle_id, one.state) for one in told] == [
                *((car, "online") for car in cars),
                (cars[1], "offline"),
            ]

    run(scenario)


def test_newcomers_get_the_state_also_from_another_replica(make_bus: Callable[[], LiveBus]) -> None:
    car = unique("car")
    path = [(0.0, 0.0, 0.0), (1.0, 0.0, 0.0)]

    async def scenario() -> None:
        async with running(make_bus()) as bus:
            assert await bus.car(car) is None
            messages = records(
                status("online", car=car),
                event(0, started(), car=car),
                decision(0, car=car, plan=plan(path=path), obstacles=[(1.0, 1.0)]),
                decision(1, car=car, plan=plan()),
                frame(1, car=car),
            )
            await bus.publish(messages)
            views = [await bus.car(car)]
            if isinstance(bus, RedisBus):
                async with running(make_bus()) as replica:
                    views.append(await replica.car(car))
                    assert car in [view.vehicle_id for view in await replica.cars()]
            for view in views:
                assert view is not None
                assert (view.state, view.session_id) == ("online", "s-1")
                assert decode(bytes(view.snapshot.frame or b""), SensorFrame).seq == 1
                newest = decode(bytes(view.snapshot.decision or b""), Decision)
                assert (newest.seq, newest.obstacles) == (1, [(1.0, 1.0)])
                assert view.snapshot.started is not None
            await bus.publish(records(frame(2, car=car, session="s-2")))
            after = await bus.car(car)
            assert after is not None
            assert (after.session_id, after.snapshot.started, after.snapshot.plan) == ("s-2", None, None)

    run(scenario)


def test_a_replica_hears_what_another_publishes(redis_server: RedisServer) -> None:
    car = unique("car")

    async def scenario() -> None:
        async with running(RedisBus(redis_server.url)) as one, running(RedisBus(redis_server.url)) as other:
            inbox = Inbox()
            await other.subscribe(LiveTopic("frames", car), inbox)
            await one.publish(records(frame(0, car=car)))
            assert len(await inbox.wait(1)) == 1

    run(scenario)


def test_a_publisher_that_takes_a_car_over_keeps_what_belongs_to_its_session(redis_server: RedisServer) -> None:
    car = unique("car")

    async def scenario() -> None:
        async with running(RedisBus(redis_server.url)) as one:
            await one.publish(records(event(0, started(), car=car), frame(0, car=car)))
        async with running(RedisBus(redis_server.url)) as other:
            await other.publish(records(frame(1, car=car)))
            view = await other.car(car)
            assert view is not None
            assert view.snapshot.started is not None
        async with running(RedisBus(redis_server.url)) as third:
            await third.publish(records(frame(2, car=car, session="s-2")))
            view = await third.car(car)
            assert view is not None
            assert view.snapshot.started is None

    run(scenario)


def test_redis_away_is_told_and_survived() -> None:
    server = RedisServer()
    car = unique("car")

    async def scenario() -> None:
        async with running(RedisBus(server.url)) as bus:
            inbox = Inbox()
            await bus.subscribe(LiveTopic("frames", car), inbox)
            await bus.publish(records(frame(0, car=car), event(0, started(), car=car)))
            await inbox.wait(1)
            await asyncio.to_thread(server.stop)
            with pytest.raises(Unavailable, match="Redis"):
                await bus.publish(records(frame(1, car=car)))
            with pytest.raises(Unavailable, match="Redis"):
                await bus.ping()
            await asyncio.to_thread(server.start)
            async with asyncio.timeout(10):
                while len(inbox.messages) < 2:
                    with suppress(Unavailable):
                        await bus.publish(records(frame(2, car=car)))
                    await asyncio.sleep(0.05)
            view = await bus.car(car)
            assert view is not None
            assert view.snapshot.started is not None, "the state that Redis lost is written again"

    try:
        run(scenario)
    finally:
        server.stop()


def test_a_redis_that_is_not_there_is_told_at_start() -> None:
    async def scenario() -> None:
        bus = RedisBus("redis://127.0.0.1:1/0")
        with pytest.raises(Unavailable, match="Redis does not answer"):
            await bus.start()
        await bus.close()

    run(scenario)
