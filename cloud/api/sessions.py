"""`/api/v1/sessions`: the list, one session, its events, report and recording."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Annotated, Literal, Self

import msgspec
from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from starlette.responses import Response, StreamingResponse

from cloud.api.contract_schemas import DecisionJson, EventJson, FrameJson, ReportJson
from cloud.api.deps import StoreDep
from cloud.api.errors import errors
from cloud.errors import Refused
from cloud.store.store import SessionFilter
from cloud.store.tables import SessionRow

router = APIRouter(prefix="/api/v1/sessions", tags=["sessions"])


class SessionBody(BaseModel):
    """A session; null is what is not known (yet)."""

    session_id: str
    vehicle_id: str
    state: Literal["running", "ended", "reported"]
    world: str | None
    driver: str | None
    driver_name: str | None
    seed: int | None
    assist_level: int | None
    rubric: str | None
    language: str | None
    started_at: int | None = Field(description="µs since the epoch, as all times here.")
    ended_at: int | None
    last_seen_at: int = Field(description="Timestamp of the newest message.")
    duration_s: float | None
    result: Literal["parked", "contact", "timeout", "aborted"] | None
    slot_id: str | None
    contacts: int | None
    score: float | None
    passed: bool | None

    @classmethod
    def of(cls, row: SessionRow) -> Self:
        """As the API shows a row."""
        state = "reported" if row.reported else "running" if row.ended_us is None else "ended"
        shown = row.model_dump(include=set(cls.model_fields))
        return cls.model_validate(
            {
                **shown,
                "state": state,
                "started_at": row.started_us,
                "ended_at": row.ended_us,
                "last_seen_at": row.last_seen_us,
            }
        )


class SessionsBody(BaseModel):
    sessions: list[SessionBody] = Field(description="Newest first.")
    next: str | None = Field(description="Give it as `page` for the sessions that follow; null at the end.")


class EventsBody(BaseModel):
    events: list[EventJson]


@router.get("", responses=errors(422, 503))
def list_sessions(
    store: StoreDep,
    vehicle_id: str | None = None,
    driver: str | None = None,
    result: Literal["parked", "contact", "timeout", "aborted"] | None = None,
    since: Annotated[int | None, Query(description="First message at or after, µs since the epoch.")] = None,
    until: Annotated[int | None, Query(description="First message before, µs since the epoch.")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    page: Annotated[str | None, Query(description="`next` of the page before.")] = None,
) -> SessionsBody:
    """Sessions, newest first."""
    wanted = SessionFilter(vehicle_id, driver, result, since, until)
    rows = store.sessions(wanted, limit=limit + 1, before=None if page is None else _read_page(page))
    following = _page(rows[limit - 1]) if len(rows) > limit else None
    return SessionsBody(sessions=[SessionBody.of(row) for row in rows[:limit]], next=following)


@router.get("/{session_id}", responses=errors(404, 503))
def get_session(session_id: str, store: StoreDep) -> SessionBody:
    """One session."""
    return SessionBody.of(store.session(session_id))


@router.get("/{session_id}/events", response_model=EventsBody, responses=errors(404, 503))
def get_events(session_id: str, store: StoreDep) -> Response:
    """What happened in a session, in order."""
    store.session(session_id)
    events = [msgspec.Raw(body) for body in store.events(session_id)]
    return Response(msgspec.json.encode({"events": events}), media_type="application/json")


@router.get("/{session_id}/report", response_model=ReportJson, responses=errors(404, 503))
def get_report(session_id: str, store: StoreDep) -> Response:
    """The report of a session; `report_not_found` until it has ended and was evaluated."""
    return Response(store.report(session_id), media_type="application/json")


@router.get(
    "/{session_id}/recording", response_model=list[FrameJson] | list[DecisionJson], responses=errors(404, 422, 503)
)
def get_recording(
    session_id: str,
    store: StoreDep,
    kind: Literal["frames", "decisions"] = "frames",
    from_seq: Annotated[int, Query(ge=0)] = 0,
    to_seq: Annotated[int | None, Query(ge=0, description="Last seq wanted; the end if not given.")] = None,
) -> Response:
    """Frames or decisions as they came, by seq."""
    if to_seq is not None and to_seq < from_seq:
        raise Refused("invalid_request", f"query to_seq: {to_seq} is before from_seq {from_seq}")
    store.session(session_id)
    lines = store.recording(session_id, kind, from_seq, to_seq)
    return StreamingResponse(_array(lines), media_type="application/json")


def _array(lines: Iterator[bytes]) -> Iterator[bytes]:
    """A JSON array of JSON lines, in pieces of some size."""
    piece, size, separator = [b"["], 0, b""
    for line in lines:
        piece += (separator, line)
        size += len(line)
        separator = b","
        if size > 65_536:
            yield b"".join(piece)
            piece, size = [], 0
    yield b"".join([*piece, b"]"])


def _page(row: SessionRow) -> str:
    return base64.urlsafe_b64encode(f"{row.first_seen_us} {row.session_id}".encode()).decode()


def _read_page(text: str) -> tuple[int, str]:
    try:
        first_seen_us, session_id = base64.urlsafe_b64decode(text).decode().split(" ", 1)
        return int(first_seen_us), session_id
    except ValueError as error:
        raise Refused("invalid_request", "query page: it is not the `next` of a page") from error
