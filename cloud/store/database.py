"""Opening the database: engine, pragmas, migrations."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from coach_core.errors import UsageError

MIGRATIONS = Path(__file__).parent / "migrations"


def open_engine(url: str) -> Engine:
    """An engine for `url`; UsageError if it cannot be one. SQLite gets WAL and its folder."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise UsageError(f"PARKIT_CLOUD_DATABASE_URL {url!r} is not a database URL") from error
    if not parsed.drivername.startswith("sqlite"):
        return create_engine(parsed, pool_pre_ping=True, pool_size=5, max_overflow=10)
    if parsed.database and parsed.database != ":memory:":
        folder = Path(parsed.database).expanduser().parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"the folder {folder} of PARKIT_CLOUD_DATABASE_URL cannot be made: {error}") from error
    # wait for the other writer of the file: analysis and API are two processes in production
    engine = create_engine(parsed, connect_args={"timeout": 10.0})
    event.listen(engine, "connect", _sqlite_pragmas)
    event.listen(engine, "begin", _sqlite_begin)
    return engine


def _sqlite_pragmas(connection: object, _entry: ConnectionPoolEntry) -> None:
    """WAL, so that readers and the writer do not wait for each other; we begin transactions ourselves."""
    connection.isolation_level = None  # type: ignore[attr-defined]
    cursor = connection.cursor()  # type: ignore[attr-defined]
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _sqlite_begin(connection: object) -> None:
    """Plain BEGIN for readers; a writer that must not be overtaken asks for IMMEDIATE (see `Store._write`)."""
    options = connection.get_execution_options()  # type: ignore[attr-defined]
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("parkit_write") else "BEGIN")  # type: ignore[attr-defined]


def _alembic(engine: Engine) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = engine
    return config


def migrate(engine: Engine) -> None:
    """Bring the schema up to date. Of two processes that start at once on one SQLite file the second waits."""
    command.upgrade(_alembic(engine.execution_options(parkit_write=True)), "head")


def check_schema(engine: Engine) -> None:
    """UsageError with what to do if the schema is not the one this version needs, or the database is away."""
    wanted = ScriptDirectory.from_config(_alembic(engine)).get_current_head()
    try:
        with engine.connect() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
    except SQLAlchemyError as error:
        where = engine.url.render_as_string(hide_password=True)
        raise UsageError(f"the database {where} does not answer: {str(error).splitlines()[0]}") from error
    if current != wanted:
        raise UsageError(
            f"the database schema is {current or 'empty'}, this version needs {wanted}: run `python -m cloud migrate`"
        )
