"""Addresses of the commands on rounds of appraisal (群众评议). The ballot itself is no command: see `api.ballots`."""

from api.commands import Door, Noun
from domain.appraisal_counting import (
    AbandonAppraisal,
    CloseVoting,
    DecideObjection,
    ObjectToAppraisal,
    PublishAppraisal,
    TallyAppraisal,
)
from domain.appraisal_inviting import DrawInvitations, FixFrame, GiveSeed, IssueCodes, OpenAppraisal, OpenVoting

AT = "/v1/appraisals/{id}"

APPRAISALS = Noun(
    "群众评议",
    "Appraisals",
    (
        Door("/v1/appraisals", OpenAppraisal, "开启一轮评议", "Open a round"),
        Door(f"{AT}/frame", FixFrame, "确定抽样框", "Fix the frame", versioned=True),
        Door(f"{AT}/seed", GiveSeed, "录入种子", "Give the seed", versioned=True),
        Door(f"{AT}/draw", DrawInvitations, "抽取受邀人", "Draw the invited"),
        Door(f"{AT}/codes", IssueCodes, "制发一次性码", "Issue one-time codes"),
        Door(f"{AT}/voting", OpenVoting, "开始投票", "Open the vote", versioned=True),
        Door(f"{AT}/closing", CloseVoting, "封箱", "Close the box"),
        Door(f"{AT}/tally", TallyAppraisal, "计票", "Count"),
        Door(f"{AT}/publication", PublishAppraisal, "公布结果", "Publish the result", versioned=True),
        Door(f"{AT}/objections", ObjectToAppraisal, "提出异议", "Object to the result"),
        Door(f"{AT}/objection-rulings", DecideObjection, "裁决异议", "Decide on an objection", versioned=True),
        Door(f"{AT}/abandonment", AbandonAppraisal, "终止本轮评议", "Abandon the round", versioned=True),
    ),
    shown_at=AT,
)
