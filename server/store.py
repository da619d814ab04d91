"""The door to the database: one transaction is one `Store`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from blueprint.errors import UserError
from server.store_agreements import Agreements
from server.store_crew import Crew
from server.store_ledger import Ledger
from server.store_log import Log
from server.store_mail import Mail
from server.store_matches import Matches
from server.store_people import People
from server.store_projects import Projects
from server.store_reports import Reports
from server.store_tasks import Tasks
from server.store_tokens import Tokens
from server.work.leases import Policy

MIGRATIONS = Path(__file__).parent / "migrations"
_WRITES = "chantier_writes"


class Store:
    """Everything one transaction can read and write, by noun; `policy` is the rules for claims."""

    def __init__(self, connection: Connection, policy: Policy) -> None:
        self.policy = policy
        self.projects = Projects(connection)
        self.people = People(connection)
        self.tasks = Tasks(connection)
        self.agreements = Agreements(connection)
        self.ledger = Ledger(connection)
        self.log = Log(connection)
        self.mail = Mail(connection)
        self.matches = Matches(connection)
        self.tokens = Tokens(connection)
        self.reports = Reports(connection)
        self.crew = Crew(connection)


class Database:
    """A SQLite or PostgreSQL database at an SQLAlchemy address, brought up to date when opened.

    Raises `UserError` when it cannot be reached.
    """

    def __init__(self, url: str, policy: Policy | None = None) -> None:
        self._policy = policy or Policy()
        try:
            self._engine = _engine(url)
            self._migrate()
        except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
            raise UserError(f"The database address in the settings cannot be used: {error}.") from error
        except OperationalError as error:
            where = make_url(url).render_as_string(hide_password=True)
            raise UserError(f"The database {where} cannot be opened: {error.orig}.") from error

    @contextmanager
    def begin(self) -> Iterator[Store]:
        """One transaction that writes: all of it is kept, or, on any error, none."""
        with self._engine.connect().execution_options(**{_WRITES: True}) as connection, connection.begin():
            yield Store(connection, self._policy)

    @contextmanager
    def reading(self) -> Iterator[Store]:
        """One transaction that only reads, and holds up no writer."""
        with self._engine.connect() as connection, connection.begin() as transaction:
            yield Store(connection, self._policy)
            transaction.rollback()

    def close(self) -> None:
        self._engine.dispose()

    def _migrate(self) -> None:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        writing = self._engine.connect().execution_options(**{_WRITES: True})
        with writing as connection, connection.begin():
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


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
