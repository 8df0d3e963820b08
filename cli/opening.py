"""A new database becomes a ledger: its marker, the three administrators, and a first key."""

import os
import time
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from api.keys import Scope, new_key
from api.settings import Settings, WrongSetting
from cli import credentials
from domain.actor import Role
from domain.opening import LedgerOpened
from domain.person import PersonEnrolled
from domain.refusal import Refusal
from domain.service import region_code
from ledger.codec import decode
from ledger.contract import Store
from ledger.database import WrongDatabase, open_store
from ledger.keys import Keys, KeysExposed
from ledger.opening import ADMINISTRATORS, TITLES, marker, open_ledger

ADMINISTRATION = "administration"
"""Client of the first key."""


class NewLedger(NamedTuple):
    """What a ledger is opened as. `seed` and `at` make it a demonstration."""

    title: str
    region: str
    seed: int | None = None
    at: datetime | None = None

    @property
    def demonstration(self) -> bool:
        return self.seed is not None


class Opened(NamedTuple):
    marker: LedgerOpened
    administrators: dict[Role, str]
    """Person ids."""
    credentials: Path
    new: bool


def make_ready(settings: Settings, new: NewLedger) -> Opened:
    """Opens the ledger if its database is empty or missing, and sees that there is a first key. Raises WrongSetting."""
    _usable(settings)
    try:
        store = open_store(settings.database, create=True)
    except WrongDatabase as wrong:
        raise WrongSetting(f"{wrong.zh}。{wrong.en}") from wrong
    try:
        opened = marker(store)
        if opened is None:
            _open(store, settings, new)
        else:
            _keys_there(settings)
        found = opened or marker(store)
        assert found is not None
        administrators = _administrators(store)
        path = credentials.path_of(settings)
        if not store.api_keys():
            _first_key(store, path, administrators)
        return Opened(found, administrators, path, opened is None)
    finally:
        store.close()


def _usable(settings: Settings) -> None:
    """Directories that exist, or can be made, and can be written to."""
    for path in (settings.keys.parent, settings.access_log.parent, settings.socket.parent, settings.evidence):
        try:
            path.mkdir(parents=True, exist_ok=True, mode=0o700)
            writable = os.access(path, os.W_OK | os.X_OK)
        except OSError:
            writable = False
        if not writable:
            raise WrongSetting(f"目录无法写入：{path}。Cannot write to the directory {path}")


def _keys_there(settings: Settings) -> None:
    """A ledger in use has its keys: with fresh ones, everything sealed so far would be lost without a word."""
    if not settings.keys.exists():
        raise WrongSetting(
            f"找不到该台账的密钥文件 {settings.keys}，请从备份恢复或用 --keys 指明。"
            f"The ledger's key file {settings.keys} is missing; restore it or name it with --keys"
        )
    _keys(settings).close()


def _keys(settings: Settings) -> Keys:
    try:
        return Keys(settings.keys)
    except KeysExposed as exposed:
        raise WrongSetting(str(exposed)) from exposed


def _open(store: Store, settings: Settings, new: NewLedger) -> None:
    keys = _keys(settings)
    try:
        region_code(new.region, "region")
        open_ledger(
            store,
            keys,
            demonstration=new.demonstration,
            title=new.title,
            region=new.region,
            administrators=dict(TITLES),
            seed=new.seed,
            at=new.at,
        )
    except Refusal as refusal:
        raise WrongSetting(f"{refusal.zh}。{refusal.en}") from refusal
    finally:
        keys.close()


def _administrators(store: Store) -> dict[Role, str]:
    """Those enrolled right after the marker."""
    found = {}
    for row in store.read(1, len(ADMINISTRATORS)):
        recorded = decode(row)
        assert isinstance(recorded.event, PersonEnrolled)
        found[recorded.event.roles[0]] = recorded.stream
    return found


def _first_key(store: Store, path: Path, administrators: dict[Role, str]) -> None:
    """Written down before it is valid: a key that nobody knows can't be made twice."""
    key, row = new_key(ADMINISTRATION, tuple(sorted(Scope)), time.time_ns() // 1000)
    people = [{"role": role.value, "post": TITLES[role], "person": person} for role, person in administrators.items()]
    credentials.write(path, {"keys": {ADMINISTRATION: key}, "persons": people})
    store.add_api_key(row)
