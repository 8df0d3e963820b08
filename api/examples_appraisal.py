"""The part of the life the examples tell in which residents and enterprises appraise a unit."""

import hashlib
from datetime import datetime, timedelta
from typing import Any, Protocol

from domain.ballots import code_hash

FRAME = "".join(
    f"{line}\n"
    for line in (
        "residents,城厢,R-0001",
        "residents,城厢,R-0002",
        "residents,浏河,R-0003",
        "enterprises,工业,E-0001",
        "enterprises,服务业,E-0002",
    )
).encode()
"""A frame of three residents and two enterprises, to be lodged before the steps."""
CODES = {"residents": ("EXAM-PLE1-0000-0001", "EXAM-PLE1-0000-0002"), "enterprises": ("EXAM-PLE1-0000-0003",)}


class Teller(Protocol):
    """What `api.examples.Story` offers."""

    ids: dict[str, str]
    now: datetime

    def on(self, day: str) -> None: ...

    def tell(self, command: str, by: str, of: str, events: int = 1, /, **body: Any) -> None: ...


def appraisal(told: Teller) -> None:
    """Over three days from the one it is told on."""
    day = told.now.date()
    next_day, last_day = ((day + timedelta(days=n)).isoformat() for n in (1, 2))
    opened = {"year": day.year, "forms": ["satisfaction", "review"], "residents": 2, "enterprises": 1}
    told.tell("open_appraisal", "supervisor", "appraisal", title="千人千企评机关", units=[told.ids["roads"]], **opened)
    told.tell("open_appraisal", "supervisor", "lost round", title="补充评议", units=[told.ids["civil"]], **opened)
    told.tell("abandon_appraisal", "leader", "lost round", reason="与上级评议合并")
    told.tell(
        "fix_frame",
        "supervisor",
        "appraisal",
        frame=hashlib.sha256(FRAME).hexdigest(),
        seed_source="次日公开摇奖号码",
        seed_on=next_day,
    )
    told.on(next_day)
    told.tell("give_seed", "second", "appraisal", seed="03 11 17 22 28 31 + 09")
    told.tell("draw_invitations", "supervisor", "appraisal")
    for frame, codes in CODES.items():
        told.tell("issue_codes", "supervisor", "appraisal", frame=frame, hashes=[code_hash(code) for code in codes])
    told.tell("open_voting", "leader", "appraisal", until=next_day)
    told.on(last_day)
    told.tell("close_voting", "leader", "appraisal")
    told.tell("tally_appraisal", "supervisor", "appraisal")
    told.tell("publish_appraisal", "leader", "appraisal")
    told.tell("object_to_appraisal", "head", "appraisal", unit=told.ids["roads"], ground="受邀企业与本局业务无关")
    told.tell(
        "decide_objection",
        "second",
        "appraisal",
        unit=told.ids["roads"],
        upheld=False,
        reason="抽样框已事先公布，抽取可复核",
    )
