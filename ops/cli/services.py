"""`parkit relay|analysis|cloud`: the services, configured by their environment (`PARKIT_RELAY_…`, `PARKIT_CLOUD_…`)."""

from __future__ import annotations

import typer

import cloud.__main__ as cloud_main
import edge_relay.main as relay_main


def relay() -> None:
    """Run the edge relay: MQTT to Kafka, and commands back. See docs/relay.md for its settings."""
    raise typer.Exit(relay_main.main())


def analysis() -> None:
    """Run only the recording and reporting side of the cloud."""
    raise typer.Exit(cloud_main.main(["serve", "--role", "analysis"]))


def cloud(role: str = "all") -> None:
    """Run the cloud: REST, STOMP, dashboard, live state and analysis. See docs/cloud.md for its settings."""
    raise typer.Exit(cloud_main.main(["serve", "--role", role]))
