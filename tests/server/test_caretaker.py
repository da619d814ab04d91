"""The caretaker's thread: it goes on whatever happens to one round."""

from __future__ import annotations

import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from server.caretaker import look_after
from server.store import Database, Store

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def test_a_fault_is_written_down_and_the_next_round_comes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CHANTIER_DATA", str(tmp_path))
    stop, rounds = threading.Event(), 0
    hours = count()

    def breaks_once(_store: Store, _now: datetime) -> None:
        nonlocal rounds
        rounds += 1
        if rounds == 1:
            raise RuntimeError("no luck")
        stop.set()

    monkeypatch.setattr("server.caretaker.tend", breaks_once)
    with closing(Database(f"sqlite:///{tmp_path / 'books.db'}")) as database:
        look_after(database, lambda: NOW + timedelta(hours=next(hours)), stop, pause=0.01)
    assert rounds == 2
    assert "no luck" in (tmp_path / "faults.log").read_text()
