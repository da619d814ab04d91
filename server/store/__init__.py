"""The door to the database: one transaction is one `Store`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Protocol

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from blueprint.errors import UserError
from server.store import changes
from server.store.agreements import Agreements
from server.store.books import Books
from server.store.changes import Changes, begin_anew, write_down
from server.store.channels import Channels
from server.store.crew import Crew
from server.store.deliveries import Deliveries
from server.store.erasing import Erasing
from server.store.hooks import Hooks
from server.store.intents import Intents
from server.store.introductions import Introductions
from server.store.ledger import Ledger
from server.store.log import Log
from server.store.mail import Mail
from server.store.matches import Matches
from server.store.members import Members
from server.store.notices import Notices
from server.store.parcels import Parcels
from server.store.people import People
from server.store.posts import Posts
from server.store.preferences import Wishes
from server.store.projects import Projects
from server.store.pull_requests import PullRequests
from server.store.queues import Queues
from server.store.reports import Reports
from server.store.schema import NEWEST, change, clear, revision, revisions
from server.store.sessions import Sessions
from server.store.shelf import Shelf
from server.store.tallies import Tallies
from server.store.tasks import Tasks
from server.store.tokens import Tokens
from server.store.verdicts import Verdicts
from server.store.wanted_syncs import WantedSyncs
from server.store.writers import Writers
from server.work.leases import Policy

_WRITES = "chantier_writes"
# Projects that are kept have so many nodes together at most.
MOST_KEPT = 100_000


class Kept(Protocol):
    """What is kept of a project; `weight` is how many nodes it has."""

    @property
    def weight(self) -> int: ...


class Store:
    """Everything one transaction can read and write, by noun.

    `policy` is the rules for claims; `kept` is what this process keeps of projects, by their ids; `source`
    tells databases apart, for whoever keeps something else of them in memory.
    """

    def __init__(self, connection: Connection, policy: Policy, kept: Shelf[Kept]) -> None:
        self.policy, self.kept = policy, kept
        self._db = connection
        self.source: object = connection.engine
        self.projects = Projects(connection)
        self.people = People(connection)
        self.members = Members(connection)
        self.tasks = Tasks(connection)
        self.agreements = Agreements(connection)
        self.ledger = Ledger(connection)
        self.log = Log(connection)
        self.tallies = Tallies(connection)
        self.introductions = Introductions(connection)
        self.notices = Notices(connection)
        self.preferences = Wishes(connection)
        self.posts = Posts(connection)
        self.mail = Mail(connection)
        self.channels = Channels(connection)
        self.matches = Matches(connection)
        self.intents = Intents(connection)
        self.tokens = Tokens(connection)
        self.sessions = Sessions(connection)
        self.reports = Reports(connection)
        self.hooks = Hooks(connection)
        self.deliveries = Deliveries(connection)
        self.pull_requests = PullRequests(connection)
        self.verdicts = Verdicts(connection)
        self.wanted_syncs = WantedSyncs(connection)
        self.books = Books(connection)
        self.crew = Crew(connection)
        self.erasing = Erasing(connection)
        self.parcels = Parcels(connection)
        self.changes = Changes(connection)
        self.queues = Queues(connection)

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """What is written within is kept as a whole or, on any error, not at all; the transaction goes on."""
        with self._db.begin_nested():
            yield


class Database:
    """A SQLite or PostgreSQL database at an SQLAlchemy address, brought up to date when opened.

    Raises `UserError` when it cannot be reached.
    """

    def __init__(self, url: str, policy: Policy | None = None) -> None:
        self._policy = policy or Policy()
        self._kept: Shelf[Kept] = Shelf(MOST_KEPT, lambda kept: kept.weight)
        try:
            self._engine = _engine(url)
            changes.listen(self._engine)
            self._turn = _turn(make_url(url))
            self._bring_up_to_date()
        except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
            raise UserError(f"The database address in the settings cannot be used: {error}.") from error
        except OperationalError as error:
            where = make_url(url).render_as_string(hide_password=True)
            raise UserError(f"The database {where} cannot be opened: {error.orig}.") from error

    @contextmanager
    def begin(self) -> Iterator[Store]:
        """One transaction that writes: all of it is kept, or, on any error, none."""
        with self._turn(), self._writing() as connection, connection.begin():
            yield Store(connection, self._policy, self._kept)
            write_down(connection)

    @contextmanager
    def reading(self) -> Iterator[Store]:
        """One transaction that only reads, sees one moment, and holds up no writer."""
        with self._engine.connect() as connection:
            if connection.dialect.name != "sqlite":  # which sees one moment anyway
                connection.execution_options(isolation_level="REPEATABLE READ")
            transaction = connection.begin()
            yield Store(connection, self._policy, self._kept)
            transaction.rollback()

    def rebuild(self, at: str, fill: Callable[[Store], None], check: Callable[[Store], None]) -> None:
        """Let all there is make way for what `fill` puts into empty tables of the revision `at`.

        It is then brought up to date and checked; on any error, all there was stays.
        """
        if at not in revisions():
            raise UserError(f"This is of another Chantier (revision {at}); update Chantier first.")
        with self._altering() as connection:
            store = Store(connection, self._policy, self._kept)
            seen = changes.newest(connection)
            clear(connection)
            change(connection, at)
            fill(store)
            change(connection, NEWEST)
            begin_anew(connection, seen)
            check(store)

    def close(self) -> None:
        self._engine.dispose()

    def _bring_up_to_date(self) -> None:
        """A database that is of this version already is not locked for that."""
        with self._engine.connect() as connection:
            known, every = revision(connection), revisions()
        if known is not None and known not in every:
            raise UserError(f"The database is of a newer Chantier (revision {known}); update Chantier first.")
        if known != every[-1]:
            with self._altering() as connection:
                change(connection, NEWEST)

    @contextmanager
    def _altering(self) -> Iterator[Connection]:
        """A transaction that may change the tables themselves."""
        with (
            self._turn(),
            self._writing() as connection,
            _foreign_keys_off(connection),
            connection.begin(),
        ):
            yield connection

    def _writing(self) -> Connection:
        return self._engine.connect().execution_options(**{_WRITES: True}, **changes.options())


@contextmanager
def _foreign_keys_off(connection: Connection) -> Iterator[None]:
    """SQLite alters a table by making it anew, and heeds the switch outside of transactions only."""
    if connection.dialect.name != "sqlite":
        yield
        return
    cursor = connection.connection.cursor()
    cursor.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()


def _turn(address: URL) -> Callable[[], AbstractContextManager[None]]:
    """How a writer waits for others; a PostgreSQL server sees to that by itself."""
    if address.get_backend_name() != "sqlite" or not address.database or address.database == ":memory:":
        return nullcontext
    return Writers(Path(address.database)).turn


def _engine(url: str) -> Engine:
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return create_engine(address, pool_pre_ping=True, hide_parameters=True)
    if address.database and address.database != ":memory:":
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(address, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver's own transactions start too late (at the first write); `_begin_sqlite` starts ours.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("busy_timeout = 30000", "journal_mode = WAL", "foreign_keys = ON", "synchronous = NORMAL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that will write takes the write lock at once: one that took it half way could only fail.
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
