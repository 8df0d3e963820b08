"""`POST /v1/commands`: one command of any kind, by the shortest way. The body has the fields of a `Submission`.

It is plain ASGI (`api.direct`): the event loop spends some tens of µs on it. The command's own body is not looked at
here: the writer decodes, authorises and decides, as for every door.
"""

import msgspec
from starlette.types import Receive, Send
from starlette.types import Scope as AsgiScope

from api.commands import body_of, receipt_bytes, required
from api.hardening import HARDENED
from api.keys import Keys, Scope
from api.problems import refused
from domain.refusal import Refusal
from ledger.commands import Version, refuse_fraction, unreadable
from ledger.contract import Gate, Refused, Submission

PATH = "/v1/commands"
LOCATION = b"/v1/events/%d"
REPLAYED = (b"idempotency-replayed", b"true")
ALWAYS = ((b"content-type", b"application/json"), *HARDENED)


class Command(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The body of `POST /v1/commands` and one line of `POST /v1/commands/bulk`."""

    command: str
    """Name of the command, such as `record_follow_up`."""
    body: msgspec.Raw
    """The command's own fields."""
    person: str = ""
    """Who acts; required."""
    key: str = ""
    """Idempotency key; required."""
    stream: str = ""
    """Id of what it acts on; absent when it creates."""
    if_version: Version | None = None
    occurred_at: str | None = None
    simulated_at: str | None = None
    channel: str = "system"
    programme: str | None = None
    on_behalf_of: str | None = None
    correlation: str | None = None
    causation: str | None = None


class HotRoute:
    """The application behind the path."""

    def __init__(self, gate: Gate, keys: Keys) -> None:
        self._gate = gate
        self._keys = keys
        self._decode = msgspec.json.Decoder(Command).decode

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> int:
        authorization = None
        for name, value in scope["headers"]:
            if name == b"authorization":
                authorization = value
        holder = self._keys.known(authorization) if authorization else None
        if holder is None or Scope.COMMAND not in holder.scopes:
            holder = await self._keys.holder(authorization, Scope.COMMAND)
        asked = self._read(await body_of(receive))
        required({"key": asked.key, "person": asked.person}, versioned=False)
        outcome = await self._gate.submit(
            Submission(
                client=holder.client,
                key=asked.key,
                person=asked.person,
                command=asked.command,
                stream=asked.stream,
                body=asked.body,
                if_version=asked.if_version,
                occurred_at=asked.occurred_at,
                simulated_at=asked.simulated_at,
                channel=asked.channel,
                programme=asked.programme,
                on_behalf_of=asked.on_behalf_of,
                correlation=asked.correlation,
                causation=asked.causation,
            )
        )
        if isinstance(outcome, Refused):
            raise refused(outcome)
        body = receipt_bytes(outcome)
        headers = [
            *ALWAYS,
            (b"content-length", b"%d" % len(body)),
            (b"etag", b'"%d"' % outcome.version),
            (b"location", LOCATION % outcome.position),
        ]
        if outcome.replayed:
            headers.append(REPLAYED)
        await send({"type": "http.response.start", "status": 201, "headers": headers})
        await send({"type": "http.response.body", "body": body})
        return 201

    def _read(self, body: bytes) -> Command:
        try:
            asked = self._decode(body)
            if asked.if_version is not None:
                refuse_fraction(body)
        except Refusal as refusal:
            raise refused(refusal) from None
        except (ValueError, RecursionError) as error:
            raise refused(unreadable(error, Command)) from None
        return asked
