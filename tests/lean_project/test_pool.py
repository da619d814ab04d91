"""The pool with stand-ins for Lean: real processes in real sandboxes, which start in a moment."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from blueprint.errors import UserError
from lean_project import pool as pool_module
from lean_project import pool_client
from lean_project.pool import Pool, Stock
from lean_project.pool_door import warm_pool
from lean_project.sandbox_command import Command, disposable
from lean_project.sandbox_process import NoAnswerError, Process, running
from lean_project.sandbox_walls import NODE
from lean_project.toolchain import Toolchain
from lean_project.toolchain_process import Limits
from lean_project.toolchain_seat import BUILDER, ROLES, Role, Seat

TOOLCHAIN = Toolchain(Path("/nowhere"), Path("/nowhere/node"))
LIMITS = Limits()
# Gets ready, and then answers every request with its own text.
PROGRAM = """
n=0; echo ready > ready
while :; do
  if [ -f ../requests/$n ]; then cp ../requests/$n answer.part; mv answer.part answer.$n; n=$((n + 1)); fi
  sleep 0.02
done
"""


@contextmanager
def stand_in(_toolchain: Toolchain, role: Role, _limits: Limits) -> Iterator[Seat]:
    with disposable("chantier-test-") as folder:
        for name in (*role.folders, "scratch"):
            folder.joinpath(name).mkdir()
        command = Command(("/bin/sh", "-c", PROGRAM), folder / "scratch", self_confined=True)
        with running(NODE, command) as process:
            yield Seat(folder, process)


@pytest.fixture(autouse=True)
def stand_ins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHANTIER_RUNTIME", str(tmp_path / "run"))
    monkeypatch.setattr(pool_module, "started", stand_in)
    monkeypatch.setattr(pool_client, "started", _never)
    monkeypatch.setattr(pool_module, "require", lambda: TOOLCHAIN)
    monkeypatch.setattr(pool_module, "kind", lambda *_: "one kind")
    monkeypatch.setattr(pool_client, "kind", lambda *_: "one kind")
    monkeypatch.setattr(pool_module, "_warm_up", lambda *_: None)
    monkeypatch.setattr(pool_module, "PAUSE", 0.01)
    monkeypatch.setattr(pool_module, "available", lambda: 100_000_000_000)


def _never(*_: object) -> None:
    raise AssertionError("a Lean was started that the pool should have had")


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def full(pool: Pool, pairs: int = 1) -> bool:
    return pool.health().ready == {"builder": pairs, "judge": pairs}


@contextmanager
def opened(stock: Stock | None = None) -> Iterator[Pool]:
    with warm_pool(stock or Stock(1)) as pool:
        assert pool is not None
        until(lambda: full(pool))
        yield pool


def asked(seat: Seat, text: bytes) -> bytes:
    number = seat.ask(text)
    return seat.process.wait_for(seat.scratch / f"answer.{number}", 10)


def process_of(pool: Pool, role: str) -> Process:
    return pool._ready[role][0].process


def test_what_was_lent_is_thrown_away_and_replaced() -> None:
    with opened() as pool:
        first = process_of(pool, "builder")
        with pool_client.seat(TOOLCHAIN, BUILDER, LIMITS) as seat:
            assert asked(seat, b"one") == b"one"
            assert asked(seat, b"two") == b"two"
            assert pool.health().out == 1
            folder = seat.folder
        until(lambda: full(pool))
        assert not first.is_running()
        assert not folder.exists()
        with pool_client.seat(TOOLCHAIN, BUILDER, LIMITS) as seat:
            assert seat.folder != folder
        assert pool.health().served == 2


def test_nobody_gets_one_that_another_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_client, "started", stand_in)
    with (
        opened(),
        pool_client.seat(TOOLCHAIN, BUILDER, LIMITS) as one,
        pool_client.seat(TOOLCHAIN, BUILDER, LIMITS) as other,
    ):
        assert one.folder != other.folder
        assert asked(other, b"for the other") == b"for the other"
        assert not list(one.scratch.glob("answer.*"))


def test_another_kind_is_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    with opened() as pool:
        with pool.lent("builder", "another kind") as lent:
            assert lent is None
        with pool.lent("plumber", "one kind") as lent:
            assert lent is None


def test_one_of_an_old_kind_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    with opened() as pool:
        old = process_of(pool, "judge")
        monkeypatch.setattr(pool_module, "kind", lambda *_: "a new kind")
        until(lambda: not old.is_running() and full(pool))


def test_one_that_died_waiting_is_replaced() -> None:
    with opened() as pool:
        process_of(pool, "builder").end()
        until(lambda: pool.health().lost == 1 and full(pool))
        with pool_client.seat(TOOLCHAIN, BUILDER, LIMITS) as seat:
            assert asked(seat, b"alive") == b"alive"


def test_one_that_dies_in_use_says_so() -> None:
    with opened() as pool:
        process = process_of(pool, "builder")
        with pool_client.seat(TOOLCHAIN, BUILDER, LIMITS) as seat:
            process.end()
            with pytest.raises(NoAnswerError):
                asked(seat, b"anybody?")


def test_whoever_leaves_takes_it_along() -> None:
    with opened() as pool:
        process = process_of(pool, "builder")
        seat = pool_client._lent("builder", "one kind")
        assert seat is not None
        waiting = threading.Thread(target=_waits_in_vain, args=(seat,))
        waiting.start()
        time.sleep(0.1)
        seat._guest.shutdown(socket.SHUT_RDWR)
        waiting.join()
        until(lambda: not process.is_running())


def _waits_in_vain(connection: pool_client._Connection) -> None:
    with pytest.raises(NoAnswerError):
        connection.wait_for(connection.seat.scratch / "never", 60)


def test_all_are_dead_when_it_ends() -> None:
    with opened() as pool:
        processes = [process_of(pool, role) for role in ROLES]
    assert not any(process.is_running() for process in processes)
    assert pool_client.health() is None


def test_the_idle_are_let_go_until_somebody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_client, "started", stand_in)
    with opened() as pool:
        pool._stock = Stock(1, idle=0)
        until(lambda: not any(pool.health().ready.values()))
        pool._stock = Stock(1, idle=3600)
        with pool_client.seat(TOOLCHAIN, BUILDER, LIMITS):
            pass
        until(lambda: full(pool))


def test_where_memory_is_short_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_module, "available", lambda: 5_000_000_000)
    with warm_pool(Stock(1)) as pool:
        assert pool is not None
        time.sleep(0.2)
        assert not any(pool.health().ready.values())


def test_none_is_none() -> None:
    with warm_pool(Stock(0)) as pool:
        assert pool is None


def test_there_is_one_pool() -> None:
    with opened(), warm_pool(Stock(1)) as second:
        assert second is None
    with warm_pool(Stock(1)) as third:
        assert third is not None


def test_its_health_is_known_outside() -> None:
    with opened():
        health = pool_client.health()
        assert health is not None
        assert health["ready"] == {"builder": 1, "judge": 1}


def test_a_trouble_is_said_and_does_not_end_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> Toolchain:
        raise UserError("The embedded Lean is not installed.")

    with opened() as pool:
        monkeypatch.setattr(pool_module, "AFTER_TROUBLE", 0.01)
        monkeypatch.setattr(pool_module, "require", refused)
        until(lambda: "not installed" in pool.health().trouble)
        monkeypatch.setattr(pool_module, "require", lambda: TOOLCHAIN)
        with pool_client.seat(TOOLCHAIN, BUILDER, LIMITS):
            pass
        until(lambda: full(pool) and not pool.health().trouble)


def test_a_folder_that_others_can_enter_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHANTIER_RUNTIME", str(tmp_path / "open"))
    tmp_path.joinpath("open").mkdir(mode=0o777)
    os.chmod(tmp_path / "open", 0o777)
    assert pool_client.health() is None
    with pytest.raises(UserError, match="only you can use"), warm_pool(Stock(1)):
        pass
    tmp_path.joinpath("link").symlink_to(tmp_path)
    monkeypatch.setenv("CHANTIER_RUNTIME", str(tmp_path / "link"))
    with pytest.raises(UserError, match="only you can use"):
        pool_client.folder()
