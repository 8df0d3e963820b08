"""Addresses of the commands on units (责任单位)."""

from api.commands import Door, Noun
from domain.unit import RegisterUnit, RenameUnit

UNITS = Noun(
    "单位",
    "Units",
    (
        Door("/v1/units", RegisterUnit, "登记单位", "Register a unit"),
        Door("/v1/units/{id}/name", RenameUnit, "更名", "Rename a unit", versioned=True),
    ),
)
