"""Settings of the cloud services: the only reader of their environment (`PARKIT_CLOUD_…`)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from pydantic_settings.exceptions import SettingsError

from coach_core.errors import UsageError

PREFIX = "PARKIT_CLOUD_"
DASHBOARD = Path(__file__).parent / "dashboard" / "dist"

Role = Literal["all", "api", "analysis"]


class CloudSettings(BaseSettings):
    """Everything that can be set, with the defaults of a single machine."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True)

    role: Role = "all"
    """What this process does: everything, or one side for production."""
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65_535)
    """0: any free port, named in the log."""
    database_url: str = "sqlite:///var/parkit.db"
    """sqlite:///path or postgresql+psycopg://user:password@host/name."""
    kafka_bootstrap: str = Field(min_length=1)
    """host:port of a broker, or several by commas."""
    live_bus_url: str = "kafka://"
    """kafka:// (each replica reads Kafka), redis://host:port/0 (by car), memory:// (only what is published here)."""
    dashboard_dir: Path = DASHBOARD
    """The built dashboard."""
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = ()
    """Origins other than our own from which a browser may connect, by commas, e.g. https://school.example."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_json: bool | None = None
    """JSON lines, or coloured lines for people; unset: JSON unless on a terminal."""

    kafka_group_protocol: Literal["consumer", "classic"] = "consumer"
    """KIP-848 groups join at once; `classic` for brokers before 4.0."""
    kafka_fetch_wait_ms: int = Field(default=500, ge=1)
    """1 with the embedded broker, whose long poll sleeps the whole wait; a real one answers when data comes."""
    analysis_group: str = "parkit-analysis"
    live_group: str = "parkit-live"
    """Consumer group of the publishers to Redis."""
    live_lookback: int = Field(default=2000, ge=0)
    """How many records of a partition a starting replica reads again, to know the state of the cars."""

    flush_every_s: float = Field(default=0.5, gt=0)
    """How long analysis gathers records before it stores them."""
    flush_records: int = Field(default=2000, ge=1)
    report_grace_s: float = Field(default=5.0, gt=0)
    """How long after a session's end analysis waits for frames that are missing."""
    hint_ttl_s: float = Field(default=4.0, gt=0)
    """How long a command without an expiry of its own is good for."""
    sockjs_client_url: str = "/sockjs.min.js"
    """Where the SockJS iframe finds its client library."""
    shutdown_s: float = Field(default=1.0, gt=0)
    """Time to close everything after a signal."""

    @field_validator("allowed_origins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("live_bus_url")
    @classmethod
    def _known_bus(cls, value: str) -> str:
        if urlsplit(value).scheme not in ("memory", "kafka", "redis", "rediss"):
            raise ValueError(f"{value!r} is none of kafka://, redis://host:port/0 and memory://")
        return value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if value.startswith("postgresql://"):
            value = value.replace("postgresql://", "postgresql+psycopg://", 1)
        if not value.startswith(("sqlite://", "postgresql+psycopg://")):
            raise ValueError("it is neither sqlite:///path nor postgresql://user:password@host/name")
        return value

    @property
    def bus_kind(self) -> Literal["memory", "kafka", "redis"]:
        """Which live bus is meant."""
        scheme = urlsplit(self.live_bus_url).scheme
        return "redis" if scheme.startswith("redis") else "kafka" if scheme == "kafka" else "memory"


def load_settings(**overrides: object) -> CloudSettings:
    """Settings from the environment, with `overrides` on top; UsageError names what is missing or wrong."""
    try:
        return CloudSettings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        raise UsageError("; ".join(_sentence(item) for item in error.errors())) from error
    except SettingsError as error:
        raise UsageError(str(error)) from error


def _sentence(item: object) -> str:
    assert isinstance(item, dict)
    key = PREFIX + "_".join(str(part) for part in item["loc"]).upper()
    if item["type"] == "missing":
        return f"{key} is not set: give it a value (for kafka_bootstrap the host:port of a broker)"
    return f"{key} is wrong: {item['msg'].removeprefix('Value error, ')}"
