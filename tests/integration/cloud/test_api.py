"""REST over real HTTP: one error shape, paging, probes."""

from __future__ import annotations

import httpx
import pytest

from ops.embedded import EmbeddedKafka
from tests.fixtures.brokers import unique
from tests.integration.cloud.server import Car, CloudProcess, wait_for
from tests.unit.cloud.messages import frame

pytestmark = pytest.mark.integration


@pytest.mark.parametrize(
    ("method", "path", "status", "error"),
    [
        ("GET", "/api/v1/sessions/none", 404, "session_not_found"),
        ("GET", "/api/v1/sessions/none/report", 404, "session_not_found"),
        ("GET", "/api/v1/sessions/none/recording", 404, "session_not_found"),
        ("GET", "/api/v1/cars/none/snapshot", 404, "car_not_found"),
        ("GET", "/api/v1/nothing", 404, "not_found"),
        ("GET", "/api/v1/sessions?limit=0", 422, "invalid_request"),
        ("GET", "/api/v1/sessions?page=rubbish", 422, "invalid_request"),
        ("GET", "/api/v1/sessions/x/recording?from_seq=5&to_seq=4", 422, "invalid_request"),
        ("GET", "/api/v1/sessions/x/recording?kind=pictures", 422, "invalid_request"),
        ("POST", "/api/v1/cars/car-1/commands", 422, "invalid_request"),
        ("DELETE", "/api/v1/cars", 405, "method_not_allowed"),
    ],
)
def test_every_error_has_the_one_shape(cloud: CloudProcess, method: str, path: str, status: int, error: str) -> None:
    answer = httpx.request(method, cloud.url + path)
    body = answer.json()
    assert (answer.status_code, body["error"], sorted(body)) == (status, error, ["detail", "error"])
    assert body["detail"]


def test_sessions_are_paged_newest_first(cloud: CloudProcess, car: Car) -> None:
    names = [unique("s") for _ in range(5)]
    car.send(*(frame(number, car=car.vehicle_id, session=name) for number, name in enumerate(names)))
    wait_for(
        lambda: len(cloud.get("/api/v1/sessions", vehicle_id=car.vehicle_id).json()["sessions"]) == 5, "the sessions"
    )
    found: list[str] = []
    page: dict[str, str] = {}
    while True:
        body = cloud.get("/api/v1/sessions", vehicle_id=car.vehicle_id, limit=2, **page).json()
        found += [session["session_id"] for session in body["sessions"]]
        if body["next"] is None:
            break
        page = {"page": body["next"]}
    assert found == names[::-1]


def test_a_part_of_a_recording_can_be_asked_for(cloud: CloudProcess, car: Car) -> None:
    car.send(*(frame(seq, **car.names) for seq in range(300)))
    path = f"/api/v1/sessions/{car.session_id}/recording"

    def part() -> list[int]:
        answer = cloud.get(path, from_seq=250, to_seq=260)
        return [one["seq"] for one in answer.json()] if answer.status_code == 200 else []

    wait_for(lambda: part() == list(range(250, 261)), "the part")
    assert cloud.get(path, kind="decisions").json() == []


def test_a_command_by_rest_answers_with_what_went_out(cloud: CloudProcess, car: Car) -> None:
    answer = httpx.post(
        f"{cloud.url}/api/v1/cars/{car.vehicle_id}/commands", json={"action": {"kind": "pause", "paused": True}}
    )
    assert answer.status_code == 202
    body = answer.json()
    assert (body["vehicle_id"], body["action"]) == (car.vehicle_id, {"kind": "pause", "paused": True})
    wrong = httpx.post(f"{cloud.url}/api/v1/cars/{car.vehicle_id}/commands", json={"action": {"kind": "fly"}})
    assert (wrong.status_code, wrong.json()["error"]) == (422, "invalid_command")


def test_the_probes_and_metrics_answer(cloud: CloudProcess) -> None:
    assert cloud.get("/healthz").text == "ok\n"
    assert set(cloud.get("/readyz").json()["checks"]) == {"kafka", "store", "live_bus", "live_feed", "analysis"}
    names = {line.split()[2] for line in cloud.get("/metrics").text.splitlines() if line.startswith("# TYPE")}
    ours = {name for name in names if not name.startswith(("python_", "process_"))}
    assert ours
    assert all(name.startswith("parkit_cloud_") for name in ours)
    assert cloud.get("/api/v1/version").json()["schema_version"] == 1


def test_kafka_away_makes_it_unready_and_commands_fail_in_words(tmp_path_factory: pytest.TempPathFactory) -> None:
    with EmbeddedKafka() as kafka, CloudProcess(kafka.bootstrap, tmp_path_factory.mktemp("cloud")) as cloud:
        kafka.set_down(True)
        wait_for(lambda: cloud.get("/readyz").status_code == 503, "it to be unready")
        assert "Kafka does not answer" in cloud.get("/readyz").json()["checks"]["kafka"]
        assert cloud.get("/healthz").status_code == 200
        answer = httpx.post(f"{cloud.url}/api/v1/cars/c/commands", json={"action": {"kind": "retry"}}, timeout=20)
        assert (answer.status_code, answer.json()["error"]) == (503, "kafka_unavailable")
        kafka.set_down(False)
        wait_for(lambda: cloud.get("/readyz").status_code == 200, "it to be ready again")
        car = Car(kafka.bootstrap)
        car.send(frame(0, **car.names))
        wait_for(lambda: cloud.get(f"/api/v1/sessions/{car.session_id}").status_code == 200, "the session")
        wait_for(lambda: cloud.get(f"/api/v1/cars/{car.vehicle_id}/snapshot").status_code == 200, "the car")
