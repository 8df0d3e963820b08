"""Units (责任单位): the offices that promise, do and answer."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias, assert_never

from domain.actor import Role
from domain.command import Context, command
from domain.event import event, evolves
from domain.ids import UnitId
from domain.refusal import Kind, Refusal
from domain.text import code, line


class UnitClass(StrEnum):
    """League tables compare only units of one class."""

    DEPARTMENT = "department"  # 市级部门
    TOWN = "town"  # 镇（街道）
    ENTERPRISE = "enterprise"  # 国有企业
    GROUP = "group"  # 群团组织


@event("unit_registered.1")
class UnitRegistered:
    code: str
    title: str
    unit_class: UnitClass
    region: str


@event("unit_renamed.1")
class UnitRenamed:
    title: str
    reason: str


UnitEvent: TypeAlias = UnitRegistered | UnitRenamed


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    code: str
    title: str
    claims: tuple[str, ...]
    """Unique across the ledger while held: one unit per code."""


@evolves(UnitEvent, named=UnitId)
def evolve(state: Unit | None, happened: UnitEvent) -> Unit:
    match happened:
        case UnitRegistered():
            return Unit(code=happened.code, title=happened.title, claims=(f"unit code {happened.code}",))
        case UnitRenamed():
            assert state is not None
            return replace(state, title=happened.title)
        case _:
            assert_never(happened)


@command(of=Unit, by=(Role.SYSTEM_ADMIN,), creates=True)
class RegisterUnit:
    """Enters a unit in the ledger. `code` is the office's short code, without blanks; `region` a six-digit division
    code."""

    code: str
    title: str
    unit_class: UnitClass
    region: str

    def decide(self, state: None, ctx: Context) -> list[UnitEvent]:
        if not (self.region.isascii() and self.region.isdigit() and len(self.region) == 6):  # noqa: PLR2004
            raise Refusal("region_code", "行政区划代码为六位数字", "a region code has six digits", field="region")
        return [
            UnitRegistered(
                code=code(self.code, "code"),
                title=line(self.title, "title"),
                unit_class=self.unit_class,
                region=self.region,
            )
        ]


@command(of=Unit, by=(Role.SYSTEM_ADMIN,))
class RenameUnit:
    """Changes the name a unit is shown under; the code stays."""

    title: str
    reason: str

    def decide(self, state: Unit, ctx: Context) -> list[UnitEvent]:
        title = line(self.title, "title")
        if title == state.title:
            raise Refusal("unchanged", "名称没有变化", "the name is the same", kind=Kind.CONFLICT, field="title")
        return [UnitRenamed(title=title, reason=line(self.reason, "reason"))]
