"""The OpenAPI document in the repository is the one the code makes."""

import json

from cloud.api.openapi import DOCUMENT, document


def test_the_document_in_the_repository_is_up_to_date() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document(), "run `python -m cloud openapi` and commit the result"


def test_every_reference_of_the_document_leads_somewhere() -> None:
    text = document()
    parsed = json.loads(text)
    references = {part.split('"')[0] for part in text.split('"$ref": "#/components/schemas/')[1:]}
    assert references <= set(parsed["components"]["schemas"])
    assert {"SensorFrame", "Decision", "SessionReport", "SessionEvent", "ErrorBody"} <= references
    assert "x-contract" not in text


def test_every_endpoint_and_field_of_ours_is_described() -> None:
    parsed = json.loads(document())
    for path, methods in parsed["paths"].items():
        for method, said in methods.items():
            assert said.get("description"), f"{method} {path} has no description"
