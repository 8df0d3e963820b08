"""Addresses of the commands on persons (人员): who may act, in which roles, for which unit."""

from api.commands import Door, Noun
from domain.person import ChangeRoles, EnrolPerson, MovePerson, RemovePerson

PERSONS = Noun(
    "人员",
    "Persons",
    (
        Door("/v1/persons", EnrolPerson, "登记人员", "Enrol a person"),
        Door("/v1/persons/{id}/roles", ChangeRoles, "变更角色", "Change roles", versioned=True),
        Door("/v1/persons/{id}/transfers", MovePerson, "调动", "Move to another unit", versioned=True),
        Door("/v1/persons/{id}/departure", RemovePerson, "离岗", "Record a departure", versioned=True),
    ),
)
