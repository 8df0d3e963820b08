"""What a unit's program sees: everything it may, and nothing by which it could count what it may not.

A confidential matter about a unit may not be found out by that unit, not even that there is one. Every event takes a
position, so a gap between two positions would tell. Keys without the scope `read` therefore see opaque tokens in place
of positions: equal positions give equal tokens, and nothing follows from two that differ. The position
of a moment is the last one that is no event of a confidential matter, so that an answer stays the same to the byte when
only such events were added. The ledger itself (raw events, live stream, bulk, operation, pages) is closed to them.

A token is AES-SIV (RFC 5297) under a key that follows from the secret in the key file, base64url.
"""

import base64
import binascii
import re
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.keys import Keys, not_for_units
from api.keys import Scope as Right
from api.problems import Problem, response
from domain.confidence import WITHHELD
from ledger.contract import Reader
from ledger.keys import Keys as SubjectKeys
from projections.cursor import moved, read_cursor

WINDOW: Final = 16
"""Events looked at to find the last that is not withheld: one read, however many there are of the others."""
OPEN: Final = ("/openapi.json", "/problems", "/healthz", "/static/")
"""The same for everyone, whatever happened."""
CLOSED: Final = ("/v1/events", "/v1/stream")
FILES: Final = "/v1/evidence"
PLACES: Final = frozenset({"position", "positions"})
"""Members that hold positions, in requests and answers."""
OPENINGS: Final = "/v1/openings"
LONGEST: Final = 1 << 20
DIGITS: Final = re.compile("[0-9]+", re.ASCII)


def _no_token(field: str) -> Problem:
    return Problem("position_opaque", "位置标记无效", "this is no token of a position", status=422, field=field)


class Tokens:
    """Positions and cursors to tokens and back. Blocking; for the thread pool."""

    def __init__(self, reader: Reader, subjects: SubjectKeys) -> None:
        self._reader = reader
        # A longer key than one digest gives: four of different words.
        self._cipher = AESSIV(b"".join(subjects.digest(bytes([part]), b"luoshi-veil") for part in range(4)))

    def seen(self, position: int) -> int:
        """The last position up to this one whose event is not withheld. The first event never is."""
        while True:
            rows = self._reader.read(max(0, position - WINDOW), WINDOW, upto=position)
            for row in reversed(rows):
                if row.name not in WITHHELD:
                    return row.position
            if not rows:
                return position
            position = rows[0].position - 1

    def close(self, plain: bytes, purpose: bytes) -> str:
        return base64.urlsafe_b64encode(self._cipher.encrypt(plain, [purpose])).rstrip(b"=").decode()

    def open(self, token: str, purpose: bytes, field: str) -> bytes:
        """Raises Problem (422)."""
        try:
            box = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
            return self._cipher.decrypt(box, [purpose])
        except (binascii.Error, ValueError, InvalidTag):
            raise _no_token(field) from None

    def of(self, position: int) -> str:
        return self.close(self.seen(position).to_bytes(8), b"position")

    def position(self, token: str, field: str) -> int:
        return int.from_bytes(self.open(token, b"position", field))

    def of_cursor(self, cursor: str) -> str:
        held = read_cursor(cursor)
        return self.close(str(moved(held, self.seen(held.at.position))).encode(), b"cursor")

    def query(self, given: str) -> str:
        """A query string as the routes understand it. Raises Problem."""
        made = []
        for name, value in parse_qsl(given, keep_blank_values=True):
            if name == "wait_for" or (name == "as_of" and ":" not in value):
                made.append((name, str(self.position(value, name))))
            elif name == "cursor":
                made.append((name, self.open(value, b"cursor", name).decode()))
            else:
                made.append((name, value))
        return urlencode(made)

    def body(self, given: Any, field: str = "") -> Any:
        """A request body as the routes understand it. Raises Problem."""
        if isinstance(given, dict):
            return {name: self.body(value, name) for name, value in given.items()}
        if isinstance(given, list):
            return [self.body(value, field) for value in given]
        if field in PLACES:
            if not isinstance(given, str):
                raise _no_token(field)
            return self.position(given, field)
        return given

    def answer(self, given: Any, member: str = "") -> Any:
        """An answer as a unit may see it."""
        if isinstance(given, dict):
            return {name: self.answer(value, name) for name, value in given.items()}
        if isinstance(given, list):
            return [self.answer(value, member) for value in given]
        if member in PLACES and type(given) is int:
            return self.of(given)
        if isinstance(given, str) and given.startswith("/"):
            return self.address(given)
        return given

    def address(self, given: str) -> str | None:
        """A link; None when it leads to what is closed to units."""
        path, _, query = given.partition("?")
        if path.startswith(CLOSED):
            return None
        made = []
        for name, value in parse_qsl(query, keep_blank_values=True):
            if name == "as_of" and DIGITS.fullmatch(value):
                made.append((name, self.of(int(value))))
            elif name == "cursor":
                made.append((name, self.of_cursor(value)))
            else:
                made.append((name, value))
        return f"{path}?{urlencode(made)}" if made else path


