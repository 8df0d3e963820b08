"""The ledger's first event: what ledger this is. Appended once, when it is created, by no command."""

from dataclasses import dataclass

from domain.event import event, evolves
from domain.ids import LedgerId


@event("ledger_opened.1")
class LedgerOpened:
    """`demonstration` ledgers take simulated time; `region` is a six-digit division code; `seed` made the
    demonstration year, and is None on a real ledger."""

    demonstration: bool
    title: str
    region: str
    seed: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    demonstration: bool
    title: str
    region: str


@evolves(LedgerOpened, named=LedgerId)
def evolve(_state: Ledger | None, happened: LedgerOpened) -> Ledger:
    return Ledger(demonstration=happened.demonstration, title=happened.title, region=happened.region)
