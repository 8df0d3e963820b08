"""`POST /v1/commands`: one command of any kind, by the shortest way. The body has the fields of a `Submission`; headers
are defaults for those it leaves out.

It is plain ASGI (`api.direct`): the event loop spends some tens of µs on it. The command's own body is not looked at
here: the writer decodes, authorises and decides, as for every door.
"""

from typing import Any

from starlette.types import Receive, Send
from starlette.types import Scope as AsgiScope

from api.commands import body_of, receipt_bytes, required
from api.hardening import HARDENED
from api.headers import FIELDS, submission_fields
from api.keys import Keys
from api.problems import refused
from domain.refusal import Refusal
from ledger.contract import Gate, Refused, Submission
from ledger.lines import Told, lacks, told

PATH = "/v1/commands"
LOCATION = b"/v1/events/%d"
REPLAYED = (b"idempotency-replayed", b"true")
ALWAYS = ((b"content-type", b"application/json"), *HARDENED)


class HotRoute:
    """The application behind the path."""

    def __init__(self, gate: Gate, keys: Keys) -> None:
        self._gate = gate
        self._keys = keys

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> int:
        authorization, defaults = None, None
        for name, value in scope["headers"]:
            if name in FIELDS:
                if name != b"authorization" or authorization is not None:
                    # Rare, so that the rest is only done for those who want it.
                    defaults = submission_fields(scope["headers"])
                    authorization = defaults.pop("authorization", None)
                    break
                authorization = value
        holder = self._keys.known(authorization) if authorization else None
        if holder is None or not holder.commands_at_large:
            holder = await self._keys.at_large(authorization)
        asked = _read(await body_of(receive))
        if defaults:
            _complete(asked, defaults)
        key, person, command = asked.key or "", asked.person or "", asked.command
        if not key or not person:
            required({"key": key, "person": person}, versioned=False)
        if not command:
            raise refused(lacks("command"))
        outcome = await self._gate.submit(
            Submission(
                client=holder.client,
                key=key,
                person=person,
                command=command,
                stream=asked.stream or "",
                body=asked.body,
                if_version=asked.if_version,
                occurred_at=asked.occurred_at,
                simulated_at=asked.simulated_at,
                channel="system" if asked.channel is None else asked.channel,
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


def _read(body: bytes) -> Told:
    try:
        return told(body)
    except Refusal as refusal:
        raise refused(refusal) from None


def _complete(asked: Told, defaults: dict[str, Any]) -> None:
    """Fills in what the body leaves out."""
    for field, value in defaults.items():
        if getattr(asked, field) is None:
            setattr(asked, field, value)
