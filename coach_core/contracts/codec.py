"""JSON on the wire: encode and decode, refusing what does not follow the contract."""

from __future__ import annotations

import functools
from typing import TypeVar

import msgspec

from coach_core.errors import ContractError

S = TypeVar("S", bound=msgspec.Struct)

_encoder = msgspec.json.Encoder()


def encode(message: msgspec.Struct) -> bytes:
    """UTF-8 JSON of a message."""
    return _encoder.encode(message)


@functools.cache
def _decoder(kind: type[S]) -> msgspec.json.Decoder[S]:
    return msgspec.json.Decoder(kind)


def decode(payload: bytes | str, kind: type[S]) -> S:
    """The message of type `kind` in `payload`; ContractError names the field that is missing or wrong."""
    try:
        return _decoder(kind).decode(payload)
    except msgspec.ValidationError as error:
        raise ContractError(f"{kind.__name__}: {error}", reason="invalid_message") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ContractError(f"{kind.__name__}: not JSON: {error}", reason="not_json") from error
