"""Addresses of the commands on ratings (好差评)."""

from api.commands import Door, Noun
from domain.rating_appeal import AppealRating, RuleOnRatingAppeal
from domain.rating_intake import CheckRating, ReceiveRating
from domain.rating_rectifying import CallBackRater, CloseRating, RectifyRating, RedoRating

AT = "/v1/ratings/{id}"

RATINGS = Noun(
    "好差评",
    "Ratings",
    (
        Door("/v1/ratings", ReceiveRating, "登记评价", "Enter a rating"),
        Door(f"{AT}/checks", CheckRating, "核实差评", "Check a bad rating"),
        Door(f"{AT}/appeal", AppealRating, "申诉差评", "Appeal against a bad rating"),
        Door(f"{AT}/appeal-ruling", RuleOnRatingAppeal, "裁定差评申诉", "Rule on an appeal", versioned=True),
        Door(f"{AT}/rectifications", RectifyRating, "报送差评整改", "Report as put right"),
        Door(f"{AT}/call-backs", CallBackRater, "回访评价人", "Call the rater back", versioned=True),
        Door(f"{AT}/redo", RedoRating, "重新整改", "Order a redo", versioned=True),
        Door(f"{AT}/closing", CloseRating, "办结差评", "Close a bad rating", versioned=True),
    ),
    shown_at=AT,
)
