"""Evidence files (佐证材料), by content address in a directory, encrypted under a key of their own each.

The address is the SHA-256 of the plaintext, computed here while it streams in; what a client claims proves nothing.
A file is a header and chunks of 64 KiB, each sealed with AES-256-GCM under a nonce of 7 random bytes, a 32-bit counter
and a last-chunk flag, so that chunks can't be reordered, dropped or cut off (the STREAM construction
of Hoang, Reyhanitabar, Rogaway and Vizár). The header is associated data of every chunk::

     8  "luoshi-e"
    16  id of the file's key
     7  nonce prefix
     2  length of the media type, then the media type
"""

import hashlib
import os
import re
import time
from asyncio import to_thread
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from struct import Struct
from typing import BinaryIO, Final, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.refusal import Kind, Refusal
from ledger.keys import Keys

MAX_EVIDENCE: Final = 50 * 1024 * 1024
CHUNK: Final = 65_536
TAG: Final = 16
MAGIC: Final = b"luoshi-e"
KEY_ID: Final = 16
PREFIX: Final = 7
_FIXED: Final = Struct(f">{len(MAGIC)}s{KEY_ID}s{PREFIX}sH")
_COUNT: Final = Struct(">IB")
_DIGEST: Final = re.compile("[0-9a-f]{64}")
_MEDIA_TYPE: Final = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,63}/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}")
_ARRIVING: Final = ".arriving-"
_ABANDONED: Final = 3600
"""Seconds after which an unfinished file is one whose process was killed."""
_GATHERED: Final = 1024 * 1024


class Lodged(NamedTuple):
    digest: str
    size: int
    media_type: str


class Damaged(Exception):  # noqa: N818
    """A stored file is not what was lodged."""


