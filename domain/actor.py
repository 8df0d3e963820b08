"""Who acts. A program (client) holds the key; a person is named by every command and answers for it."""

from dataclasses import dataclass
from enum import StrEnum

from domain.ids import PersonId, UnitId


class Role(StrEnum):
    """DOMAIN §6."""

    SUPERVISOR = "supervisor"  # 督查员
    VETTER = "vetter"  # 审核员
    DISPATCHER = "dispatcher"  # 交办员
    LEADER = "leader"  # 分管领导
    UNIT_OFFICER = "unit_officer"  # 责任单位承办人
    UNIT_HEAD = "unit_head"  # 责任单位负责人
    CALLER = "caller"  # 回访员
    URGER = "urger"  # 催办员
    INSPECTOR = "inspector"  # 检查组
    AUDITOR = "auditor"  # 审计管理员
    SECURITY_ADMIN = "security_admin"  # 安全管理员
    SYSTEM_ADMIN = "system_admin"  # 系统管理员


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person with the roles and the unit they hold when the command is decided."""

    person: PersonId
    roles: frozenset[Role]
    unit: UnitId | None = None
