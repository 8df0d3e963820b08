"""Every error the API answers: an RFC 9457 problem document, made here and nowhere else.

`type` is `/problems/<rule>`, a stable address that the API itself explains. `title` and `detail` are Chinese,
`title_en` and `detail_en` English. No value that a client sent is ever repeated: it may be personal data.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

import orjson
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.refusal import Kind, Refusal
from ledger import slips
from ledger.contract import Refused, Unavailable

log = logging.getLogger("luoshi.api")

MEDIA_TYPE = "application/problem+json"

STATUS = {
    Kind.INVALID: 422,
    Kind.FORBIDDEN: 403,
    Kind.NOT_FOUND: 404,
    Kind.OUT_OF_TURN: 409,
    Kind.CONFLICT: 409,
    Kind.STALE: 412,
    Kind.REUSED: 422,
    Kind.TOO_LARGE: 413,
    Kind.FAULT: 500,
}

TITLES = {
    400: ("请求不完整", "Incomplete request"),
    401: ("未通过认证", "Not authenticated"),
    403: ("无权操作", "Not allowed"),
    404: ("不存在", "Not found"),
    405: ("方法不适用", "Method not allowed"),
    409: ("与当前状态冲突", "Conflict with the current state"),
    412: ("版本已更新", "Version is stale"),
    413: ("内容过大", "Too large"),
    422: ("内容不符合要求", "Content not acceptable"),
    428: ("须注明所依据的版本", "Version required"),
    500: ("服务内部错误", "Internal error"),
    503: ("暂时不能受理", "Temporarily unavailable"),
}


class Problem(Exception):  # noqa: N818 - it is an answer, not a fault
    """A refusal made by the API itself, before or beside the ledger's decision. Fields as in `domain.refusal`."""

    def __init__(
        self,
        rule: str,
        zh: str,
        en: str,
        *,
        status: int,
        field: str | None = None,
        state: str | None = None,
        allowed: tuple[str, ...] = (),
        version: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(rule)
        self.rule = rule
        self.zh = zh
        self.en = en
        self.status = status
        self.field = field
        self.state = state
        self.allowed = allowed
        self.version = version
        self.headers = dict(headers or {})


def document(problem: Problem) -> dict[str, Any]:
    """Members of the problem document; those that do not apply are absent."""
    title, title_en = TITLES[problem.status]
    made: dict[str, Any] = {
        "type": f"/problems/{problem.rule}",
        "title": title,
        "title_en": title_en,
        "status": problem.status,
        "detail": problem.zh,
        "detail_en": problem.en,
    }
    if problem.field is not None:
        made["field"] = problem.field
    if problem.state is not None:
        made["state"] = problem.state
    if problem.allowed:
        made["allowed"] = problem.allowed
    if problem.version is not None:
        made["current_version"] = problem.version
    return made


def response(problem: Problem) -> Response:
    headers = dict(problem.headers)
    if problem.version is not None:
        headers["ETag"] = f'"{problem.version}"'
    return Response(orjson.dumps(document(problem)), problem.status, headers, MEDIA_TYPE)


def refused(outcome: Refused | Refusal) -> Problem:
    """The problem that a refusal of the ledger becomes."""
    return Problem(
        outcome.rule,
        outcome.zh,
        outcome.en,
        status=STATUS[Kind(outcome.kind)],
        field=outcome.field,
        state=outcome.state,
        allowed=tuple(outcome.allowed),
        version=outcome.version if isinstance(outcome, Refused) else None,
    )


def unavailable(cause: Unavailable) -> Problem:
    """Whether the command was stored is unknown; a retry with the same key is safe."""
    log.warning("writer unavailable: %s", cause)
    return Problem(
        "unavailable",
        "写入服务暂时不可用，请用同一幂等键重试",
        "the writer cannot answer now; retry with the same idempotency key",
        status=503,
        headers={"Retry-After": "1"},
    )


def invalid(errors: Sequence[Any]) -> Problem:
    """The first finding of pydantic, by kind and place, without its input."""
    first = errors[0]
    place = ".".join(str(part) for part in first["loc"] if part not in {"body", "query", "path", "header"}) or None
    kind = first["type"]
    if kind == "json_invalid" and "unicode" in str(first.get("ctx", {}).get("error", "")):
        return Problem("invalid_json", "内容不是有效的UTF-8编码", "the text is not valid UTF-8", status=422)
    if kind == "json_invalid":
        return Problem("invalid_json", "内容不是有效的JSON", "the text is not valid JSON", status=422)
    if kind in {"extra_forbidden", "unexpected_keyword_argument"}:
        return Problem("unknown_field", "有未知的字段", "there is an unknown field", status=422, field=place)
    if kind == "missing":
        return Problem("missing_field", "缺少必填字段", "a required field is missing", status=422, field=place)
    return Problem(
        "wrong_type", "字段的类型或格式不对", "a field has the wrong type or format", status=422, field=place
    )


def disconnected() -> Problem:
    """Nobody reads it, but it is counted."""
    return Problem("disconnected", "连接中断", "the client went away", status=400)


def http(status: int, headers: Mapping[str, str] | None = None) -> Problem:
    """What the framework itself refuses: no such address, method not allowed."""
    if status == HTTPStatus.NOT_FOUND:
        return Problem("no_such_address", "没有这个地址", "there is no such address", status=404)
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        return Problem(
            "method_not_allowed",
            "该地址不接受这种方法",
            "this address does not take that method",
            status=405,
            headers=headers,
        )
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return Problem("too_large", "内容过大", "the body is too large", status=413)
    return Problem("bad_request", "请求有误", "the request is malformed", status=400)


def problem_of(cause: Exception) -> Problem:  # noqa: PLR0911 - one case a kind
    """The problem any exception becomes. What is nobody's refusal is a fault of ours, and logged."""
    match cause:
        case Problem():
            return cause
        case Refusal():
            return refused(cause)
        case Unavailable():
            return unavailable(cause)
        case RequestValidationError() | ValidationError():
            return invalid(list(cause.errors()))
        case HTTPException():
            return http(cause.status_code, cause.headers)
        case ClientDisconnect():
            return disconnected()
        case _:
            log.error("a fault: %s", slips.told(cause))
            return Problem("internal_error", "服务内部错误", "internal error", status=500)


def _browsing(request: Request) -> bool:
    """Programs do not ask for HTML."""
    return request.method == "GET" and "text/html" in request.headers.get("accept", "")


def install(app: FastAPI, page: Callable[[Request, Exception], Response]) -> None:
    """The one place where exceptions become answers. Who follows a wrong link in a browser gets `page` (blocking)."""

    async def answer(request: Request, cause: Exception) -> Response:
        if isinstance(cause, HTTPException) and cause.status_code == HTTPStatus.NOT_FOUND and _browsing(request):
            return await run_in_threadpool(page, request, cause)
        return response(problem_of(cause))

    for kind in (
        Problem,
        Refusal,
        Unavailable,
        RequestValidationError,
        ValidationError,
        HTTPException,
        ClientDisconnect,
    ):
        app.add_exception_handler(kind, answer)


class Faults:
    """Answers what nobody refused. Starlette would do so outside all other middleware, where it is neither counted nor
    hardened, and raise it again for the server to print in its own words."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def watch(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except Exception as cause:  # noqa: BLE001 - the place where faults end
            answer = response(problem_of(cause))
            # An answer that had begun stays incomplete, which the server shows by closing the connection.
            if not begun:
                await answer(scope, receive, send)
