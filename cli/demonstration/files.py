"""Evidence files of the year: quarterly records of each unit, and small pictures. Their digests are known beforehand,
so that commands can name them; the server computes its own."""

import hashlib
import struct
import zlib
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple

from cli.demonstration.worktime import at, from_day


class File(NamedTuple):
    digest: str
    needed_at: datetime
    """When a command first names it."""
    media_type: str
    content: bytes


class Files:
    def __init__(self) -> None:
        self._files: dict[str, File] = {}

    def quarterly(self, unit: str, moment: datetime) -> dict[str, str]:
        """The unit's record of the quarter, begun on its first working day; as an item of evidence."""
        quarter = (moment.month - 1) // 3
        begun = at(from_day(moment.date().replace(month=quarter * 3 + 1, day=1)), 8)
        words = f"{unit}\n{moment:%Y}年第{quarter + 1}季度惠民政策落实佐证材料汇编\n签收单、发放名册、验收记录\n"
        return self._item(words.encode(), "text/plain", begun, moment)

    def picture(self, random: Random, moment: datetime) -> dict[str, str]:
        """A picture taken on the spot within the last hours."""
        return self._item(_png(random), "image/png", moment - timedelta(minutes=random.randrange(5, 300)), moment)

    def paper(self, content: bytes, moment: datetime) -> str:
        """A file of another kind; its digest."""
        return self._item(content, "text/plain", moment, moment)["digest"]

    def _item(self, content: bytes, media_type: str, captured: datetime, moment: datetime) -> dict[str, str]:
        digest = hashlib.sha256(content).hexdigest()
        known = self._files.get(digest)
        needed = moment if known is None else min(known.needed_at, moment)
        self._files[digest] = File(digest, needed, media_type, content)
        return {"digest": digest, "captured_at": captured.isoformat(timespec="seconds")}

    def in_order(self) -> list[File]:
        """By the moment they are needed."""
        return sorted(self._files.values(), key=lambda file: (file.needed_at, file.digest))


def _png(random: Random, width: int = 64, height: int = 48) -> bytes:
    """Sky over fields, in colours of the day (PNG, 8-bit RGB)."""
    sky = [random.randrange(120, 250) for _ in range(3)]
    field = [random.randrange(30, 160) for _ in range(3)]
    horizon = random.randrange(height // 4, height // 2)
    rows = b"".join(
        b"\0" + bytes(min(255, channel + row) for _ in range(width) for channel in (sky if row < horizon else field))
        for row in range(height)
    )
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    )
