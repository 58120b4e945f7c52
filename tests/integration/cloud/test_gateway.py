"""Live cars over the real WebSocket, from Kafka to the client and back."""

from __future__ import annotations

import json
import signal
import threading
import time
from pathlib import Path
from typing import Any

import pytest
import stomp  # type: ignore[import-untyped]
from stomp.utils import Frame as StompFrame  # type: ignore[import-untyped]
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from coach_core.contracts import CoachCommand, Decision, HintCommand, SensorFrame, Topic, decode
from ops.embedded import EmbeddedKafka
from tests.fixtures.brokers import KafkaTail
from tests.integration.cloud.server import Car, CloudProcess, wait_for
from tests.integration.cloud.stomp_client import StompClient
from tests.unit.cloud.messages import decision, ended, event, frame, plan, started, status

pytestmark = pytest.mark.integration


@pytest.fixture
def client(cloud: CloudProcess) -> StompClient:
    return StompClient(cloud.ws_url + "/ws")


def test_every_frame_reaches_a_client_that_asks_for_all(client: StompClient, car: Car) -> None:
    topic = f"/topic/cars/{car.vehicle_id}/frames"
    with client:
        assert client.subprotocol == "v12.stomp"
        client.subscribe(topic, rate="max")
        sent = [frame(seq, **car.names) for seq in range(50)]
        for one in sent:
            car.send(one)
        messages = [client.until(lambda f: f.headers.get("destination") == topic) for _ in sent]
    assert [decode(message.body, SensorFrame) for message in messages] == sent
    now_us = time.time_ns() // 1000
    assert all(abs(now_us - int(message.headers["server-sent-us"])) < 60_000_000 for message in messages)


def test_a_client_that_asks_for_less_gets_the_newest_and_every_change_of_state(client: StompClient, car: Car) -> None:
    topic = f"/topic/cars/{car.vehicle_id}"
    with client:
        client.subscribe(topic + "/decisions", "d", rate="0.5")
        client.subscribe(topic + "/events", "e")
        path = [(0.0, 0.0, 0.0), (1.0, 0.0, 0.0)]
        told = [
            *(decision(seq, obstacles=[(float(seq), 0.0)], **car.names) for seq in range(30)),
            decision(30, level="warning", plan=plan(path=path), **car.names),
            *(decision(seq, level="warning", plan=plan(), **car.names) for seq in range(31, 60)),
            decision(60, level="critical", cue="stop", plan=plan(), **car.names),
        ]
        car.send(event(0, started(), **car.names), *told, event(1, ended(), **car.names))
        got: list[Any] = []
        while not got or got[-1]["seq"] < 60:
            (one,) = client.bodies(topic + "/decisions", 1)
            got.append(one)
    seqs = [one["seq"] for one in got]
    assert seqs == sorted(seqs)
    assert {0, 30, 60} <= set(seqs), "the first decision and the changes of state are never left out"
    assert len(seqs) < 10
    by_seq = {one["seq"]: one for one in got}
    assert by_seq[30]["obstacles"] == [[29.0, 0.0]], "what a left-out decision alone said is handed on"
    assert by_seq[30]["plan"]["path"] == [[0.0, 0.0, 0.0], [1.0, 0.0, 0.0]]


def test_events_arrive_each_and_in_order(client: StompClient, car: Car) -> None:
    topic = f"/topic/cars/{car.vehicle_id}/events"
    with client:
        client.subscribe(topic)
        car.send(*(event(seq, started(), **car.names) for seq in range(200)))
        assert [one["seq"] for one in client.bodies(topic, 200)] == list(range(200))


def test_presence_is_told_at_once_and_when_it_changes(client: StompClient, car: Car) -> None:
    car.send(status("online", **car.names))
    with client:

        def mine(state: str) -> None:
            client.until(
                lambda f: (
                    f.headers.get("destination") == "/topic/presence"
                    and json.loads(f.body)["vehicle_id"] == car.vehicle_id
                    and json.loads(f.body)["state"] == state
                )
            )

        client.subscribe("/topic/presence")
        mine("online")
        car.send(status("offline", **car.names))
        mine("offline")


