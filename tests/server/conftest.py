"""A database, and a small project in a real git repository whose Lean is read by a few lines of Python."""

from __future__ import annotations

import importlib.util
import logging
import os
import re
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from blueprint import graph as graphs
from blueprint.graph import Flags, Graph, Node, Part, Place
from lean_project.commits import Contact, Revision
from lean_project.facts import SORRY, Blame, Fact, Facts, Kind, Meaning, Message
from lean_project.project import Project
from lean_project.repository import create
from server.store import Database

from .browsing import address, browser, context, page, plain
from .crew import Crew, build
from .web_world import Site, make_site

__all__ = ["address", "browser", "context", "page", "plain"]  # pytest finds fixtures here

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
ANA = Contact("Ana", "ana@example.org")
BEN = Contact("Ben", "ben@example.org")

_CLAIMED = Flags(False, False, False, False, False, False)
_THEOREM = re.compile(r"theorem (\S+) : (.*) := (.*)")
_DEFINITION = re.compile(r"def (\S+) := (.*)")


def node(name: str, *uses: str, kind: str = "theorem", lean: str = "", notready: bool = False) -> Node:
    """A node that uses others in its proof."""
    place, number = Place("web.tex", 1), name.rsplit(":", 1)[-1]
    proof = None if kind.startswith("def") else Part(place, uses=uses)
    statement = Part(place, lean=(lean or number,))
    return Node(name, kind, statement, _CLAIMED, proof, labels=(name,), number=number, notready=notready)


def read(web_tex: Path, root: Path) -> Graph:
    """Stands in for the LaTeX reader: the file holds the graph as JSON."""
    return graphs.decode(web_tex.read_bytes())


def check(project: Project, names: Iterable[str], progress: object = None) -> Facts:
    """Stands in for Lean: one theorem a line, proved unless its proof is `sorry`; `broken` does not build.

    Its statement means the definitions whose names stand in it (`def P := 3`), and rests on `ground X`.
    """
    facts, messages = [], []
    source = (project.lean_root / "Main.lean").read_text().splitlines()
    defined = dict(match.groups() for text in source if (match := _DEFINITION.fullmatch(text)))
    ground = next((text for text in source if text.startswith("ground ")), "")
    for line, text in enumerate(source, 1):
        if match := _THEOREM.fullmatch(text):
            facts.append(_fact(match[1], match[2], match[3] == "sorry", line))
        elif text.startswith("  "):  # a proof may go on for more lines
            facts.append(_longer(facts.pop(), text.strip() == "sorry", line))
        elif text == "broken":
            messages.append(Message("Main.lean", line, 0, "error", "unexpected identifier"))
    if messages:
        return Facts("a few lines of Python", messages=tuple(messages), failed_modules=("Main",))
    facts = [_meant(fact, defined, ground) for fact in facts]
    return Facts(
        "a few lines of Python",
        tuple(sorted(facts, key=lambda fact: fact.name)),
        meanings=_meanings(facts, defined),
    )


def _meant(fact: Fact, defined: dict[str, str], ground: str) -> Fact:
    print_ = " ".join(
        [fact.statement, *(defined[word] for word in fact.statement.split() if word in defined)]
    )
    return replace(fact, fingerprint=print_, deep_fingerprint=f"{print_} on {ground}")


def _meanings(facts: list[Fact], defined: dict[str, str]) -> tuple[Meaning, ...]:
    """The definitions first, then the theorems, which name them by their positions."""
    at = {name: position for position, name in enumerate(defined)}
    own = [Meaning(name, body) for name, body in defined.items()]
    uses = {fact.name: tuple(at[word] for word in fact.statement.split() if word in at) for fact in facts}
    return (*own, *(Meaning(fact.name, fact.statement, uses[fact.name]) for fact in facts))


def _longer(fact: Fact, sorry: bool, end_line: int) -> Fact:
    whole = _fact(fact.name, fact.statement, fact.direct_sorry or sorry, fact.line or end_line)
    return replace(whole, end_line=end_line)


def _fact(name: str, statement: str, sorry: bool, line: int) -> Fact:
    blames = (Blame(SORRY, (name, SORRY), False, "Main.lean", line),) if sorry else ()
    return Fact(
        name,
        Kind.THEOREM,
        is_prop=True,
        module="Main",
        file="Main.lean",
        line=line,
        end_line=line,
        direct_sorry=sorry,
        axioms=(SORRY,) if sorry else (),
        blames=blames,
        statement=statement,
    )


