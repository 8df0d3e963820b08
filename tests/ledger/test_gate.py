"""Both gates: the writer in a thread and the writer behind a socket."""

import asyncio
import socket
import stat
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from ledgers import Ledger, opened, unit
from served import Served

from ledger.codec import decode, key_of
from ledger.contract import Accepted, Gate, Refused, Submission, Unavailable
from ledger.gate import LocalGate, SocketGate
from ledger.writer_process import AlreadyServed, WriterServer


@pytest.fixture
def ledger(sqlite_url: str) -> Iterator[Ledger]:
    with opened(sqlite_url) as ledger:
        yield ledger


@asynccontextmanager
async def a_gate(kind: str, ledger: Ledger, directory: Path) -> AsyncIterator[Gate]:
    if kind == "local":
        local = LocalGate(ledger.writer)
        yield local
        local.close()
        return
    server = WriterServer(ledger.writer, directory / "writer.sock")
    thread = Thread(target=server.run)
    thread.start()
    remote = SocketGate(directory / "writer.sock")
    try:
        yield remote
    finally:
        await remote.close()
        server.stop()
        thread.join()


both = pytest.mark.parametrize("kind", ["local", "socket"])


@both
def test_each_request_gets_its_own_answer(ledger: Ledger, tmp_path: Path, kind: str):
    async def run() -> Any:
        async with a_gate(kind, ledger, tmp_path) as gate:
            return await asyncio.gather(
                *(
                    gate.submit(ledger.submission("register_unit", unit(str(n // 2), title=f"第{n // 2}局")))
                    for n in range(1_200)
                )
            )

    outcomes = asyncio.run(run())
    for n, (first, second) in enumerate(zip(outcomes[::2], outcomes[1::2], strict=True)):
        (taken,) = [one for one in (first, second) if isinstance(one, Refused)]
        (accepted,) = [one for one in (first, second) if isinstance(one, Accepted)]
        assert taken.rule == "already_held"
        assert decode(ledger.store.stream(key_of(accepted.stream))[0]).event.code == str(n)


@both
def test_many_are_answered_one_by_one(ledger: Ledger, tmp_path: Path, kind: str):
    async def run() -> Any:
        async with a_gate(kind, ledger, tmp_path) as gate:
            assert await gate.submit_many([]) == []
            return await gate.submit_many(
                [
                    ledger.submission("register_unit", unit("1"), key="one"),
                    ledger.submission("register_unit", b"{"),
                    ledger.submission("register_unit", unit("1"), key="one"),
                    ledger.submission("no_such_command", {}),
                    ledger.submission("register_unit", {"code": "2"}),
                    ledger.submission("register_unit", b'{"code": "\xff"}'),
                    ledger.submission("register_unit", unit("4"), channel="window"),
                ]
            )

    outcomes = asyncio.run(run())
    assert [one.rule if isinstance(one, Refused) else one.replayed for one in outcomes] == [
        False,
        "invalid_json",
        True,
        "unknown_command",
        "missing_field",
        "invalid_json",
        False,
    ]
    rows = ledger.store.read(4, 10)
    assert [b'"channel":"%b"' % word in row.state for row, word in zip(rows, (b"system", b"window"), strict=True)]


@both
def test_calls_that_do_not_wait_are_decided_in_their_order(ledger: Ledger, tmp_path: Path, kind: str):
    stream = ledger.unit("1")

    def renamed(first: int) -> list[Submission]:
        return [
            ledger.submission("rename_unit", {"title": f"{n}", "reason": "改"}, stream=stream, if_version=n)
            for n in range(first, first + 300)
        ]

    async def run() -> Any:
        async with a_gate(kind, ledger, tmp_path) as gate:
            return await asyncio.gather(*(gate.submit_many(renamed(1 + 300 * call)) for call in range(10)))

    outcomes = [one for many in asyncio.run(run()) for one in many]
    assert [one.version for one in outcomes] == list(range(2, 3_002))


@both
def test_a_long_load_is_cut_into_commits_and_lets_others_through(
    ledger: Ledger, tmp_path: Path, kind: str, monkeypatch
):
    sizes: list[int] = []
    append = ledger.store.append
    monkeypatch.setattr(ledger.store, "append", lambda batch: sizes.append(len(batch.events)) or append(batch))
    many = [ledger.submission("register_unit", unit(f"b{n}")) for n in range(5_000)]

    async def run() -> Any:
        async with a_gate(kind, ledger, tmp_path) as gate:
            load = asyncio.ensure_future(gate.submit_many(many))
            await asyncio.sleep(0)
            single = await gate.submit(ledger.submission("register_unit", unit("single")))
            return single, await load

    single, outcomes = asyncio.run(run())
    assert all(isinstance(one, Accepted) for one in outcomes)
    assert len(outcomes) == 5_000
    assert max(sizes) <= 2_512
    assert isinstance(single, Accepted)


@both
def test_a_cancelled_request_hurts_nobody(ledger: Ledger, tmp_path: Path, kind: str):
    async def run() -> Any:
        async with a_gate(kind, ledger, tmp_path) as gate:
            tasks = [
                asyncio.ensure_future(gate.submit(ledger.submission("register_unit", unit(str(n))))) for n in range(50)
            ]
            await asyncio.sleep(0)
            for task in tasks[::2]:
                task.cancel()
            return await asyncio.gather(*tasks, return_exceptions=True)

    outcomes = asyncio.run(run())
    assert all(isinstance(one, Accepted) for one in outcomes[1::2])


@both
def test_a_writer_that_cannot_append_says_so(ledger: Ledger, tmp_path: Path, kind: str, monkeypatch):
    def broken(batch) -> Any:
        raise OSError

    monkeypatch.setattr(ledger.store, "append", broken)

    async def run() -> Any:
        async with a_gate(kind, ledger, tmp_path) as gate:
            with pytest.raises(Unavailable, match="数据库"):
                await gate.submit(ledger.submission("register_unit", unit()))
            with pytest.raises(Unavailable, match="数据库"):
                await gate.submit_many([ledger.submission("register_unit", unit())])

    asyncio.run(run())


def test_a_closed_local_gate_refuses(ledger: Ledger):
    gate = LocalGate(ledger.writer)
    gate.close()
    with pytest.raises(Unavailable):
        asyncio.run(gate.submit(ledger.submission("register_unit", unit())))


def test_no_writer_no_answer(tmp_path: Path, ledger: Ledger):
    async def run() -> Any:
        gate = SocketGate(tmp_path / "nobody.sock", patience=0)
        with pytest.raises(Unavailable, match="not running"):
            await gate.submit(ledger.submission("register_unit", unit()))

    asyncio.run(run())


def test_what_cannot_be_sent_leaves_nobody_waiting(ledger: Ledger, tmp_path: Path):
    async def run() -> Any:
        async with a_gate("socket", ledger, tmp_path) as gate:
            await gate.submit(ledger.submission("register_unit", unit("1")))
            turn = [ledger.submission("register_unit", unit("2")), ledger.submission("register_unit", unit("3"))]
            turn[0].if_version = 10**30
            failed = await asyncio.gather(*map(gate.submit, turn), return_exceptions=True)
            return failed, await gate.submit(ledger.submission("register_unit", unit("4")))

    failed, then = asyncio.run(run())
    assert all(isinstance(one, OverflowError) for one in failed)
    assert isinstance(then, Accepted)


def test_the_gate_connects_again(ledger: Ledger, tmp_path: Path):
    path = tmp_path / "writer.sock"

    def serve() -> tuple[WriterServer, Thread]:
        server = WriterServer(ledger.writer, path)
        thread = Thread(target=server.run)
        thread.start()
        return server, thread

    async def run() -> Any:
        gate = SocketGate(path)
        for n in range(3):
            server, thread = serve()
            answer = None
            while answer is None:
                # The end of the connection before may not have been noticed yet.
                with suppress(Unavailable):
                    answer = await gate.submit(ledger.submission("register_unit", unit(str(n)), key=f"key {n}"))
            assert isinstance(answer, Accepted)
            server.stop()
            await asyncio.to_thread(thread.join)

    asyncio.run(run())
    assert not path.exists()


def test_the_socket_is_the_owners_and_there_is_one_writer_on_it(ledger: Ledger, tmp_path: Path):
    # Also where the path is longer than a socket's address may be.
    path = tmp_path / ("d" * 100) / "writer.sock"
    server = WriterServer(ledger.writer, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(AlreadyServed):
        WriterServer(ledger.writer, path)
    thread = Thread(target=server.run)
    thread.start()

    async def run() -> Any:
        gate = SocketGate(path)
        return await gate.submit(ledger.submission("register_unit", unit()))

    assert isinstance(asyncio.run(run()), Accepted)
    server.stop()
    thread.join()


def test_a_client_that_speaks_otherwise_is_dropped_alone(ledger: Ledger, tmp_path: Path):
    async def run() -> Any:
        async with a_gate("socket", ledger, tmp_path) as gate:
            for nonsense in (b"GET / HTTP/1.1\r\n\r\n" * 10, b"\0\0\0\x03abc", b"\xff" * 100):
                with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as stranger:
                    stranger.connect(str(tmp_path / "writer.sock"))
                    stranger.sendall(nonsense)
                    assert await asyncio.to_thread(stranger.recv, 10) == b""
            return await gate.submit(ledger.submission("register_unit", unit()))

    assert isinstance(asyncio.run(run()), Accepted)


def test_the_process_names_a_wrong_setting_in_one_line(sqlite_url: str, tmp_path: Path, capfd):
    with Served(sqlite_url, tmp_path / "k", tmp_path / "e", tmp_path / "s") as served:
        assert served._process.wait(20) == 2
    assert len(capfd.readouterr().err.strip().splitlines()) == 1
    with opened(sqlite_url) as ledger:
        ledger.place.keys.chmod(0o644)
        with Served(sqlite_url, ledger.place.keys, tmp_path / "e", tmp_path / "s") as served:
            assert served._process.wait(20) == 2
    err = capfd.readouterr().err
    assert "644" in err
    assert len(err.strip().splitlines()) == 1
