"""The controllers' settings: read once, refused by name."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from coach_core.errors import UsageError
from controllers.settings import load_settings


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("PARKIT_")]:
        monkeypatch.delenv(name)


def test_nothing_set_is_a_learner_at_the_keyboard_with_full_guidance() -> None:
    settings = load_settings()
    assert (settings.driver, settings.assist, settings.language, settings.mqtt_host) == ("keyboard", 4, "ko", "")


def test_environment_is_read_and_cast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARKIT_SEED", "12")
    monkeypatch.setenv("PARKIT_REAL_TIME", "true")
    monkeypatch.setenv("PARKIT_RESULT_DIR", "/somewhere")
    settings = load_settings()
    assert (settings.seed, settings.real_time, settings.result_dir) == (12, True, Path("/somewhere"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PARKIT_ASSIST", "9"),
        ("PARKIT_SEED", "minus one"),
        ("PARKIT_LANGUAGE", "fr"),
        ("PARKIT_MQTT_PORT", "0"),
        ("PARKIT_VEHICLE_ID", "car 1"),
        ("PARKIT_TIME_LIMIT_S", "-1"),
    ],
)
def test_wrong_variable_is_named_with_its_value(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(UsageError, match=rf"{name}='{value}'"):
        load_settings()


def test_all_wrong_variables_are_named_at_once() -> None:
    with pytest.raises(UsageError, match=r"PARKIT_ASSIST='9'.*PARKIT_LANGUAGE='fr'"):
        load_settings({"PARKIT_ASSIST": "9", "PARKIT_LANGUAGE": "fr", "HOME": "/root"})


def test_given_environment_goes_before_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARKIT_ASSIST", "1")
    assert load_settings({"PARKIT_ASSIST": "2"}).assist == 2


@pytest.mark.parametrize(
    ("given", "stays"),
    [
        ({"DRIVER": "keyboard"}, True),
        ({"DRIVER": "joystick:wheel.json"}, True),
        ({"DRIVER": "novice"}, False),
        ({"DRIVER": "keyboard", "RESULT_DIR": "/somewhere"}, False),
        ({"DRIVER": "keyboard", "STAY_OPEN": "0"}, False),
        ({"DRIVER": "expert", "STAY_OPEN": "1", "RESULT_DIR": "/somewhere"}, True),
    ],
)
def test_simulation_stays_open_for_people_who_want_no_results(given: dict[str, str], stays: bool) -> None:
    settings = load_settings({f"PARKIT_{name}": value for name, value in given.items()})
    assert settings.stays_open == stays
