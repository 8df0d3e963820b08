"""Erasure of a person's data (PIPL art. 47): the key of the subject is destroyed, and every sealed value with it."""

import re
from dataclasses import dataclass
from enum import StrEnum

from domain.actor import Role
from domain.command import Context, command
from domain.event import event, evolves
from domain.ids import ErasureId, PersonId
from domain.refusal import Refusal
from domain.text import line

SUBJECT = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class ErasureGround(StrEnum):
    """PIPL art. 47, paragraph 1."""

    PURPOSE_ENDED = "purpose_ended"  # （一）处理目的已实现、无法实现或者不再必要
    RETENTION_ENDED = "retention_ended"  # （二）保存期限已届满
    CONSENT_WITHDRAWN = "consent_withdrawn"  # （三）个人撤回同意
    UNLAWFUL = "unlawful"  # （四）违法或违约处理
    LAW = "law"  # （五）法律、行政法规规定的其他情形


@event("personal_data_erased.1")
class PersonalDataErased:
    """Everything sealed for `subject` up to here reads 已删除 from now on, at every position."""

    subject: str
    ground: ErasureGround
    basis: str
    by: PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    subject: str


@evolves(PersonalDataErased, named=ErasureId)
def evolve(state: Erasure | None, happened: PersonalDataErased) -> Erasure:  # noqa: ARG001 - as every fold
    return Erasure(subject=happened.subject)


@command(of=Erasure, by=(Role.SECURITY_ADMIN,), creates=True)
class ErasePersonalData:
    """Destroys for ever what is sealed for a subject. `basis` names the decision or request it rests on, without
    personal data."""

    subject: str
    ground: ErasureGround
    basis: str

    def decide(self, state: None, ctx: Context) -> list[PersonalDataErased]:
        if not SUBJECT.fullmatch(self.subject):
            raise Refusal("subject_id", "所涉个人以编号指明", "a subject is named by its id", field="subject")
        return [
            PersonalDataErased(
                subject=self.subject,
                ground=self.ground,
                basis=line(self.basis, "basis"),
                by=ctx.actor.person,
            )
        ]
