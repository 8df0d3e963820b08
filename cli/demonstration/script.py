"""The script of the year: commands in the order of the clock, written part by part."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from random import Random
from typing import Any, NamedTuple

from cli.demonstration.worktime import END
from ledger.ids import demonstration_id, stream_id

PLATFORM = "supervision-office"
"""The supervision office's own system."""
HOTLINE = "hotline-12345"
SERVICE_LEDGER = "service-ledger"
"""The departments' system: visits, pairings, activities, funds. It sends what it has at noon."""


class Step(NamedTuple):
    """One command."""

    at: datetime
    """Simulated time."""
    number: int
    """In the order in which the script was written; decides between steps of one moment."""
    client: str
    key: str
    person: str
    command: str
    stream: str
    """'' when it creates one."""
    body: dict[str, Any]
    occurred_at: datetime | None
    channel: str
    programme: str | None

    def line(self) -> dict[str, Any]:
        """A line of `POST /v1/commands/bulk`."""
        fields: dict[str, Any] = {
            "command": self.command,
            "stream": self.stream,
            "body": self.body,
            "person": self.person,
            "key": self.key,
            "simulated_at": self.at.isoformat(timespec="milliseconds"),
            "occurred_at": (self.occurred_at or self.at).isoformat(timespec="milliseconds"),
            "channel": self.channel,
        }
        return fields if self.programme is None else fields | {"programme": self.programme}


class Script:
    """Collects steps. Everything drawn at random comes from generators named by purpose, so that a change in one
    part of the story leaves the others as they were."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._steps: list[Step] = []

    def random(self, purpose: str) -> Random:
        return Random(f"{self.seed} {purpose}")  # noqa: S311 - a story, not a secret

    def act(
        self,
        at: datetime,
        person: str,
        command: str,
        body: dict[str, Any],
        *,
        stream: str = "",
        client: str = PLATFORM,
        channel: str = "system",
        programme: str | None = None,
        occurred_at: datetime | None = None,
    ) -> str:
        """Adds one command; returns the id of its stream, which for a creating command is foretold."""
        number = len(self._steps)
        at = at.replace(microsecond=at.microsecond // 1000 * 1000)
        key = stream_id(at, hashlib.sha256(f"{self.seed}/{number}".encode()).digest()[:10])
        self._steps.append(
            Step(at, number, client, key, person, command, stream, body, occurred_at, channel, programme)
        )
        return stream or demonstration_id(at, client, key)

    @staticmethod
    def made(step: Step) -> str:
        """The id of the stream a step acts on or creates."""
        return step.stream or demonstration_id(step.at, step.client, step.key)

    def __iter__(self) -> Iterator[Step]:
        """In the order of the clock, up to and including the end of the year."""
        return (step for step in sorted(self._steps) if step.at <= END)
