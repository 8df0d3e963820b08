"""Work on it: follow up (跟进), ask for more time (延期), report fulfilment (反馈)."""

from datetime import date

from domain.actor import Role
from domain.command import Context, command
from domain.commitment import TURNS, Commitment
from domain.commitment_events import (
    CommitmentEvent,
    ExtensionAsked,
    ExtensionGranted,
    ExtensionRefused,
    FollowUpRecorded,
    FulfilmentReported,
)
from domain.commitment_guards import UNIT, asked, barred, resident_words, unasked, within_years
from domain.evidence import Evidence, evidence
from domain.guards import in_turn
from domain.refusal import Refusal
from domain.rule_book import quoted
from domain.text import positive, text
from domain.two_hands import Relation


@command(of=Commitment, by=UNIT, own_unit=True)
class RecordFollowUp:
    """How far the work has come. `quantity` is the total reached so far, in the target's measure (not what was added
    since last time), so that sending it twice does no harm and a wrong figure is put right by the next one. `note`
    holds official words without personal data; what concerns a resident goes into `resident_note`, which is
    sealed."""

    note: str
    quantity: int | None = None
    resident_note: str | None = None
    evidence: tuple[Evidence, ...] = ()

    def decide(self, state: Commitment, ctx: Context) -> list[CommitmentEvent]:
        in_turn(state.stage, "record_follow_up", TURNS)
        return [
            FollowUpRecorded(
                quantity=None if self.quantity is None else positive(self.quantity, "quantity", zero=True),
                note=text(self.note, "note"),
                resident_note=resident_words(self.resident_note, "resident_note", state, ctx),
                evidence=evidence(self.evidence, ctx),
                filed_at=ctx.now,
            )
        ]


def _before_due(state: Commitment, name: str, ctx: Context) -> None:
    if ctx.today > state.due_on:
        raise barred(state, name, "past_due", "已过期限，不能延期", "the due date is past; it cannot be extended")


def _later(due_on: date, state: Commitment) -> date:
    if due_on <= state.due_on:
        raise Refusal("not_later", "新期限须晚于现期限", "must be later than the present due date", field="due_on")
    return within_years(due_on, state.terms.starts_on, "due_on")


@command(of=Commitment, by=UNIT, own_unit=True)
class AskExtension:
    """Asks for a later due date, on or before the present one, with a reason. It is granted once in the whole life;
    the original due date stays visible for ever. Lapses when the work stops, is reported or goes to another unit."""

    due_on: date
    reason: str

    def decide(self, state: Commitment, ctx: Context) -> list[CommitmentEvent]:
        in_turn(state.stage, "ask_extension", TURNS)
        unasked(state.extension_asked, state, "ask_extension")
        if state.extensions >= ctx.rules.extensions_max:
            zh, en = quoted(ctx.rules, "extensions_max")
            raise barred(
                state,
                "ask_extension",
                "extended_already",
                f"延期次数已用完{zh}",
                f"no further extension is possible{en}",
            )
        _before_due(state, "ask_extension", ctx)
        due_on = _later(self.due_on, state)
        return [ExtensionAsked(due_on=due_on, reason=text(self.reason, "reason"), by=ctx.actor.person)]


@command(of=Commitment, by=(Role.SUPERVISOR,), not_by=(Relation.EXTENSION_ASKER,))
class RuleOnExtension:
    """Grants the extension that was asked, on or before the due date, or refuses it, at any time. Not by the person
    who asked."""

    granted: bool
    reason: str

    def decide(self, state: Commitment, ctx: Context) -> list[CommitmentEvent]:
        in_turn(state.stage, "rule_on_extension", TURNS)
        question = asked(state.extension_asked, state, "rule_on_extension")
        reason = text(self.reason, "reason")
        if not self.granted:
            return [ExtensionRefused(reason=reason)]
        _before_due(state, "rule_on_extension", ctx)
        assert question.until is not None
        return [ExtensionGranted(due_on=question.until, reason=reason)]


@command(of=Commitment, by=(Role.UNIT_HEAD,), own_unit=True)
class ReportFulfilment:
    """The unit's head claims that it is done: how much in all, with evidence."""

    quantity: int
    note: str
    evidence: tuple[Evidence, ...]

    def decide(self, state: Commitment, ctx: Context) -> list[CommitmentEvent]:
        in_turn(state.stage, "report_fulfilment", TURNS)
        return [
            FulfilmentReported(
                quantity=positive(self.quantity, "quantity", zero=True),
                note=text(self.note, "note"),
                evidence=evidence(self.evidence, ctx, required=True),
                filed_at=ctx.now,
                by=ctx.actor.person,
            )
        ]
