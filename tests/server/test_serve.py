"""`chantier serve` as typed: it serves, or says in one sentence why not."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from blueprint.errors import UserError
from dashboards import assets
from server.cli.serve import serve
from server.service import claims, people
from server.settings import load
from server.store import Database

from .chat_world import add_project

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
COMMAND = (sys.executable, "-c", "from server.cli import main; main()", "serve")


@pytest.fixture(autouse=True)
def _own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHANTIER_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("CHANTIER_CONFIG", raising=False)


def test_it_serves_until_told_to_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    if not assets.built():
        pytest.skip("the front end is not built: run `python -m dashboards.build`")
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [*COMMAND, "--port", "0"], stdout=subprocess.PIPE, text=True, env=environment
    ) as child:
        try:
            assert child.stdout
            said = child.stdout.readline()
            found = re.fullmatch(r"Serving on (http://127\.0\.0\.1:\d+) until Ctrl-C\.\n", said)
            assert found, said
            with urllib.request.urlopen(found[1], timeout=30) as answer:
                assert b"chantier sync" in answer.read()
        finally:
            child.terminate()


def workers(pid: int) -> list[int]:
    """The processes that answer beside the one of that number."""
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    children = [one for found in lists for one in found.read_text().split()]
    return [int(one) for one in children if b"spawn_main" in Path(f"/proc/{one}/cmdline").read_bytes()]


def until(holds: Callable[[], bool]) -> None:
    last = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < last
        time.sleep(0.05)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks for processes where Linux shows them")
def test_several_processes_answer_and_end_with_the_first() -> None:
    if not assets.built():
        pytest.skip("the front end is not built: run `python -m dashboards.build`")
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    command = [*COMMAND, "--port", "0", "--processes", "3"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as child:
        try:
            assert child.stdout
            place = child.stdout.readline().split()[2]
            until(lambda: len(workers(child.pid)) == 2)
            first, second = workers(child.pid)
            os.kill(first, signal.SIGKILL)
            until(lambda: len(workers(child.pid)) == 2 and first not in workers(child.pid))
            begun = set(workers(child.pid))
            for _ in range(20):
                with urllib.request.urlopen(place, timeout=30) as answer:
                    assert answer.status == 200
        finally:
            child.kill()
    until(lambda: not any(Path(f"/proc/{one}").exists() for one in begun | {second}))


def test_it_looks_after_leases_while_it_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load()
    with closing(Database(settings.database_url.get_secret_value(), settings.policy)) as database:
        with database.begin() as store:
            project = add_project(store)
            ada = people.by_zulip(store, 1, "Ada", LONG_AGO)
            claims.claim(store, project, ada, "lem:hall", until=None, now=LONG_AGO)
        told = threading.Event()

        class Served:
            effective_port = 80

            def run(self) -> None:
                """Serves until the caretaker has been round, 30 seconds at most."""
                for _ in range(300):
                    with database.reading() as store:
                        if any(event.kind == "expired" for event in store.log.events(project.id)):
                            told.set()
                            return
                    time.sleep(0.1)

        monkeypatch.setattr(assets, "built", lambda: True)
        monkeypatch.setattr("server.cli.serve.create_server", lambda *_, **__: Served())
        serve("127.0.0.1", 0)
        assert told.is_set()
    assert "caretaker" not in {thread.name for thread in threading.enumerate()}


def test_a_taken_port_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "built", lambda: True)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UserError, match=f"^Port {port} is taken by another program; choose another"):
            serve("127.0.0.1", port)


def test_without_the_front_end_it_says_what_to_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "built", lambda: False)
    with pytest.raises(UserError, match=r"run `python -m dashboards\.build` first\.$"):
        serve("127.0.0.1", 0)
