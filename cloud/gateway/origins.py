"""Which web pages may talk to the gateway: our own, and those the settings name."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def origin_allowed(origin: str | None, host: str | None, allowed: Collection[str]) -> bool:
    """Whether a browser's `Origin` may connect to a server reached as `Host`.

    Without an Origin it is no browser page. A page on this machine may talk to a server on this machine, whatever
    its port: a development server of the dashboard does.
    """
    if origin is None or origin in allowed or "*" in allowed:
        return True
    page, server = urlsplit(origin), urlsplit(f"//{host or ''}")
    if page.hostname in _LOOPBACK and server.hostname in _LOOPBACK:
        return True
    return bool(page.netloc) and page.netloc == server.netloc
