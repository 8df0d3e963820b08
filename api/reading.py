"""What holds for every address: HEAD is answered as GET is, without the body; a parameter is given once, and none to an
address that something is sent to."""

from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import Problem

HEAD: Final = "luoshi.head"
"""In the scope of a request that was HEAD."""


class Heads:
    """Answers HEAD (RFC 9110 §9.3.2) by the route for GET."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return
        # A copy, for the server looks at its own when it checks the length of the body.
        reading = {**scope, "method": "GET", HEAD: True}
        answered = False

        async def leave() -> Message:
            return {"type": "http.disconnect"} if answered else await receive()

        async def answer(message: Message) -> None:
            nonlocal answered
            if message["type"] == "http.response.start":
                if "route" in reading:
                    scope["route"] = reading["route"]
                await send(message)
                await send({"type": "http.response.body", "body": b""})
                # What would go on for long, such as the live stream, sees that nobody reads it.
                answered = True

        await self._app(reading, leave, answer)


def without_body(request: Request) -> bool:
    """Whether only the head of the answer is asked for."""
    return HEAD in request.scope


def no_parameters(scope: Scope) -> None:
    """For what is sent. Raises Problem: a parameter would be passed over in silence."""
    if scope["query_string"]:
        named = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        raise Problem(
            "unknown_field",
            "此地址不接受查询参数",
            "this address takes no query parameters",
            status=422,
            field=(named[0][0][:64] if named else "") or None,
        )


def given_once(request: Request) -> None:
    """A FastAPI dependency. Raises Problem: of two values one would be passed over in silence."""
    if request.method == "POST":
        no_parameters(request.scope)
    seen = set()
    for name, _ in request.query_params.multi_items():
        if name in seen:
            raise Problem(
                "parameter_repeated",
                "同一参数只能给一次",
                "a parameter may be given once only",
                status=422,
                field=name[:64],
            )
        seen.add(name)
