"""JSON on the wire: encode and decode, refusing what does not follow the contract."""

from __future__ import annotations

import contextlib
import threading
from typing import TypeVar, cast

import msgspec

from coach_core.errors import ContractError

S = TypeVar("S", bound=msgspec.Struct)

_encoder = msgspec.json.Encoder()


def encode(message: msgspec.Struct) -> bytes:
    """UTF-8 JSON of a message."""
    return _encoder.encode(message)


_decoders: dict[type[msgspec.Struct], msgspec.json.Decoder[msgspec.Struct]] = {}
_building = threading.Lock()


def _decoder(kind: type[S]) -> msgspec.json.Decoder[S]:
    """One decoder per type. Built under a lock: msgspec crashes when two threads describe a type at the same time."""
    decoder = _decoders.get(kind)
    if decoder is None:
        with _building:
            decoder = _decoders.setdefault(kind, _described(kind))
    return cast("msgspec.json.Decoder[S]", decoder)


def _described(kind: type[S]) -> msgspec.json.Decoder[msgspec.Struct]:
    """A decoder that has decoded: the description of a type is finished on first use, not on construction."""
    decoder = cast("msgspec.json.Decoder[msgspec.Struct]", msgspec.json.Decoder(kind))
    with contextlib.suppress(msgspec.DecodeError):
        decoder.decode(b"{}")
    return decoder


def decode(payload: bytes | str, kind: type[S]) -> S:
    """The message of type `kind` in `payload`; ContractError names the field that is missing or wrong."""
    try:
        return _decoder(kind).decode(payload)
    except msgspec.ValidationError as error:
        raise ContractError(f"{kind.__name__}: {error}", reason="invalid_message") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ContractError(f"{kind.__name__}: not JSON: {error}", reason="not_json") from error
