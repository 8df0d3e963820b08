"""Resources that units give and partners need (整合服务资源, M7 of DOMAIN §1), and how they are measured."""

from enum import StrEnum

from domain.refusal import Refusal
from domain.text import line

FEN = "分"
"""Measure of all funds."""


class Resource(StrEnum):
    TALENT = "talent"  # 人才
    BUSINESS = "business"  # 业务
    POLICY = "policy"  # 政策
    FUNDS = "funds"  # 资金


def measure(kind: Resource, value: str, field: str) -> str:
    """What a quantity counts, such as 人日 or 场; for funds always 分, so that amounts are whole numbers."""
    value = line(value, field)
    if (kind is Resource.FUNDS) != (value == FEN):
        raise Refusal(
            "funds_in_fen",
            "资金须以“分”计量，其他资源不得以“分”计量",
            "funds are measured in 分, and nothing else is",
            field=field,
        )
    return value
