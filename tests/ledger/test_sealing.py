"""Personal data lies sealed, opens for the key and goes with it."""

import hmac
import stat
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from ledgers import Ledger, opened, unit

from domain.actor import Role
from domain.sealed import Sealed
from ledger.codec import decode, key_of
from ledger.contract import Accepted, Row, SealedRow
from ledger.keys import Doomed, Keys, KeysExposed
from ledger.leaf import leaf_bytes
from ledger.sealing import ERASED, Tampered, commitment, open_event

NAME = "欧阳某某甲乙丙"
PHONE = "13800000000"


@pytest.fixture
def ledger(database_url: str) -> Iterator[Ledger]:
    with opened(database_url) as ledger:
        yield ledger


def opened_field(ledger: Ledger, row: Row, path: str) -> object:
    return open_event(row.position, decode(row).event, ledger.store.sealed([row.position]), ledger.keys)[path].value


def read_name(ledger: Ledger, person: str) -> object:
    return opened_field(ledger, ledger.store.stream(key_of(person))[0], "name")


def erase(ledger: Ledger, subject: str, **rest: Any) -> str:
    return ledger.accept(
        "erase_personal_data",
        {"subject": subject, "ground": "consent_withdrawn", "basis": "申请〔2011〕3号"},
        person=ledger.admins[Role.SECURITY_ADMIN],
        **rest,
    )


def bytes_on_disk(ledger: Ledger) -> bytes:
    """Database, write-ahead log and key file; on PostgreSQL every row as the server gives it."""
    found = [ledger.place.keys, *ledger.place.keys.parent.glob(f"{ledger.place.keys.name}-*")]
    if ledger.place.file is not None:
        found += [ledger.place.file, *ledger.place.file.parent.glob(f"{ledger.place.file.name}-*")]
    texts = [path.read_bytes() for path in found]
    head = ledger.store.head().position
    texts += [row.state for row in ledger.store.read(0, head)]
    texts += [row.box for row in ledger.store.sealed(range(1, head + 1))]
    return b"\n".join(texts)


def test_the_commitment_by_hand():
    r = bytes(range(32))
    message = b"\0\0\0\x04name" + b"\0\0\0\x06" + "某某".encode()
    assert commitment(r, "name", "某某".encode()) == hmac.new(r, message, sha256).hexdigest()


def test_what_is_sealed_opens_and_matches_its_leaf(ledger: Ledger):
    person = ledger.person("dispatcher", name=NAME)
    assert read_name(ledger, person) == NAME
    event = decode(ledger.store.stream(key_of(person))[0]).event
    assert isinstance(event.name, Sealed)
    assert event.name.value is None
    assert len(event.name.commitment) == 64


def test_plaintext_is_in_no_byte_on_disk_and_no_log(ledger: Ledger, caplog):
    caplog.set_level("DEBUG")
    person = ledger.person("dispatcher", name=NAME)
    ledger.refuse(
        "enrol_person", {"name": NAME, "title": "科员", "roles": []}, person=ledger.admins[Role.SECURITY_ADMIN]
    )
    ledger.one("register_unit", unit(), key=PHONE, correlation=PHONE, on_behalf_of=PHONE)
    for words in (NAME, PHONE):
        assert words.encode() not in bytes_on_disk(ledger)
        assert words not in caplog.text
    assert read_name(ledger, person) == NAME


def test_equal_values_have_unequal_commitments(ledger: Ledger):
    events = [decode(ledger.store.stream(key_of(ledger.person("dispatcher", name=NAME)))[0]).event for _ in range(2)]
    assert events[0].name.commitment != events[1].name.commitment


def test_a_moved_or_changed_box_does_not_open(ledger: Ledger):
    one, other = (ledger.person("dispatcher", name=name) for name in ("甲某", "乙某"))
    (first,), (second,) = (ledger.store.stream(key_of(person)) for person in (one, other))
    (box,) = ledger.store.sealed([first.position])
    event = decode(first).event
    moved = SealedRow(second.position, box.path, one, box.box)
    with pytest.raises(Tampered):
        open_event(second.position, event, [moved], ledger.keys)
    flipped = box._replace(box=box.box[:-1] + bytes([box.box[-1] ^ 1]))
    with pytest.raises(Tampered):
        open_event(first.position, event, [flipped], ledger.keys)
    # A box that opens, but holds something else than the leaf says.
    with pytest.raises(Tampered):
        open_event(
            first.position,
            decode(second).event.__class__(name=Sealed(one, commitment="0" * 64), title="", roles=(), unit=None),
            [box],
            ledger.keys,
        )


