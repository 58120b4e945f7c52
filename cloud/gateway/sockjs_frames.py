"""SockJS 0.3.3 framing: pure functions from and to text. Source: https://github.com/sockjs/sockjs-protocol."""

from __future__ import annotations

import re

import msgspec

OPEN = "o"
HEARTBEAT = "h"
GO_AWAY = 'c[3000,"Go away!"]'
ALREADY_OPEN = 'c[2010,"Another connection still open"]'

_UNSAFE = re.compile("[\ud800-\udfff\u200c-\u200f\u2028-\u202f\u2060-\u206f\ufff0-\uffff]")
"""Characters that browsers change on the way, so SockJS wants them escaped."""


def pack(data: bytes) -> str:
    """An array frame with one message."""
    return f"a{_json(data.decode())}"


def _json(text: str) -> str:
    encoded = msgspec.json.encode([text]).decode()
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", encoded)


def unpack(text: str) -> list[str]:
    """Messages a client sent: a JSON array of strings, or one string. ValueError if it is neither."""
    if not text:
        return []
    try:
        return msgspec.json.decode(text, type=list[str])
    except msgspec.ValidationError:
        try:
            return [msgspec.json.decode(text, type=str)]
        except msgspec.ValidationError as error:
            raise ValueError("Payload expected.") from error
    except msgspec.DecodeError as error:
        raise ValueError("Broken JSON encoding.") from error


def iframe(client_url: str) -> str:
    """The page a browser loads when it reaches us only through an iframe."""
    return f"""<!DOCTYPE html>
<html>
<head>
  <meta http-equiv="X-UA-Compatible" content="IE=edge" />
  <meta http-equiv="Content-Type" content="text/html; charset=UTF-8" />
  <script src="{client_url}"></script>
  <script>
    document.domain = document.domain;
    SockJS.bootstrap_iframe();
  </script>
</head>
<body>
  <h2>Don't panic!</h2>
  <p>This is a SockJS hidden iframe. It's used for cross domain magic.</p>
</body>
</html>
"""
