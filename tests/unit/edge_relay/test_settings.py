"""Settings come from the environment only, and a wrong one is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach_core.errors import UsageError
from edge_relay.settings import PREFIX, RelaySettings, load_settings

DOCS = Path(__file__).parents[3] / "docs" / "relay.md"


def test_defaults_reach_brokers_on_this_machine() -> None:
    settings = load_settings()
    assert (settings.mqtt_host, settings.mqtt_port, settings.kafka_bootstrap) == ("127.0.0.1", 1883, "127.0.0.1:9092")


def test_settings_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARKIT_RELAY_MQTT_PORT", "8883")
    monkeypatch.setenv("PARKIT_RELAY_KAFKA_OPTIONS", '{"security.protocol": "SASL_SSL"}')
    monkeypatch.setenv("PARKIT_RELAY_STALL_AFTER_S", "1.5")
    settings = load_settings()
    assert settings.mqtt_port == 8883
    assert settings.kafka_options == {"security.protocol": "SASL_SSL"}
    assert settings.limits().stall_after_s == 1.5


def test_a_wrong_value_is_named_with_its_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARKIT_RELAY_MQTT_PORT", "mqtt")
    with pytest.raises(UsageError, match=r"PARKIT_RELAY_MQTT_PORT: .*integer.*'mqtt'"):
        load_settings()


def test_a_misspelt_key_is_named_with_the_one_that_was_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARKIT_RELAY_MQTT_PROT", "1883")
    with pytest.raises(UsageError, match=r"PARKIT_RELAY_MQTT_PROT is no setting .* PARKIT_RELAY_MQTT_PORT\?"):
        load_settings()


def test_secrets_do_not_show() -> None:
    settings = RelaySettings.model_validate(
        {"mqtt_password": "tulip", "kafka_secret_options": {"sasl.password": "rose"}}
    )
    assert "tulip" not in repr(settings)
    assert "rose" not in repr(settings)


def test_every_setting_is_documented() -> None:
    text = DOCS.read_text()
    assert [name for name in RelaySettings.model_fields if PREFIX + name.upper() not in text] == []
