"""The demonstration year on its way in: over HTTP, with keys like anybody's, in the order of the clock. Before each day
begins, notices go out through the gate, as the ladder's process sends them.

An interrupted load goes on where it was: what is sent twice has the same idempotency key and is stored once.
"""

import http.client
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import date, datetime
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlencode

from api.settings import Settings
from cli.client import Client, Refusal
from cli.demonstration.appraisal import Vote
from cli.demonstration.assessing import BY_FIGURES, KNOWN, YEAR, Seen, filled, seen
from cli.demonstration.files import File
from cli.demonstration.mornings import Mornings
from cli.demonstration.script import SERVICE_LEDGER, Step
from cli.demonstration.worktime import END
from cli.demonstration.year import Year
from ledger.contract import Unavailable

LINES = 1_000
"""At most so many in one request."""
UPLOADS = 4
"""Connections for evidence files."""
PATIENCE, PAUSE = 20.0, 0.1
"""Seconds for which a server that is being restarted is asked again, and between two such questions."""
BY_ROUTE = {"issue_policy": "/v1/policies"}
"""Commands sent one by one through their own routes."""
ALONE = {*BY_ROUTE, *BY_FIGURES, "close_voting"}
"""Commands before which everything earlier is done."""

T = TypeVar("T")


class LoadFailed(Exception):  # noqa: N818 - told to the operator
    """`str()` is one line, Chinese then English."""


class Loading:
    """`keys` by client. `mornings` is what falls due by itself. `moved(files, commands, at)` is called after every
    request."""

    def __init__(
        self,
        settings: Settings,
        keys: Mapping[str, str],
        year: Year,
        mornings: Mornings,
        moved: Callable[[int, int, datetime], None],
    ) -> None:
        self._settings = settings
        self._keys = keys
        self._mornings = mornings
        self._moved = moved
        self._steps = year.steps
        self._files = year.files
        self._votes = year.votes

    def run(self, since: datetime) -> None:
        """Sends what is recorded at `since` or later. Raises LoadFailed."""
        files = [file for file in self._files if month(file.needed_at) >= month(since)]
        with Client(self._settings.host, self._settings.port) as client, ExitStack() as stack:
            pool = ThreadPoolExecutor(UPLOADS)
            stack.callback(pool.shutdown, cancel_futures=True)
            sent, day = 0, date.min
            for batch in batches([step for step in self._steps if step.at >= since]):
                if batch[0].at.date() > day:
                    day = batch[0].at.date()
                    patiently(partial(self._mornings.begin, day, since))
                due = sum(month(file.needed_at) <= month(batch[-1].at) for file in files[sent:])
                self._lodge(pool, files[sent : sent + due])
                sent += due
                self._send(client, batch)
                self._moved(due, len(batch), batch[-1].at)
            patiently(partial(self._mornings.begin, END.date(), END))

    def _lodge(self, pool: ThreadPoolExecutor, files: Sequence[File]) -> None:
        shares = [files[n::UPLOADS] for n in range(UPLOADS)]
        list(pool.map(self._lodge_some, (share for share in shares if share)))

    def _lodge_some(self, files: Sequence[File]) -> None:
        with Client(self._settings.host, self._settings.port) as client:
            for file in files:
                answer = patiently(lambda one=file: self._lodge_one(client, one))  # type: ignore[misc]
                if json.loads(answer)["digest"] != file.digest:
                    raise LoadFailed("佐证材料摘要不符。The server found another digest of an evidence file")

    def _lodge_one(self, client: Client, file: File) -> bytes:
        return client.post("/v1/evidence", file.content, key=self._keys[SERVICE_LEDGER], media_type=file.media_type)

    def _send(self, client: Client, batch: Sequence[Step]) -> None:
        first = batch[0]
        key = self._keys[first.client]
        if first.command == "close_voting":
            for vote in self._votes:
                if vote.round == first.stream:
                    patiently(lambda one=vote: _cast(client, one))  # type: ignore[misc]
        if first.command in BY_ROUTE:
            patiently(lambda: client.post(BY_ROUTE[first.command], _body(first), key=key, headers=headers(first)))
            return
        if first.command in BY_FIGURES:
            batch = [filled(first, patiently(lambda: self._figures(client, key)))]
        lines = [json.dumps(step.line(), ensure_ascii=False).encode() for step in batch]
        patiently(lambda: _all_accepted(client.bulk(lines, key=key), batch))

    def _figures(self, client: Client, key: str) -> Seen:
        """As the views show them, once they have seen everything."""
        moment = {"year": YEAR, "as_of": KNOWN.isoformat(), "on": KNOWN.date(), "wait_for": self._position(client)}
        answer = client.get(f"/v1/figures/assessment?{urlencode(moment)}", key=key)
        return seen(answer["position"], (one["figures"] for one in answer["units"]))

    @staticmethod
    def _position(client: Client) -> int:
        try:
            ready = client.get("/readyz")
        except Refusal as refusal:
            ready = refusal.problem
        return int(ready["position"])


