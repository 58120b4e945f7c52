"""SockJS over real HTTP: each transport carries the same STOMP conversation."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from websockets.sync.client import connect

from tests.fixtures.brokers import unique
from tests.integration.cloud.server import Car, CloudProcess, wait_for
from tests.integration.cloud.stomp_client import StompClient
from tests.unit.cloud.messages import event, started

pytestmark = pytest.mark.integration

CONNECT = "CONNECT\naccept-version:1.2\nhost:x\n\n\x00"


@pytest.fixture
def base(cloud: CloudProcess) -> str:
    """A session's address."""
    return f"{cloud.url}/sockjs/000/{unique('session')}"


def send(base: str, *parts: str) -> httpx.Response:
    return httpx.post(base + "/xhr_send", content=json.dumps(parts))


def stomp_commands(frame: str) -> list[str]:
    assert frame.startswith("a")
    messages: list[str] = json.loads(frame[1:])
    return [
        part.lstrip("\n").split("\n", 1)[0] for message in messages for part in message.split("\x00") if part.strip()
    ]


def converse(base: str, frames: Iterator[str], car: Car) -> None:
    """Connect, subscribe and receive an event by a reading transport."""
    assert next(frames) == "o"
    assert send(base, CONNECT).status_code == 204
    assert stomp_commands(next(frames)) == ["CONNECTED"]
    topic = f"/topic/cars/{car.vehicle_id}/events"
    assert send(base, f"SUBSCRIBE\nid:0\ndestination:{topic}\nreceipt:r\n\n\x00").status_code == 204
    assert stomp_commands(next(frames)) == ["RECEIPT"]
    car.send(event(0, started(), **car.names))
    assert stomp_commands(next(frames)) == ["MESSAGE"]
    assert send(base, "DISCONNECT\nreceipt:bye\n\n\x00").status_code == 204
    assert stomp_commands(next(frames)) == ["RECEIPT"]
    assert next(frames) == 'c[3000,"Go away!"]'


def test_the_greeting_and_info_say_that_sockjs_is_here(cloud: CloudProcess) -> None:
    assert cloud.get("/sockjs").text == "Welcome to SockJS!\n"
    assert cloud.get("/sockjs/").text == "Welcome to SockJS!\n"
    info = cloud.get("/sockjs/info")
    assert info.headers["cache-control"].startswith("no-store")
    body = info.json()
    assert (body["websocket"], body["cookie_needed"], body["origins"]) == (True, False, ["*:*"])
    assert body["entropy"] != cloud.get("/sockjs/info").json()["entropy"]


def test_info_answers_a_preflight_from_our_own_page_only(cloud: CloudProcess) -> None:
    ours = httpx.options(cloud.url + "/sockjs/info", headers={"Origin": "http://localhost:5173"})
    assert ours.status_code == 204
    assert ours.headers["access-control-allow-origin"] == "http://localhost:5173"
    theirs = httpx.options(cloud.url + "/sockjs/info", headers={"Origin": "https://evil.example"})
    assert theirs.status_code == 403


def test_the_iframe_page_is_cached_by_its_etag(cloud: CloudProcess) -> None:
    for path in ("/sockjs/iframe.html", "/sockjs/iframe-1.6.1.html"):
        page = cloud.get(path)
        assert page.status_code == 200
        assert '<script src="/sockjs.min.js"></script>' in page.text
        again = httpx.get(cloud.url + path, headers={"If-None-Match": page.headers["etag"]})
        assert (again.status_code, again.text) == (304, "")


def test_polling_carries_a_conversation(base: str, car: Car) -> None:
    def poll() -> Iterator[str]:
        while True:
            response = httpx.post(base + "/xhr", timeout=30)
            assert response.status_code == 200
            assert response.text.endswith("\n")
            yield response.text[:-1]

    converse(base, poll(), car)


def test_xhr_streaming_carries_a_conversation(base: str, car: Car) -> None:
    with httpx.stream("POST", base + "/xhr_streaming", timeout=30) as response:
        lines = response.iter_lines()
        assert next(lines) == "h" * 2048
        converse(base, lines, car)
        assert list(lines) == [], "the response ends with the conversation"


def test_eventsource_carries_a_conversation(base: str, car: Car) -> None:
    with httpx.stream("GET", base + "/eventsource", timeout=30) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        data = (line[6:] for line in response.iter_lines() if line.startswith("data: "))
        converse(base, data, car)


def test_sockjs_websocket_carries_a_conversation(base: str) -> None:
    with connect(base.replace("http", "ws") + "/websocket") as socket:

        def receive() -> str:
            data = socket.recv(timeout=10)
            assert isinstance(data, str)
            return data

        assert receive() == "o"
        socket.send(json.dumps([CONNECT]))
        assert stomp_commands(receive()) == ["CONNECTED"]
        socket.send(json.dumps("SUBSCRIBE\nid:0\ndestination:/topic/presence\nreceipt:r\n\n\x00"))
        while "RECEIPT" not in stomp_commands(receive()):
            pass
        socket.send(json.dumps(["DISCONNECT\nreceipt:bye\n\n\x00"]))
        last: list[Any] = []
        while not last or not last[-1].startswith("c"):
            last.append(receive())
        assert last[-1] == 'c[3000,"Go away!"]'


def test_the_raw_websocket_is_plain_stomp(cloud: CloudProcess) -> None:
    with StompClient(cloud.ws_url + "/sockjs/websocket") as client:
        client.subscribe("/topic/presence")


def test_only_one_request_may_read_a_session(base: str) -> None:
    with httpx.stream("POST", base + "/xhr_streaming", timeout=30) as response:
        lines = response.iter_lines()
        assert (len(next(lines)), next(lines)) == (2048, "o")
        second = httpx.post(base + "/xhr")
        assert second.text == 'c[2010,"Another connection still open"]\n'


def test_a_session_can_be_taken_up_by_another_request(base: str) -> None:
    assert httpx.post(base + "/xhr").text == "o\n"
    send(base, CONNECT)
    with httpx.stream("POST", base + "/xhr_streaming", timeout=30) as response:
        lines = response.iter_lines()
        next(lines)
        assert stomp_commands(next(lines)) == ["CONNECTED"]


@pytest.mark.parametrize(
    ("content", "status", "said"),
    [("", 500, "Payload expected."), ('["x', 500, "Broken JSON encoding."), ("[1]", 500, "Payload expected.")],
)
def test_a_message_that_cannot_be_read_is_refused(base: str, content: str, status: int, said: str) -> None:
    httpx.post(base + "/xhr")
    response = httpx.post(base + "/xhr_send", content=content)
    assert (response.status_code, response.text) == (status, said)


def test_sending_to_no_session_is_not_found(base: str) -> None:
    assert send(base, CONNECT).status_code == 404
    assert httpx.post(base.replace("/000/", "/0.0/") + "/xhr").status_code == 404


def test_a_session_that_nobody_reads_ends(base: str) -> None:
    assert httpx.post(base + "/xhr").text == "o\n"
    wait_for(lambda: send(base, CONNECT).status_code == 404, "the session to end")
