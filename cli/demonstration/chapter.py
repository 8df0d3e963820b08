"""One part of the story: the script it writes to, the world it plays in, and dice of its own."""

from datetime import date
from typing import Any

from cli.demonstration.script import SERVICE_LEDGER, Script
from cli.demonstration.worktime import entered_after, noon, office_moment
from cli.demonstration.world import World


class Chapter:
    def __init__(self, script: Script, world: World, name: str) -> None:
        self.script = script
        self.world = world
        self.random = script.random(name)

    def one(self, role: str, unit: str | None = None) -> str:
        """Somebody who holds the role."""
        return self.random.choice(self.world.holding(role, unit))

    def entered(self, happened: date, *known: date) -> date:
        """The day on which something is entered, later than the entry of everything it refers to."""
        return max(entered_after(self.random, day) for day in (happened, *known))

    def enter(
        self,
        unit: str,
        command: str,
        body: dict[str, Any],
        *,
        happened: date,
        entered: date,
        stream: str = "",
        programme: str | None = None,
    ) -> str:
        """A unit's officer enters in the departments' system what happened on some day; the stream's id."""
        return self.script.act(
            noon(self.random, entered),
            self.one("unit_officer", unit),
            command,
            body,
            stream=stream,
            client=SERVICE_LEDGER,
            channel="visit",
            programme=programme,
            occurred_at=office_moment(self.random, happened) if happened < entered else None,
        )

    def take_back(self, unit: str, command: str, reason: str, *, stream: str, entered: date) -> None:
        """The head of the unit withdraws an entry some days after it was made."""
        self.script.act(
            noon(self.random, entered_after(self.random, entered)),
            self.one("unit_head", unit),
            command,
            {"reason": reason},
            stream=stream,
            client=SERVICE_LEDGER,
        )