def patiently(ask: Callable[[], T], patience: float = PATIENCE) -> T:
    """Asks again while the server is away (no connection, or 503). Raises LoadFailed."""
    until = time.monotonic() + patience
    while True:
        try:
            return ask()
        except (OSError, http.client.HTTPException, Unavailable) as error:
            last: Exception = error
        except Refusal as refusal:
            if refusal.status != http.client.SERVICE_UNAVAILABLE:
                raise LoadFailed(f"载入被拒绝。A request was refused: {refusal}") from refusal
            last = refusal
        if time.monotonic() > until:
            raise LoadFailed(f"服务没有应答。The server does not answer: {last}") from last
        time.sleep(PAUSE)


def batches(steps: Sequence[Step]) -> Iterator[list[Step]]:
    """Steps of one client and day in a row, at most LINES of them; those with a route of their own alone."""
    batch: list[Step] = []
    for step in steps:
        alone = step.command in ALONE
        if batch and (alone or not _together(batch[0], step) or len(batch) == LINES or batch[0].command in ALONE):
            yield batch
            batch = []
        batch.append(step)
    if batch:
        yield batch


def _together(one: Step, other: Step) -> bool:
    return one.client == other.client and one.at.date() == other.at.date()


def headers(step: Step) -> dict[str, str]:
    """A step's envelope as the ordinary routes take it."""
    line = step.line()
    found = {
        "Luoshi-Person": line["person"],
        "Idempotency-Key": line["key"],
        "Luoshi-Simulated-At": line["simulated_at"],
        "Luoshi-Occurred-At": line["occurred_at"],
        "Luoshi-Channel": line["channel"],
    }
    return found if step.programme is None else found | {"Luoshi-Programme": step.programme}


def month(moment: datetime) -> tuple[int, int]:
    return moment.year, moment.month


def _body(step: Step) -> bytes:
    return json.dumps(step.body, ensure_ascii=False).encode()


def _cast(client: Client, vote: Vote) -> None:
    """Without a key, as anybody does. A load that goes on finds codes that have voted."""
    body = json.dumps(vote.body).encode()
    try:
        client.post(f"/v1/appraisals/{vote.round}/ballots", body, key=None)
    except Refusal as refusal:
        if refusal.status != http.client.CONFLICT:
            raise


def _all_accepted(results: Sequence[Mapping[str, Any]], batch: Sequence[Step]) -> None:
    if len(results) != len(batch):
        raise OSError("the answer broke off")
    for result, step in zip(results, batch, strict=True):
        if result["status"] >= http.client.BAD_REQUEST:
            problem = {**result, "detail": f"{step.command} {step.key}: {result.get('detail') or result.get('title')}"}
            raise Refusal(int(result["status"]), problem)
