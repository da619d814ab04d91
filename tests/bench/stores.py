"""What the store costs at a size: syncs, claims, and every query of the pages."""

from __future__ import annotations

import hashlib
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from statistics import median, quantiles

from sqlalchemy import create_engine

from server import keeping
from server.records.projects import ProjectRow
from server.service import board, claims, people, suggestions
from server.service.arrival import record
from server.service.audit import ledger_faults
from server.store import Database, Store
from server.work.ledger import canonical
from tests.server import conftest

from .contest import Say
from .crowds import FOLDER, NOW, Size, arriving, crowd
from .queries import PAGES, Asked, listening, seconds

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"
CLAIMS, THREADS, REPEAT = 40, 8, 3


@dataclass(slots=True)
class Measured:
    """Seconds by what was done; for each page, those of its slowest query and of the whole."""

    engine: str
    size: Size
    seconds: dict[str, float] = field(default_factory=dict)
    rates: dict[str, float] = field(default_factory=dict)
    slowest: dict[str, tuple[float, float, str]] = field(default_factory=dict)

    def took(self, what: str, act: Callable[[], object]) -> None:
        begun = time.perf_counter()
        act()
        self.seconds[what] = time.perf_counter() - begun


@contextmanager
def engines() -> Iterator[dict[str, str]]:
    """Addresses of empty databases; without PostgreSQL, of SQLite alone."""
    with tempfile.TemporaryDirectory(prefix="chantier-bench-") as folder:
        urls = {SQLITE: f"sqlite:///{folder}/chantier.db"}
        if conftest.postgresql_binaries() is None:
            yield urls
            return
        with conftest.postgresql_server() as server:
            engine = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
            with engine.connect() as connection:
                connection.exec_driver_sql("CREATE DATABASE bench")
            engine.dispose()
            yield {**urls, POSTGRESQL: f"{server}/bench"}


def measured(engine: str, url: str, size: Size, say: Say, *, backup: bool) -> Measured:
    found = Measured(engine, size)
    database = Database(url)
    begun, before = time.perf_counter(), ""
    for step in crowd(database, url, size):
        say(f"{engine}: {step}")
        found.seconds[before], begun, before = time.perf_counter() - begun, time.perf_counter(), step
    found.seconds[before] = time.perf_counter() - begun
    del found.seconds[""]
    with database.reading() as store:
        project = store.projects.every()[0]
        other = store.projects.every()[-1]
    say(f"{engine}: queries")
    _pages(database, url, other, found)
    say(f"{engine}: claims")
    _claims(database, found)
    say(f"{engine}: a sync, and the ledger")
    _sync(database, size, found)
    _ledger(database, project, found)
    with tempfile.TemporaryDirectory(prefix="chantier-bench-") as folder:
        say(f"{engine}: export, import, backup")
        _copies(database, project, Path(folder), found)
        if backup:
            found.took("a backup", lambda: keeping.backup(database, Path(folder) / "all.jsonl.gz"))
    database.close()
    return found


def _pages(database: Database, url: str, project: ProjectRow, found: Measured) -> None:
    engine = create_engine(url)
    for page, ask in PAGES.items():
        heard: list[Asked] = []
        whole = []
        for _ in range(REPEAT):
            with database.reading() as store:
                person = people.by_zulip(store, 7, "", NOW)
                begun = time.perf_counter()
                with listening(page, heard if not whole else []):
                    ask(store, project, person)
                whole.append(time.perf_counter() - begun)
        with engine.connect() as connection:
            times = {one.statement: seconds(connection, one) for one in heard if _is_query(one)}
        worst = max(times, key=times.__getitem__, default="")
        found.slowest[page] = (times.get(worst, 0.0), median(whole), worst)
    engine.dispose()


def _is_query(asked: Asked) -> bool:
    return asked.statement.startswith("SELECT") and "FOR UPDATE" not in asked.statement


