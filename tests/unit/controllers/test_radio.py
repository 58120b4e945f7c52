"""The in-world radio between examiner and car."""

from __future__ import annotations

from collections import deque

from controllers.radio import received, send


class Ether:
    """An emitter and a receiver in one."""

    def __init__(self, *texts: str) -> None:
        self.queue = deque(texts)

    def send(self, message: str) -> int:
        self.queue.append(message)
        return 1

    def getQueueLength(self) -> int:
        return len(self.queue)

    def getString(self) -> str:
        return self.queue[0]

    def nextPacket(self) -> None:
        self.queue.popleft()


def test_messages_arrive_in_order_with_all_their_facts() -> None:
    ether = Ether()
    send(ether, "scenario", free_slots=["A3"], seed=4)
    send(ether, "bye")
    assert list(received(ether)) == [{"type": "scenario", "free_slots": ["A3"], "seed": 4}, {"type": "bye"}]
    assert list(received(ether)) == []


def test_messages_are_ascii_since_webots_cuts_other_text_short() -> None:
    ether = Ether()
    send(ether, "verdict", reason="주차 끝")
    assert ether.queue[0].isascii()
    assert next(received(ether))["reason"] == "주차 끝"


def test_what_is_not_ours_is_passed_over() -> None:
    ether = Ether("not json", "[1, 2]", '{"kind": "other"}', '{"type": "bye"}')
    assert list(received(ether)) == [{"type": "bye"}]
