"""The newest state of a car: what newcomers get, what must not be dropped, and that late records spoil nothing."""

import json

import msgspec

from cloud.live.car_state import CarState, car_view, carry_over
from cloud.live.messages import CarView, LiveMessage, LiveRecord
from cloud.live.updates import Cars, read_all
from coach_core.contracts import Decision, SensorFrame, SessionEvent, VehicleStatus, decode, encode
from tests.unit.cloud.messages import decision, ended, event, frame, plan, started, status

PATH = [(0.0, 0.0, 0.0), (1.0, 0.0, 0.0)]


class Feed:
    """A car's state and the records it is fed, a millisecond apart unless said otherwise."""

    def __init__(self) -> None:
        self.state = CarState("car-1")
        self.now_ms = 1000

    def put(
        self, message: SensorFrame | Decision | SessionEvent | VehicleStatus, at_ms: int | None = None
    ) -> list[LiveMessage]:
        self.now_ms += 1
        kinds = {SensorFrame: "frames", Decision: "decisions", SessionEvent: "events", VehicleStatus: "status"}
        record = LiveRecord(
            kinds[type(message)],  # type: ignore[arg-type]
            encode(message),
            self.now_ms if at_ms is None else at_ms,
        )
        return self.state.apply(message, record)[0]

    @property
    def view(self) -> CarView:
        return car_view("car-1", self.state.fields)


def of(raw: msgspec.Raw | None, kind: type[msgspec.Struct]) -> msgspec.Struct:
    assert raw is not None
    return decode(bytes(raw), kind)


def test_a_newcomer_gets_the_newest_frame_decision_start_and_end() -> None:
    feed = Feed()
    for message in (event(0, started()), frame(0), decision(0), frame(1), decision(1), event(1, ended())):
        feed.put(message)
    snapshot = feed.view.snapshot
    assert of(snapshot.frame, SensorFrame) == frame(1)
    assert of(snapshot.decision, Decision) == decision(1)
    assert of(snapshot.started, SessionEvent) == event(0, started())
    assert of(snapshot.ended, SessionEvent) == event(1, ended())
    assert (feed.view.session_id, feed.view.state) == ("s-1", "online")


def test_a_newcomer_gets_obstacles_and_path_that_the_newest_decision_leaves_out() -> None:
    feed = Feed()
    feed.put(decision(0, plan=plan(path=PATH), obstacles=[(1.0, 2.0)]))
    feed.put(decision(1, plan=plan(segment=1)))
    snapshot = feed.view.snapshot
    newest = of(snapshot.decision, Decision)
    assert isinstance(newest, Decision)
    assert newest.seq == 1
    assert newest.obstacles == [(1.0, 2.0)]
    assert json.loads(bytes(snapshot.plan or b"")) | {} == json.loads(encode(plan(path=PATH, segment=1)))


def test_a_plan_that_was_given_up_is_not_shown() -> None:
    feed = Feed()
    feed.put(decision(0, plan=plan(path=PATH)))
    feed.put(decision(1, plan=None))
    assert feed.view.snapshot.plan is None


def test_decisions_that_change_what_the_driver_is_told_must_not_be_dropped() -> None:
    feed = Feed()
    told = [
        decision(0),
        decision(1),
        decision(2, level="caution"),
        decision(3, level="caution"),
        decision(4, level="caution", cue="slow_down"),
        decision(5, level="caution", cue="slow_down", plan=plan(path=PATH)),
        decision(6, level="caution", cue="slow_down", plan=plan()),
        decision(7, level="caution", cue="slow_down", plan=plan(segment=1)),
    ]
    keeps = [feed.put(message)[-1].keep for message in told]
    assert keeps == [True, False, True, False, True, True, False, True]


def test_events_and_presence_must_not_be_dropped_frames_may() -> None:
    feed = Feed()
    (presence, first) = feed.put(event(0, started()))
    assert (presence.kind, presence.keep, first.kind, first.keep) == ("status", True, "events", True)
    assert [(m.kind, m.keep) for m in feed.put(frame(0))] == [("frames", False)]


