"""What every store must do, whatever database is under it."""

from __future__ import annotations

import random
import threading
import uuid

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlmodel import SQLModel

from cloud.errors import NotFound
from cloud.store.batch import Batch
from cloud.store.store import Coverage, SessionFilter, Store
from cloud.store.tables import CHUNK_RECORDS
from coach_core.contracts import Decision, ScoreCard, SensorFrame, SessionEvent, SessionReport, encode
from coach_core.contracts.messages import LatencyStats
from tests.unit.cloud.messages import LOT, T0_US, VEHICLE, decision, ended, event, frame, started


def batch_of(*messages: SensorFrame | Decision | SessionEvent) -> Batch:
    batch = Batch()
    for message in messages:
        batch.add(message, encode(message))
    return batch


def report(session: str, *, score: float | None = 88.0, version: int = 1) -> SessionReport:
    card = ScoreCard("parkit-1", version, score, True, {"safety": 40.0}, {"safety": 40.0}, [])
    return SessionReport(
        schema_version=1,
        vehicle_id="car-1",
        session_id=session,
        world="perpendicular",
        driver="expert",
        driver_name="연습생",
        seed=7,
        assist_level=4,
        language="ko",
        started_at=T0_US,
        ended_at=T0_US + 10,
        duration_s=10.0,
        result="parked",
        slot_id="A1",
        card=card,
        cusps=1,
        contacts=0,
        min_clearance_m=0.3,
        end_pose=None,
        frames=10,
        missing_frames=0,
        alerts=[],
        decision_latency=LatencyStats(1.0, 2.0, 3.0),
        vehicle=VEHICLE,
        lot=LOT,
        driven_path=[],
        planned_path=[],
    )


