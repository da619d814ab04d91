"""`chantier say`: the same conversation without a chat."""

from __future__ import annotations

import fcntl
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from blueprint.errors import UserError
from server.cli.bot import command as bot
from server.cli.say import command
from server.service import people
from server.service.telling import tell
from server.store import Database
from server.work.permissions import Role

from .chat_world import NOW, add_project


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    monkeypatch.setenv("CHANTIER_DATA", str(tmp_path))
    monkeypatch.setenv("CHANTIER_CONFIG", str(tmp_path / "absent.toml"))
    monkeypatch.setenv("CHANTIER_DATABASE_URL", f"sqlite:///{tmp_path / 'chantier.db'}")
    database = Database(f"sqlite:///{tmp_path / 'chantier.db'}")
    with database.begin() as store:
        add_project(store)
        people.add(store, "Ada", Role.CONTRIBUTOR, NOW)
    return database


def say(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments)


def refusal(*arguments: str) -> str:
    result = say(*arguments)
    assert isinstance(result.exception, UserError)
    return str(result.exception)


def test_claim_by_command_line(database: Database) -> None:
    result = say("--as", "Ada", "claim lem:hall 2w")
    assert (result.exit_code, result.stdout.split(" until ")[0]) == (0, "Yours")
    assert "#5" in say("--as", "ada", "mine").stdout


def test_words_need_no_quotes(database: Database) -> None:
    assert say("--as", "Ada", "claim", "lem:hall", "2", "weeks").exit_code == 0


def test_refusal_is_exit_status_1_on_stderr(database: Database) -> None:
    result = say("--as", "Ada", "claim lem:hal")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "did you mean `lem:hall`" in result.stderr


def test_a_newcomer_joins(database: Database) -> None:
    assert "Nobody here is called Ben" in refusal("--as", "Ben", "claim lem:hall")
    assert say("--as", "Ben", "--new", "claim lem:hall").exit_code == 0
    assert say("--as", "Ben", "--new", "mine").stdout.startswith("You hold:")


def test_notices_are_told_once(database: Database) -> None:
    with database.begin() as store:
        ada, project = people.by_name(store, "Ada"), store.projects.every()[0]
        tell(store, project, ada.id, "verified", "`lem:hall` is \x1b[31mverified.", NOW, "lem:hall")
    assert say("--as", "Ada", "mine").stdout.endswith("2026-11-22: `lem:hall` is [31mverified.\n")
    assert "verified" not in say("--as", "Ada", "mine").stdout


def test_which_project(database: Database) -> None:
    assert "There is no project `hals`; did you mean `halls`?" in refusal(
        "--as", "Ada", "--project", "hals", "mine"
    )
    with database.begin() as store:
        store.projects.add("other", "Other", "/nowhere/other", None, NOW)
    assert "say which with `--project`: halls, other." in refusal("--as", "Ada", "mine")
    assert say("--as", "Ada", "--project", "halls", "mine").exit_code == 0


def test_one_bot_at_a_time(database: Database, tmp_path: Path) -> None:
    with (tmp_path / "bot.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        result = CliRunner().invoke(bot, ["--zuliprc", "/nowhere"])
    assert "stop that one first" in str(result.exception)
    assert "There is no file /nowhere" in str(CliRunner().invoke(bot, ["--zuliprc", "/nowhere"]).exception)


def test_bot_without_credentials_is_one_sentence(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/nowhere")
    for name in ("ZULIP_CONFIG", "ZULIP_SITE", "ZULIP_EMAIL", "ZULIP_API_KEY", "CHANTIER_ZULIP_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    result = CliRunner().invoke(bot, [])
    assert isinstance(result.exception, UserError)
    assert "docs/zulip.md" in str(result.exception)