def test_a_snapshot_gives_newcomers_what_was_said_before(cloud: CloudProcess, car: Car) -> None:
    assert cloud.get(f"/api/v1/cars/{car.vehicle_id}/snapshot").json()["error"] == "car_not_found"
    path = [(0.0, 0.0, 0.0), (1.0, 0.0, 0.0)]
    car.send(
        event(0, started(), **car.names),
        decision(0, plan=plan(path=path), obstacles=[(1.0, 2.0)], **car.names),
        decision(1, plan=plan(), **car.names),
        frame(1, **car.names),
    )

    def view() -> dict[str, object] | None:
        found = cloud.get(f"/api/v1/cars/{car.vehicle_id}/snapshot").json()
        snapshot = found.get("snapshot", {})
        complete = snapshot.get("frame") and snapshot.get("started") and snapshot.get("decision")
        return found if complete and snapshot["decision"]["seq"] == 1 else None

    found = wait_for(view, "the snapshot")
    snapshot = found["snapshot"]
    assert isinstance(snapshot, dict)
    assert snapshot["started"]["detail"]["lot"]["name"] == "test-lot"
    assert snapshot["plan"]["path"] == [[0.0, 0.0, 0.0], [1.0, 0.0, 0.0]]
    assert snapshot["decision"]["obstacles"] == [[1.0, 2.0]]
    assert car.vehicle_id in [one["vehicle_id"] for one in cloud.get("/api/v1/cars").json()["cars"]]


def test_a_hint_goes_to_kafka_completed_and_is_receipted_when_it_is_there(
    client: StompClient, car: Car, embedded_kafka: EmbeddedKafka
) -> None:
    with client, KafkaTail(embedded_kafka.bootstrap, [Topic.COACH_COMMANDS]) as tail:
        body = json.dumps({"action": {"kind": "hint", "text": "천천히"}}).encode()
        client.send("SEND", body, destination=f"/app/cars/{car.vehicle_id}/commands", receipt="hint")
        client.until(lambda f: f.headers.get("receipt-id") == "hint")
        (record,) = tail.take(1)
    assert record.key() == car.vehicle_id.encode()
    command = decode(record.value() or b"", CoachCommand)
    assert command.action == HintCommand("천천히")
    assert command.expires_at - command.issued_at == 4_000_000


def test_a_wrong_command_is_refused_and_the_conversation_goes_on(client: StompClient, car: Car) -> None:
    with client:
        client.subscribe("/user/queue/errors", "err")
        client.send("SEND", b"{}", destination=f"/app/cars/{car.vehicle_id}/commands", receipt="r")
        (said,) = client.bodies("/user/queue/errors", 1)
        assert (said["error"], said["receipt"]) == ("invalid_command", "r")
        client.send("SEND", b"", destination="/app/nowhere")
        (said,) = client.bodies("/user/queue/errors", 1)
        assert said["error"] == "unknown_destination"
        client.subscribe(f"/topic/cars/{car.vehicle_id}/frames", "f")


def test_a_ping_is_answered_with_the_servers_time(client: StompClient) -> None:
    with client:
        client.subscribe("/user/queue/pong", "p")
        before = time.time_ns() // 1000
        client.send("SEND", json.dumps({"t": 123.5}).encode(), destination="/app/ping")
        (pong,) = client.bodies("/user/queue/pong", 1)
    assert pong["t"] == 123.5
    assert before <= pong["server_us"] <= time.time_ns() // 1000


@pytest.mark.parametrize(
    ("command", "headers", "reason"),
    [
        ("SUBSCRIBE", {"id": "0", "destination": "/topic/nothing"}, "unknown_destination"),
        ("SUBSCRIBE", {"id": "0", "destination": "/topic/cars/a/frames", "rate": "fast"}, "bad_rate"),
        ("UNSUBSCRIBE", {"id": "0"}, "unknown_subscription"),
    ],
)
def test_a_breach_is_answered_with_error_and_close(
    client: StompClient, command: str, headers: dict[str, str], reason: str
) -> None:
    with client:
        client.send(command, b"", **headers)
        error = client.next()
        assert (error.command, error.headers["message"]) == ("ERROR", reason)
        with pytest.raises(ConnectionClosed) as closed:
            client.next()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1008


