"""Addresses of the commands on partners (结对对象): villages, communities, enterprises and households."""

from api.commands import Door, Noun
from domain.household import RegisterHousehold, UpdateHousehold
from domain.partner import MergePartner, RegisterPartner, RemovePartner, UpdatePartner

PARTNERS = Noun(
    "结对对象",
    "Partners",
    (
        Door("/v1/partners", RegisterPartner, "登记村、社区、企业", "Register a village, community or enterprise"),
        Door("/v1/partners/{id}/updates", UpdatePartner, "更新资料", "Update a partner", versioned=True),
        Door("/v1/partners/{id}/departure", RemovePartner, "撤销或迁出", "Record that a partner left", versioned=True),
        Door("/v1/partners/{id}/merger", MergePartner, "并入另一对象", "Merge into another partner", versioned=True),
        Door("/v1/households", RegisterHousehold, "登记农户（加密）", "Register a household (sealed)"),
        Door("/v1/households/{id}/updates", UpdateHousehold, "更新农户资料", "Update a household", versioned=True),
    ),
)
