"""`python -m cloud` as a command: migrations, roles, and what it says when it cannot start."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cloud.store.database import check_schema, open_engine
from ops.embedded import EmbeddedKafka
from tests.fixtures.brokers import unique
from tests.integration.cloud.server import Car, CloudProcess, wait_for
from tests.integration.cloud.stomp_client import StompClient
from tests.integration.cloud.test_live_bus import RedisServer, redis_server
from tests.unit.cloud.messages import event, frame, started

pytestmark = pytest.mark.integration

__all__ = ["redis_server"]


def command(*words: str, **settings: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3]), **settings}
    return subprocess.Popen(
        [sys.executable, "-m", "cloud", *words],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_processes_that_migrate_one_file_at_once_wait_for_each_other(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/parkit.db"
    settings = {"PARKIT_CLOUD_DATABASE_URL": url, "PARKIT_CLOUD_KAFKA_BOOTSTRAP": "localhost:1"}
    started_ = [command("migrate", **settings) for _ in range(3)]
    said = [process.communicate(timeout=60)[0] for process in started_]
    assert [process.returncode for process in started_] == [0, 0, 0], said
    engine = open_engine(url)
    check_schema(engine)
    engine.dispose()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "PARKIT_CLOUD_KAFKA_BOOTSTRAP is not set"),
        ({"PARKIT_CLOUD_KAFKA_BOOTSTRAP": "k:1", "PARKIT_CLOUD_PORT": "http"}, "PARKIT_CLOUD_PORT is wrong"),
        (
            {
                "PARKIT_CLOUD_KAFKA_BOOTSTRAP": "k:1",
                "PARKIT_CLOUD_PORT": "0",
                "PARKIT_CLOUD_DATABASE_URL": "postgresql://127.0.0.1:1/none?connect_timeout=1",
            },
            "the database postgresql+psycopg://127.0.0.1:1/none?connect_timeout=1 does not answer",
        ),
        (
            {
                "PARKIT_CLOUD_KAFKA_BOOTSTRAP": "k:1",
                "PARKIT_CLOUD_PORT": "0",
                "PARKIT_CLOUD_DATABASE_URL": "sqlite://",
                "PARKIT_CLOUD_LIVE_BUS_URL": "redis://127.0.0.1:1/0",
            },
            "Redis does not answer",
        ),
    ],
)
def test_what_keeps_it_from_starting_is_told_in_one_line(settings: dict[str, str], said: str) -> None:
    process = command("serve", **settings)
    output = process.communicate(timeout=60)[0]
    assert process.returncode in (1, 2)
    last = output.strip().splitlines()[-1]
    assert last.startswith("parkit cloud: ")
    assert said in last
    assert "Traceback" not in output


def test_in_production_roles_are_processes_joined_by_redis(
    embedded_kafka: EmbeddedKafka, tmp_path: Path, redis_server: RedisServer
) -> None:
    shared = {"live_bus_url": redis_server.url, "live_group": unique("live"), "analysis_group": unique("analysis")}
    bootstrap = embedded_kafka.bootstrap
    with (
        CloudProcess(bootstrap, tmp_path, role="analysis", **shared) as analysis,
        CloudProcess(bootstrap, tmp_path, role="api", **shared) as api,
        StompClient(api.ws_url + "/ws") as client,
    ):
        assert "analysis" in analysis.get("/readyz").json()["checks"]
        assert set(api.get("/readyz").json()["checks"]) == {"kafka", "store", "live_bus"}
        assert analysis.get("/api/v1/sessions").status_code == 404
        car = Car(bootstrap)
        client.subscribe(f"/topic/cars/{car.vehicle_id}/events")
        car.send(event(0, started(), **car.names), frame(0, **car.names))
        (told,) = client.bodies(f"/topic/cars/{car.vehicle_id}/events", 1)
        assert told["detail"]["kind"] == "started"
        wait_for(lambda: api.get(f"/api/v1/sessions/{car.session_id}").status_code == 200, "the session by the other")
        view = api.get(f"/api/v1/cars/{car.vehicle_id}/snapshot").json()
        assert view["snapshot"]["started"]["detail"]["driver"] == "expert"


def test_a_replica_that_starts_knows_the_cars_that_are_under_way(embedded_kafka: EmbeddedKafka, tmp_path: Path) -> None:
    car = Car(embedded_kafka.bootstrap)
    car.send(
        frame(0, car=car.vehicle_id, session=unique("older")),
        event(0, started(), at_s=0.02, **car.names),
        frame(1, **car.names),
        frame(2, **car.names),
    )
    with CloudProcess(embedded_kafka.bootstrap, tmp_path) as cloud:

        def view() -> dict[str, Any] | None:
            found = cloud.get(f"/api/v1/cars/{car.vehicle_id}/snapshot").json()
            snapshot = found.get("snapshot", {})
            ready = snapshot.get("started") and (snapshot.get("frame") or {}).get("seq") == 2
            return snapshot if ready and found["session_id"] == car.session_id else None

        assert wait_for(view, "the state of the car")["started"]["detail"]["driver"] == "expert"
