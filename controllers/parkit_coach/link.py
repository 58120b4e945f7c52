"""The car's MQTT link: pumped inside the step without blocking, never waited for.

A network thread (`loop_start`) would fight the busy tick for the interpreter lock and cost ten milliseconds; one
`loop(0)` a step costs a fraction of one. Only connecting, which can block, happens in a thread.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from pathlib import Path

import paho.mqtt.client as mqtt
import structlog
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from coach_core.contracts import CoachCommand, DriveCommand, VehicleStatus, decode, encode, mqtt_topic
from coach_core.errors import ContractError
from controllers.parkit_coach.inputs.remote import decode_drive, drive_topic
from controllers.parkit_coach.outbox import Message, Outbox

IN_FLIGHT = 200
"""Messages sent and not yet acknowledged, at most."""
RETRY_S = 1.0

log = structlog.get_logger()


class CarLink:
    """Publishes with QoS 1 through an outbox on disk; collects commands, and a remote driver's if it is `driven`."""

    def __init__(
        self,
        host: str,
        port: int,
        vehicle_id: str,
        session_id: str,
        outbox_dir: Path,
        *,
        driven: bool = False,
        password: str | None = None,
    ) -> None:
        """password: of a broker that asks for one; the car's user name is its id, which its rights hang on."""
        self._address = (host, port)
        self._vehicle_id = vehicle_id
        self._session_id = session_id
        # A folder per car: a name that begins like another's must not send the other's messages.
        own = outbox_dir / vehicle_id / f"{session_id}.outbox"
        self._outboxes = [Outbox(path) for path in sorted(own.parent.glob("*.outbox")) if path != own]
        self._outbox = Outbox(own)
        self._outboxes.append(self._outbox)
        self._commands: list[CoachCommand] = []
        self._drive_topic = drive_topic(vehicle_id) if driven else None
        self._drives: list[DriveCommand] = []
        self._in_flight: dict[int, tuple[Outbox, Message]] = {}
        self._connecting: threading.Thread | None = None
        self._try_after = 0.0
        self.connected = False
        self._client = mqtt.Client(
            CallbackAPIVersion.VERSION2, client_id=f"parkit-{vehicle_id}", protocol=mqtt.MQTTv311, clean_session=True
        )
        if password is not None:
            self._client.username_pw_set(vehicle_id, password)
        self._client.max_inflight_messages_set(IN_FLIGHT)
        self._client.will_set(mqtt_topic(vehicle_id, "status"), self._status("offline"), qos=1, retain=True)
        self._client.on_connect = self._on_connect
        self._client.on_disconnect = self._on_disconnect
        self._client.on_publish = self._on_publish
        self._client.on_message = self._on_message
        self._client.on_socket_open = _no_delay

    def publish(self, channel: str, payload: bytes) -> None:
        """Queue a message of this car and send what can be sent."""
        self._outbox.add(mqtt_topic(self._vehicle_id, channel), payload)
        self._send()

    def pump(self) -> None:
        """Let the client read and write what is ready; call it every step."""
        if self._connecting is not None:
            if self._connecting.is_alive():
                return
            self._connecting = None
        if self._client.socket() is None:
            self._connect()
            return
        with contextlib.suppress(OSError):
            self._client.loop(0.0)
        self._send()

    def take_commands(self) -> list[CoachCommand]:
        """Commands that arrived since the last call."""
        commands, self._commands = self._commands, []
        return commands

    def take_drives(self) -> list[DriveCommand]:
        """What a remote driver sent since the last call, oldest first."""
        drives, self._drives = self._drives, []
        return drives

    def close(self, wait_s: float) -> None:
        """Send what is left for at most `wait_s` seconds, say goodbye; the rest stays on disk."""
        deadline = time.monotonic() + wait_s
        while any(self._outboxes) and time.monotonic() < deadline:
            self.pump()
            time.sleep(0.002)
        if self.connected:
            self._client.publish(mqtt_topic(self._vehicle_id, "status"), self._status("offline"), qos=1, retain=True)
            for _ in range(10):
                self._client.loop(0.005)
            self.connected = False
            self._client.disconnect()
        for outbox in self._outboxes:
            outbox.close()

    def _status(self, state: str) -> bytes:
        session = self._session_id if state == "online" else None
        return encode(VehicleStatus(1, self._vehicle_id, session, state, time.time_ns() // 1000))  # type: ignore[arg-type]

    def _connect(self) -> None:
        if time.monotonic() < self._try_after:
            return
        self._try_after = time.monotonic() + RETRY_S

        def connect() -> None:
            with contextlib.suppress(OSError):
                self._client.connect(*self._address, keepalive=10)

        self._connecting = threading.Thread(target=connect, name="mqtt-connect", daemon=True)
        self._connecting.start()

    def _send(self) -> None:
        if not self.connected:
            return
        for outbox in self._outboxes:
            while len(self._in_flight) < IN_FLIGHT and (message := outbox.take()) is not None:
                # From here on paho sends it, again after a lost connection too; the outbox is for a lost process.
                info = self._client.publish(message.topic, message.payload, qos=1)
                self._in_flight[info.mid] = (outbox, message)

    # paho's callbacks, all called from `pump`; their signatures are paho's

    def _on_connect(
        self, client: mqtt.Client, _data: object, _flags: object, reason: ReasonCode, _props: Properties | None
    ) -> None:
        if reason.is_failure:
            log.warning("mqtt_refused", reason=str(reason))
            return
        self.connected = True
        client.subscribe(mqtt_topic(self._vehicle_id, "commands"), qos=1)
        if self._drive_topic is not None:
            client.subscribe(self._drive_topic, qos=0)
        client.publish(mqtt_topic(self._vehicle_id, "status"), self._status("online"), qos=1, retain=True)
        log.info("mqtt_connected", host=self._address[0], port=self._address[1])

    def _on_disconnect(self, *_args: object) -> None:
        if self.connected:
            log.warning("mqtt_lost", waiting=sum(map(len, self._outboxes)))
        self.connected = False

    def _on_publish(self, _client: mqtt.Client, _data: object, mid: int, *_rest: object) -> None:
        sent = self._in_flight.pop(mid, None)
        if sent is not None:
            sent[0].acknowledge(sent[1])

    def _on_message(self, _client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        try:
            if message.topic == self._drive_topic:
                if not message.retain:  # a car must not drive off by what somebody once left at the broker
                    self._drives.append(decode_drive(bytes(message.payload), self._vehicle_id))
            else:
                self._commands.append(decode(bytes(message.payload), CoachCommand))
        except ContractError as error:
            log.warning("command_refused", error=str(error))


def _no_delay(_client: mqtt.Client, _data: object, sock: object) -> None:
    if isinstance(sock, socket.socket):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
