"""How `python -m edge_relay` refuses to start."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.integration


def run(folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PARKIT_RELAY_SPOOL_DIR": str(folder), **settings}
    return subprocess.run(
        [sys.executable, "-m", "edge_relay"], env=environment, capture_output=True, text=True, timeout=30, check=False
    )


def test_a_wrong_setting_is_one_sentence_and_status_2(tmp_path: Path) -> None:
    done = run(tmp_path, PARKIT_RELAY_KAFKA_LINGER_MS="soon")
    assert done.returncode == 2
    assert done.stderr.startswith("parkit relay: PARKIT_RELAY_KAFKA_LINGER_MS: ")
    assert len(done.stderr.splitlines()) == 1


def test_a_taken_port_is_named_with_the_setting_that_moves_it(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = run(tmp_path, PARKIT_RELAY_HTTP_PORT=str(port))
    assert done.returncode == 2
    assert f"127.0.0.1:{port}" in done.stderr
    assert "PARKIT_RELAY_HTTP_PORT" in done.stderr
    assert "Traceback" not in done.stderr
