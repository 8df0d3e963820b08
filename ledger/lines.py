"""Bulk: JSON Lines to submissions. A line that can't be read keeps its place as a refusal."""

import msgspec

from domain.refusal import Refusal
from ledger.commands import Version, refuse_fraction, unreadable
from ledger.contract import Refused, Submission
from ledger.plan import refused


class Line(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """One line: a submission without the client, which the door knows. What is left out is taken from the defaults."""

    command: str | None = None
    stream: str | None = None
    body: msgspec.Raw
    key: str = ""
    person: str | None = None
    if_version: Version | None = None
    occurred_at: str | None = None
    simulated_at: str | None = None
    channel: str | None = None
    programme: str | None = None
    on_behalf_of: str | None = None
    correlation: str | None = None
    causation: str | None = None


_decoder = msgspec.json.Decoder(Line)


def read_lines(lines: bytes, defaults: Submission) -> list[Submission | Refused]:
    """One item a line, in order; a newline at the end opens no further line. An idempotency key and `if_version` are
    each line's own and never taken from the defaults."""
    parts = lines.split(b"\n")
    if not parts[-1]:
        parts.pop()
    return [_read(part, defaults) for part in parts]


def _read(line: bytes, defaults: Submission) -> Submission | Refused:
    try:
        told = _decoder.decode(line)
        if told.if_version is not None:
            refuse_fraction(line)
    except Refusal as refusal:
        return refused(refusal)
    except (ValueError, RecursionError) as error:
        return refused(unreadable(error, Line))
    command = told.command or defaults.command
    person = told.person or defaults.person
    if not command or not person:
        field = "person" if command else "command"
        return refused(Refusal("missing_field", f"缺少字段“{field}”", f"field “{field}” is missing", field=field))
    return Submission(
        client=defaults.client,
        key=told.key,
        person=person,
        command=command,
        stream=defaults.stream if told.stream is None else told.stream,
        body=told.body,
        if_version=told.if_version,
        occurred_at=told.occurred_at or defaults.occurred_at,
        simulated_at=told.simulated_at or defaults.simulated_at,
        channel=told.channel or defaults.channel,
        programme=told.programme or defaults.programme,
        on_behalf_of=told.on_behalf_of or defaults.on_behalf_of,
        correlation=told.correlation or defaults.correlation,
        causation=told.causation or defaults.causation,
    )
