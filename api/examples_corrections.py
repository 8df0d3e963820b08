"""The part of the life the examples tell in which mistakes are mended."""

from typing import Any, Protocol


class Teller(Protocol):
    """What `api.examples.Story` offers."""

    ids: dict[str, str]

    def on(self, day: str) -> None: ...

    def tell(self, command: str, by: str, of: str, events: int = 1, /, **body: Any) -> None: ...


def corrections(told: Teller) -> None:
    told.on("2011-05-11")
    visit = {"unit": told.ids["roads"], "partner": told.ids["village"], "visited_on": "2011-05-10", "persons": 30}
    classed = {"recurrence": "one_off", "aid": "capacity"}
    told.tell("record_visit", "officer", "miscounted visit", **visit, **classed, purpose="查看路面")
    told.tell(
        "propose_correction",
        "officer",
        "miscounted visit",
        version=1,
        field="persons",
        value=3,
        reason="多输了一个零",
    )
    told.tell("rule_on_correction", "supervisor", "miscounted visit", approved=True, reason="与签到表一致")
    told.tell("propose_retraction", "officer", "miscounted visit", version=1, reason="与另一条重复")
    told.tell("rule_on_correction", "supervisor", "miscounted visit", approved=True, reason="确属重复")
