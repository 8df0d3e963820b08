"""Addresses of the commands that mend records of any kind (更正、撤销). The id is that of the thing the record is
about."""

from api.commands import Door, Noun
from domain.correcting import ProposeCorrection, ProposeRetraction, RuleOnCorrection

ONE = "/v1/records/{id}"

CORRECTIONS = Noun(
    "更正与撤销",
    "Corrections",
    (
        Door(f"{ONE}/corrections", ProposeCorrection, "提请更正", "Propose a correction", versioned=True),
        Door(f"{ONE}/retractions", ProposeRetraction, "提请撤销", "Propose a retraction", versioned=True),
        Door(f"{ONE}/correction-ruling", RuleOnCorrection, "更正审批", "Rule on a correction", versioned=True),
    ),
)
