"""Stream ids: time-ordered UUIDs (version 7, RFC 9562 §5.7), because random keys cost the index its locality."""

import hashlib
from datetime import datetime
from uuid import UUID


def stream_id(at: datetime, random: bytes) -> str:
    """Id made at `at` (ms resolution) with 10 bytes of randomness."""
    ms = int(at.timestamp() * 1000).to_bytes(6, "big")
    return str(UUID(bytes=ms + bytes([0x70 | random[0] & 0x0F, random[1], 0x80 | random[2] & 0x3F]) + random[3:10]))


def demonstration_id(at: datetime, client: str, key: str) -> str:
    """On a demonstration ledger ids follow from the idempotency key, so that the same year always has the same ids
    and a loader can name a stream before the answer arrives."""
    return stream_id(at, hashlib.sha256(f"{client}\n{key}".encode()).digest()[:10])
