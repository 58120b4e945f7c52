"""Errors of the cloud services.

    ParkitError
    └── CloudError         something the caller of the cloud asked for cannot be done
        ├── NotFound       no such session, car or report (HTTP 404)
        ├── Refused        the request itself is wrong (HTTP 400 or 422)
        └── Unavailable    a broker or the database does not answer; trying again may help (HTTP 503)

``code`` is a short stable word for programs, the message a sentence for people. The API turns both into
``{"error": code, "detail": message}``; the gateway sends the same object to ``/user/queue/errors``.
"""

from __future__ import annotations

from coach_core.errors import ParkitError


class CloudError(ParkitError):
    """Base: ``code`` for programs, ``status`` for HTTP, the message for people."""

    status = 500

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


class NotFound(CloudError):
    """There is no such thing."""

    status = 404


class Refused(CloudError):
    """The request cannot be carried out as it stands."""

    status = 422


class Unavailable(CloudError):
    """Something we depend on does not answer now."""

    status = 503
