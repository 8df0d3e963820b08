"""Makes the stored sample of events that have none yet:

    .venv/bin/python -m tests.samples.new commitment_proposed.1 …

A sample is two files: `<name>.json`, the state exactly as the ledger stores it, and `<name>.txt`, what its event must
decode to for ever. A better example than the one made here may be put into the `.json` by hand before the `.txt` is
made. Neither is ever written again; a changed event gets a new version and a new sample.
"""

import sys
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import domain  # noqa: F401 - enters every event
from domain.event import EVENTS
from domain.ids import Digest
from domain.sealed import Sealed
from ledger.codec import decode_event, encode
from ledger.contract import Meta

SAMPLES = Path(__file__).parent
MOMENT = datetime(2011, 6, 15, 1, 30, 0, 123456, tzinfo=UTC)
STREAM = "013090eb-55c0-7001-8001-000000000001"
PLAIN: dict[Any, Any] = {bool: True, int: 120, date: MOMENT.date(), datetime: MOMENT}
META = Meta(
    event_id="2f0a5f0e-6f0e-4c3a-9d53-1f3f5a1c7b90",
    occurred_at=MOMENT,
    actor=STREAM,
    client="sample",
    channel="window",
    programme="连心桥",
)


def example(kind: Any, field: str) -> Any:  # noqa: PLR0911 - one a kind of type
    """A value of that type, every optional part filled in; `field` goes into the texts."""
    origin, inner = get_origin(kind), get_args(kind)
    if kind is Digest:
        return "5e" * 32
    if hasattr(kind, "__supertype__"):
        return STREAM
    if origin in (Union, UnionType):
        return example(next(part for part in inner if part is not NoneType), field)
    if origin is Sealed:
        return Sealed(STREAM, commitment="5e" * 32)
    if origin is tuple:
        return (example(inner[0], field),)
    if is_dataclass(kind):
        return filled(kind)
    if issubclass(kind, Enum):
        return next(iter(kind))
    return f"{field} 样本" if kind is str else PLAIN[kind]


def filled(kind: Any) -> Any:
    hints = get_type_hints(kind)
    return kind(**{field.name: example(hints[field.name], field.name) for field in fields(kind)})


def write(name: str, folder: Path = SAMPLES) -> None:
    """Makes what is missing of one sample; raises FileExistsError when nothing is, KeyError for an unknown event."""
    state = folder / f"{name}.json"
    if not state.exists():
        state.write_bytes(encode(filled(EVENTS[name]), META))
    with (folder / f"{name}.txt").open("x", encoding="utf-8") as decoded:
        decoded.write(repr(decode_event(name, state.read_bytes())) + "\n")


def main(names: list[str]) -> int:
    for name in names:
        try:
            write(name)
        except FileExistsError:
            sys.stderr.write(f"{name} has its sample already; it is kept for ever\n")
            return 1
        except KeyError:
            sys.stderr.write(f"there is no event {name}\n")
            return 1
        sys.stdout.write(f"{name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
