"""One PostgreSQL schema, `ledger`: how it is reached, and the tables in it."""

from typing import Any

import psycopg
from psycopg import sql

SCHEMA = """
    CREATE SCHEMA ledger;

    CREATE TABLE ledger.head (
        id integer PRIMARY KEY CHECK (id = 1),
        position bigint NOT NULL,
        recorded_at bigint NOT NULL
    ) WITH (fillfactor = 10);
    INSERT INTO ledger.head VALUES (1, 0, 0);

    CREATE TABLE ledger.event (
        position bigint PRIMARY KEY,
        stream bytea NOT NULL CHECK (octet_length(stream) = 16),
        version integer NOT NULL,
        recorded_at bigint NOT NULL,
        name text NOT NULL,
        state bytea NOT NULL,
        leaf bytea NOT NULL CHECK (octet_length(leaf) = 32),
        UNIQUE (stream, version)
    );

    CREATE TABLE ledger.request (
        client text NOT NULL,
        key bytea NOT NULL,
        body_hash bytea NOT NULL,
        position bigint NOT NULL,
        size integer NOT NULL,
        PRIMARY KEY (client, key)
    );

    CREATE TABLE ledger.sealed (
        position bigint NOT NULL,
        path text NOT NULL,
        subject text NOT NULL,
        box bytea NOT NULL,
        PRIMARY KEY (position, path)
    );
    CREATE INDEX ON ledger.sealed (subject);

    CREATE TABLE ledger.claim (name text PRIMARY KEY, stream bytea NOT NULL);

    CREATE TABLE ledger.api_key (
        id text PRIMARY KEY,
        hash bytea NOT NULL,
        client text NOT NULL,
        scopes text NOT NULL,
        created bigint NOT NULL,
        expires bigint,
        revoked bigint
    );

    CREATE TABLE ledger.tracking (application text PRIMARY KEY, notification_id bigint NOT NULL);
"""
CREATION = 0x6C756F73  # advisory lock: whoever creates the tables holds it

SETTINGS = {
    "synchronous_commit": "on",  # an answer is given only for what is durable, whatever the server's default is
    # Every query here is one over an index, read in its order. Plans are kept, and one made while a table was small
    # must not scan it when it has grown; a bitmap would only lose the order and sort for it.
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_bitmapscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "jit": "off",
}


def connect(url: str) -> psycopg.Connection[Any]:
    """A connection in autocommit mode; transactions are always spelled out."""
    connection = psycopg.connect(url, autocommit=True, prepare_threshold=0, application_name="luoshi")
    with connection.pipeline():
        for name, value in SETTINGS.items():
            connection.execute(sql.SQL("SET {} = {}").format(sql.Identifier(name), sql.Literal(value)), prepare=False)
    return connection


def create(url: str) -> None:
    """Makes the tables unless they are there; any number of processes may do so at once."""
    with connect(url) as connection, connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (CREATION,))
        if not is_ledger(connection):
            connection.execute(SCHEMA, prepare=False)


def is_ledger(connection: psycopg.Connection[Any]) -> bool:
    return connection.execute("SELECT to_regclass('ledger.head')").fetchone() != (None,)
