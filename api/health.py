"""Is it up; may it be given work; what is it doing."""

import asyncio

import msgspec
from fastapi import APIRouter, Depends
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.access import Access
from api.metrics import Gauge, Metrics
from api.stream import Tail
from ledger.contract import Gate, Submission, Unavailable
from projections.views import Views

PATIENCE = 2.0
"""Seconds the writer may take to say that it is there."""
MOST_BEHIND = 100_000
"""Events a view may lag behind before this host should get no more work."""
NOTHING = Submission(client="health", key="", person="", command="", stream="", body=msgspec.Raw(b"{}"))
"""No command: the writer refuses it, and so shows that it decides."""


class ViewHealth(BaseModel):
    position: int
    lag: int
    """Events it has not seen yet."""
    error: str | None


class Readiness(BaseModel):
    ready: bool
    reasons: list[str]
    """Why not."""
    position: int | None
    """On a real ledger only for keys with the scope `read`; so too `views`."""
    views: dict[str, ViewHealth]


class Alive(BaseModel):
    status: str = "ok"


async def writer_answers(gate: Gate) -> bool:
    try:
        async with asyncio.timeout(PATIENCE):
            await gate.submit(NOTHING)
    except (Unavailable, TimeoutError):
        return False
    return True


def readiness(views: Views, *, writer: bool) -> Readiness:
    lags = views.lag()
    reasons = [] if writer else ["写入进程没有应答 / the writer does not answer"]
    for lag in lags:
        if lag.error is not None:
            reasons.append(f"视图 {lag.view} 已停：{lag.error} / view {lag.view} stands")
        elif lag.head - lag.position > MOST_BEHIND:
            reasons.append(f"视图 {lag.view} 落后过多 / view {lag.view} is too far behind")
    return Readiness(
        ready=not reasons,
        reasons=reasons,
        position=max(lag.head for lag in lags),
        views={
            lag.view: ViewHealth(position=lag.position, lag=lag.head - lag.position, error=lag.error) for lag in lags
        },
    )


def watch(metrics: Metrics, views: Views, tail: Tail) -> None:
    """The numbers that are asked for when metrics are read."""

    def lags() -> dict[tuple[str, ...], float]:
        return {(lag.view,): lag.head - lag.position for lag in views.lag()}

    def positions() -> dict[tuple[str, ...], float]:
        return {(): max(lag.head for lag in views.lag())}

    def streams() -> dict[tuple[str, ...], float]:
        return {(): tail.clients}

    metrics.gauge(Gauge("luoshi_view_lag_events", "Events a view has not seen yet", ("view",), lags))
    metrics.gauge(Gauge("luoshi_position", "Last position of the ledger", (), positions))
    metrics.gauge(Gauge("luoshi_stream_clients", "Open live streams", (), streams))


def router(gate: Gate, views: Views, metrics: Metrics, access: Access) -> APIRouter:
    made = APIRouter(tags=["运行 Operation"])

    @made.get("/healthz", operation_id="healthz", summary="存活 Alive")
    async def healthz() -> Alive:
        return Alive()

    @made.get(
        "/readyz",
        operation_id="readyz",
        summary="就绪 Ready",
        response_model=Readiness,
        responses={503: {"model": Readiness}},
    )
    async def readyz(request: Request) -> JSONResponse:
        found = await run_in_threadpool(readiness, views, writer=await writer_answers(gate))
        if not await access.told_positions(request):
            found = found.model_copy(update={"position": None, "views": {}})
        return JSONResponse(found.model_dump(), 200 if found.ready else 503)

    @made.get(
        "/metrics",
        operation_id="metrics",
        summary="Prometheus 指标 Metrics",
        response_class=Response,
        responses={200: {"content": {"text/plain": {}}}},
        dependencies=[Depends(access)],
    )
    def read_metrics() -> Response:
        return Response(metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")

    return made
