"""Records in, routed messages and state changes out: what both buses do before they deliver."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import structlog

from cloud import metrics
from cloud.live.bus import PRESENCE, LiveTopic
from cloud.live.car_state import CarState, Message, read
from cloud.live.messages import LiveMessage, LiveRecord
from coach_core.errors import ContractError

log = structlog.get_logger(__name__)


class Update(NamedTuple):
    """What a batch of records comes to."""

    messages: dict[LiveTopic, list[LiveMessage]]
    fields: dict[str, dict[str, bytes | None]]
    """vehicle_id -> changed fields, None for those that are gone."""


def topic_of(message: LiveMessage) -> LiveTopic:
    """The topic a message is delivered on."""
    if message.kind == "status":
        return PRESENCE
    return LiveTopic(message.kind, message.vehicle_id)


def read_all(records: Sequence[LiveRecord]) -> list[tuple[LiveRecord, Message]]:
    """The records with what they say; those that break their contract are counted and left out."""
    found: list[tuple[LiveRecord, Message]] = []
    for record in records:
        try:
            found.append((record, read(record)))
        except ContractError as error:
            # analysis reads the same record and files it as a dead letter
            metrics.LIVE_REFUSED.labels(kind=record.kind, reason=error.reason).inc()
            log.warning("live_record_refused", kind=record.kind, error=str(error))
    return found


class Cars:
    """The states of all cars this process has seen messages of."""

    def __init__(self) -> None:
        self.states: dict[str, CarState] = {}

    def apply(self, messages: Iterable[tuple[LiveRecord, Message]]) -> Update:
        """Take in what `read_all` read, in order."""
        update = Update({}, {})
        for record, message in messages:
            state = self.states.get(message.vehicle_id)
            if state is None:
                state = self.states[message.vehicle_id] = CarState(message.vehicle_id)
            out, changed = state.apply(message, record)
            if changed:
                update.fields.setdefault(message.vehicle_id, {}).update(changed)
            for live in out:
                update.messages.setdefault(topic_of(live), []).append(live)
        return update