def test_a_page_of_another_site_may_not_connect(cloud: CloudProcess) -> None:
    with pytest.raises(InvalidStatus) as refused:
        connect(cloud.ws_url + "/ws", origin="https://evil.example")  # type: ignore[arg-type]
    assert refused.value.response.status_code == 403


def test_a_client_that_does_not_read_costs_bounded_memory_and_others_nothing(cloud: CloudProcess, car: Car) -> None:
    topic = f"/topic/cars/{car.vehicle_id}/frames"
    slow = StompClient(cloud.ws_url + "/ws")
    slow.subscribe(topic, rate="max")
    # from here on nothing is taken from the slow one's socket: websockets stops reading with its queue full
    with StompClient(cloud.ws_url + "/ws") as quick:
        quick.subscribe(topic, rate="max")
        dropped = cloud.metric("parkit_cloud_gateway_dropped_total")
        seq = 0
        while cloud.metric("parkit_cloud_gateway_dropped_total") < dropped + 500:
            car.send(*(frame(seq + i, **car.names) for i in range(500)))
            seq += 500
            assert seq < 60_000, "the slow client was never thinned"
        quick.until(lambda f: f.command == "MESSAGE" and decode(f.body, SensorFrame).seq == seq - 1)
    slow.socket.close()


class Listener(stomp.ConnectionListener):  # type: ignore[misc]
    def __init__(self) -> None:
        self.messages: list[StompFrame] = []
        self.receipts: list[str] = []
        self.arrived = threading.Event()

    def on_message(self, frame: StompFrame) -> None:
        self.messages.append(frame)
        self.arrived.set()

    def on_receipt(self, frame: StompFrame) -> None:
        self.receipts.append(frame.headers["receipt-id"])


def test_stomp_py_subscribes_receives_and_sends(cloud: CloudProcess, car: Car, embedded_kafka: EmbeddedKafka) -> None:
    listener = Listener()
    connection = stomp.WSStompConnection([("127.0.0.1", cloud.port)], ws_path="/ws", heartbeats=(4000, 4000))
    connection.set_listener("", listener)
    connection.connect(wait=True)
    connection.subscribe(f"/topic/cars/{car.vehicle_id}/decisions", "1", receipt="subscribed", headers={"rate": "max"})
    wait_for(lambda: "subscribed" in listener.receipts, "the receipt")
    sent = decision(0, cue="slow_down", **car.names)
    car.send(sent)
    assert listener.arrived.wait(10)
    assert decode(listener.messages[0].body, Decision) == sent
    with KafkaTail(embedded_kafka.bootstrap, [Topic.COACH_COMMANDS]) as tail:
        connection.send(f"/app/cars/{car.vehicle_id}/commands", '{"action": {"kind": "retry"}}')
        (record,) = tail.take(1)
    assert record.key() == car.vehicle_id.encode()
    connection.disconnect()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_closes_everything_in_time_without_a_traceback(
    embedded_kafka: EmbeddedKafka, tmp_path: Path, number: signal.Signals
) -> None:
    with CloudProcess(embedded_kafka.bootstrap, tmp_path) as cloud:
        client = StompClient(cloud.ws_url + "/ws")
        client.subscribe("/topic/presence")
        idle = connect(cloud.ws_url + "/ws")
        codes: list[int | None] = []

        def read() -> None:
            try:
                while True:
                    client.next(30)
            except ConnectionClosed as closed:
                codes.append(closed.rcvd.code if closed.rcvd else None)

        reader = threading.Thread(target=read)
        reader.start()
        assert cloud.signal(number) == 0
        reader.join()
        idle.close()
    assert codes == [1001]
    assert not [line for line in cloud.log if line["event"] == "not_json" or "exception" in line]


def test_a_busy_port_is_told_in_one_sentence(
    cloud: CloudProcess, embedded_kafka: EmbeddedKafka, tmp_path: Path
) -> None:
    second = CloudProcess(embedded_kafka.bootstrap, tmp_path, port=str(cloud.port))
    with pytest.raises(pytest.fail.Exception) as failed:
        second.start()
    assert "ended with 2" in str(failed.value)
    assert f"cannot listen on 127.0.0.1:{cloud.port}" in str(failed.value)
    assert "Traceback" not in str(failed.value)
