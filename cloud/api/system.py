"""`/healthz`, `/readyz`, `/metrics`, `/api/v1/version`."""

from __future__ import annotations

import asyncio
from importlib.metadata import PackageNotFoundError, version

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, PlainTextResponse, Response

from cloud.api.deps import ServicesDep
from coach_core.contracts.messages import SCHEMA_VERSION

router = APIRouter(tags=["system"])


class VersionBody(BaseModel):
    """What runs here."""

    version: str
    schema_version: int = Field(description="Of the messages.")


class ReadyBody(BaseModel):
    """Whether this process can do its work."""

    ready: bool
    checks: dict[str, str] = Field(description='"ok", or what is wrong.', examples=[{"kafka": "ok", "store": "ok"}])


def project_version() -> str:
    """Version of the installed package; "unknown" when it runs from a source tree alone."""
    try:
        return version("parkit")
    except PackageNotFoundError:
        return "unknown"


@router.get("/api/v1/version")
async def get_version() -> VersionBody:
    """Version of the software and of its messages."""
    return VersionBody(version=project_version(), schema_version=SCHEMA_VERSION)


@router.get("/healthz", response_class=PlainTextResponse)
async def healthz(services: ServicesDep) -> Response:
    """200 while the process itself is sound, 503 when only a restart helps; of what it depends on nothing is said."""
    broken = services.broken()
    return PlainTextResponse(f"broken: {', '.join(broken)}\n" if broken else "ok\n", 503 if broken else 200)


@router.get("/readyz", response_model=ReadyBody, responses={503: {"model": ReadyBody}})
async def readyz(services: ServicesDep) -> Response:
    """Whether Kafka, the store and the live bus answer and the consumers run."""
    checks = await services.checks()
    ready = all(said == "ok" for said in checks.values())
    return JSONResponse({"ready": ready, "checks": checks}, 200 if ready else 503)


@router.get("/metrics", response_class=PlainTextResponse, include_in_schema=False)
async def metrics() -> Response:
    """For Prometheus."""
    return Response(await asyncio.to_thread(generate_latest), media_type=CONTENT_TYPE_LATEST)
