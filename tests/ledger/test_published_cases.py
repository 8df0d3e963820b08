"""The cases eventsourcing publishes for recorders, run against ours on both databases."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar
from unittest import TestCase

from databases import fresh_database
from eventsourcing.persistence import ApplicationRecorder, TrackingRecorder
from eventsourcing.tests.persistence import (
    ApplicationRecorderTestCase,
    NonInterleavingNotificationIDsBaseCase,
    TrackingRecorderTestCase,
)

from ledger.database import open_store
from ledger.recorders import LedgerRecorder, LedgerTrackingRecorder


class OnDatabase(TestCase):
    """Gives each case a ledger of its own."""

    kind: ClassVar[str]

    def open(self):
        directory = self.enterContext(TemporaryDirectory())
        url = self.enterContext(fresh_database(self.kind, Path(directory)))
        store = open_store(url, create=True)
        self.addCleanup(store.close)
        return store


class ApplicationCases(OnDatabase, ApplicationRecorderTestCase):
    def create_recorder(self) -> ApplicationRecorder:
        return LedgerRecorder(self.open())

    def test_insert_subscribe(self):
        self.optional_test_insert_subscribe()


class NonInterleavingCases(OnDatabase, NonInterleavingNotificationIDsBaseCase):
    def create_recorder(self) -> ApplicationRecorder:
        return LedgerRecorder(self.open())


class TrackingCases(OnDatabase, TrackingRecorderTestCase):
    def create_recorder(self) -> TrackingRecorder:
        return LedgerTrackingRecorder(self.open())


class TestApplicationOnSqlite(ApplicationCases):
    kind = "sqlite"


class TestApplicationOnPostgres(ApplicationCases):
    kind = "postgresql"


class TestNonInterleavingOnSqlite(NonInterleavingCases):
    kind = "sqlite"


class TestNonInterleavingOnPostgres(NonInterleavingCases):
    kind = "postgresql"


class TestTrackingOnSqlite(TrackingCases):
    kind = "sqlite"


class TestTrackingOnPostgres(TrackingCases):
    kind = "postgresql"


# The bases name no database; only their subclasses are cases.
del OnDatabase, TestCase, ApplicationCases, NonInterleavingCases, TrackingCases
del ApplicationRecorderTestCase, NonInterleavingNotificationIDsBaseCase, TrackingRecorderTestCase
