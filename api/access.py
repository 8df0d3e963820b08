"""Who may read. A demonstration ledger is open to everyone; a real one needs a key with the scope `read`."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from api.headers import authorization_of
from api.keys import Keys, Scope
from api.problems import Problem
from domain.opening import LedgerOpened
from ledger.codec import decode
from ledger.contract import Reader


class Access:
    """A FastAPI dependency for every query."""

    def __init__(self, reader: Reader, keys: Keys) -> None:
        self._reader = reader
        self._keys = keys
        self._demonstration: bool | None = None

    async def __call__(self, request: Request) -> None:
        """Raises Problem (401, 403)."""
        if not await self._open():
            await self._keys.holder(authorization_of(request.scope["headers"]), Scope.READ)

    async def told_positions(self, request: Request) -> bool:
        """Whether who asks may be told how far the ledger is: everyone on a demonstration ledger, else only with a key
        that reads all of it, for every event counts there, confidential ones too."""
        if await self._open():
            return True
        try:
            holder = await self._keys.holder(authorization_of(request.scope["headers"]), Scope.READ)
        except Problem:
            return False
        return not holder.of_unit

    async def _open(self) -> bool:
        if self._demonstration is None:
            self._demonstration = await run_in_threadpool(demonstration, self._reader)
        return bool(self._demonstration)


def demonstration(reader: Reader) -> bool | None:
    """Whether the ledger is marked as a demonstration by its first event; None while it is empty."""
    first = reader.read(0, 1)
    if not first:
        return None
    opened = decode(first[0]).event
    return isinstance(opened, LedgerOpened) and opened.demonstration