def test_erased_is_gone_and_every_leaf_still_verifies(ledger: Ledger):
    person, other = (ledger.person("dispatcher", name=NAME) for _ in range(2))
    (box,) = ledger.store.sealed([ledger.store.stream(key_of(person))[0].position])
    key = ledger.keys.get(person)
    assert key is not None
    assert key in bytes_on_disk(ledger)
    before = ledger.store.read(0, 100)
    erasure = erase(ledger, person)
    assert read_name(ledger, person) is ERASED
    assert str(ERASED) == "已删除"
    assert read_name(ledger, other) == NAME
    on_disk = bytes_on_disk(ledger)
    assert box.box not in on_disk
    assert key not in on_disk
    with opened_again(ledger) as keys:
        assert keys.get(person) is None
    after = ledger.store.read(0, 100)
    assert after[: len(before)] == before
    assert decode(after[-1]).event.subject == person
    assert decode(after[-1]).stream == erasure
    for row in after:
        leaf = leaf_bytes(row.stream, row.version, row.recorded_at, row.name, row.state)
        assert sha256(b"\0" + leaf).digest() == row.leaf


def test_a_copy_of_the_box_does_not_open_after_the_erasure(ledger: Ledger):
    person = ledger.person("dispatcher", name=NAME)
    row = ledger.store.stream(key_of(person))[0]
    backup = ledger.store.sealed([row.position])
    erase(ledger, person)
    assert open_event(row.position, decode(row).event, backup, ledger.keys)["name"].value is ERASED


def test_only_the_security_administrator_erases(ledger: Ledger):
    person = ledger.person("dispatcher", name=NAME)
    body = {"subject": person, "ground": "law", "basis": "x"}
    assert ledger.refuse("erase_personal_data", body).rule == "role_not_allowed"
    security = ledger.admins[Role.SECURITY_ADMIN]
    assert ledger.refuse("erase_personal_data", body | {"subject": PHONE}, person=security).rule == "subject_id"
    assert read_name(ledger, person) == NAME


def test_what_is_sealed_beside_an_erasure_in_one_batch_stays(ledger: Ledger):
    security = ledger.admins[Role.SECURITY_ADMIN]
    gone = ledger.person("dispatcher", name="甲某")
    body = {"name": "乙某", "title": "科员", "roles": ["dispatcher"]}
    outcomes = ledger.commit(
        ledger.submission("enrol_person", body, person=security),
        ledger.submission("erase_personal_data", {"subject": gone, "ground": "law", "basis": "x"}, person=security),
        ledger.submission("enrol_person", body, person=security),
    )
    assert all(isinstance(outcome, Accepted) for outcome in outcomes)
    assert [read_name(ledger, one.stream) for one in (outcomes[0], outcomes[2]) if isinstance(one, Accepted)] == [
        "乙某"
    ] * 2
    assert read_name(ledger, gone) is ERASED


def test_an_erasure_cut_short_by_a_crash_is_finished_at_the_next_start(ledger: Ledger, monkeypatch):
    person = ledger.person("dispatcher", name=NAME)
    with monkeypatch.context() as crash:
        # The event is stored and then the process is gone.
        crash.setattr("ledger.erasing.Erasing.finish", lambda self: None)
        erase(ledger, person)
    assert read_name(ledger, person) == NAME
    ledger.another_writer()
    assert read_name(ledger, person) is ERASED
    assert ledger.keys.doomed() == []


def a_reader_is_at_work(*_: object) -> int:
    raise TimeoutError


