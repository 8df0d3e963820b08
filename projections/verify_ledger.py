"""The ledger against itself: every row re-hashed, no gaps, no clock going back, claims as the states hold them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from domain.event import EVENTS, LIVES
from domain.refusal import Refusal
from ledger.codec import decode_event, name_of
from ledger.contract import Reader, Row
from ledger.held import held_claims
from ledger.leaf import check_size, leaf_hash
from projections.follower import Progress

MOST_LISTED: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerCheck:
    """`problems` are sentences in Chinese and English, at most 100; `found` counts them all."""

    events: int
    found: int
    problems: tuple[str, ...]

    @property
    def sound(self) -> bool:
        return self.found == 0


@dataclass(slots=True)
class _Walk:
    """What has been seen of the ledger so far."""

    position: int = 0
    recorded_at: int = 0
    versions: dict[bytes, int] = field(default_factory=dict)
    states: dict[bytes, Any] = field(default_factory=dict)
    """Of the streams whose states may hold claims."""
    found: int = 0
    problems: list[str] = field(default_factory=list)

    def problem(self, sentence: str) -> None:
        self.found += 1
        if len(self.problems) < MOST_LISTED:
            self.problems.append(sentence)

    def see(self, row: Row) -> None:
        where = f"{row.position}"
        if row.position != self.position + 1:
            self.problem(f"位置 {where} 之前缺号 / a gap before position {where}")
        if row.recorded_at < self.recorded_at:
            self.problem(f"位置 {where} 的记录时间倒退 / recorded_at goes back at position {where}")
        if row.version != self.versions.get(row.stream, 0) + 1:
            self.problem(f"位置 {where} 的版本不连续 / the version at position {where} does not follow")
        if row.leaf != _leaf(row):
            self.problem(f"位置 {where} 的内容与叶哈希不符 / position {where} does not match its leaf hash")
        self.position, self.recorded_at = row.position, row.recorded_at
        self.versions[row.stream] = row.version
        self._fold(row)

    def _fold(self, row: Row) -> None:
        cls = EVENTS.get(row.name)
        if cls is None:
            self.problem(f"位置 {row.position} 的事件名不认识 / unknown event name at position {row.position}")
            return
        life = LIVES[cls]
        # A correction has a fold of its own and changes the state of what it corrects.
        if not hasattr(life.state, "claims") and row.stream not in self.states:
            return
        try:
            self.states[row.stream] = life.evolve(self.states.get(row.stream), decode_event(row.name, row.state))
        except Exception as error:  # noqa: BLE001 - whatever a damaged row does to the fold is a finding
            self.problem(f"位置 {row.position} 无法重演 / position {row.position} cannot be folded: {error!r}")


def check_ledger(url: str, reader: Reader, progress: Progress | None, batch: int) -> LedgerCheck:
    head, held = held_claims(url)
    walk = _Walk()
    if head == 0:
        walk.problem("台账尚未启用：没有任何事件 / the ledger is not opened: it has no event")
    while walk.position < head and (rows := reader.read(walk.position, batch, upto=head)):
        for row in rows:
            walk.see(row)
        if progress is not None:
            progress(walk.position, head)
    if walk.position != head:
        walk.problem(f"缺少位置 {walk.position + 1} 至 {head} / positions {walk.position + 1} to {head} are missing")
    for sentence in _claims(walk.states, held):
        walk.problem(sentence)
    return LedgerCheck(events=walk.position, found=walk.found, problems=tuple(walk.problems))


def _leaf(row: Row) -> bytes | None:
    written = row.name.encode()
    try:
        check_size(written, row.state)
    except Refusal:
        return None
    return leaf_hash(row.stream, row.version, row.recorded_at, written, row.state)


def _claims(states: dict[bytes, Any], held: dict[str, bytes]) -> Iterator[str]:
    meant: dict[str, bytes] = {}
    for stream, state in states.items():
        for claim in state.claims:
            if claim in meant:
                both = f"{name_of(meant[claim])}, {name_of(stream)}"
                yield f"“{claim}”由两条记录同时占用 / two records hold “{claim}”: {both}"
            meant[claim] = stream
    for claim in sorted(meant.keys() | held.keys()):
        if meant.get(claim) != held.get(claim):
            is_ = name_of(held[claim]) if claim in held else "-"
            ought = name_of(meant[claim]) if claim in meant else "-"
            yield f"“{claim}”登记为 {is_}，应为 {ought} / “{claim}” is held by {is_}, and should be by {ought}"
