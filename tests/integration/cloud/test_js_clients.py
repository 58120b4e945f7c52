"""The libraries that browsers use, stompjs and sockjs-client, run by Node against the real gateway."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from coach_core.errors import UsageError
from ops.dashboard_build import DASHBOARD, find_node
from tests.integration.cloud.server import Car, CloudProcess
from tests.unit.cloud.messages import event, started

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def node() -> Path:
    """Node, and the dashboard's packages beside it."""
    try:
        found = find_node().executable
    except UsageError as error:
        missing = str(error)
    else:
        if (DASHBOARD / "node_modules" / "@stomp" / "stompjs").is_dir():
            return found
        missing = "the dashboard's packages are not installed (python -m ops.dashboard_build)"
    if os.environ.get("CI") == "true":
        pytest.fail(missing)
    pytest.skip(missing)


@pytest.mark.parametrize("how", ["websocket", "xhr-streaming", "xhr-polling", "eventsource"])
def test_the_browsers_libraries_hold_a_conversation(node: Path, cloud: CloudProcess, car: Car, how: str) -> None:
    script = Path(__file__).with_name("js_client.mjs")
    environment = {**os.environ, "PARKIT_NODE_ROOT": str(DASHBOARD)}
    command = [str(node), str(script), how, cloud.url, car.vehicle_id]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as client:
        assert client.stdout is not None
        assert client.stderr is not None

        def said() -> dict[str, Any]:
            assert client.stdout is not None
            assert client.stderr is not None
            line = client.stdout.readline()
            assert line, client.stderr.read()
            found = json.loads(line)
            assert isinstance(found, dict)
            return found

        assert said() == {"connected": "1.2"}
        car.send(*(event(seq, started(), **car.names) for seq in range(10)))
        assert [said() for _ in range(10)] == [{"got": seq, "sent": True} for seq in range(10)]
        assert said() == {"disconnected": True}
        assert client.wait(10) == 0
