"""A submission read and checked as far as it can be without the ledger's contents: what the writer decides on."""

import re
from collections.abc import Iterable
from typing import Final

import msgspec
import orjson

from domain.command import Command
from domain.refusal import Refusal
from ledger.commands import Spec, read
from ledger.contract import Refused, Submission
from ledger.keys import Keys
from ledger.streams import is_name

UUID_KEY: Final = b"\x01"
OTHER_KEY: Final = b"\x02"
MAX_KEY: Final = 200
FRESH_MS: Final = 600_000

_CHANNEL = re.compile(r"[a-z][a-z_]{0,31}")
_DIGITS = re.compile(r"\d")
MAX_PROGRAMME: Final = 40
PROGRAMME_DIGITS: Final = 6
"""12345热线 has five; a phone number has more."""

_encoder = msgspec.msgpack.Encoder(order="deterministic")


Envelope = tuple[bytes, bytes]
"""`meta` as JSON, before the event_id and after occurred_at; MIDDLE goes between those two. Together they are the bytes
`codec.encode_meta` gives."""
MIDDLE: Final = b'","occurred_at":"'


class Asked(msgspec.Struct):
    """A request in order, but for what only the ledger knows."""

    submission: Submission
    spec: Spec
    command: Command
    key: bytes
    """As `RequestRow.key`; empty when the request has none."""
    body_hash: bytes
    envelope: Envelope
    occurred_at: str | None


class Intake:
    """Reads submissions. For one thread."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._envelopes: dict[tuple[str | None, ...], Envelope] = {}

    def read(self, submission: Submission) -> Asked:
        """Raises Refusal."""
        spec, form, command = read(submission.command, submission.body)
        person, stream = submission.person, submission.stream
        if spec.command.CREATES and stream:
            raise Refusal(
                "stream_not_allowed",
                "新建时不能指定编号",
                "a creating command names no stream: the server makes its id",
                field="stream",
            )
        written = _encoder.encode((submission.command, stream, person, form))
        return Asked(
            submission,
            spec,
            command,
            self._key(submission.key) if submission.key else b"",
            self._keys.digest(written, b"luoshi body"),
            self._envelope(submission),
            submission.occurred_at,
        )

    def _key(self, key: str) -> bytes:
        if len(key) == 36 and key[8] == key[13] == key[18] == key[23] == "-":  # noqa: PLR2004 - a UUID
            try:
                told = bytes.fromhex(key.replace("-", ""))
            except ValueError:
                told = b""
            if len(told) == 16:  # noqa: PLR2004
                return UUID_KEY + told
        if len(key) > MAX_KEY:
            raise Refusal(
                "key_too_long",
                f"幂等键不能超过{MAX_KEY}个字符",
                f"an idempotency key has at most {MAX_KEY} characters",
                field="key",
            )
        return OTHER_KEY + self._keys.digest(key.encode(), b"luoshi key")

    def _envelope(self, asked: Submission) -> Envelope:
        words = (
            asked.person,
            asked.client,
            asked.channel,
            asked.programme,
            asked.on_behalf_of,
            asked.correlation,
            asked.causation,
        )
        envelope = self._envelopes.get(words)
        if envelope is None:
            envelope = self._checked_envelope(asked)
            if len(self._envelopes) >= 10_000:  # noqa: PLR2004 - correlation ids never repeat
                self._envelopes.clear()
            self._envelopes[words] = envelope
        return envelope

    def _checked_envelope(self, asked: Submission) -> Envelope:
        if not _CHANNEL.fullmatch(asked.channel):
            raise _wrong(
                "channel", "小写字母和下划线组成的渠道代号", "a channel slug of lower-case letters and underscores"
            )
        if asked.programme is not None:
            _check_programme(asked.programme)
        if asked.causation is not None and not is_name(asked.causation):
            raise _wrong("causation", "所回应事件的event_id", "the event_id of the event this answers to")
        behalf = asked.on_behalf_of
        if behalf == "":
            raise _wrong("on_behalf_of", "所代何人", "the one on whose behalf it is done")
        if asked.correlation == "":
            raise _wrong("correlation", "关联号", "a correlation id")
        if behalf is not None and not is_name(behalf):
            # A client's own words may be a phone number.
            behalf = self._digest(behalf)
        correlation = None if asked.correlation is None else self._digest(asked.correlation)
        before = {
            "actor": asked.person,
            "causation": asked.causation,
            "channel": asked.channel,
            "client": asked.client,
            "correlation": correlation,
        }
        after = {"on_behalf_of": behalf, "programme": asked.programme}
        opening = orjson.dumps({key: value for key, value in before.items() if value is not None})
        closing = orjson.dumps({key: value for key, value in after.items() if value is not None})
        return opening[:-1] + b',"event_id":"', b'"}' if closing == b"{}" else b'",' + closing[1:]

    def _digest(self, words: str) -> str:
        return self._keys.digest(words.encode(), b"luoshi words").hex()


def late(batch: Iterable["Asked | Refused"], now_ms: int) -> "list[Asked]":
    """Those whose key may come a second time. A UUIDv7 made within the last minutes is hardly a retry, and if it is
    one the database says so."""
    first, last = (UUID_KEY + (now_ms + way * FRESH_MS).to_bytes(6, "big") for way in (-1, 1))
    return [
        one
        for one in batch
        if isinstance(one, Asked) and (key := one.key) and not (first <= key <= last and key[7] >> 4 == 7)  # noqa: PLR2004 - the version's four bits
    ]


def _check_programme(programme: str) -> None:
    plain = programme.isprintable() and programme.strip() == programme and 0 < len(programme) <= MAX_PROGRAMME
    if not plain or len(_DIGITS.findall(programme)) > PROGRAMME_DIGITS:
        raise _wrong(
            "programme",
            f"服务载体名称，不超过{MAX_PROGRAMME}字，不得含个人信息",
            f"the name of a platform, at most {MAX_PROGRAMME} characters and no personal data",
        )


def _wrong(field: str, zh: str, en: str) -> Refusal:
    return Refusal("wrong_type", f"字段“{field}”应为{zh}", f"field “{field}” must be {en}", field=field)
