"""A new ledger's first events: what it is, and the three administrators (三员) nobody could enrol before."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import uuid4

from domain.actor import Role
from domain.opening import LedgerOpened
from domain.person import PersonEnrolled
from domain.refusal import Kind, Refusal
from domain.sealed import Sealed
from domain.text import line
from ledger.clock import Clock, DemonstrationClock, RealClock, datetime_of, micros_of, wall
from ledger.codec import decode_event, encode, key_of
from ledger.contract import Batch, HeadMoved, Meta, Reader, Row, Store
from ledger.ids import demonstration_id, stream_id
from ledger.keys import Keys
from ledger.leaf import leaf_hash
from ledger.randomness import Randomness
from ledger.sealing import Closed, boxes, close

ADMINISTRATORS: Final = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR)
TITLES: Final = {
    Role.SYSTEM_ADMIN: "系统管理员",
    Role.SECURITY_ADMIN: "安全管理员",
    Role.AUDITOR: "审计管理员",
}
CLIENT: Final = "luoshi"


def marker(reader: Reader) -> LedgerOpened | None:
    """The first event, which says what ledger this is; None while it is empty."""
    rows = reader.read(0, 1)
    if not rows:
        return None
    opened = decode_event(rows[0].name, rows[0].state)
    assert isinstance(opened, LedgerOpened)
    return opened


def clock_of(reader: Reader) -> Clock:
    """The clock its marker asks for."""
    opened = marker(reader)
    return DemonstrationClock() if opened is not None and opened.demonstration else RealClock()


def open_ledger(
    store: Store,
    keys: Keys,
    *,
    demonstration: bool,
    title: str,
    region: str,
    administrators: Mapping[Role, str],
    seed: int | None = None,
    at: datetime | None = None,
) -> dict[Role, str]:
    """Appends the marker and enrols the three administrators, whose names `administrators` gives by role; returns
    their person ids. `at` sets a demonstration ledger's first moment, from which those ids follow. Refuses a ledger
    that is not empty."""
    if set(administrators) != set(ADMINISTRATORS):
        raise Refusal("administrators", "须指定三员各一人", "name one person for each of the three administrators")
    if at is not None and not demonstration:
        raise Refusal(
            "simulated_time_not_allowed",
            "只有演示台账接受模拟时间",
            "only a demonstration ledger takes simulated time",
            field="at",
        )
    head = store.head()
    if head.position:
        raise _not_empty()
    recorded_at = wall() if at is None else micros_of(at)
    moment = datetime_of(recorded_at)
    ledger, *persons = (
        demonstration_id(moment, CLIENT, name) if demonstration else stream_id(moment, os.urandom(10))
        for name in ("ledger", *ADMINISTRATORS)
    )
    happened: list[tuple[str, Any]] = [
        (
            ledger,
            LedgerOpened(demonstration=demonstration, title=line(title, "title"), region=region, seed=seed),
        )
    ]
    enrolled = dict(zip(ADMINISTRATORS, persons, strict=True))
    happened += [
        (
            person,
            PersonEnrolled(
                name=Sealed(person, line(administrators[role], "administrators")), title=TITLES[role], roles=(role,)
            ),
        )
        for role, person in enrolled.items()
    ]
    closed: list[Closed] = []
    randomness = Randomness()
    rows = []
    for position, (stream, event) in enumerate(happened, 1):
        # Nobody could have a say before: the system administrator answers for the opening.
        meta = Meta(
            event_id=str(uuid4()),
            occurred_at=moment.astimezone(UTC),
            actor=enrolled[Role.SYSTEM_ADMIN],
            client=CLIENT,
            channel="system",
        )
        name = event.NAME
        state = encode(close(event, position, randomness, closed), meta)
        key = key_of(stream)
        rows.append(
            Row(position, key, 1, recorded_at, name, state, leaf_hash(key, 1, recorded_at, name.encode(), state))
        )
    subjects = keys.get_or_make({one.subject for one in closed})
    try:
        store.append(Batch(head, rows, sealed=boxes(closed, subjects, randomness)))
    except HeadMoved:
        raise _not_empty() from None
    return enrolled


def _not_empty() -> Refusal:
    return Refusal("ledger_not_empty", "台账已经启用", "this ledger is in use already", kind=Kind.CONFLICT)
