"""Words the public will read. What is sealed cannot get into them by type; this is the second net, for what somebody
typed into official wording all the same."""

import re
import unicodedata

from domain.refusal import Refusal
from domain.text import line, text

_BETWEEN_DIGITS = re.compile(r"(?<=[0-9])[\s\-‐-―−·.()]+(?=[0-9])")
_MOBILE = re.compile(r"(?<![0-9])(?:86)?1[3-9][0-9]{9}(?![0-9])")
"""Mobile numbers (11 digits from 13 to 19). Landlines are not looked for: those published are of offices."""
_BORN = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_IDENTITY = re.compile(
    rf"(?<![0-9])[1-8][0-9]{{5}}(?:(?:18|19|20)[0-9]{{2}}{_BORN}[0-9]{{3}}[0-9Xx]|[0-9]{{2}}{_BORN}[0-9]{{3}})(?![0-9Xx])"
)
"""Citizen identity numbers (GB 11643-1999: region, date of birth, sequence, check character) and the old ones of 15
digits."""


def public(value: str, field: str) -> str:
    """The value; refuses one in which a mobile number or an identity number can be read, also written with full-width
    digits or with blanks and hyphens between the digits."""
    plain = unicodedata.normalize("NFKC", value)
    for told in (plain, _BETWEEN_DIGITS.sub("", plain)):
        if _MOBILE.search(told) or _IDENTITY.search(told):
            raise Refusal(
                "personal_number",
                "公开文字中不得含有手机号码或身份证号码",
                "public wording may hold no mobile number and no identity number",
                field=field,
            )
    return value


def public_line(value: str, field: str) -> str:
    """A title or name the public will read."""
    return public(line(value, field), field)


def public_words(value: str, field: str, *, required: bool = True) -> str:
    """A text the public will read."""
    return public(text(value, field, required=required), field)
