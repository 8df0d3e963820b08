"""Addresses of the commands on resources: needs (资源需求), and offers (资源供给) with the matches made from them,
and on the yearly assessment they enter into."""

from api.commands import Door, Noun
from api.routes_assessments import ASSESSING
from domain.need import RaiseNeed, WithdrawNeed
from domain.offer import EndOffer, MakeOffer
from domain.offer_matching import ConfirmBenefit, DenyBenefit, MatchResource, ReturnResource, UseResource

NEEDS = Noun(
    "资源需求",
    "Needs",
    (
        Door("/v1/needs", RaiseNeed, "提出需求", "Raise a need"),
        Door("/v1/needs/{id}/withdrawal", WithdrawNeed, "撤回需求", "Withdraw a need", versioned=True),
    ),
)
OFFERS = Noun(
    "资源供给",
    "Offers",
    (
        Door("/v1/offers", MakeOffer, "提供资源", "Offer a resource"),
        Door("/v1/offers/{id}/matches", MatchResource, "供需对接", "Match with a need", versioned=True),
        Door("/v1/offers/{id}/uses", UseResource, "使用资源", "Record a use"),
        Door("/v1/offers/{id}/returns", ReturnResource, "退回未用资源", "Return what is unused"),
        Door("/v1/offers/{id}/benefits", ConfirmBenefit, "受益方确认", "Confirm the benefit", versioned=True),
        Door("/v1/offers/{id}/denials", DenyBenefit, "受益方否认", "Deny the benefit", versioned=True),
        Door("/v1/offers/{id}/end", EndOffer, "停止提供", "End an offer", versioned=True),
    ),
)
RESOURCES = (NEEDS, OFFERS, *ASSESSING)
