"""The draw of an appraisal: who is invited follows from the frame and the seed, and anyone can draw it again.

A frame is a text file in UTF-8 with one member a line: `frame,stratum,member`, where frame is `residents` or
`enterprises` and the member is a number of the office that made the frame, never a name. Within each frame the
invitations are shared among the strata in proportion to their size, by largest remainder (equal remainders: by name of
stratum, in order of code points). Within a stratum the members are put in the order of

    HMAC-SHA256(seed, frame ‖ LF ‖ stratum ‖ LF ‖ member)        (all in UTF-8, equal values: by member)

and the first ones are invited. The drawn list has the form of a frame, its lines sorted, each ended by LF.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final, NamedTuple

from domain.refusal import Refusal

MOST_MEMBERS: Final = 500_000
"""Of both frames together; the draw is made while others wait, and takes a second for so many."""
MOST_STRATA: Final = 200
"""Of both frames together; they are listed in one leaf."""
LONGEST: Final = 40
"""Characters of a stratum's name and of a member's number."""


class Frame(StrEnum):
    """Who is asked."""

    RESIDENTS = "residents"  # 千人
    ENTERPRISES = "enterprises"  # 千企


class Member(NamedTuple):
    frame: Frame
    stratum: str
    number: str

    @property
    def line(self) -> str:
        return f"{self.frame.value},{self.stratum},{self.number}\n"


Strata = Mapping[tuple[Frame, str], list[Member]]


def read_frame(content: bytes) -> Strata:
    """Members by frame and stratum, both in order. Refuses what is no frame, naming the line."""
    try:
        lines = content.decode().splitlines()
    except UnicodeDecodeError:
        raise _malformed(1, "不是UTF-8文本", "this is not UTF-8") from None
    if len(lines) > MOST_MEMBERS:
        raise _malformed(MOST_MEMBERS + 1, f"最多{MOST_MEMBERS}行", f"at most {MOST_MEMBERS} lines")
    found: dict[tuple[Frame, str], list[Member]] = {}
    seen: set[tuple[Frame, str]] = set()
    for place, line in enumerate(lines, 1):
        member = _member(line, place)
        if (member.frame, member.number) in seen:
            raise _malformed(place, "成员重复", "this member is there already")
        seen.add((member.frame, member.number))
        found.setdefault((member.frame, member.stratum), []).append(member)
    if len(found) > MOST_STRATA:
        raise _malformed(len(lines), f"最多{MOST_STRATA}层", f"at most {MOST_STRATA} strata")
    return dict(sorted(found.items()))


def _member(line: str, place: int) -> Member:
    parts = line.split(",")
    if len(parts) != 3 or any(not _is_plain(part) for part in parts):  # noqa: PLR2004 - frame, stratum, member
        raise _malformed(place, "应为“抽样框,层,编号”", "this must be “frame,stratum,member”")
    try:
        return Member(Frame(parts[0]), parts[1], parts[2])
    except ValueError:
        raise _malformed(place, "抽样框应为residents或enterprises", "the frame is residents or enterprises") from None


def _is_plain(part: str) -> bool:
    return 0 < len(part) <= LONGEST and part.isprintable() and part == part.strip()


def _malformed(place: int, zh: str, en: str) -> Refusal:
    return Refusal("frame_malformed", f"抽样框第{place}行：{zh}", f"line {place} of the frame: {en}", field="frame")


def share(sizes: Mapping[str, int], invitations: int) -> dict[str, int]:
    """Stratum → invitations, by largest remainder; at most as many as there are members."""
    total = sum(sizes.values())
    shares = {name: invitations * size // total for name, size in sizes.items()}
    by_remainder = sorted(sizes, key=lambda name: (-(invitations * sizes[name] % total), name))
    for name in by_remainder[: invitations - sum(shares.values())]:
        shares[name] += 1
    return shares


def draw(strata: Strata, seed: str, invitations: Mapping[Frame, int]) -> list[Member]:
    """The invited members, sorted. No frame may have fewer members than invitations."""
    drawn: list[Member] = []
    for frame, wanted in invitations.items():
        members = {stratum: held for (of, stratum), held in strata.items() if of is frame}
        shares = share({stratum: len(held) for stratum, held in members.items()}, wanted)
        for stratum, held in members.items():
            drawn += sorted(held, key=lambda member: (_rank(seed, member), member.number))[: shares[stratum]]
    return sorted(drawn)


def _rank(seed: str, member: Member) -> bytes:
    return hmac.digest(seed.encode(), "\n".join((member.frame.value, *member[1:])).encode(), "sha256")


def listed(members: Iterable[Member]) -> bytes:
    """The drawn list as a file."""
    return "".join(sorted(member.line for member in members)).encode()


def list_digest(members: Iterable[Member]) -> str:
    """SHA-256 of the drawn list, hex."""
    return hashlib.sha256(listed(members)).hexdigest()