def test_a_new_session_clears_what_belonged_to_the_old() -> None:
    feed = Feed()
    for message in (event(0, started()), frame(0), decision(0, plan=plan(path=PATH), obstacles=[(1.0, 1.0)])):
        feed.put(message)
    out = feed.put(frame(0, session="s-2"))
    assert [m.kind for m in out] == ["status", "frames"]
    assert decode(out[0].body, VehicleStatus).session_id == "s-2"
    snapshot = feed.view.snapshot
    assert (snapshot.started, snapshot.decision, snapshot.plan) == (None, None, None)


def test_late_records_of_an_older_session_change_nothing() -> None:
    feed = Feed()
    feed.put(frame(5, session="s-2"), at_ms=5000)
    assert feed.put(frame(9, session="s-1"), at_ms=4000) == []
    (late,) = feed.put(event(3, ended(), session="s-1"), at_ms=4001)
    assert late.kind == "events", "an event is never dropped, even late"
    assert feed.view.session_id == "s-2"
    assert feed.view.snapshot.ended is None


def test_of_sessions_within_one_millisecond_the_cars_clock_tells_the_newer() -> None:
    feed = Feed()
    feed.put(frame(5, session="s-2"), at_ms=5000)
    assert feed.put(frame(4, session="s-1"), at_ms=5000) == []
    feed.put(frame(6, session="s-3"), at_ms=5000)
    assert feed.view.session_id == "s-3"


def test_a_re_delivered_frame_does_not_turn_the_picture_back() -> None:
    feed = Feed()
    feed.put(frame(7))
    feed.put(frame(3))
    assert of(feed.view.snapshot.frame, SensorFrame) == frame(7)


def test_a_car_goes_offline_by_its_will_and_online_by_its_next_frame() -> None:
    feed = Feed()
    feed.put(status("online"))
    feed.put(frame(0))
    feed.put(status("offline"))
    assert feed.view.state == "offline"
    assert [m.kind for m in feed.put(frame(1))] == ["status", "frames"]
    assert feed.state.fields["state"] == b"online"


def test_an_old_will_read_after_newer_frames_is_ignored() -> None:
    feed = Feed()
    feed.put(frame(0), at_ms=5000)
    assert feed.put(status("offline"), at_ms=4000) == []
    assert feed.view.state == "online"


def test_a_left_out_decision_hands_its_obstacles_on() -> None:
    older, newer = decision(0, obstacles=[(1.0, 2.0)]), decision(1)
    assert decode(carry_over(encode(older), encode(newer)), Decision).obstacles == [(1.0, 2.0)]
    fresh = decision(1, obstacles=[(3.0, 4.0)])
    assert carry_over(encode(older), encode(fresh)) == encode(fresh)
    assert carry_over(encode(newer), encode(decision(2))) == encode(decision(2))


def test_a_record_that_breaks_its_contract_is_left_out_and_the_rest_goes_on() -> None:
    cars = Cars()
    update = cars.apply(read_all([LiveRecord("frames", b"{}", 1), LiveRecord("frames", encode(frame(0)), 2)]))
    assert [m.kind for messages in update.messages.values() for m in messages] == ["status", "frames"]


def test_another_process_goes_on_from_the_state_it_finds() -> None:
    feed = Feed()
    for message in (event(0, started()), frame(5), decision(5, plan=plan(path=PATH))):
        feed.put(message)
    feed.state = CarState("car-1", feed.state.fields)
    feed.put(frame(6))
    assert feed.view.snapshot.started is not None
    assert feed.view.snapshot.plan is not None
    assert feed.put(frame(0, session="s-0"), at_ms=1) == [], "it knows what is old"
    feed.put(frame(0, session="s-2"))
    assert feed.view.snapshot.started is None


def test_a_record_that_only_came_late_does_not_bring_a_car_back_that_went_offline() -> None:
    feed = Feed()
    feed.put(event(0, started()), at_ms=1000)
    feed.put(status("offline"), at_ms=2000)
    feed.put(frame(7), at_ms=1900)
    assert feed.view.state == "offline"
    feed.put(frame(8), at_ms=2100)
    assert feed.view.state == "online"
