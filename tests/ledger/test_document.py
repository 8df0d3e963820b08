"""The worked examples of docs/ledger.md, recomputed from the text by hand and by the ledger."""

import hashlib
import hmac
import re
from datetime import datetime
from pathlib import Path

from ledger import codec, leaf, sealing

TEXT = (Path(__file__).parents[2] / "docs" / "ledger.md").read_text()
LEAF, SEALED = TEXT.split("### Example")[1:]


def block(text: str, number: int, kind: str = "") -> str:
    fenced = re.findall(r"```(\w*)\n(.*?)\n```", text, re.DOTALL)
    return [content for found, content in fenced if found == kind][number]


def dumped() -> bytes:
    return bytes.fromhex("".join(line[13:].strip() for line in block(LEAF, 0).splitlines()))


def given(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    assert found is not None
    return found[1]


def test_leaf_by_hand():
    state = block(LEAF, 0, "json").encode()
    stream = bytes.fromhex(given(r"Stream `([0-9a-f-]+)`", LEAF).replace("-", ""))
    version = int(given(r"version (\d+)", LEAF))
    at = datetime.fromisoformat(given(r"recorded at (\S+?),", LEAF))
    name = given(r"name `([\w.]+)`", LEAF).encode()
    written = (
        b"luoshi-leaf/v1\0"
        + stream
        + version.to_bytes(8, "big")
        + (int(at.timestamp()) * 1_000_000).to_bytes(8, "big")
        + len(name).to_bytes(2, "big")
        + name
        + len(state).to_bytes(4, "big")
        + state
    )
    assert written == dumped()
    assert len(written) == int(given(r"The leaf has (\d+) bytes", LEAF))
    assert hashlib.sha256(b"\0" + written).hexdigest() == block(LEAF, 1)


def test_leaf_by_the_ledger():
    data = dumped()
    name = data[49:63]
    stream, version, at, state = data[15:31], data[38], int.from_bytes(data[39:47], "big"), data[67:]
    assert leaf.leaf_bytes(stream, version, at, name.decode(), state) == data
    assert leaf.leaf_hash(stream, version, at, name, state).hex() == block(LEAF, 1)


def test_state_is_what_the_codec_writes():
    state = block(LEAF, 0, "json").encode()
    event = codec.decode_event("unit_renamed.1", state)
    assert codec.encode_data(event) == state[len('{"data":') : state.index(b',"meta":')]


def test_commitment():
    r = bytes.fromhex(given(r"r = `([0-9a-f]{64})`", SEALED))
    path, value = given(r"path `(\w+)`", SEALED), given(r"value `(\w+)`", SEALED).encode()
    message = len(path).to_bytes(4, "big") + path.encode() + len(value).to_bytes(4, "big") + value
    expected = block(SEALED, 0)
    assert hmac.new(r, message, "sha256").hexdigest() == expected
    assert sealing.commitment(r, path, value) == expected
