"""Settings of both controllers: the only reader of the environment (`PARKIT_…`) in the simulator's processes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from coach_core.errors import UsageError


class ControllerSettings(BaseSettings):
    """How a session is driven, coached and published."""

    model_config = SettingsConfigDict(env_prefix="PARKIT_", extra="ignore")

    driver: str = "keyboard"
    """keyboard, joystick:FILE, remote, novice, expert or script:FILE."""
    driver_name: str = ""
    seed: Annotated[int, Field(ge=0)] = 0
    assist: Annotated[int, Field(ge=0, le=4)] = 4
    language: Literal["ko", "en"] = "ko"
    rubric: str = "parkit-1"
    vehicle_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]*$", max_length=64)] = "car-1"
    session_id: str = ""
    """Made from the vehicle and the start time when empty."""
    time_limit_s: Annotated[float, Field(gt=0.0)] = 240.0
    real_time: bool = False
    """True: the tick never waits for a plan. False: it does, so that equal seeds give equal decisions."""
    mqtt_host: str = ""
    """Empty: nothing is published."""
    mqtt_port: Annotated[int, Field(ge=1, le=65535)] = 1883
    mqtt_password: SecretStr | None = None
    """Where the broker asks for one; the car's user name is its vehicle id."""
    outbox_dir: Path | None = None
    """Where messages wait that could not be sent; default: a folder of the user's cache."""
    result_dir: Path | None = None
    """Where the two controllers leave `coach.json` and `examiner.json`."""
    record: bool = False
    """Also leave the sensor frames there, as `frames.jsonl`."""
    trace: Path | None = None
    """Where the examiner leaves its trace; default: `trace.jsonl.gz` beside the results, if those are wanted."""
    retries: Annotated[int, Field(ge=0, le=3)] = 3
    """How often the learner may go back to before a mistake. Such a session is practice."""
    retry_wait_s: Annotated[float, Field(ge=0.0)] | None = None
    """How long after a contact a retry may be asked for; default: 20 s for people, not at all for other drivers."""
    overlay: bool = True
    sound: bool = True
    """Beeps and voice, on the car's speakers."""
    voice: bool = True
    verbosity: Literal["low", "normal", "high"] = "normal"
    """How much is spoken. low: warnings only; high: what is still asked for is said again."""
    beep_volume: Annotated[float, Field(ge=0.0, le=1.0)] = 0.5
    voice_volume: Annotated[float, Field(ge=0.0, le=1.0)] = 1.0
    stay_open: bool | None = None
    """Whether the simulation goes on after the verdict, until it is reset or closed; default: for people, unless
    `result_dir` asks for results."""
    learner_file: Path | None = None
    """Where the robot window keeps what a person has chosen; default: ~/.config/parkit/learner.json."""
    debrief_s: Annotated[float, Field(ge=0.0, le=15.0)] = 12.0
    """How long a person may look at the debrief before the run ends [s]; any key ends it sooner."""

    @property
    def person(self) -> bool:
        """Whether a person drives."""
        return self.driver.partition(":")[0] in ("keyboard", "joystick", "calibrate", "remote")

    @property
    def stays_open(self) -> bool:
        """Whether the simulation goes on after the verdict."""
        return self.person and self.result_dir is None if self.stay_open is None else self.stay_open


PREFIX = "PARKIT_"


def load_settings(environment: Mapping[str, str] | None = None) -> ControllerSettings:
    """The settings in the environment (default: this process's); UsageError names each variable that is wrong."""
    given = environment or {}
    try:
        return ControllerSettings(
            **{  # type: ignore[arg-type]
                key.removeprefix(PREFIX).lower(): value for key, value in given.items() if key.startswith(PREFIX)
            }
        )
    except ValidationError as error:
        problems = "; ".join(
            f"PARKIT_{str(item['loc'][0]).upper()}={item['input']!r}: {item['msg']}" for item in error.errors()
        )
        raise UsageError(f"wrong setting: {problems}") from error
