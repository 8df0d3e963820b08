"""The stock ProjectionRunner on the stock commitments: a row a commitment and a count a stage, one transaction an
event, as the library's documentation shows it."""

import time
from collections.abc import Sequence
from typing import Any, ClassVar, Protocol
from uuid import UUID

import psycopg
from eventsourcing.persistence import Tracking, TrackingRecorder
from eventsourcing.postgres import PostgresDatastore, PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from eventsourcing.sqlite import SQLiteDatastore, SQLiteTrackingRecorder
from eventsourcing.utils import get_topic
from psycopg.sql import SQL, Identifier

from bench.stock import Commitment, Commitments

TABLES = (
    "CREATE TABLE IF NOT EXISTS board (id text PRIMARY KEY, unit text, title text, stage text, progress integer)",
    "CREATE TABLE IF NOT EXISTS stages (stage text PRIMARY KEY, held integer)",
)
PROPOSE = "INSERT INTO board VALUES ({0}, {0}, {0}, 'proposed', 0)"
MOVE = "UPDATE board SET stage = {0} WHERE id = {0}"
COUNT = "INSERT INTO stages VALUES ({0}, 1) ON CONFLICT (stage) DO UPDATE SET held = stages.held + 1"
PROGRESS = "UPDATE board SET progress = {0} WHERE id = {0}"


class Rows(Protocol):
    """Tables beside the tracking of a projection."""

    def write(self, tracking: Tracking, *statements: tuple[str, Sequence[Any]]) -> None:
        """One transaction. `{0}` stands for a parameter."""


class SQLiteRows(SQLiteTrackingRecorder):
    tables: Sequence[str]
    last: int
    stored_last: float

    def __init__(self, datastore: SQLiteDatastore, **kwargs: Any) -> None:
        super().__init__(datastore, **kwargs)
        self.create_table_statements.extend(self.tables)

    def write(self, tracking: Tracking, *statements: tuple[str, Sequence[Any]]) -> None:
        with self.datastore.transaction(commit=True) as c:
            self._insert_tracking(c, tracking)
            for sql, values in statements:
                c.execute(sql.format("?"), values)
        if tracking.notification_id == self.last:
            self.stored_last = time.perf_counter()


class PostgresRows(PostgresTrackingRecorder):
    tables: Sequence[str]
    last: int
    stored_last: float

    def __init__(self, datastore: PostgresDatastore, **kwargs: Any) -> None:
        super().__init__(datastore, **kwargs)
        self.sql_create_statements.extend(map(SQL, self.tables))  # type: ignore[arg-type]

    def write(self, tracking: Tracking, *statements: tuple[str, Sequence[Any]]) -> None:
        with self.datastore.transaction(commit=True) as c:
            self._insert_tracking(c, tracking)
            for sql, values in statements:
                c.execute(sql.format("%s"), values, prepare=True)
        if tracking.notification_id == self.last:
            self.stored_last = time.perf_counter()


class Stored(Projection[Any]):
    """A projection of every event of the stock commitments into `tables`. Each has its own settings, by its name."""

    name: ClassVar[str]
    topics = tuple(
        get_topic(event)
        for event in (Commitment.Proposed, Commitment.Moved, Commitment.FollowedUp)  # type: ignore[attr-defined]
    )
    tables: ClassVar[Sequence[str]]


class Boards(Stored):
    name = "boards"
    tables = TABLES

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


def events_a_second(env: dict[str, str], projection: type[Stored], *, last: int) -> float:
    """How fast the runner brings empty tables to notification `last`."""
    rows = PostgresRows if "POSTGRES_DBNAME" in env else SQLiteRows
    view: type[TrackingRecorder] = type("View", (rows,), {"tables": projection.tables, "last": last})
    started = time.perf_counter()
    runner: ProjectionRunner[Any, Any] = ProjectionRunner(
        application_class=Commitments, projection_class=projection, view_class=view, env=env
    )
    with runner:
        # Waiting looks ever more seldom, so it may end long after the last event was stored.
        runner.wait(last, timeout=600)
    return float(last / (runner.view.stored_last - started))


def empty(env: dict[str, str], projection: type[Stored], turn: int) -> dict[str, str]:
    """The settings with which the projection begins anew, for each turn."""
    name = projection.name.upper()
    if "POSTGRES_DBNAME" in env:
        schema = Identifier(f"{projection.name}_{turn}")
        host, port, dbname, user = (env[f"POSTGRES_{part}"] for part in ("HOST", "PORT", "DBNAME", "USER"))
        with psycopg.connect(host=host, port=port, dbname=dbname, user=user, autocommit=True) as connection:
            connection.execute(SQL("CREATE SCHEMA {}").format(schema))
            # The library names its own schemas everywhere; ours are found by this.
            connection.execute(SQL("ALTER DATABASE {} SET search_path = {}").format(Identifier(dbname), schema))
        return {**env, f"{name}_POSTGRES_SCHEMA": f"{projection.name}_{turn}"}
    return {
        **env,
        f"{name}_PERSISTENCE_MODULE": "eventsourcing.sqlite",
        f"{name}_SQLITE_DBNAME": f"{env['SQLITE_DBNAME']}.{projection.name}{turn}",
    }


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
