"""Headers every answer carries, whoever made it: nothing may be loaded, framed, sniffed or kept. A page or a file
that needs another policy sets it itself."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = b"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
HEADERS = [
    (b"content-security-policy", POLICY),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
]

HARDENED = tuple(header for header in HEADERS if header[0] not in {b"x-frame-options", b"permissions-policy"})
"""For answers to programs that no page can be made of: each header costs, and the policy forbids framing already."""


class Hardened:
    """Adds those of `HEADERS` that an answer does not set itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def harden(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = message["headers"]
                names = {name.lower() for name, _ in given}
                message["headers"] = [*given, *(header for header in HEADERS if header[0] not in names)]
            await send(message)

        await self._app(scope, receive, harden)
