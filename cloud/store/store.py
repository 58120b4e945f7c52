"""Reading and writing sessions, recordings, events and reports. Blocking: call it from a thread.

Everything is keyed by (session_id, seq) and the first delivery counts, so writing a batch again changes nothing.
Errors of the database are `Unavailable`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import Engine, func, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlmodel import Session, col, select

from cloud.errors import NotFound, Unavailable
from cloud.store import chunks
from cloud.store.batch import Batch, Saved, SessionBatch
from cloud.store.tables import ChunkRow, EventRow, RecordingKind, ReportRow, SessionRow
from coach_core.contracts import Ended, SessionEvent, SessionReport, Started, encode


class Coverage(NamedTuple):
    """How much of a recording is there; -1 for the seqs of an empty one."""

    records: int
    first_seq: int
    last_seq: int


class SessionFilter(NamedTuple):
    """Which sessions to list; None: any."""

    vehicle_id: str | None = None
    driver: str | None = None
    result: str | None = None
    since_us: int | None = None
    until_us: int | None = None


class Store:
    """See the module. Shared by threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._postgres = engine.dialect.name == "postgresql"

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()

    def ping(self) -> None:
        """Unavailable if the database does not answer."""
        with self._read() as session:
            session.connection().execute(text("SELECT 1"))

    # --- writing --------------------------------------------------------------------------------------

    def save(self, batch: Batch) -> Saved:
        """Write a batch in one transaction."""
        new: dict[str, int] = {}
        ended: set[str] = set()
        total = 0
        with self._write() as session:
            # in one order everywhere, so that two writers never wait for each other in a ring
            for session_id in sorted(batch.sessions):
                part = batch.sessions[session_id]
                row = self._session_row(session, session_id, part)
                added = self._save_events(session, session_id, part, row)
                for kind, records in part.records.items():
                    added += self._save_records(session, session_id, kind, records)
                    total += len(records)
                total += len(part.events)
                row.first_seen_us = min(row.first_seen_us, part.first_us)
                row.last_seen_us = max(row.last_seen_us, part.last_us)
                if added:
                    new[session_id] = added
                    row.reported = False
                if row.ended_us is not None:
                    ended.add(session_id)
                session.add(row)
        return Saved(new, total - sum(new.values()), frozenset(ended))

    def _session_row(self, session: Session, session_id: str, part: SessionBatch) -> SessionRow:
        """The session's row, made if need be and locked against other writers."""
        row = session.get(SessionRow, session_id, with_for_update=self._postgres)
        if row is not None:
            return row
        if self._postgres:
            from sqlalchemy.dialects.postgresql import insert

            values = {
                "session_id": session_id,
                "vehicle_id": part.vehicle_id,
                "first_seen_us": part.first_us,
                "last_seen_us": part.last_us,
                "reported": False,
            }
            session.connection().execute(insert(SessionRow).values(values).on_conflict_do_nothing())
            return session.get_one(SessionRow, session_id, with_for_update=True)
        return SessionRow(
            session_id=session_id,
            vehicle_id=part.vehicle_id,
            first_seen_us=part.first_us,
            last_seen_us=part.last_us,
        )

    def _save_events(self, session: Session, session_id: str, part: SessionBatch, row: SessionRow) -> int:
        if not part.events:
            return 0
        query = select(EventRow.seq).where(EventRow.session_id == session_id, col(EventRow.seq).in_(part.events))
        known = set(session.exec(query))
        for seq, (event, body) in part.events.items():
            if seq in known:
                continue
            kind = str(event.detail.__struct_config__.tag)
            session.add(
                EventRow(
                    session_id=session_id, seq=seq, kind=kind, timestamp_us=event.timestamp, body=body.decode("utf-8")
                )
            )
            _tell(row, event)
        return len(part.events) - len(known)

    def _save_records(self, session: Session, session_id: str, kind: RecordingKind, records: dict[int, bytes]) -> int:
        by_chunk: dict[int, dict[int, bytes]] = {}
        for seq, body in records.items():
            by_chunk.setdefault(chunks.chunk_of(seq), {})[seq] = chunks.as_line(body)
        added = 0
        for number, fresh in sorted(by_chunk.items()):
            row = session.get(ChunkRow, (session_id, kind, number))
            known = {} if row is None else chunks.unpack(row.data)
            whole = {**fresh, **known}
            if len(whole) == len(known):
                continue
            added += len(whole) - len(known)
            if row is None:
                row = ChunkRow(
                    session_id=session_id, kind=kind, chunk=number, first_seq=0, last_seq=0, count=0, data=b""
                )
            row.first_seq, row.last_seq, row.count = min(whole), max(whole), len(whole)
            row.data = chunks.pack(whole)
            session.add(row)
        return added

    def save_report(self, report: SessionReport) -> bool:
        """Keep a report and note its outcome in the session; False if the same report was there already."""
        body = encode(report).decode()
        key = (report.session_id, report.card.rubric, report.card.rubric_version)
        with self._write() as session:
            row = session.get(ReportRow, key)
            changed = row is None or row.body != body
            if row is None:
                row = ReportRow(session_id=key[0], rubric=key[1], rubric_version=key[2], body=body)
            if changed:
                row.body = body
                row.published = False
                session.add(row)
            about = session.get(SessionRow, report.session_id)
            if about is not None:
                about.reported = True
                about.score = report.card.score
                about.passed = report.card.passed
                session.add(about)
        return changed

    def mark_published(self, report: SessionReport) -> None:
        """Note that Kafka has this report (unless another has taken its place meanwhile)."""
        body = encode(report).decode()
        with self._write() as session:
            row = session.get(ReportRow, (report.session_id, report.card.rubric, report.card.rubric_version))
            if row is not None and row.body == body:
                row.published = True
                session.add(row)

    # --- reading --------------------------------------------------------------------------------------

    def session(self, session_id: str) -> SessionRow:
        """One session; NotFound."""
        with self._read() as session:
            row = session.get(SessionRow, session_id)
        if row is None:
            raise NotFound("session_not_found", f"there is no session {session_id!r}")
        return row

    def sessions(self, wanted: SessionFilter, *, limit: int, before: tuple[int, str] | None = None) -> list[SessionRow]:
        """Sessions, newest first; `before` is (first_seen_us, session_id) of the last one on the page before."""
        query = select(SessionRow)
        for column, value in (
            (SessionRow.vehicle_id, wanted.vehicle_id),
            (SessionRow.driver, wanted.driver),
            (SessionRow.result, wanted.result),
        ):
            if value is not None:
                query = query.where(column == value)
        first_seen, session_id = col(SessionRow.first_seen_us), col(SessionRow.session_id)
        if wanted.since_us is not None:
            query = query.where(first_seen >= wanted.since_us)
        if wanted.until_us is not None:
            query = query.where(first_seen < wanted.until_us)
        if before is not None:
            query = query.where((first_seen < before[0]) | ((first_seen == before[0]) & (session_id < before[1])))
        query = query.order_by(first_seen.desc(), session_id.desc()).limit(limit)
        with self._read() as session:
            return list(session.exec(query))

    def events(self, session_id: str) -> list[bytes]:
        """JSON of the session's events, by seq."""
        query = select(EventRow.body).where(EventRow.session_id == session_id).order_by(col(EventRow.seq))
        with self._read() as session:
            return [body.encode() for body in session.exec(query)]

    def recording(
        self, session_id: str, kind: RecordingKind, from_seq: int = 0, to_seq: int | None = None
    ) -> Iterator[bytes]:
        """JSON of the frames or decisions with from_seq <= seq <= to_seq, by seq; one chunk in memory at a time."""
        number = chunks.chunk_of(from_seq)
        last = None if to_seq is None else chunks.chunk_of(to_seq)
        while True:
            query = (
                select(ChunkRow)
                .where(ChunkRow.session_id == session_id, ChunkRow.kind == kind, ChunkRow.chunk >= number)
                .order_by(col(ChunkRow.chunk))
                .limit(1)
            )
            with self._read() as session:
                row = session.exec(query).first()
            if row is None or (last is not None and row.chunk > last):
                return
            whole = from_seq <= row.first_seq and (to_seq is None or row.last_seq <= to_seq)
            if whole:
                yield from chunks.lines(row.data)
            else:
                for seq, line in chunks.unpack(row.data).items():
                    if from_seq <= seq and (to_seq is None or seq <= to_seq):
                        yield line
            number = row.chunk + 1

    def coverage(self, session_id: str, kind: RecordingKind) -> Coverage:
        """How much of a recording there is."""
        query = select(func.sum(ChunkRow.count), func.min(ChunkRow.first_seq), func.max(ChunkRow.last_seq)).where(
            ChunkRow.session_id == session_id, ChunkRow.kind == kind
        )
        with self._read() as session:
            count, first, last = session.exec(query).one()
        return Coverage(0, -1, -1) if count is None else Coverage(int(count), int(first), int(last))

    def report(self, session_id: str) -> bytes:
        """JSON of the session's report by its newest rubric version; NotFound if there is none (yet)."""
        query = (
            select(ReportRow.body)
            .where(ReportRow.session_id == session_id)
            .order_by(col(ReportRow.rubric_version).desc(), col(ReportRow.rubric))
        )
        with self._read() as session:
            body = session.exec(query).first()
        if body is None:
            row = self.session(session_id)
            why = "has not ended" if row.ended_us is None else "is still being evaluated"
            raise NotFound("report_not_found", f"session {session_id!r} {why}: there is no report yet")
        return body.encode()

    def unreported(self) -> list[str]:
        """Sessions that have ended and lack a report of all their records."""
        query = select(SessionRow.session_id).where(
            col(SessionRow.ended_us).is_not(None), col(SessionRow.reported).is_(False)
        )
        with self._read() as session:
            return list(session.exec(query))

    def unpublished(self) -> list[bytes]:
        """Reports that Kafka may not have."""
        with self._read() as session:
            return [b.encode() for b in session.exec(select(ReportRow.body).where(col(ReportRow.published).is_(False)))]

    # --- transactions ---------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _write(self) -> Iterator[Session]:
        """A transaction in which no other writer of the same SQLite file comes between reading and writing."""
        engine = self._engine if self._postgres else self._engine.execution_options(parkit_write=True)
        with self._session(engine) as session, session.begin():
            yield session

    @contextlib.contextmanager
    def _read(self) -> Iterator[Session]:
        with self._session(self._engine) as session:
            yield session

    @contextlib.contextmanager
    def _session(self, engine: Engine) -> Iterator[Session]:
        try:
            with Session(engine, expire_on_commit=False) as session:
                yield session
        except OperationalError as error:
            raise Unavailable("database_unavailable", f"the database does not answer: {_first_line(error)}") from error


def _first_line(error: SQLAlchemyError) -> str:
    return str(error).splitlines()[0]


def _tell(row: SessionRow, event: SessionEvent) -> None:
    """Write what an event says of its session into the session's row."""
    match event.detail:
        case Started() as started:
            row.started_us = event.timestamp
            row.world = started.world
            row.driver = started.driver
            row.driver_name = started.driver_name
            row.seed = started.seed
            row.assist_level = started.assist_level
            row.rubric = started.rubric
            row.language = started.language
        case Ended() as ended:
            row.ended_us = event.timestamp
            row.result = ended.result
            row.slot_id = ended.slot_id
            row.duration_s = ended.duration_s
            row.contacts = ended.contacts
