"""The tables. Times are microseconds since the epoch; JSON of contract messages is kept as it came."""

from __future__ import annotations

from typing import ClassVar, Literal

from sqlalchemy import BigInteger, Column, Index, LargeBinary, Text
from sqlmodel import Field, SQLModel

RecordingKind = Literal["frames", "decisions"]

CHUNK_RECORDS = 256
"""Sequence numbers a recording chunk covers: chunk n holds [256 n, 256 n + 255], five seconds at 50 Hz."""


class SessionRow(SQLModel, table=True):
    """One attempt to park. What only the `started` event tells is null until it has come."""

    __tablename__: ClassVar[str] = "sessions"
    __table_args__ = (
        Index("ix_sessions_by_time", "first_seen_us", "session_id"),
        Index("ix_sessions_by_vehicle", "vehicle_id", "first_seen_us"),
        Index("ix_sessions_unreported", "ended_us", "reported"),
    )

    session_id: str = Field(primary_key=True)
    vehicle_id: str
    first_seen_us: int = Field(sa_type=BigInteger)
    """Timestamp of the earliest message."""
    last_seen_us: int = Field(sa_type=BigInteger)
    """Timestamp of the latest message."""
    started_us: int | None = Field(default=None, sa_type=BigInteger)
    ended_us: int | None = Field(default=None, sa_type=BigInteger)
    world: str | None = None
    driver: str | None = None
    driver_name: str | None = None
    seed: int | None = Field(default=None, sa_type=BigInteger)
    assist_level: int | None = None
    rubric: str | None = None
    language: str | None = None
    result: str | None = None
    slot_id: str | None = None
    duration_s: float | None = None
    contacts: int | None = None
    score: float | None = None
    passed: bool | None = None
    reported: bool = False
    """Whether a report was made since records last came."""


class ChunkRow(SQLModel, table=True):
    """A part of a recording on fixed boundaries, so that a re-delivered record falls into the same row."""

    __tablename__: ClassVar[str] = "recording_chunks"

    session_id: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    chunk: int = Field(primary_key=True)
    """Number of the chunk: seq // CHUNK_RECORDS."""
    first_seq: int = Field(sa_type=BigInteger)
    last_seq: int = Field(sa_type=BigInteger)
    count: int
    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """zlib of JSON lines by ascending seq."""


class EventRow(SQLModel, table=True):
    """A session event."""

    __tablename__: ClassVar[str] = "events"

    session_id: str = Field(primary_key=True)
    seq: int = Field(primary_key=True, sa_type=BigInteger)
    kind: str
    timestamp_us: int = Field(sa_type=BigInteger)
    body: str = Field(sa_column=Column(Text, nullable=False))


class ReportRow(SQLModel, table=True):
    """A report by one version of one rubric; a new version stands beside the old."""

    __tablename__: ClassVar[str] = "reports"

    session_id: str = Field(primary_key=True)
    rubric: str = Field(primary_key=True)
    rubric_version: int = Field(primary_key=True)
    published: bool = False
    """Whether Kafka has it."""
    body: str = Field(sa_column=Column(Text, nullable=False))
