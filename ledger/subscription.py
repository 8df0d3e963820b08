"""Following the ledger as the eventsourcing library's subscriptions do: recorded events first, then new ones."""

import logging
import time
from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING

from eventsourcing.persistence import Notification, OperationalError, Subscription

if TYPE_CHECKING:
    from ledger.recorders import LedgerRecorder

log = logging.getLogger(__name__)
PAGE = 500  # notifications read at a time
LOOK = 0.2  # seconds a wait may last before `stop()` is noticed
PATIENCE = 1.0  # seconds between tries while the database is away


class LedgerSubscription(Subscription["LedgerRecorder"]):
    """Yields every event once, in order of position, and blocks for more until it is stopped.

    A database that goes away is tried again until it is back: a killed connection never ends a runner. With topics
    the place reached moves past other events too, so they are read over once, not at every new event.
    """

    def __init__(self, recorder: "LedgerRecorder", gt: int | None = None, topics: Sequence[str] = ()) -> None:
        super().__init__(recorder=recorder, gt=gt, topics=topics)
        self._reached = gt or 0
        self._page: deque[Notification] = deque()

    def __next__(self) -> Notification:
        while not self._has_been_stopped:
            if self._page:
                return self._page.popleft()
            try:
                self._turn_page()
            except OperationalError as error:
                log.warning("the ledger cannot be read, trying again: %s", error)
                time.sleep(PATIENCE)
        raise StopIteration

    def _turn_page(self) -> None:
        head = self._recorder.wait(self._reached, LOOK)
        if head <= self._reached:
            return
        found = self._recorder.select_notifications(
            self._reached, PAGE, stop=head, topics=self._topics, inclusive_of_start=False
        )
        self._page.extend(found)
        self._reached = found[-1].id if len(found) == PAGE else head