@pytest.mark.parametrize("crash", [False, True])
def test_what_is_sealed_after_an_erasure_outlasts_its_second_try(ledger: Ledger, monkeypatch, crash: bool):
    """The key is gone, the rows are not yet: the second try takes what was sealed before, never what came since."""
    supervisor = ledger.person("supervisor", of=ledger.unit())
    place = {"kind": "village", "title": "示例村", "region": "320585100"}
    village = ledger.accept("register_partner", place, person=supervisor)
    body = {"within": village, "name": "甲户", "address": "一组"}
    household = ledger.accept("register_household", body, person=supervisor)
    with monkeypatch.context() as failing:
        failing.setattr(type(ledger.store), "erase", a_reader_is_at_work)
        erase(ledger, household)
        assert len(ledger.keys.doomed()) == 1
        update = {**body, "name": "乙户", "reason": "更正"}
        ledger.accept("update_household", update, person=supervisor, stream=household)
    if crash:
        ledger.another_writer()
    else:
        ledger.unit("0202")
    assert ledger.keys.doomed() == []
    names = [opened_field(ledger, row, "name") for row in ledger.store.stream(key_of(household))]
    assert names == [ERASED, "乙户"]
    first, second = (row.position for row in ledger.store.stream(key_of(household)))
    assert {box.position for box in ledger.store.sealed([first, second])} == {second}


def test_a_key_is_destroyed_once_for_one_mark(tmp_path: Path):
    keys = Keys(tmp_path / "a.keys")
    mark = Doomed(bytes(16), 1, "a")
    keys.get_or_make(["a"])
    keys.doom([mark])
    keys.carry_out(mark)
    assert keys.get("a") is None
    new = keys.get_or_make(["a"])
    for again in (mark, *keys.doomed()):
        keys.carry_out(again)
    assert keys.get("a") == new["a"]
    keys.undoom(mark)
    assert keys.doomed() == []
    keys.close()


def test_an_erasure_that_was_never_stored_erases_nothing(ledger: Ledger):
    person = ledger.person("dispatcher", name=NAME)
    ledger.keys.doom([Doomed(key_of("00000000-0000-7000-8000-000000000000"), 1, person)])
    # The same stream and version hold another event.
    ledger.keys.doom([Doomed(key_of(ledger.unit()), 1, person)])
    ledger.another_writer()
    assert read_name(ledger, person) == NAME
    assert ledger.keys.doomed() == []


def test_a_key_file_others_may_read_is_refused(tmp_path: Path):
    path = tmp_path / "a.keys"
    Keys(path).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for extra in path.parent.glob("a.keys*"):
        assert stat.S_IMODE(extra.stat().st_mode) == 0o600
    path.chmod(0o640)
    with pytest.raises(KeysExposed, match="640"):
        Keys(path)


def test_keys_are_shared_between_processes_and_destroyed_for_all(tmp_path: Path):
    one, other = Keys(tmp_path / "a.keys"), Keys(tmp_path / "a.keys")
    made = one.get_or_make(["a", "b"])
    assert other.get_or_make(["b", "c"])["b"] == made["b"]
    assert one.digest(b"x", b"y") == other.digest(b"x", b"y")
    assert one.digest(b"x", b"y") != one.digest(b"x", b"z")
    one.destroy("b")
    assert other.get("b") is None
    assert other.get_or_make(["b"])["b"] != made["b"]
    one.close()
    other.close()


def test_a_destroyed_key_leaves_no_bytes(tmp_path: Path):
    keys = Keys(tmp_path / "a.keys")
    made = keys.get_or_make(f"subject {n}" for n in range(2_000))
    for n in range(0, 2_000, 20):
        keys.destroy(f"subject {n}")
    on_disk = b"".join(path.read_bytes() for path in tmp_path.glob("a.keys*"))
    for n in range(0, 2_000, 10):
        assert (made[f"subject {n}"] in on_disk) == (n % 20 != 0)
    keys.close()


class opened_again:  # noqa: N801 - reads as a phrase
    def __init__(self, ledger: Ledger) -> None:
        self.keys = Keys(ledger.place.keys)

    def __enter__(self) -> Keys:
        return self.keys

    def __exit__(self, *_: object) -> None:
        self.keys.close()
