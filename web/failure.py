"""Errors on pages are pages. Whatever a page's code refuses becomes one of a few sentences here."""

import logging
from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any, Protocol, runtime_checkable

from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from domain.refusal import Kind, Refusal
from ledger import slips
from web.frame import Ask, Frame
from web.wording import Language

log = logging.getLogger("luoshi.web")

STATUS = {Kind.NOT_FOUND: HTTPStatus.NOT_FOUND, Kind.FORBIDDEN: HTTPStatus.FORBIDDEN}
"""Of a refusal; every other kind says that the address asks for something it cannot have."""
TRANSIENT = frozenset({"view_behind"})

TITLES = {
    HTTPStatus.UNAUTHORIZED: ("需要接入密钥", "A key is needed"),
    HTTPStatus.FORBIDDEN: ("无权查看", "Not allowed"),
    HTTPStatus.NOT_FOUND: ("没有这一页", "Not found"),
    HTTPStatus.UNPROCESSABLE_ENTITY: ("参数有误", "The address asks for something it cannot have"),
    HTTPStatus.SERVICE_UNAVAILABLE: ("请稍后再试", "Try again shortly"),
    HTTPStatus.INTERNAL_SERVER_ERROR: ("服务内部错误", "Internal error"),
}


@runtime_checkable
class Answer(Protocol):
    """A refusal made elsewhere that brings its own status, such as that of a missing key."""

    zh: str
    en: str
    status: int
    field: str | None


def failure_page(frame: Frame, request: Request, cause: Exception) -> Response:
    """The page for a refusal, or for a fault of ours, which is logged."""
    field: str | None = None
    match cause:
        case Refusal():
            status = STATUS.get(cause.kind, HTTPStatus.UNPROCESSABLE_ENTITY)
            if cause.rule in TRANSIENT:
                status = HTTPStatus.SERVICE_UNAVAILABLE
            zh, en, field = cause.zh, cause.en, cause.field
        case RequestValidationError():
            status = HTTPStatus.UNPROCESSABLE_ENTITY
            zh, en = "地址中的参数不认识，或格式不对", "a parameter of the address is unknown or malformed"
            field = str(cause.errors()[0]["loc"][-1])
        case HTTPException():
            status = HTTPStatus(cause.status_code)
            zh, en = "没有这个地址", "there is no such address"
        case Answer():
            status = HTTPStatus(cause.status)
            zh, en, field = cause.zh, cause.en, cause.field
        case _:
            log.error("fault in page %s: %s", request.scope["route"].path, slips.told(cause))
            status = HTTPStatus.INTERNAL_SERVER_ERROR
            zh, en = "已记入日志，请联系系统管理员", "it was logged; please tell the system administrator"
    lang = Language.ENGLISH if request.query_params.get("lang") == Language.ENGLISH.value else Language.CHINESE
    title = TITLES.get(status, TITLES[HTTPStatus.UNPROCESSABLE_ENTITY])
    return frame.page(
        "failure.html",
        request.url.path,
        Ask(lang=lang),
        status=status,
        title=title[lang is Language.ENGLISH],
        detail=en if lang is Language.ENGLISH else zh,
        field=field,
    )


def page_route(frame: Frame) -> type[APIRoute]:
    """Routes whose errors are pages of `frame`."""

    class PageRoute(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            handler = super().get_route_handler()

            async def handle(request: Request) -> Response:
                try:
                    return await handler(request)
                except Exception as cause:  # noqa: BLE001 - the one place where errors of pages end
                    return failure_page(frame, request, cause)

            return handle

    return PageRoute
