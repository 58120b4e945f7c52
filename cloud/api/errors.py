"""One shape for every error of the API, made in one place: `{"error": "session_not_found", "detail": "…"}`."""

from __future__ import annotations

from typing import Any, cast

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from cloud.errors import CloudError
from coach_core.errors import ContractError

log = structlog.get_logger(__name__)

_WORDS = {404: "not_found", 405: "method_not_allowed", 413: "too_large"}


class ErrorBody(BaseModel):
    """What went wrong."""

    error: str = Field(description="A short, stable word for programs.", examples=["session_not_found"])
    detail: str = Field(description="A sentence for people.", examples=["there is no session 's-1'"])


def errors(*codes: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of an endpoint that may answer with these codes."""
    said = {404: "There is no such thing", 422: "The request is wrong", 503: "A broker or the database is away"}
    return {code: {"model": ErrorBody, "description": said[code]} for code in codes}


def install(app: FastAPI) -> None:
    """Let every error leave `app` in the one shape."""
    for kind in (CloudError, ContractError, RequestValidationError, HTTPException, Exception):
        app.add_exception_handler(kind, _handle)


async def _handle(request: Request, error: Exception) -> Response:
    status, code, detail = _describe(error)
    if status >= 500 and not isinstance(error, CloudError):
        log.error("request_failed", method=request.method, path=request.url.path, exc_info=error)
    headers = getattr(error, "headers", None)
    return JSONResponse({"error": code, "detail": detail}, status, headers=headers)


def _describe(error: Exception) -> tuple[int, str, str]:
    match error:
        case CloudError():
            return error.status, error.code, error.detail
        case ContractError():
            return 422, error.reason, str(error)
        case RequestValidationError():
            return 422, "invalid_request", "; ".join(_sentence(item) for item in error.errors())
        case HTTPException():
            return error.status_code, _WORDS.get(error.status_code, f"http_{error.status_code}"), str(error.detail)
    return 500, "internal_error", "something failed here; the server's log says what"


def _sentence(item: object) -> str:
    facts = cast(dict[str, Any], item)
    where, *path = facts["loc"]
    return f"{where} {'.'.join(map(str, path))}: {facts['msg']}" if path else f"{where}: {facts['msg']}"