class Evidence:
    """Any process and thread may use it."""

    def __init__(self, directory: Path, keys: Keys) -> None:
        self._directory = directory
        self._keys = keys
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        for left in directory.glob(f"{_ARRIVING}*"):
            with suppress(FileNotFoundError):
                if time.time() - left.stat().st_mtime > _ABANDONED:
                    left.unlink()

    def lodged(self, digest: str) -> bool:
        return _DIGEST.fullmatch(digest) is not None and self._path(digest).exists()

    def about(self, digest: str) -> Lodged | None:
        """Size and media type, or None when there is no such file."""
        if not self.lodged(digest):
            return None
        with suppress(FileNotFoundError), self._path(digest).open("rb") as file:
            header, _, _, media_type = _read_header(file)
            sealed = os.fstat(file.fileno()).st_size - len(header)
            chunks = -(-sealed // (CHUNK + TAG))
            return Lodged(digest, sealed - chunks * TAG, media_type)
        return None

    def lodge(self, parts: Iterable[bytes], media_type: str) -> Lodged:
        """Takes a file in, part by part, and returns once it is durable. Refuses an empty one, one over 50 MB and a
        media type that is none; nothing stays behind when it is refused or breaks off."""
        arriving = Arriving(self._directory, self._keys, media_type)
        try:
            for part in parts:
                arriving.take(part)
            return arriving.finish(self._path)
        finally:
            arriving.close()

    async def lodge_async(self, parts: AsyncIterator[bytes], media_type: str) -> Lodged:
        """The same for the body of a request; the work is done in threads."""
        arriving = await to_thread(Arriving, self._directory, self._keys, media_type)
        try:
            gathered = bytearray()
            async for part in parts:
                gathered += part
                if len(gathered) >= _GATHERED:
                    await to_thread(arriving.take, bytes(gathered))
                    gathered.clear()
            await to_thread(arriving.take, bytes(gathered))
            return await to_thread(arriving.finish, self._path)
        finally:
            arriving.close()

    def read(self, digest: str) -> Iterator[bytes]:
        """The plaintext in chunks, each checked before it is given. Raises FileNotFoundError when there is no such
        file or it was erased, and Damaged when it is not what was lodged."""
        if not self.lodged(digest):
            raise FileNotFoundError(digest)
        with self._path(digest).open("rb") as file:
            header, key_id, prefix, _ = _read_header(file)
            key = self._keys.get(_key_name(digest, key_id))
            if key is None:
                raise FileNotFoundError(digest)
            cipher = AESGCM(key)
            whole = hashlib.sha256()
            chunk, count = file.read(CHUNK + TAG), 0
            while chunk:
                following = file.read(CHUNK + TAG)
                try:
                    plain = cipher.decrypt(prefix + _COUNT.pack(count, not following), chunk, header)
                except InvalidTag:
                    raise Damaged(digest) from None
                whole.update(plain)
                if not following and whole.hexdigest() != digest:
                    raise Damaged(digest)
                yield plain
                chunk, count = following, count + 1

    def content(self, digest: str) -> bytes:
        """The whole plaintext at once. Raises Refusal when there is no such file or it was erased, and Damaged."""
        try:
            return b"".join(self.read(digest))
        except FileNotFoundError:
            raise Refusal(
                "unknown_evidence",
                "没有收到过这份佐证材料，或已删除",
                "no such evidence has been lodged, or it was erased",
            ) from None

    def erase(self, digest: str) -> bool:
        """Destroys the key and removes the file; False when there was none."""
        if not self.lodged(digest):
            return False
        path = self._path(digest)
        with path.open("rb") as file:
            _, key_id, _, _ = _read_header(file)
        self._keys.destroy(_key_name(digest, key_id))
        path.unlink(missing_ok=True)
        _sync_directory(path.parent)
        return True

    def _path(self, digest: str) -> Path:
        return self._directory / digest[:2] / digest


class Arriving:
    """One file on its way in."""

    def __init__(self, directory: Path, keys: Keys, media_type: str) -> None:
        if not _MEDIA_TYPE.fullmatch(media_type):
            raise Refusal(
                "media_type",
                "请给出文件类型，如 application/pdf",
                "a media type is needed, such as application/pdf",
                field="media_type",
            )
        self._keys = keys
        self._media_type = media_type
        self._key, self._key_id, self._prefix = os.urandom(32), os.urandom(KEY_ID), os.urandom(PREFIX)
        self._cipher = AESGCM(self._key)
        self._whole = hashlib.sha256()
        self._size = self._count = 0
        self._held = bytearray()
        written = media_type.encode()
        self._header = _FIXED.pack(MAGIC, self._key_id, self._prefix, len(written)) + written
        self._path = directory / f"{_ARRIVING}{self._key_id.hex()}"
        # Made anew and for the owner only.
        self._file = os.fdopen(os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb")
        self._file.write(self._header)

    def take(self, part: bytes) -> None:
        self._size += len(part)
        if self._size > MAX_EVIDENCE:
            raise Refusal(
                "evidence_too_large",
                "佐证材料不能超过50 MB",
                "an evidence file is at most 50 MB",
                kind=Kind.TOO_LARGE,
            )
        self._whole.update(part)
        self._held += part
        # The last chunk is flagged, so one is always held back.
        while len(self._held) > CHUNK:
            self._write(bytes(self._held[:CHUNK]), last=False)
            del self._held[:CHUNK]

    def finish(self, place: Callable[[str], Path]) -> Lodged:
        if not self._size:
            raise Refusal("evidence_empty", "文件是空的", "the file is empty")
        self._write(bytes(self._held), last=True)
        self._file.flush()
        os.fsync(self._file.fileno())
        digest = self._whole.hexdigest()
        path, name = place(digest), _key_name(digest, self._key_id)
        path.parent.mkdir(exist_ok=True, mode=0o700)
        self._keys.put(name, self._key)
        try:
            # Unlike a rename, a link leaves a file alone that someone else lodged meanwhile.
            os.link(self._path, path)
        except FileExistsError:
            self._keys.destroy(name)
        else:
            _sync_directory(path.parent)
            _sync_directory(path.parent.parent)
        return Lodged(digest, self._size, self._media_type)

    def close(self) -> None:
        """Whether it is finished or not."""
        self._file.close()
        self._path.unlink(missing_ok=True)

    def _write(self, plain: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(self._prefix + _COUNT.pack(self._count, last), plain, self._header))
        self._count += 1


def _read_header(file: BinaryIO) -> tuple[bytes, bytes, bytes, str]:
    """The header, the key id, the nonce prefix and the media type."""
    fixed = file.read(_FIXED.size)
    if len(fixed) != _FIXED.size or not fixed.startswith(MAGIC):
        raise Damaged("not an evidence file")
    _, key_id, prefix, length = _FIXED.unpack(fixed)
    written = file.read(length)
    return fixed + written, key_id, prefix, written.decode()


def _key_name(digest: str, key_id: bytes) -> str:
    return f"evidence {digest} {key_id.hex()}"


def _sync_directory(directory: Path) -> None:
    opened = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