@dataclass
class Village:
    """A repository that grows: `commit` adds one and leaves it checked out."""

    folder: Path
    now = START
    ana = ANA
    ben = BEN
    node = staticmethod(node)
    revisions: list[Revision] = field(default_factory=list)

    def commit(self, author: Contact, nodes: Iterable[Node], *theorems: str, settings: str = "") -> str:
        """`theorems` are lines such as `theorem a : P := sorry`, `settings` what chantier.toml says."""
        graph = graphs.encode(Graph(tuple(nodes), title="The Village"))
        files = {"blueprint/src/web.tex": graph, "Main.lean": "\n".join((*theorems, "")).encode()}
        files |= {"chantier.toml": settings.encode()} if settings else {}
        parents = (len(self.revisions) - 1,) if self.revisions else ()
        at = START - timedelta(days=30) + timedelta(hours=len(self.revisions))
        self.revisions.append(Revision(author, at, f"Work {len(self.revisions)}", files, parents))
        return self._write()

    def _write(self) -> str:
        shutil.rmtree(self.folder, ignore_errors=True)
        return create(self.folder, self.revisions)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a PostgreSQL server of our own, started for the session, without a database's name."""
    if postgresql_binaries() is None:
        pytest.skip("PostgreSQL or its driver psycopg is not installed")
    with postgresql_server() as address:
        yield address


def postgresql_binaries() -> Path | None:
    """Where the newest PostgreSQL here is, if there is one and its driver."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return installed[0] if installed and importlib.util.find_spec("psycopg") else None


@contextmanager
def postgresql_server() -> Iterator[str]:
    binaries = postgresql_binaries() or Path()
    with tempfile.TemporaryDirectory(prefix="chantier-pg-") as folder:
        data, port = Path(folder) / "data", _free_port()
        user = _plain_user(folder)
        make = [binaries / "initdb", "-D", data, "-U", "chantier", "-A", "trust", "--no-sync"]
        subprocess.run(make, user=user, check=True, capture_output=True, cwd="/")
        options = f"-c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
        control = [binaries / "pg_ctl", "-D", data, "-w", "-s", "-l", Path(folder) / "log"]
        subprocess.run([*control, "-o", f"-p {port} {options}", "start"], user=user, check=True, cwd="/")
        yield f"postgresql+psycopg://chantier@127.0.0.1:{port}"
        subprocess.run([*control, "-m", "immediate", "stop"], user=user, check=True, cwd="/")


def _plain_user(folder: str) -> str | None:
    """PostgreSQL refuses to run as root; somebody else then owns the folder."""
    if os.getuid() != 0:
        return None
    shutil.chown(folder, "nobody")
    return "nobody"


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


_STAND_INS = ("werkzeug", "urllib3.connectionpool")
KINDS = ("sqlite", "postgresql")


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, of each kind in turn."""
    return empty_database(request, tmp_path, request.param)


@pytest.fixture
def other_url(request: pytest.FixtureRequest, tmp_path: Path, database_url: str) -> str:
    """The address of an empty database of the other kind."""
    return empty_database(request, tmp_path, KINDS[database_url.startswith(KINDS[0])])


def empty_database(request: pytest.FixtureRequest, tmp_path: Path, kind: str) -> str:
    name = f"test_{uuid.uuid4().hex}"
    if kind == "sqlite":
        return f"sqlite:///{tmp_path / name}.db"
    server: str = request.getfixturevalue("postgresql")
    engine = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    return f"{server}/{name}"


@pytest.fixture
def any_database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'chantier.db'}")
    yield database
    database.close()


@pytest.fixture
def village(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Village:
    from server import inspection

    monkeypatch.setattr(inspection, "read", read)
    monkeypatch.setattr(inspection, "check", check)
    return Village(tmp_path / "village")


@pytest.fixture
def crew(village: Village, any_database: Database) -> Crew:
    """The village synced, with people at work on it, on a database of each kind in turn."""
    return build(village, any_database)


@pytest.fixture
def quick(village: Village, database: Database) -> Crew:
    """The same on SQLite alone."""
    return build(village, database)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """The application over the sample project."""
    site = make_site(tmp_path)
    site.add_project()
    yield site
    site.database.close()


@pytest.fixture
def everything_said(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> Callable[[], str]:
    """All that was logged or printed: our own lines go to the terminal, those of libraries to `logging`.

    The server and the client of HTTP that stand in for a forge and for a browser are left out.
    """
    caplog.set_level(logging.DEBUG)

    def said() -> str:
        heard = [one.getMessage() for one in caplog.records if one.name not in _STAND_INS]
        return "\n".join((*heard, *capsys.readouterr()))

    return said
