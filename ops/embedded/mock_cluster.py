"""librdkafka's mock Kafka cluster, driven through ctypes on the library that confluent-kafka brings along.

The mock API is experimental and may lack a function in another build of the library. `open_cluster` says so
and falls back to the cluster that plain client settings can start: same protocol, but topics appear when first
used, nothing is trimmed and group joins wait their default delay.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterable
from typing import Any

import confluent_kafka
from confluent_kafka import cimpl

_PRODUCER = 0
_REQUIRED = (
    "rd_kafka_conf_new",
    "rd_kafka_conf_set",
    "rd_kafka_new",
    "rd_kafka_destroy",
    "rd_kafka_mock_cluster_new",
    "rd_kafka_mock_cluster_destroy",
    "rd_kafka_mock_cluster_bootstraps",
    "rd_kafka_mock_topic_create",
    "rd_kafka_mock_group_initial_rebalance_delay_ms",
    "rd_kafka_mock_partition_delete_records",
    "rd_kafka_mock_broker_set_down",
    "rd_kafka_mock_broker_set_up",
    "rd_kafka_mock_broker_set_rtt",
)
_ALL_BROKERS = -1


class MissingSymbolError(RuntimeError):
    """The loaded librdkafka lacks a function of its mock API."""


def load_library() -> ctypes.CDLL:
    """The librdkafka that confluent-kafka itself uses; looked up through its extension module's dependencies."""
    return ctypes.CDLL(cimpl.__file__)


class MockCluster:
    """The mock cluster with everything it can do. MissingSymbolError if this library cannot."""

    def __init__(self, library: Any, brokers: int = 1) -> None:
        missing = [name for name in _REQUIRED if not hasattr(library, name)]
        if missing:
            raise MissingSymbolError(f"this librdkafka has no {', '.join(missing)}")
        self._library = _declare(library)
        reason = ctypes.create_string_buffer(512)
        settings = library.rd_kafka_conf_new()
        library.rd_kafka_conf_set(settings, b"log_level", b"3", reason, len(reason))  # no word about missing servers
        self._handle = library.rd_kafka_new(_PRODUCER, settings, reason, len(reason))
        if not self._handle:
            raise RuntimeError(f"librdkafka did not start: {reason.value.decode()}")
        self._cluster = library.rd_kafka_mock_cluster_new(self._handle, brokers)
        if not self._cluster:
            raise RuntimeError("librdkafka did not start its mock cluster; are all local ports in use?")
        library.rd_kafka_mock_group_initial_rebalance_delay_ms(self._cluster, 0)

    @property
    def bootstrap(self) -> str:
        address: bytes = self._library.rd_kafka_mock_cluster_bootstraps(self._cluster)
        return address.decode()

    def create_topic(self, topic: str, partitions: int) -> None:
        self._check(self._library.rd_kafka_mock_topic_create(self._cluster, topic.encode(), partitions, 1), topic)

    def delete_before(self, topic: str, partition: int, offset: int) -> None:
        """Delete the records before `offset`; those after keep their offsets."""
        code = self._library.rd_kafka_mock_partition_delete_records(self._cluster, topic.encode(), partition, offset)
        self._check(code, f"{topic}/{partition} before {offset}")

    def set_down(self, down: bool) -> None:
        """Disconnect all clients and refuse new ones, or accept them again. Records stay."""
        change = self._library.rd_kafka_mock_broker_set_down if down else self._library.rd_kafka_mock_broker_set_up
        self._check(change(self._cluster, _ALL_BROKERS), "broker state")

    def set_delay_ms(self, delay_ms: int) -> None:
        """Let every answer wait this long."""
        self._check(self._library.rd_kafka_mock_broker_set_rtt(self._cluster, _ALL_BROKERS, delay_ms), "delay")

    def close(self) -> None:
        self._library.rd_kafka_mock_cluster_destroy(self._cluster)
        self._library.rd_kafka_destroy(self._handle)

    def _check(self, code: int, what: str) -> None:
        if code:
            raise RuntimeError(f"mock Kafka refused {what}: error {code}")


def _declare(library: Any) -> Any:
    """Tell ctypes the signatures, so that 64-bit pointers survive."""
    pointer, text, integer = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int32
    for name, result, arguments in (
        ("rd_kafka_conf_new", pointer, ()),
        ("rd_kafka_conf_set", ctypes.c_int, (pointer, text, text, text, ctypes.c_size_t)),
        ("rd_kafka_new", pointer, (ctypes.c_int, pointer, text, ctypes.c_size_t)),
        ("rd_kafka_destroy", None, (pointer,)),
        ("rd_kafka_mock_cluster_new", pointer, (pointer, ctypes.c_int)),
        ("rd_kafka_mock_cluster_destroy", None, (pointer,)),
        ("rd_kafka_mock_cluster_bootstraps", text, (pointer,)),
        ("rd_kafka_mock_topic_create", ctypes.c_int, (pointer, text, ctypes.c_int, ctypes.c_int)),
        ("rd_kafka_mock_group_initial_rebalance_delay_ms", None, (pointer, integer)),
        ("rd_kafka_mock_partition_delete_records", ctypes.c_int, (pointer, text, integer, ctypes.c_int64)),
        ("rd_kafka_mock_broker_set_down", ctypes.c_int, (pointer, integer)),
        ("rd_kafka_mock_broker_set_up", ctypes.c_int, (pointer, integer)),
        ("rd_kafka_mock_broker_set_rtt", ctypes.c_int, (pointer, integer, ctypes.c_int)),
    ):
        function = getattr(library, name)
        function.restype = result
        function.argtypes = arguments
    return library


class PlainCluster:
    """What client settings alone can start; topics are made on first use, nothing can be trimmed."""

    def __init__(self, brokers: int = 1) -> None:
        self._producer = confluent_kafka.Producer({"test.mock.num.brokers": brokers, "log_level": 3})

    @property
    def bootstrap(self) -> str:
        brokers: Iterable[Any] = self._producer.list_topics(timeout=10).brokers.values()
        return ",".join(f"{broker.host}:{broker.port}" for broker in brokers)

    def create_topic(self, topic: str, _partitions: int) -> None:
        """Ask for the topic, whereupon it exists with as many partitions as the cluster likes (4)."""
        self._producer.list_topics(topic, timeout=10)

    def close(self) -> None:
        self._producer.flush(0)


Cluster = MockCluster | PlainCluster


def open_cluster(library: Any | None = None) -> tuple[Cluster, str | None]:
    """A running cluster, and a sentence about what it lacks (None if nothing)."""
    try:
        return MockCluster(library if library is not None else load_library()), None
    except (MissingSymbolError, OSError) as error:
        return PlainCluster(), f"Embedded Kafka runs without trimming: {error}."
