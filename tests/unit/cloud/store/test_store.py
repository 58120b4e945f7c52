"""The store on SQLite; `StoreContract` is also run on PostgreSQL by the integration tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cloud.store.database import check_schema, migrate, open_engine
from cloud.store.store import Store
from coach_core.errors import UsageError
from tests.unit.cloud.store.contract import StoreContract


class TestStoreOnSqlite(StoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[Store]:
        engine = open_engine(f"sqlite:///{tmp_path}/deep/parkit.db")
        migrate(engine)
        store = Store(engine)
        yield store
        store.close()


def test_a_schema_that_is_not_there_is_told_with_the_command_that_makes_it(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/parkit.db")
    with pytest.raises(UsageError, match="python -m cloud migrate"):
        check_schema(engine)
    migrate(engine)
    check_schema(engine)
    engine.dispose()


def test_an_impossible_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot be made"):
        open_engine(f"sqlite:///{tmp_path}/file/parkit.db")