class Veil:
    """The middleware; requests with other keys, or none, pass through it as they are."""

    def __init__(self, app: ASGIApp, *, keys: Keys, tokens: Tokens) -> None:
        self._app = app
        self._keys = keys
        self._tokens = tokens

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        holder = await self._keys.unit_holder(_authorization(scope)) if scope["type"] == "http" else None
        if holder is None:
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        if path.startswith(OPEN):
            await self._app(scope, receive, send)
            return
        try:
            if not path.startswith("/v1/") or path.startswith(CLOSED):
                raise not_for_units()
            asked = await self._asked(scope)
            if path.startswith(FILES):
                # Bytes that a unit lodged or was named; no position is among them.
                await self._app(asked, receive, send)
                return
            # A key that may send nothing is refused by the route, whatever it sends.
            needed = Right.OPEN if path == OPENINGS else Right.COMMAND
            sends = scope["method"] == "POST" and needed in holder.scopes
            taken = await self._taken(receive) if sends else receive
        except Problem as problem:
            await response(problem)(scope, receive, send)
            return
        await self._answered(asked, taken, send)

    async def _asked(self, scope: Scope) -> Scope:
        query = await run_in_threadpool(self._tokens.query, scope["query_string"].decode("latin-1"))
        # An entity tag names a position; what is compared by it is compared by the client.
        headers = [(name, value) for name, value in scope["headers"] if name != b"if-none-match"]
        return {**scope, "query_string": query.encode(), "headers": headers}

    async def _taken(self, receive: Receive) -> Receive:
        body, more = b"", True
        while more and len(body) <= LONGEST:
            message = await receive()
            if message["type"] != "http.request":
                return _once(message)
            body += message.get("body", b"")
            more = message.get("more_body", False)
        try:
            given = orjson.loads(body)
        except orjson.JSONDecodeError:
            # The route says what is wrong with it.
            return _once({"type": "http.request", "body": body, "more_body": False})
        made = await run_in_threadpool(self._tokens.body, given)
        changed = body if made == given else orjson.dumps(made)
        return _once({"type": "http.request", "body": changed, "more_body": False})

    async def _answered(self, scope: Scope, receive: Receive, send: Send) -> None:
        start: Message = {}
        body = b""

        async def keep(message: Message) -> None:
            nonlocal body
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                body += message.get("body", b"")

        await self._app(scope, receive, keep)
        kind = dict(start["headers"]).get(b"content-type", b"")
        if body and b"json" not in kind:
            await response(not_for_units())(scope, receive, send)
            return
        if body:
            body = await run_in_threadpool(lambda: orjson.dumps(self._tokens.answer(orjson.loads(body))))
        headers = [*_headers(start["headers"]), (b"content-length", b"%d" % len(body))]
        await send({**start, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def _authorization(scope: Scope) -> bytes | None:
    return next((value for name, value in scope["headers"] if name == b"authorization"), None)


def _once(message: Message) -> Receive:
    async def receive() -> Message:
        return message

    return receive


def _headers(given: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Those of the answer, without its length, links into the ledger, and positions in entity tags."""
    made = []
    for name, value in given:
        if name == b"content-length" or (name == b"location" and value.startswith(CLOSED[0].encode())):
            continue
        if name == b"etag":
            # version.position.day of a thing, position.day of a list, or the version alone
            parts = value.strip(b'"').split(b".")
            if len(parts) == 2:  # noqa: PLR2004
                continue
            made.append((name, b'"' + parts[0] + b'"'))
        else:
            made.append((name, value))
    return made
