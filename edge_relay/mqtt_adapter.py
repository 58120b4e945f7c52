"""MQTT by paho: a persistent session, manual acknowledgement, no Nagle; MQTT 5, or 3.1.1 where the broker is older."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from typing import Any, Protocol

import paho.mqtt.client as paho
import structlog
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from coach_core.contracts import MQTT_ROOT
from coach_core.contracts.topics import UPLINK_CHANNELS
from edge_relay.records import Delivery
from edge_relay.settings import RelaySettings

log = structlog.get_logger(__name__)
_RECONNECT_S = (0.1, 5.0)
_QOS = 1
_TOO_NEW = "Unsupported protocol version"
_PATIENCE_S = 1
"""How long a broker may think about the first question before we take it for an older one."""


class Listener(Protocol):
    """What the adapter reports, from paho's thread."""

    def on_mqtt_connection(self, number: int, up: bool) -> None: ...
    def on_mqtt_message(self, topic: str, payload: bytes, delivery: Delivery | None) -> None: ...
    def on_mqtt_published(self, mid: int) -> None: ...
    def on_mqtt_crash(self, error: BaseException) -> None: ...


class MqttAdapter:
    """One connection to the broker that heals itself. Thread-safe."""

    def __init__(self, settings: RelaySettings, listener: Listener) -> None:
        self._settings = settings
        self._listener = listener
        self._connection = 0
        self._stopped = False
        self._refusal: str | None = None
        self._asking = settings.mqtt_protocol == "auto"
        self._client = self._new_question() if self._asking else self._new_client(int(settings.mqtt_protocol))

    def start(self) -> None:
        """Connect in the background and keep trying."""
        self._start(self._client)

    def ack(self, delivery: Delivery) -> None:
        """Tell the broker that it may forget the message, unless the connection it came by is gone."""
        if delivery.connection == self._connection:
            self._client.ack(delivery.mid, _QOS)

    def publish(self, topic: str, payload: bytes) -> int:
        """Send with QoS 1, also later if disconnected; the message id that `on_mqtt_published` will name."""
        return self._client.publish(topic, payload, qos=_QOS).mid

    def stop(self, timeout_s: float) -> None:
        """Say goodbye after what is still to be sent."""
        self._stopped = True
        self._client.disconnect()
        # paho sleeps up to a second between attempts to connect; it may do so behind our back
        waiting = threading.Thread(target=self._client.loop_stop, daemon=True)
        waiting.start()
        waiting.join(timeout_s)

    # --- paho's thread ------------------------------------------------------------------------------------

    def _new_question(self) -> paho.Client:
        """A first connection that only finds out what the broker speaks.

        It carries no properties: an older broker would take them for the client's name and wait for the rest of it.
        """
        client = paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5)
        self._equip(client)
        client.on_connect = self._on_answer
        client.on_disconnect = self._on_no_answer
        return client

    def _new_client(self, protocol: int) -> paho.Client:
        is_5 = protocol == 5
        client = paho.Client(
            CallbackAPIVersion.VERSION2,
            client_id=self._settings.mqtt_client_id,
            protocol=paho.MQTTv5 if is_5 else paho.MQTTv311,
            clean_session=None if is_5 else False,
            manual_ack=True,
        )
        self._equip(client)
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_message
        client.on_publish = self._on_publish
        return client

    def _equip(self, client: paho.Client) -> None:
        settings = self._settings
        if settings.mqtt_username is not None:
            password = settings.mqtt_password
            client.username_pw_set(settings.mqtt_username, password.get_secret_value() if password else None)
        if settings.mqtt_tls_ca is not None:
            client.tls_set(str(settings.mqtt_tls_ca))
        client.reconnect_delay_set(*_RECONNECT_S)  # type: ignore[arg-type] # it only compares and sleeps
        client.on_socket_open = _without_nagle
        client.on_connect_fail = self._on_connect_fail

    def _start(self, client: paho.Client) -> None:
        settings = self._settings
        arguments: dict[str, Any] = {}
        keepalive_s = settings.mqtt_keepalive_s
        if self._asking:
            keepalive_s = _PATIENCE_S
        elif client.protocol == paho.MQTTv5:
            properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
            properties.SessionExpiryInterval = settings.mqtt_session_expiry_s
            properties.ReceiveMaximum = settings.mqtt_receive_maximum
            arguments = {"clean_start": False, "properties": properties}
        client.connect_async(settings.mqtt_host, settings.mqtt_port, keepalive_s, **arguments)
        client.loop_start()

    def _on_answer(self, _client: paho.Client, _data: Any, _flags: Any, reason: ReasonCode, _props: Any) -> None:
        # any other refusal, say of the name, still comes in MQTT 5
        self._settle_for(311 if reason.getName() == _TOO_NEW else 5)

    def _on_no_answer(self, _client: paho.Client, _data: Any, _flags: Any, _reason: ReasonCode, _props: Any) -> None:
        self._settle_for(311)

    def _settle_for(self, protocol: int) -> None:
        if not self._asking or self._stopped:
            return
        question, self._asking = self._client, False
        self._client = self._new_client(protocol)
        question.disconnect()
        self._start(self._client)

    def _on_connect(self, client: paho.Client, _data: Any, flags: Any, reason: ReasonCode, _properties: Any) -> None:
        if client is not self._client:
            return
        if reason.is_failure:
            self._on_refusal(reason.getName())
            return
        self._refusal = None
        self._connection += 1
        log.info(
            "mqtt_connected",
            host=self._settings.mqtt_host,
            port=self._settings.mqtt_port,
            protocol="5" if client.protocol == paho.MQTTv5 else "3.1.1",
            session_resumed=flags.session_present,
        )
        # before subscribing: then what comes is counted to this connection
        self._guard(lambda: self._listener.on_mqtt_connection(self._connection, True))
        client.subscribe([(f"{MQTT_ROOT}/+/{channel}", _QOS) for channel in UPLINK_CHANNELS])

    def _on_refusal(self, why: str) -> None:
        if why != self._refusal:
            self._refusal = why
            log.error("mqtt_refused", reason=why, client_id=self._settings.mqtt_client_id)

    def _on_disconnect(
        self, client: paho.Client, _data: Any, _flags: Any, reason: ReasonCode, _properties: Any
    ) -> None:
        if client is not self._client:
            return
        self._connection += 1  # message ids of the old one mean nothing any more
        self._guard(lambda: self._listener.on_mqtt_connection(self._connection, False))
        if not self._stopped and self._refusal is None:
            log.warning("mqtt_disconnected", reason=reason.getName())

    def _on_connect_fail(self, _client: paho.Client, _data: Any) -> None:
        if self._refusal is None and not self._stopped:
            self._refusal = "unreachable"
            log.warning("mqtt_unreachable", host=self._settings.mqtt_host, port=self._settings.mqtt_port)

    def _on_message(self, client: paho.Client, _data: Any, message: paho.MQTTMessage) -> None:
        if client is not self._client:
            return
        delivery = Delivery(self._connection, message.mid) if message.qos else None
        try:
            topic = message.topic
        except UnicodeDecodeError:
            topic = repr(message._topic)
        self._guard(lambda: self._listener.on_mqtt_message(topic, bytes(message.payload), delivery))

    def _on_publish(self, client: paho.Client, _data: Any, mid: int, _reason: Any, _properties: Any) -> None:
        if client is self._client:
            self._guard(lambda: self._listener.on_mqtt_published(mid))

    def _guard(self, call: Callable[[], None]) -> None:
        """paho's thread dies silently of an exception; report it instead."""
        try:
            call()
        except Exception as error:
            self._listener.on_mqtt_crash(error)


def _without_nagle(_client: paho.Client, _data: Any, sock: Any) -> None:
    """Nagle's algorithm and delayed acknowledgements together cost 40 ms at the tail."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
