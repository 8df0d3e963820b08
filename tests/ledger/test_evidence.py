"""Evidence: by content address, encrypted, erasable, and nothing left of what broke off."""

import asyncio
import os
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.refusal import Refusal
from ledger.evidence import CHUNK, MAX_EVIDENCE, Damaged, Evidence
from ledger.keys import Keys

PDF = "application/pdf"


@pytest.fixture
def evidence(tmp_path: Path) -> Iterator[Evidence]:
    keys = Keys(tmp_path / "luoshi.keys")
    yield Evidence(tmp_path / "evidence", keys)
    keys.close()


def files(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "evidence").rglob("*") if path.is_file()]


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    size=st.one_of(st.integers(1, 300), st.sampled_from([CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 7])),
    part=st.sampled_from([1_000, 7_777, CHUNK, 1_000_000]),
)
def test_what_goes_in_comes_out(evidence: Evidence, size: int, part: int):
    content = os.urandom(size)
    lodged = evidence.lodge((content[n : n + part] for n in range(0, size, part)), PDF)
    assert lodged == (sha256(content).hexdigest(), size, PDF)
    assert evidence.lodged(lodged.digest)
    assert evidence.about(lodged.digest) == lodged
    assert b"".join(evidence.read(lodged.digest)) == content


def test_plaintext_is_not_on_disk(evidence: Evidence, tmp_path: Path):
    content = "现场照片说明".encode() * 1_000
    evidence.lodge([content], PDF)
    (stored,) = files(tmp_path)
    assert "现场照片".encode() not in stored.read_bytes()
    assert stored.stat().st_mode & 0o077 == 0


def test_the_same_content_twice_is_kept_once(evidence: Evidence, tmp_path: Path):
    first = evidence.lodge([b"photo"], "image/jpeg")
    assert evidence.lodge([b"ph", b"oto"], PDF).digest == first.digest
    assert len(files(tmp_path)) == 1
    assert evidence.about(first.digest) == first
    assert b"".join(evidence.read(first.digest)) == b"photo"


def test_nothing_is_left_of_what_broke_off(evidence: Evidence, tmp_path: Path):
    def broken() -> Iterable[bytes]:
        yield b"x" * 200_000
        raise ConnectionError

    async def broken_async() -> Any:
        yield b"x" * 2_000_000
        raise ConnectionError

    with pytest.raises(ConnectionError):
        evidence.lodge(broken(), PDF)
    with pytest.raises(ConnectionError):
        asyncio.run(evidence.lodge_async(broken_async(), PDF))
    assert files(tmp_path) == []


def test_too_large_empty_and_untyped_files_are_refused(evidence: Evidence, tmp_path: Path):
    part = bytes(1024 * 1024)
    for parts, media_type, rule in [
        ([*[part] * 50, b"x"], PDF, "evidence_too_large"),
        ([], PDF, "evidence_empty"),
        ([b"x"], "pdf\r\nX: y", "media_type"),
    ]:
        with pytest.raises(Refusal) as caught:
            evidence.lodge(parts, media_type)
        assert caught.value.rule == rule
    assert files(tmp_path) == []
    assert evidence.lodge([part] * 50, PDF).size == MAX_EVIDENCE


def test_from_a_request_body(evidence: Evidence):
    content = os.urandom(3_000_000)

    async def body() -> Any:
        for n in range(0, len(content), 65_000):
            yield content[n : n + 65_000]

    lodged = asyncio.run(evidence.lodge_async(body(), PDF))
    assert b"".join(evidence.read(lodged.digest)) == content


@pytest.mark.parametrize("damage", ["flip", "cut", "swap", "header"])
def test_a_changed_file_is_not_given_out(evidence: Evidence, tmp_path: Path, damage: str):
    lodged = evidence.lodge([os.urandom(3 * CHUNK)], PDF)
    (path,) = files(tmp_path)
    stored = bytearray(path.read_bytes())
    start = len(stored) - 3 * (CHUNK + 16)
    match damage:
        case "flip":
            stored[-1] ^= 1
        case "cut":
            del stored[start + CHUNK + 16 :]
        case "swap":
            one, two = stored[start : start + CHUNK + 16], stored[start + CHUNK + 16 : start + 2 * (CHUNK + 16)]
            stored[start : start + 2 * (CHUNK + 16)] = two + one
        case "header":
            stored[start - 1] ^= 1
    path.write_bytes(stored)
    with pytest.raises(Damaged):
        list(evidence.read(lodged.digest))


def test_erased_evidence_is_gone(evidence: Evidence, tmp_path: Path):
    lodged = evidence.lodge([b"photo"], PDF)
    (path,) = files(tmp_path)
    backup = path.read_bytes()
    assert evidence.erase(lodged.digest)
    assert not evidence.erase(lodged.digest)
    assert not evidence.lodged(lodged.digest)
    assert evidence.about(lodged.digest) is None
    with pytest.raises(FileNotFoundError):
        next(iter(evidence.read(lodged.digest)))
    # A copy from a backup has lost its key.
    path.write_bytes(backup)
    with pytest.raises(FileNotFoundError):
        list(evidence.read(lodged.digest))


def test_what_is_no_digest_names_no_file(evidence: Evidence):
    for name in ("../luoshi.keys", "", "A" * 64, "0" * 63):
        assert not evidence.lodged(name)


def test_unfinished_files_of_a_killed_process_go_later(evidence: Evidence, tmp_path: Path):
    left = tmp_path / "evidence" / ".arriving-0"
    recent = tmp_path / "evidence" / ".arriving-1"
    for path in (left, recent):
        path.write_bytes(b"x")
    os.utime(left, (0, 0))
    Evidence(tmp_path / "evidence", evidence._keys)
    assert not left.exists()
    assert recent.exists()
