"""The second half of an erasure: once its event is stored, key and rows go, if need be after a crash."""

import logging

from domain.erasure import PersonalDataErased
from ledger.codec import decode_event
from ledger.contract import Row, Store
from ledger.keys import Keys

log = logging.getLogger(__name__)


class Erasing:
    def __init__(self, store: Store, keys: Keys) -> None:
        self._store = store
        self._keys = keys
        self.pending = False
        """Something is left to do: it is tried again with each commit."""

    def finish(self) -> None:
        """Destroys what recorded erasures name; forgets marks whose event was never stored. What was sealed for the
        same subject after an erasure stays, however often that has to be tried."""
        self.pending = False
        for mark in self._keys.doomed():
            recorded = self._recorded(mark.stream, mark.version)
            if recorded is not None:
                self._keys.carry_out(mark)
                try:
                    self._store.erase(decode_event(recorded.name, recorded.state).subject, recorded.position)
                except Exception as error:  # noqa: BLE001 - whatever it is, the answer to the client stands
                    # The key is gone already, so nothing can be read any more; the ciphertext follows.
                    self.pending = True
                    log.warning("erased rows are not yet overwritten: %s", type(error).__name__)
                    continue
            self._keys.undoom(mark)

    def _recorded(self, stream: bytes, version: int) -> Row | None:
        return next(
            (
                row
                for row in self._store.stream(stream)
                if row.version == version and row.name == PersonalDataErased.NAME  # type: ignore[attr-defined]
            ),
            None,
        )
