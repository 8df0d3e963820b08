"""What a batch has the database look up: requests that may be retries, and names that may be held."""

import time
from collections.abc import Iterable, Sequence

from ledger.asked import Asked, late
from ledger.contract import Refused, RequestRow, Store
from ledger.plan import Answer, RequestKey, replayed


class Looks:
    """For one batch at a time. A request that was found stays so for ever; that one was not found, and who holds a
    name, is true only until something is stored."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.known: dict[RequestKey, RequestRow] = {}
        self._looked: set[RequestKey] = set()
        self._held: dict[str, bytes | None] = {}

    @property
    def held(self) -> dict[str, bytes]:
        """Names looked up and found held, with the streams that hold them."""
        return {name: stream for name, stream in self._held.items() if stream is not None}

    def forget(self) -> None:
        self.known.clear()
        self.outdate()

    def outdate(self) -> None:
        """Something was stored."""
        self._looked.clear()
        self._held.clear()

    def late(self, batch: Sequence[Asked | Refused]) -> None:
        """Looks up the keys that may belong to a retry."""
        self.requests(late(batch, time.time_ns() // 1_000_000))

    def requests(self, asked: Sequence[Asked]) -> None:
        keys = {(one.submission.client, one.key) for one in asked if one.key} - self._looked
        if keys:
            self.known |= self._store.requests(list(keys))
            self._looked |= keys

    def before_refusing(self, batch: Sequence[Asked | Refused], answers: list[Answer]) -> None:
        """A retry may be out of turn by now; it still gets its first answer."""
        turned_down = [
            (n, one)
            for n, (one, answer) in enumerate(zip(batch, answers, strict=True))
            if isinstance(answer, Refused) and isinstance(one, Asked) and one.key
        ]
        if not turned_down:
            return
        self.requests([one for _, one in turned_down])
        for n, one in turned_down:
            earlier = self.known.get((one.submission.client, one.key))
            if earlier is not None:
                answers[n] = replayed(one, earlier)

    def clash(self, names: Iterable[str]) -> bool:
        """Looks up names not looked up so far; whether one is held, so that the batch must be planned again."""
        unknown = [name for name in names if name not in self._held]
        if not unknown:
            return False
        found = self._store.claims(unknown)
        self._held |= {name: found.get(name) for name in unknown}
        return bool(found)
