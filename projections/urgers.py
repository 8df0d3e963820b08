"""Who holds the role 催办员 (urger), and what is asked for in their name."""

from datetime import datetime
from typing import Any, Final

import msgspec

from domain.actor import Role
from domain.person import PersonEnrolled, PersonEvent, PersonLeft, PersonMoved, RolesChanged
from ledger.codec import decode_event, name_of
from ledger.contract import Row, Submission
from projections.days import civil_day
from projections.folding import named

CLIENT: Final = "luoshi-ladder"
_PERSONS: Final = named(PersonEvent)


class Urgers:
    """`simulated`: the ledger tells its own time, and commands carry the one they are for. While nobody holds the role
    it is false."""

    def __init__(self, *, simulated: bool) -> None:
        self._simulated = simulated
        self._held: dict[bytes, None] = {}
        """Persons, in the order in which they got the role."""
        self.since: int | None = None
        """The day on which the first one was appointed, as an ordinal."""

    def __bool__(self) -> bool:
        return bool(self._held)

    def meet(self, row: Row) -> None:
        """Takes in an event of a person; others are passed over."""
        if row.name not in _PERSONS:
            return
        event: PersonEvent = decode_event(row.name, row.state)
        if isinstance(event, PersonMoved):
            return
        if not isinstance(event, PersonLeft):
            assert isinstance(event, PersonEnrolled | RolesChanged)
            if Role.URGER in event.roles:
                self._held.setdefault(row.stream)
                if self.since is None:
                    self.since = civil_day(row.recorded_at)
                return
        self._held.pop(row.stream, None)

    def command(self, command: str, stream: str, key: str, body: dict[str, Any], now: datetime) -> Submission:
        """In the name of the one who has held the role longest."""
        return Submission(
            client=CLIENT,
            key=key,
            person=name_of(next(iter(self._held))),
            command=command,
            stream=stream,
            body=msgspec.Raw(msgspec.json.encode(body)),
            simulated_at=now.isoformat() if self._simulated else None,
        )
