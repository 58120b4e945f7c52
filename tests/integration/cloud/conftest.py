"""One cloud process for the tests of a module that do not harm it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ops.embedded import EmbeddedKafka
from tests.integration.cloud.server import Car, CloudProcess


@pytest.fixture(scope="module")
def cloud(embedded_kafka: EmbeddedKafka, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CloudProcess]:
    """The cloud, ready."""
    with CloudProcess(embedded_kafka.bootstrap, tmp_path_factory.mktemp("cloud")) as process:
        yield process


@pytest.fixture
def car(embedded_kafka: EmbeddedKafka) -> Car:
    """A car of the test's own."""
    return Car(embedded_kafka.bootstrap)
