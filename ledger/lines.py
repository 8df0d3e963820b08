"""JSON to submissions: a line of bulk, or the body of the hot route."""

import msgspec

from domain.refusal import Refusal
from ledger.commands import Version, refuse_fraction, unreadable
from ledger.contract import Submission


class Told(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A submission without the client, which the door knows. What is left out, or null, is taken from the defaults;
    what is empty is not left out."""

    command: str | None = None
    """Name of the command, such as `record_follow_up`."""
    stream: str | None = None
    """Id of what it acts on; absent when it creates."""
    body: msgspec.Raw
    """The command's own fields."""
    key: str | None = None
    """Idempotency key; doors ask for it."""
    person: str | None = None
    """Who acts."""
    if_version: Version | None = None
    occurred_at: str | None = None
    simulated_at: str | None = None
    channel: str | None = None
    programme: str | None = None
    on_behalf_of: str | None = None
    correlation: str | None = None
    causation: str | None = None


_decode = msgspec.json.Decoder(Told).decode


def told(text: bytes) -> Told:
    """Raises Refusal."""
    try:
        found = _decode(text)
        if found.if_version is not None:
            refuse_fraction(text)
    except (ValueError, RecursionError) as error:
        raise unreadable(error, Told) from None
    return found


def lacks(field: str) -> Refusal:
    return Refusal("missing_field", f"缺少字段“{field}”", f"field “{field}” is missing", field=field)


def read_line(line: bytes, defaults: Submission) -> Submission:
    """The submission a line asks for; raises Refusal. An idempotency key and `if_version` are each line's own and never
    taken from the defaults."""
    given = told(line)
    command = given.command or defaults.command
    if not command:
        raise lacks("command")
    return Submission(
        client=defaults.client,
        key=given.key or "",
        person=defaults.person if given.person is None else given.person,
        command=command,
        stream=defaults.stream if given.stream is None else given.stream,
        body=given.body,
        if_version=given.if_version,
        occurred_at=defaults.occurred_at if given.occurred_at is None else given.occurred_at,
        simulated_at=defaults.simulated_at if given.simulated_at is None else given.simulated_at,
        channel=defaults.channel if given.channel is None else given.channel,
        programme=defaults.programme if given.programme is None else given.programme,
        on_behalf_of=defaults.on_behalf_of if given.on_behalf_of is None else given.on_behalf_of,
        correlation=defaults.correlation if given.correlation is None else given.correlation,
        causation=defaults.causation if given.causation is None else given.causation,
    )
