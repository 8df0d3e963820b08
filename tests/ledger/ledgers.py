"""An opened ledger with its writer, for tests of the writing half."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from domain.actor import Role
from domain.rules import DEFAULT
from ledger.announced import announced
from ledger.ballot_boxes import open_boxes
from ledger.clock import Clock
from ledger.contract import Accepted, Outcome, Refused, Store, Submission
from ledger.database import locate, open_store
from ledger.evidence import Evidence
from ledger.keys import Keys
from ledger.opening import ADMINISTRATORS, clock_of, open_ledger
from ledger.writer import Writer

NAMES = {role: f"管理人{n}" for n, role in enumerate(ADMINISTRATORS)}
CLIENT = "12345-hotline"


class Ledger:
    """Everything of one ledger. `submission` fills in what a test does not care about."""

    def __init__(
        self, url: str, *, demonstration: bool = False, clock: Clock | None = None, at: datetime | None = None
    ) -> None:
        place = locate(url)
        self.url = url
        self.place = place
        self.store = open_store(url, create=True)
        self.keys = Keys(Path(place.keys))
        self.evidence = Evidence(Path(place.evidence), self.keys)
        self.admins = open_ledger(
            self.store,
            self.keys,
            demonstration=demonstration,
            title="太仓市惠民政策落实台账",
            region="320585",
            administrators=NAMES,
            at=at,
        )
        self.writer = self._writer(self.store, self.keys, clock)
        self._numbers = itertools.count()
        self._others: list[Store] = []

    def another_writer(self, clock: Clock | None = None, keys: Keys | None = None) -> Writer:
        """One as another process would have it, on connections of its own."""
        store = open_store(self.url)
        self._others.append(store)
        return self._writer(store, keys or self.keys, clock)

    def _writer(self, store: Store, keys: Keys, clock: Clock | None) -> Writer:
        boxes = open_boxes(self.url)
        return Writer(store, keys, DEFAULT, announced(), clock or clock_of(store), self.evidence, boxes=boxes)

    def submission(
        self,
        command: str,
        body: Any,
        *,
        person: str | None = None,
        stream: str = "",
        key: str | None = None,
        **rest: Any,
    ) -> Submission:
        given = body if isinstance(body, bytes) else msgspec.json.encode(body)
        return Submission(
            client=rest.pop("client", CLIENT),
            key=f"key {next(self._numbers)}" if key is None else key,
            person=self.admins[Role.SYSTEM_ADMIN] if person is None else person,
            command=command,
            stream=stream,
            body=msgspec.Raw(given),
            **rest,
        )

    def commit(self, *submissions: Submission) -> list[Outcome]:
        return self.writer.commit(list(submissions))

    def one(self, command: str, body: Any, **rest: Any) -> Outcome:
        (outcome,) = self.commit(self.submission(command, body, **rest))
        return outcome

    def accept(self, command: str, body: Any, **rest: Any) -> str:
        """The stream of a command that is accepted."""
        outcome = self.one(command, body, **rest)
        assert isinstance(outcome, Accepted), outcome
        return outcome.stream

    def refuse(self, command: str, body: Any, **rest: Any) -> Refused:
        """The refusal of a command that stores nothing."""
        before = self.store.head()
        outcome = self.one(command, body, **rest)
        assert isinstance(outcome, Refused), outcome
        assert self.store.head() == before
        return outcome

    def unit(self, code: str = "0101") -> str:
        return self.accept("register_unit", unit(code))

    def person(self, role: str, *, of: str | None = None, name: str = "某某") -> str:
        return self.accept(
            "enrol_person",
            {"name": name, "title": "科员", "roles": [role], "unit": of},
            person=self.admins[Role.SECURITY_ADMIN],
        )

    def close(self) -> None:
        for store in (self.store, *self._others):
            store.close()
        self.keys.close()


def unit(code: str = "0101", **changed: Any) -> dict[str, Any]:
    return {"code": code, "title": "市民政局", "unit_class": "department", "region": "320585"} | changed


@contextmanager
def opened(url: str, **options: Any) -> Iterator[Ledger]:
    ledger = Ledger(url, **options)
    try:
        yield ledger
    finally:
        ledger.close()
