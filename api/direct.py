"""The two routes that many programs call many times a second, reached without middleware and without routing.

What middleware does for every other route is done here at once: problems become documents, answers are counted and
carry the headers of `api.hardening`.
"""

import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope, Send

from api.hardening import HARDENED
from api.metrics import Metrics
from api.problems import problem_of, response
from api.reading import no_parameters

DirectRoute = Callable[[Scope, Receive, Send], Awaitable[int]]
"""Sends its answer and returns the status, or raises before it has sent anything."""


class Application(FastAPI):
    """FastAPI with some addresses, for POST only, that go straight to plain ASGI; `api.openapi` describes them."""

    def __init__(self, direct: Mapping[str, DirectRoute], metrics: Metrics, **options: Any) -> None:
        super().__init__(**options)
        self._direct = direct
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        route = self._direct.get(scope["path"]) if scope["type"] == "http" else None
        if route is None:
            await super().__call__(scope, receive, send)
            return
        began = time.perf_counter()
        try:
            if scope["method"] != "POST":
                raise HTTPException(405, headers={"Allow": "POST"})  # noqa: TRY301 - one way out for all
            no_parameters(scope)
            status = await route(scope, receive, send)
        except Exception as cause:  # noqa: BLE001 - the place where errors of these routes end
            status = await _refuse(cause, scope, receive, send)
        self._metrics.observe(scope["method"], scope["path"], status, time.perf_counter() - began)


async def _refuse(cause: Exception, scope: Scope, receive: Receive, send: Send) -> int:
    answer = response(problem_of(cause))

    async def harden(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *HARDENED]
        await send(message)

    await answer(scope, receive, harden)
    return answer.status_code
