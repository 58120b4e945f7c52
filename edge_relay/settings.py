"""Settings of the relay, read once from the environment. Each is `PARKIT_RELAY_` + its name in capitals."""

from __future__ import annotations

import difflib
import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from coach_core.errors import UsageError
from edge_relay.relay import Limits

PREFIX = "PARKIT_RELAY_"


class RelaySettings(BaseSettings):
    """What an operator may set; `docs/relay.md` explains each. Durations in seconds."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    mqtt_host: str = "127.0.0.1"
    mqtt_port: Annotated[int, Field(ge=1, le=65535)] = 1883
    mqtt_protocol: Literal["auto", "5", "311"] = "auto"
    mqtt_client_id: Annotated[str, Field(min_length=1, max_length=128)] = "parkit-relay"
    mqtt_username: str | None = None
    mqtt_password: SecretStr | None = None
    mqtt_tls_ca: Path | None = None
    mqtt_keepalive_s: Annotated[int, Field(ge=1)] = 15
    mqtt_session_expiry_s: Annotated[int, Field(ge=1)] = 86_400
    mqtt_receive_maximum: Annotated[int, Field(ge=1, le=65_535)] = 1_000

    kafka_bootstrap: Annotated[str, Field(min_length=1)] = "127.0.0.1:9092"
    kafka_linger_ms: Annotated[float, Field(ge=0.0, le=1_000.0)] = 0.0
    kafka_group: str | None = None
    kafka_fetch_wait_ms: Annotated[int, Field(ge=1)] = 500
    kafka_options: dict[str, str] = {}
    kafka_secret_options: dict[str, SecretStr] = {}

    spool_dir: Path = Path("var/relay-spool")
    spool_max_bytes: Annotated[int, Field(ge=1 << 20)] = 1 << 30
    spool_fsync: bool = True
    spool_sync_s: Annotated[float, Field(ge=0.0)] = 0.01
    stall_after_s: Annotated[float, Field(gt=0.0)] = 0.25
    retry_after_s: Annotated[float, Field(gt=0.0)] = 0.5

    http_host: str = "127.0.0.1"
    http_port: Annotated[int, Field(ge=0, le=65535)] = 9464
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    def limits(self) -> Limits:
        """The part that the relay's core is interested in."""
        return Limits(
            stall_after_s=self.stall_after_s,
            retry_after_s=self.retry_after_s,
            sync_every_s=self.spool_sync_s,
            spool_bytes=self.spool_max_bytes,
        )


def load_settings() -> RelaySettings:
    """Settings from the environment; UsageError names each key that is wrong and what it should be."""
    known = {PREFIX + name.upper() for name in RelaySettings.model_fields}
    unknown = sorted(key for key in os.environ if key.startswith(PREFIX) and key not in known)
    if unknown:
        close = difflib.get_close_matches(unknown[0], known, n=1)
        hint = f"did you mean {close[0]}?" if close else "see docs/relay.md."
        raise UsageError(f"{', '.join(unknown)} is no setting of the relay; {hint}")
    try:
        return RelaySettings()
    except ValidationError as error:
        problems = [
            f"{PREFIX}{'_'.join(map(str, problem['loc'])).upper()}: {problem['msg']} (got {problem['input']!r})"
            for problem in error.errors()
        ]
        raise UsageError("; ".join(problems) + ". See docs/relay.md.") from None
