"""The limits as they stood at (P, D): each with its value, its source and the edition that set it, and every edition
that was issued, in force or not, folded from its stream."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from domain.counting import Span
from domain.editions import Editions, EditionStage, LimitSet, RuleEdition
from domain.rule_book import Rule, rules_of
from domain.rule_edition import claim_of
from ledger.codec import name_of
from ledger.contract import Reader
from projections.answers import HistoryEntry, Name
from projections.asof import AsOf
from projections.history import entry, stream_at
from projections.lists import NOBODY
from projections.sentences_rules import sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitLine:
    """One limit. An edition may set it from `least` to `most`, unless it is `statutory`."""

    limit: str
    zh: str
    en: str
    value: int
    span: Span | None
    """What it is counted in, where it is a period."""
    least: int
    most: int
    statutory: bool
    set_by: str
    """The edition that gave it this value."""
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionLine:
    """One edition that was issued."""

    id: str
    edition: str
    stage: EditionStage
    in_force: bool
    """Its limits hold on D, whether or not a later one changed some of them."""
    in_force_from: date
    source: str
    reason: str
    limits: tuple[LimitSet, ...]
    version: int
    """Of the stream at P, for If-Match."""
    entries: tuple[HistoryEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesShown:
    edition: str
    """In force on D."""
    source: str
    limits: tuple[LimitLine, ...]
    editions: tuple[EditionLine, ...]
    """Without the program's own, in the order they were issued."""


def rules_at(reader: Reader, editions: Editions, names: Mapping[str, Name], at: AsOf) -> RulesShown:
    """`editions` as known at P; `names` of persons at (P, D)."""
    rules = editions.at(at.on)
    streams = reader.claims([claim_of(one.number) for one in editions.issued])
    return RulesShown(
        edition=rules.version,
        source=rules.source,
        limits=tuple(map(_limit, rules_of(rules).values())),
        editions=tuple(_edition(reader, streams[claim_of(one.number)], one, names, at) for one in editions.issued),
    )


def _limit(rule: Rule) -> LimitLine:
    return LimitLine(
        limit=rule.name,
        zh=rule.zh,
        en=rule.en,
        value=rule.value,
        span=rule.span,
        least=rule.limit.least,
        most=rule.limit.most,
        statutory=rule.statutory,
        set_by=rule.set_by,
        source=rule.source,
    )


def _edition(reader: Reader, stream: bytes, one: RuleEdition, names: Mapping[str, Name], at: AsOf) -> EditionLine:
    def title(person: str) -> str:
        return names.get(person, NOBODY).title

    return EditionLine(
        id=name_of(stream),
        edition=one.version,
        stage=one.stage,
        in_force=one.stage is EditionStage.CONFIRMED and one.in_force_from <= at.on,
        in_force_from=one.in_force_from,
        source=one.source,
        reason=one.reason,
        limits=one.limits,
        version=len(reader.stream(stream, upto=at.position)),
        entries=tuple(entry(told, sentence, title) for told in stream_at(reader, stream, at)),
    )