def _claims(database: Database, found: Measured) -> None:
    """One after the other in one project; then from threads, each in a project of its own."""
    with database.reading() as store:
        every = store.projects.every()
    wanted = [_free(database, every[place % len(every)], place) for place in range(1, THREADS + 2)]
    times: list[float] = []
    begun = time.process_time()
    alone = _rate([wanted[0]], lambda one: _claim(database, *one, times))
    found.seconds["processor time of a claim, without a server's"] = (time.process_time() - begun) / len(
        times
    )
    found.rates["claims a second, one at a time"] = alone
    found.seconds["95 of 100 claims, one at a time, take at most"] = quantiles(times, n=20)[-1]
    found.rates[f"the same, {THREADS} threads"] = _rate(wanted[1:], lambda one: _claim(database, *one))


Wanted = list[tuple[ProjectRow, int, int]]


def _free(database: Database, project: ProjectRow, place: int) -> Wanted:
    """Tasks that can be claimed, each with somebody who would have it."""
    with database.reading() as store:
        tasks = [task for task in board.load(store, project, NOW).tasks if task.is_free]
    own = tasks[place * CLAIMS :][:CLAIMS] or tasks[:CLAIMS]
    return [(project, task.number, 100 + place * CLAIMS + at) for at, task in enumerate(own)]


def _rate(wanted: list[Wanted], act: Callable[[tuple[ProjectRow, int, int]], object]) -> float:
    """How many a second, each list in a thread of its own."""
    threads = [threading.Thread(target=lambda one=one: list(map(act, one))) for one in wanted]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(map(len, wanted)) / (time.perf_counter() - begun)


def _claim(
    database: Database, project: ProjectRow, number: int, person: int, times: list[float] | None = None
) -> None:
    begun = time.perf_counter()
    with database.begin() as store:
        who = people.by_zulip(store, person, "", NOW)
        claims.claim(store, project, who, f"#{number}", until=None, now=NOW)
    if times is not None:
        times.append(time.perf_counter() - begun)


def _sync(database: Database, size: Size, found: Measured) -> None:
    """A commit of the first project in which every hundredth proof is new, from findings that are there."""
    with database.reading() as store:
        begun = time.perf_counter()
        checked = arriving(store, size, 51, NOW + timedelta(days=1))
        found.seconds["reading what is known, working out statuses"] = time.perf_counter() - begun

    def write() -> None:
        with database.begin() as store:
            record(store, checked, NOW + timedelta(days=1))

    found.took("a sync with every hundredth proof new", write)
    with database.reading() as store:
        project = store.projects.by_path(str(FOLDER))
        if project is None:
            raise RuntimeError("the first project is gone")
        person = people.by_zulip(store, 7, "", NOW)
        for what in ("the first suggestion after it", "the next one"):
            found.took(what, lambda: suggestions.next_tasks(store, project, person, now=NOW))


def _ledger(database: Database, project: ProjectRow, found: Measured) -> None:
    with database.reading() as store:
        every = store.projects.every()

        def verify() -> None:
            for one in every:
                if list(ledger_faults(store, one)):
                    raise RuntimeError(f"the ledger of {one.slug} does not verify")

        found.took("verifying every ledger", verify)
        found.seconds["hashing its entries and nothing else"] = sum(_hashing(store, one) for one in every)
        entries = sum(store.ledger.count(one.id) for one in every)
        found.rates["entries verified a second"] = entries / found.seconds["verifying every ledger"]


def _hashing(store: Store, project: ProjectRow) -> float:
    """The floor: the seconds that SHA-256 takes of what is sealed, once it is there as bytes."""
    texts = [canonical(prev, entry).encode() for entry, prev, _ in store.ledger.chain(project.id)]
    begun = time.perf_counter()
    for text in texts:
        hashlib.sha256(text).hexdigest()
    return time.perf_counter() - begun


def _copies(database: Database, project: ProjectRow, folder: Path, found: Measured) -> None:
    found.took("exporting a project", lambda: keeping.export(database, project.slug, folder / "p.jsonl"))
    arriving_at = (database, folder / "p.jsonl", "taken-in", folder / "taken-in")
    found.took("importing it", lambda: keeping.bring_in(*arriving_at))
