"""How a service is classed (DOMAIN §1, M8): how often it is given, and whether it relieves or builds."""

from enum import StrEnum

from domain.refusal import Refusal

REGION_DIGITS = (6, 9, 12)


class Recurrence(StrEnum):
    """长效, not one-off."""

    ONE_OFF = "one_off"  # 一次性
    RECURRING = "recurring"  # 定期
    STANDING = "standing"  # 常态


class Aid(StrEnum):
    """造血, not only 输血."""

    RELIEF = "relief"  # 输血
    CAPACITY = "capacity"  # 造血


def region_code(value: str, field: str) -> str:
    """A division code: county 6, town 9 or village 12 digits (GB/T 2260, GB/T 10114)."""
    if not (value.isascii() and value.isdigit() and len(value) in REGION_DIGITS):
        raise Refusal("region_code", "行政区划代码为6、9或12位数字", "a region code has 6, 9 or 12 digits", field=field)
    return value
