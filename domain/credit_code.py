"""Unified social credit codes (统一社会信用代码, GB 32100-2015)."""

from domain.refusal import Refusal

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Digits and capitals without I, O, S, V, Z; a character's value is its place."""
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
"""3^i mod 31 for the 17 characters before the check character."""


def is_credit_code(code: str) -> bool:
    """True for 18 characters of the alphabet, digits in places 3–8 (division code), and the right check character."""
    if len(code) != len(WEIGHTS) + 1 or any(c not in ALPHABET for c in code):
        return False
    if not code[2:8].isdigit():
        return False
    total = sum(weight * ALPHABET.index(c) for weight, c in zip(WEIGHTS, code, strict=False))
    return ALPHABET[(31 - total % 31) % 31] == code[-1]


def credit_code(value: str, field: str) -> str:
    """The code in capitals without outer blanks; refuses one whose form or check character is wrong."""
    code = value.strip().upper()
    if not is_credit_code(code):
        raise Refusal(
            "credit_code",
            "统一社会信用代码不正确",
            "not a valid unified social credit code (GB 32100)",
            field=field,
        )
    return code
