"""The OpenAPI document as a file, for those who generate clients from it. `python -m cloud openapi` writes it."""

from __future__ import annotations

import json
from pathlib import Path

from cloud.api.app import create_app
from cloud.settings import CloudSettings

DOCUMENT = Path(__file__).with_name("openapi.json")


def document() -> str:
    """The document as text. It does not depend on the environment or the installed version."""
    app = create_app(CloudSettings(kafka_bootstrap="localhost:9092", database_url="sqlite://", role="api"))
    app.version = "1"
    return json.dumps(app.openapi(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def write_document() -> Path:
    """Write the document beside this module."""
    DOCUMENT.write_text(document(), encoding="utf-8")
    return DOCUMENT
