"""The words a commitment is described in (DOMAIN §2 and §3)."""

from dataclasses import dataclass
from enum import StrEnum

from domain.ids import PolicyId


class Mandate(StrEnum):
    """On whose authority the matter is supervised."""

    GOVERNMENT = "government"  # 政府督查
    PARTY = "party"  # 党委督查
    HOTLINE = "hotline"  # 12345督办
    PROMISE = "promise"  # 公开承诺


class Urgency(StrEnum):
    """Decides the clocks of dispatch and acknowledgement."""

    URGENT = "urgent"  # 紧急
    UTILITIES = "utilities"  # 水电气热等
    GENERAL = "general"  # 一般


class Answer(StrEnum):
    """What the beneficiary said when called back (回访)."""

    SOLVED = "solved"
    UNSOLVED = "unsolved"
    UNREACHABLE = "unreachable"


class Finding(StrEnum):
    """What a site check found."""

    AS_REPORTED = "as_reported"
    NOT_AS_REPORTED = "not_as_reported"


class Means(StrEnum):
    """What a verification rests on. The two are shown apart."""

    ANSWER = "answer"
    SITE_CHECK = "site_check"


class Outcome(StrEnum):
    """How a commitment ends (销号)."""

    FULFILLED = "fulfilled"  # 兑现
    PARTLY = "partly"  # 部分兑现
    NOT_FULFILLED = "not_fulfilled"  # 未兑现
    OVERTAKEN = "overtaken"  # 情况变化
    EXPLAINED = "explained"  # 解释说明


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyTarget:
    """A target of a benefit policy, by its key within the policy."""

    policy: PolicyId
    target: str
