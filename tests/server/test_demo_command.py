"""`chantier demo`: what it sets up, with a few lines of Python for Lean, and once with the real one."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lean_project.facts import SORRY, Fact, Facts, Kind
from lean_project.project import Project
from server import demo, inspection
from server.demo_crew import move_in
from server.demo_history import CREW, MAYA
from server.service import claims, people, suggestions, views
from server.store import Database
from server.sync import sync
from server.work.permissions import Role

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
CHANTIER = Path(sys.executable).with_name("chantier")
_BLOCK = re.compile(r"^(theorem|def) (\S+)[^\n]*\n(?:[ \t][^\n]*\n|\n(?=[ \t]))*", re.MULTILINE)


def check(project: Project, names: Iterable[str], progress: object = None) -> Facts:
    """Stands in for Lean: what has no `sorry` in its own lines is proved."""
    found = [fact for file in sorted(project.root.glob("Showcase/*.lean")) for fact in facts_of(file)]
    return Facts("a few lines of Python", tuple(found))


def facts_of(file: Path) -> Iterable[Fact]:
    text = file.read_text("utf-8")
    for block in _BLOCK.finditer(text):
        first = text.count("\n", 0, block.start()) + 1
        theorem, sorry = block[1] == "theorem", "sorry" in block[0]
        yield Fact(
            f"Showcase.{block[2]}",
            Kind.THEOREM if theorem else Kind.DEFINITION,
            theorem,
            f"Showcase.{file.stem}",
            file=f"Showcase/{file.name}",
            line=first,
            end_line=first + block[0].count("\n") - 1,
            axioms=(SORRY,) if sorry else (),
        )


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(inspection, "check", check)
    demo.make(tmp_path / "showcase", NOW)
    return tmp_path / "showcase"


def test_the_crew_is_known_and_at_work(folder: Path, database: Database) -> None:
    project = sync(database, folder, NOW).project
    with database.begin() as store:
        maya = move_in(store, project, NOW)
        shown = views.snapshot(store, project, NOW)
        assert maya.role is Role.MAINTAINER
        assert [p.name for p in store.people.every() if p.role is Role.MAINTAINER] == [MAYA.name]
        assert {people.by_git(store, "", c.email, NOW).name for c in CREW} == {c.name for c in CREW}
    held = [claim.person_name for task in shown.tasks for claim in task.claims]
    assert sorted(held) == ["Ada Demo", "Tomas Demo"]
    assert {entry.person_name for entry in shown.credit} <= {contact.name for contact in CREW}
    assert len({entry.person_id for entry in shown.credit}) > 3


def test_moving_in_again_gives_nobody_new_work(folder: Path, database: Database) -> None:
    project = sync(database, folder, NOW).project
    with database.begin() as store:
        move_in(store, project, NOW)
        ada = people.by_name(store, "Ada Demo")
        (task,) = claims.mine(store, project, ada, NOW)
        claims.disclaim(store, project, ada, task.label, now=NOW)
    with database.begin() as store:
        move_in(store, project, NOW)
        assert claims.mine(store, project, ada, NOW) == ()


def test_something_good_is_left_for_whoever_tries_it(folder: Path, database: Database) -> None:
    project = sync(database, folder, NOW).project
    with database.begin() as store:
        before = suggestions.next_tasks(store, project, None, now=NOW, limit=1)
        move_in(store, project, NOW)
        assert suggestions.next_tasks(store, project, None, now=NOW, limit=1)[0].task == before[0].task


def run(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [CHANTIER, "demo", "--folder", tmp_path / "demo", *arguments]
    environment = os.environ | {"CHANTIER_DATA": str(tmp_path / "mine")}
    return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)


def test_a_taken_port_is_said_before_the_work(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        done = run(tmp_path, "--port", str(other.getsockname()[1]))
    assert done.returncode == 1
    assert re.fullmatch(r"chantier: Cannot serve on .*: another program has it; .*\n", done.stderr)
    assert not (tmp_path / "demo").exists()


@pytest.mark.parametrize("arguments", [("--host", "no.such.host.invalid"), ("--host", "203.0.113.9")])
def test_an_address_that_is_not_ours_is_refused(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = run(tmp_path, *arguments)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert not (tmp_path / "demo").exists()


def test_a_folder_that_cannot_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "demo").write_text("a file")
    done = run(tmp_path, "--no-serve")
    assert done.returncode == 1
    assert re.fullmatch(
        r"chantier: .*/demo cannot be written to: .*; choose another `--folder`.\n", done.stderr
    )
    assert (tmp_path / "demo").read_text() == "a file"


@pytest.mark.lean
@pytest.mark.timeout(900)
def test_the_whole_demo(tmp_path: Path) -> None:
    """Made with the real Lean, made again, served, signed in to, and stopped with Ctrl-C."""
    first = run(tmp_path, "--no-serve")
    assert first.returncode == 0, first.stderr
    assert "of them" in first.stdout
    assert "\x1b" not in first.stdout + first.stderr
    assert not (tmp_path / "mine").exists()
    port = free_port()
    command = [CHANTIER, "demo", "--folder", tmp_path / "demo", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        lines = until_serving(server)
        link = next(line.strip() for line in lines if "/sign-in/" in line)
        try:
            assert b"Counting" in urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=20).read()
            assert urllib.request.urlopen(link, timeout=20).status == 200
        finally:
            server.send_signal(signal.SIGINT)
        _, errors = server.communicate(timeout=20)
    assert server.returncode == 0, errors
    assert "Traceback" not in errors


def until_serving(server: subprocess.Popen[str]) -> list[str]:
    assert server.stdout
    lines: list[str] = []
    while not any(line.startswith("Serving on") for line in lines):
        line = server.stdout.readline()
        assert line, server.stderr and server.stderr.read()
        lines.append(line)
    return lines


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
