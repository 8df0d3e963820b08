"""The part of the life the examples tell in which a unit is urged: a notice taken back, a red one, and a talk."""

from collections.abc import Mapping
from typing import Any, Protocol


class Teller(Protocol):
    """What `api.examples.Story` offers."""

    ids: dict[str, str]

    def on(self, day: str) -> None: ...

    def tell(self, command: str, by: str, of: str, events: int = 1, /, **body: Any) -> None: ...


def urging(told: Teller, promise: Mapping[str, Any]) -> None:
    """`promise`: terms of a commitment that starts on 2011-11-01 and is due on 2011-11-30, a Wednesday."""
    told.on("2011-11-01")
    due = {"due_on": "2011-11-30"}
    told.tell("propose_commitment", "supervisor", "late", **promise)
    told.tell("register_commitment", "leader", "late", note="同意立项")
    # Three working days before, and ten after.
    told.on("2011-11-25")
    told.tell("open_ladder", "urger", "ladder", commitment=told.ids["late"])
    told.tell("record_rung", "urger", "ladder", colour="blue", **due)
    told.tell("withdraw_rung", "urger", "ladder", colour="blue", **due, cause="completed", occurred_on="2011-11-24")
    told.on("2011-12-14")
    told.tell("record_rung", "urger", "ladder", colour="red", **due)
    told.tell(
        "summon_to_talk",
        "leader",
        "talk after red",
        unit=promise["lead_unit"],
        person=told.ids["head"],
        commitment=told.ids["late"],
        ladder=told.ids["ladder"],
        reference="示督约〔2011〕9号",
        reason="逾期十个工作日，请到会说明",
        planned_on="2011-12-16",
    )