class StoreContract:
    """Subclasses give a fixture `store`. Sessions have names of their own, so that tests may share a database."""

    @pytest.fixture
    def session(self) -> str:
        return f"s-{uuid.uuid4().hex[:8]}"

    def test_frames_come_back_as_they_were_sent_in_order_of_seq(self, store: Store, session: str) -> None:
        seqs = list(range(CHUNK_RECORDS * 2 + 10))
        random.Random(1).shuffle(seqs)
        for start in range(0, len(seqs), 100):
            store.save(batch_of(*(frame(seq, session=session) for seq in seqs[start : start + 100])))
        expected = [encode(frame(seq, session=session)) for seq in sorted(seqs)]
        assert list(store.recording(session, "frames")) == expected
        assert store.coverage(session, "frames") == Coverage(len(seqs), 0, len(seqs) - 1)
        assert store.coverage(session, "decisions") == Coverage(0, -1, -1)

    def test_a_part_of_a_recording_can_be_read(self, store: Store, session: str) -> None:
        store.save(batch_of(*(decision(seq, session=session) for seq in range(600))))
        part = list(store.recording(session, "decisions", 250, 520))
        assert part == [encode(decision(seq, session=session)) for seq in range(250, 521)]
        assert list(store.recording(session, "decisions", 599)) == [encode(decision(599, session=session))]
        assert list(store.recording(session, "decisions", 600)) == []

    def test_saving_a_batch_again_changes_nothing(self, store: Store, session: str) -> None:
        messages: list[SensorFrame | Decision | SessionEvent] = [
            event(0, started(), session=session),
            *(frame(seq, session=session) for seq in range(300)),
            *(decision(seq, session=session) for seq in range(300)),
            event(1, ended(), session=session, at_s=6.0),
        ]
        first = store.save(batch_of(*messages))
        assert first.new == {session: 602}
        assert first.duplicates == 0
        before = (store.session(session), list(store.recording(session, "frames")), store.events(session))
        store.save_report(report(session))
        again = store.save(batch_of(*messages))
        assert again.new == {}
        assert again.duplicates == 602
        assert again.ended == {session}
        after = (store.session(session), list(store.recording(session, "frames")), store.events(session))
        assert after[1:] == before[1:]
        assert after[0].reported, "a session whose records come twice is not reported twice"

    def test_of_two_records_with_one_seq_the_first_counts(self, store: Store, session: str) -> None:
        store.save(batch_of(frame(3, session=session, x_m=1.0)))
        store.save(batch_of(frame(3, session=session, x_m=2.0), frame(4, session=session)))
        assert list(store.recording(session, "frames", 3, 3)) == [encode(frame(3, session=session, x_m=1.0))]

    def test_a_session_knows_what_its_events_told(self, store: Store, session: str) -> None:
        store.save(batch_of(frame(0, session=session)))
        row = store.session(session)
        assert (row.vehicle_id, row.world, row.ended_us, row.reported) == ("car-1", None, None, False)
        end = event(5, ended(result="contact", duration_s=12.5), session=session, at_s=12.5)
        saved = store.save(batch_of(event(0, started(), session=session), end))
        assert saved.ended == {session}
        row = store.session(session)
        assert (row.world, row.driver, row.seed, row.assist_level) == ("perpendicular", "expert", 7, 4)
        assert (row.result, row.duration_s, row.slot_id) == ("contact", 12.5, "A1")
        assert (row.first_seen_us, row.last_seen_us) == (T0_US, T0_US + 12_500_000)

    def test_ended_sessions_are_unreported_until_their_report_is_kept(self, store: Store, session: str) -> None:
        store.save(batch_of(event(0, started(), session=session)))
        assert session not in store.unreported()
        store.save(batch_of(event(1, ended(), session=session)))
        assert session in store.unreported()
        assert store.save_report(report(session))
        assert session not in store.unreported()
        assert (store.session(session).score, store.session(session).passed) == (88.0, True)
        store.save(batch_of(frame(7, session=session)))
        assert session in store.unreported(), "a late frame asks for a new report"

    def test_the_same_report_again_is_no_change(self, store: Store, session: str) -> None:
        assert store.save_report(report(session))
        assert not store.save_report(report(session))
        assert store.save_report(report(session, score=50.0))

    def test_a_report_by_a_new_rubric_version_stands_beside_the_old(self, store: Store, session: str) -> None:
        store.save_report(report(session, version=1))
        store.save_report(report(session, version=2, score=None))
        assert store.report(session) == encode(report(session, version=2, score=None))

    def test_reports_wait_until_they_are_published(self, store: Store, session: str) -> None:
        mine = report(session)
        store.save_report(mine)
        assert encode(mine) in store.unpublished()
        store.mark_published(mine)
        assert encode(mine) not in store.unpublished()
        store.save_report(report(session, score=1.0))
        store.mark_published(mine)
        assert encode(report(session, score=1.0)) in store.unpublished(), "the newer one has not been published"

    def test_what_is_not_there_is_told_in_words(self, store: Store, session: str) -> None:
        with pytest.raises(NotFound, match="there is no session"):
            store.session(session)
        with pytest.raises(NotFound, match="there is no session"):
            store.report(session)
        store.save(batch_of(frame(0, session=session)))
        with pytest.raises(NotFound, match="has not ended") as caught:
            store.report(session)
        assert caught.value.code == "report_not_found"
        store.save(batch_of(event(0, ended(), session=session)))
        with pytest.raises(NotFound, match="still being evaluated"):
            store.report(session)

    def test_sessions_are_listed_newest_first_filtered_and_in_pages(self, store: Store, session: str) -> None:
        car = f"car-{session}"
        names = [f"{session}-{number}" for number in range(5)]
        for number, name in enumerate(names):
            store.save(batch_of(frame(number * 10, car=car, session=name)))
        store.save(batch_of(event(0, ended(result="timeout"), car=car, session=names[2], at_s=0.4)))
        mine = SessionFilter(vehicle_id=car)
        assert [row.session_id for row in store.sessions(mine, limit=10)] == names[::-1]
        page = store.sessions(mine, limit=2)
        after = (page[-1].first_seen_us, page[-1].session_id)
        assert [row.session_id for row in store.sessions(mine, limit=2, before=after)] == [names[2], names[1]]
        assert [r.session_id for r in store.sessions(mine._replace(result="timeout"), limit=9)] == [names[2]]
        assert [r.session_id for r in store.sessions(mine._replace(driver="nobody"), limit=9)] == []
        span = mine._replace(since_us=T0_US + 200_000, until_us=T0_US + 600_000)
        assert [row.session_id for row in store.sessions(span, limit=10)] == [names[2], names[1]]

    def test_two_writers_of_one_session_lose_nothing(self, store: Store, session: str) -> None:
        errors: list[Exception] = []

        def write(offset: int) -> None:
            try:
                for start in range(offset, 400, 20):
                    store.save(batch_of(*(frame(seq, session=session) for seq in range(start, start + 10))))
            except Exception as error:
                errors.append(error)

        writers = [threading.Thread(target=write, args=(offset,)) for offset in (0, 10, 0)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        assert errors == []
        assert store.coverage(session, "frames") == Coverage(400, 0, 399)

    def test_the_migrations_make_the_tables_of_the_code(self, store: Store) -> None:
        with store._engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, SQLModel.metadata) == []
