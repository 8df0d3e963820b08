"""Up to the vote: a round is opened, its frame fixed, the seed given, the invited drawn, codes issued.

The frame is fixed, and its digest known, before anybody can know the seed; the seed is given by another person; and
the draw follows from both. So nobody chooses who is asked.
"""

import re
from datetime import date
from typing import Final

from domain.actor import Role
from domain.appraisal import TURNS, Appraisal
from domain.appraisal_draw import Frame, draw, list_digest, read_frame, share
from domain.appraisal_events import (
    AppraisalCodesIssued,
    AppraisalDrawn,
    AppraisalEvent,
    AppraisalFrameFixed,
    AppraisalOpened,
    AppraisalSeedGiven,
    AppraisalVotingOpened,
    Invited,
    Stratum,
)
from domain.appraisal_form import Form
from domain.ballots import PutCodes, WithBox, list_of_codes
from domain.command import Context, command
from domain.guards import EARLIEST, in_turn, not_before
from domain.ids import Digest, UnitId
from domain.public_text import public_line
from domain.refusal import Kind, Refusal
from domain.text import line, positive
from domain.two_hands import Relation

MOST_UNITS: Final = 40
"""Results of all units are one leaf."""
MOST_INVITED: Final = 10_000
"""Of one frame; their codes are one request."""
_HASH: Final = re.compile("[0-9a-f]{64}")


@command(of=Appraisal, by=(Role.SUPERVISOR,), creates=True)
class OpenAppraisal:
    """Opens a round for a year: which units are appraised, by which questions, and how many residents and enterprises
    are to be invited (千人千企: 1,000 and 1,000). A unit is appraised in one round a year."""

    title: str
    year: int
    units: tuple[UnitId, ...]
    forms: tuple[Form, ...]
    residents: int
    enterprises: int

    def decide(self, state: None, ctx: Context) -> list[AppraisalEvent]:
        _distinct(self.units, "units", MOST_UNITS)
        _distinct(self.forms, "forms", len(Form))
        if not EARLIEST.year <= self.year <= ctx.today.year:
            raise Refusal(
                "year_out_of_range", "年份不在可评议范围内", "no year that can be appraised now", field="year"
            )
        return [
            AppraisalOpened(
                title=public_line(self.title, "title"),
                year=self.year,
                units=self.units,
                forms=self.forms,
                residents=_invitations(self.residents, "residents"),
                enterprises=_invitations(self.enterprises, "enterprises"),
                by=ctx.actor.person,
            )
        ]


def _distinct(given: tuple[str, ...], field: str, most: int) -> None:
    if not given or len(given) > most or len(set(given)) != len(given):
        raise Refusal(
            "list_out_of_range",
            f"须列1至{most}项，且不得重复",
            f"1 to {most} are to be listed, none of them twice",
            field=field,
        )


def _invitations(number: int, field: str) -> int:
    if positive(number, field) > MOST_INVITED:
        raise Refusal(
            "too_many_invited", f"最多邀请{MOST_INVITED}名", f"at most {MOST_INVITED} are invited", field=field
        )
    return number


@command(of=Appraisal, by=(Role.SUPERVISOR,))
class FixFrame:
    """Fixes who may be drawn: a lodged file with one line `frame,stratum,member` each (`domain.appraisal_draw`), and
    from where the seed will come on a day that lies ahead, such as a lottery's numbers of that day."""

    frame: Digest
    seed_source: str
    seed_on: date

    def decide(self, state: Appraisal, ctx: Context) -> list[AppraisalEvent]:
        in_turn(state.stage, "fix_frame", TURNS)
        if self.seed_on <= ctx.today:
            raise Refusal(
                "seed_known",
                "种子须在抽样框确定之后的日期产生",
                "the seed must come on a day after the frame is fixed",
                field="seed_on",
            )
        strata = read_frame(ctx.file(self.frame))
        for frame, wanted in state.invitations.items():
            held = sum(len(members) for (of, _), members in strata.items() if of is frame)
            if held < wanted:
                raise Refusal(
                    "frame_too_small",
                    "抽样框的成员少于拟邀请数",
                    "a frame has fewer members than are to be invited",
                    field="frame",
                )
        return [
            AppraisalFrameFixed(
                frame=self.frame,
                strata=tuple(
                    Stratum(frame=frame, name=name, members=len(members)) for (frame, name), members in strata.items()
                ),
                seed_source=public_line(self.seed_source, "seed_source"),
                seed_on=self.seed_on,
                by=ctx.actor.person,
            )
        ]


