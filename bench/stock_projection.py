"""The stock ProjectionRunner on the stock commitments: a row a commitment and a count a stage, one transaction an
event, as the library's documentation shows it."""

import time
from typing import Any, Protocol
from uuid import UUID

from eventsourcing.persistence import Tracking, TrackingRecorder
from eventsourcing.postgres import PostgresDatastore, PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from eventsourcing.sqlite import SQLiteDatastore, SQLiteTrackingRecorder
from eventsourcing.utils import get_topic
from psycopg.sql import SQL

from bench.stock import Commitment, Commitments

TABLES = (
    "CREATE TABLE IF NOT EXISTS board (id text PRIMARY KEY, unit text, title text, stage text, progress integer)",
    "CREATE TABLE IF NOT EXISTS stages (stage text PRIMARY KEY, held integer)",
)
PROPOSE = "INSERT INTO board VALUES ({0}, {0}, {0}, 'proposed', 0)"
MOVE = "UPDATE board SET stage = {0} WHERE id = {0}"
COUNT = "INSERT INTO stages VALUES ({0}, 1) ON CONFLICT (stage) DO UPDATE SET held = stages.held + 1"
PROGRESS = "UPDATE board SET progress = {0} WHERE id = {0}"


class Board(Protocol):
    def write(self, tracking: Tracking, *statements: tuple[str, tuple[Any, ...]]) -> None: ...


class SQLiteBoard(SQLiteTrackingRecorder):
    def __init__(self, datastore: SQLiteDatastore, **kwargs: Any) -> None:
        super().__init__(datastore, **kwargs)
        self.create_table_statements.extend(TABLES)

    def write(self, tracking: Tracking, *statements: tuple[str, tuple[Any, ...]]) -> None:
        with self.datastore.transaction(commit=True) as c:
            self._insert_tracking(c, tracking)
            for sql, values in statements:
                c.execute(sql.format("?"), values)


class PostgresBoard(PostgresTrackingRecorder):
    def __init__(self, datastore: PostgresDatastore, **kwargs: Any) -> None:
        super().__init__(datastore, **kwargs)
        self.sql_create_statements.extend(map(SQL, TABLES))

    def write(self, tracking: Tracking, *statements: tuple[str, tuple[Any, ...]]) -> None:
        with self.datastore.transaction(commit=True) as c:
            self._insert_tracking(c, tracking)
            for sql, values in statements:
                c.execute(sql.format("%s"), values, prepare=True)


class Boards(Projection[Any]):
    name = "boards"
    topics = tuple(
        get_topic(event)
        for event in (Commitment.Proposed, Commitment.Moved, Commitment.FollowedUp)  # type: ignore[attr-defined]
    )

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        i = str(domain_event.originator_id)
        match type(domain_event).__name__:
            case "Proposed":
                values = (i, domain_event.unit, domain_event.title)
                self.view.write(tracking, (PROPOSE, values), (COUNT, ("proposed",)))
            case "Moved":
                self.view.write(tracking, (MOVE, (domain_event.after, i)), (COUNT, (domain_event.after,)))
            case "FollowedUp":
                self.view.write(tracking, (PROGRESS, (domain_event.progress, i)))


def events_a_second(env: dict[str, str], *, last: int) -> float:
    """How fast the runner brings an empty board to notification `last`."""
    view: type[TrackingRecorder] = PostgresBoard if "POSTGRES_DBNAME" in env else SQLiteBoard
    started = time.perf_counter()
    runner: ProjectionRunner[Any, Any] = ProjectionRunner(
        application_class=Commitments, projection_class=Boards, view_class=view, env=env
    )
    with runner:
        runner.wait(last, timeout=600)
        return last / (time.perf_counter() - started)


def seconds_a_get(env: dict[str, str], commitment: UUID, times: int) -> float:
    """Seconds one `repository.get` takes."""
    app = Commitments(env=env)
    app.repository.get(commitment)
    started = time.perf_counter()
    for _ in range(times):
        app.repository.get(commitment)
    took = (time.perf_counter() - started) / times
    app.close()
    return took
