"""The part of the life the examples tell in which records are shown to the public."""

from typing import Any, Protocol


class Teller(Protocol):
    """What `api.examples.Story` offers."""

    ids: dict[str, str]

    def on(self, day: str) -> None: ...

    def tell(self, command: str, by: str, of: str, events: int = 1, /, **body: Any) -> None: ...


def publications(told: Teller) -> None:
    shown = [{"version": 1, "field": field} for field in ("title", "number")]
    summary = {"version": 2, "field": "summary"}
    record = {"record": told.ids["policy"], "title": "农村道路惠民政策公示"}
    told.tell("issue_publication", "vetter", "publication", **record, items=shown)
    told.tell(
        "amend_publication",
        "vetter",
        "publication",
        title=record["title"],
        items=[*shown, summary],
        reason="增加政策摘要",
    )
    told.tell("withdraw_publication", "leader", "publication", reason="改在市政府网站统一公示")