@command(of=Appraisal, by=(Role.SUPERVISOR, Role.LEADER), not_by=(Relation.FRAME_FIXER,))
class GiveSeed:
    """Enters the seed from the source named before, as everybody can read it there; not by who fixed the frame."""

    seed: str

    def decide(self, state: Appraisal, ctx: Context) -> list[AppraisalEvent]:
        in_turn(state.stage, "give_seed", TURNS)
        assert state.framed is not None
        not_before(ctx.today, state.framed.seed_on, "seed")
        return [AppraisalSeedGiven(seed=line(self.seed, "seed"), by=ctx.actor.person)]


@command(of=Appraisal, by=(Role.SUPERVISOR,))
class DrawInvitations:
    """Draws the invited from frame and seed. There is nothing to choose; `luoshi draw` draws again and compares."""

    def decide(self, state: Appraisal, ctx: Context) -> list[AppraisalEvent]:
        in_turn(state.stage, "draw_invitations", TURNS)
        assert state.framed is not None
        assert state.seeded is not None
        members = draw(read_frame(ctx.file(state.framed.frame)), state.seeded.seed, state.invitations)
        shares = {
            frame: share({one.name: one.members for one in state.framed.strata if one.frame is frame}, wanted)
            for frame, wanted in state.invitations.items()
        }
        return [
            AppraisalDrawn(
                invited=tuple(
                    Invited(frame=one.frame, stratum=one.name, members=one.members, invited=shares[one.frame][one.name])
                    for one in state.framed.strata
                ),
                drawn=list_digest(members),
                by=ctx.actor.person,
            )
        ]


@command(of=Appraisal, by=(Role.SUPERVISOR,))
class IssueCodes:
    """Puts the hashes of one-time codes of one frame into the ballot box: as many as are invited, each the SHA-256 of
    a code (`luoshi codes` makes them). The codes themselves never come here, and who gets which is written nowhere.
    Until voting is open, codes may be issued anew in place of the earlier ones."""

    frame: Frame
    hashes: tuple[str, ...]

    def decide(self, state: Appraisal, ctx: Context) -> WithBox:
        in_turn(state.stage, "issue_codes", TURNS)
        if not all(map(_HASH.fullmatch, self.hashes)) or len(set(self.hashes)) != len(self.hashes):
            raise Refusal(
                "code_hashes",
                "须为互不相同的SHA-256（64位小写十六进制）",
                "SHA-256 digests in 64 lower-case hex digits, none twice",
                field="hashes",
            )
        if len(self.hashes) != state.invitations[self.frame]:
            raise Refusal(
                "code_count",
                f"一次性码应为{state.invitations[self.frame]}个",
                f"there must be {state.invitations[self.frame]} codes, one for each invited",
                field="hashes",
            )
        digest = list_of_codes(self.hashes)
        if any(one.digest == digest for frame, one in state.codes.items() if frame is not self.frame):
            raise Refusal(
                "codes_reused", "这些码已用于另一抽样框", "these are the codes of the other frame", field="hashes"
            )
        issued = AppraisalCodesIssued(frame=self.frame, codes=len(self.hashes), digest=digest, by=ctx.actor.person)
        return WithBox([issued], PutCodes(ctx.stream, self.frame.value, digest, self.hashes))


@command(of=Appraisal, by=(Role.SUPERVISOR, Role.LEADER))
class OpenVoting:
    """Opens the box: whoever holds a code may cast one ballot. It is not closed before the end of `until`."""

    until: date

    def decide(self, state: Appraisal, ctx: Context) -> list[AppraisalEvent]:
        in_turn(state.stage, "open_voting", TURNS)
        if len(state.codes) < len(Frame):
            raise Refusal(
                "codes_missing",
                "两个抽样框的一次性码均须先制发",
                "codes of both frames must be issued first",
                kind=Kind.OUT_OF_TURN,
                state=state.stage.value,
                allowed=("issue_codes", "abandon_appraisal"),
            )
        return [AppraisalVotingOpened(until=not_before(self.until, ctx.today, "until"), by=ctx.actor.person)]
