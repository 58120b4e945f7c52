"""Settings: named in the error when they are missing or wrong."""

import pytest

from cloud.settings import load_settings
from coach_core.errors import UsageError


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARKIT_CLOUD_KAFKA_BOOTSTRAP", "localhost:9092")


def test_a_missing_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PARKIT_CLOUD_KAFKA_BOOTSTRAP")
    with pytest.raises(UsageError, match=r"^PARKIT_CLOUD_KAFKA_BOOTSTRAP is not set"):
        load_settings()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PORT", "http", "PARKIT_CLOUD_PORT is wrong"),
        ("PORT", "70000", "PARKIT_CLOUD_PORT is wrong"),
        ("ROLE", "king", "PARKIT_CLOUD_ROLE is wrong"),
        ("LIVE_BUS_URL", "amqp://x", "PARKIT_CLOUD_LIVE_BUS_URL is wrong: 'amqp://x' is none of"),
        ("DATABASE_URL", "mysql://x", "PARKIT_CLOUD_DATABASE_URL is wrong: it is neither sqlite"),
    ],
)
def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str) -> None:
    monkeypatch.setenv(f"PARKIT_CLOUD_{name}", value)
    with pytest.raises(UsageError) as caught:
        load_settings()
    assert str(caught.value).startswith(said)
    assert "\n" not in str(caught.value)


def test_values_are_cast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARKIT_CLOUD_ALLOWED_ORIGINS", "https://a.example, https://b.example")
    monkeypatch.setenv("PARKIT_CLOUD_DATABASE_URL", "postgresql://u@h/d")
    settings = load_settings(live_bus_url="rediss://h:1/0")
    assert settings.allowed_origins == ("https://a.example", "https://b.example")
    assert settings.database_url == "postgresql+psycopg://u@h/d"
    assert settings.bus_kind == "redis"
