"""When the embedded Kafka deletes what: the trimmer alone, with the clock as an argument."""

from __future__ import annotations

from ops.embedded.kafka import Trimmer
from ops.embedded.mock_cluster import PlainCluster, open_cluster


def run(trimmer: Trimmer, rate: int, seconds: float) -> list[tuple[float, int | None]]:
    """Ask the trimmer every 0.25 s while `rate` records a second arrive."""
    steps = range(1, int(seconds / 0.25) + 1)
    return [(step * 0.25, trimmer.on_end(int(step * 0.25 * rate), step * 0.25)) for step in steps]


def kept_at_end(answers: list[tuple[float, int | None]], rate: int) -> float:
    """Seconds of records left after the last answer."""
    end_s = answers[-1][0]
    deleted = max(before or 0 for _, before in answers)
    return end_s - deleted / rate


def test_nothing_is_deleted_before_it_is_old_enough() -> None:
    answers = run(Trimmer(keep_s=10, keep_records=10_000), rate=50, seconds=10)
    assert all(before is None for _, before in answers)


def test_a_slow_topic_keeps_its_whole_time() -> None:
    answers = run(Trimmer(keep_s=10, keep_records=10_000), rate=50, seconds=30)
    assert 10.0 <= kept_at_end(answers, 50) <= 10.5


def test_a_crowded_partition_keeps_no_more_than_its_records() -> None:
    answers = run(Trimmer(keep_s=60, keep_records=4_000), rate=1_000, seconds=30)
    assert 4.0 <= kept_at_end(answers, 1_000) <= 4.5


def test_even_a_flooded_partition_keeps_the_last_two_seconds() -> None:
    answers = run(Trimmer(keep_s=60, keep_records=100, floor_s=2), rate=10_000, seconds=30)
    assert 2.0 <= kept_at_end(answers, 10_000) <= 2.5


def test_an_idle_topic_is_emptied_when_its_records_are_old() -> None:
    trimmer = Trimmer(keep_s=10, keep_records=4_000)
    assert trimmer.on_end(500, 0.0) is None
    assert trimmer.on_end(500, 9.9) is None
    assert trimmer.on_end(500, 10.0) == 500
    assert trimmer.on_end(500, 20.0) is None, "what is deleted is not deleted again"


def test_a_library_without_the_mock_functions_falls_back_and_says_what_is_missing() -> None:
    cluster, limits = open_cluster(library=object())
    try:
        assert isinstance(cluster, PlainCluster)
        assert cluster.bootstrap.startswith("127.0.0.1:")
        assert limits is not None
        assert "rd_kafka_mock_partition_delete_records" in limits
    finally:
        cluster.close()
