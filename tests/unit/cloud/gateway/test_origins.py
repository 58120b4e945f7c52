"""Which pages may connect."""

import pytest

from cloud.gateway.origins import origin_allowed


@pytest.mark.parametrize(
    ("origin", "host", "allowed"),
    [
        (None, "parkit.example", True),
        ("https://parkit.example", "parkit.example", True),
        ("https://evil.example", "parkit.example", False),
        ("https://parkit.example.evil.example", "parkit.example", False),
        ("http://localhost:5173", "127.0.0.1:8080", True),
        ("http://evil.example", "127.0.0.1:8080", False),
        ("null", "127.0.0.1:8080", False),
        ("https://school.example", "parkit.example", True),
    ],
)
def test_only_our_own_pages_and_those_named_may_connect(origin: str | None, host: str, allowed: bool) -> None:
    assert origin_allowed(origin, host, ("https://school.example",)) is allowed
