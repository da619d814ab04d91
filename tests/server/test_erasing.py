"""A person who asks to be forgotten is, and what they did stays."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Text, create_engine, text
from sqlalchemy.exc import DBAPIError

from blueprint.errors import UserError
from server import keeping
from server.cli.verbs import group
from server.forges.events import Forge
from server.records.projects import ProjectRow
from server.service import assigning, claims, crews, erasing, people, signin, suggestions, waiting
from server.service.audit import require_sound
from server.store import Database
from server.store.erasing import REDACTED
from server.store.tables import metadata
from server.sync import sync

from .conftest import START, Village
from .crew import build
from .lived_in import DAY, live_in
from .migrating import content

# Text in which no person is named, or which is the project's own: what git and the blueprint say.
KEPT = {
    "api_tokens.label",
    "commits.summary",
    "credit.label",
    "cursors.value",
    "introductions.about",
    "introductions.file",
    "introductions.guidelines",
    "last_deeds.subject",
    "nodes.label",
    "nodes.source",
    "outbox.topic",
    "people.name",
    "people.pseudonym",
    "projects.path",
    "projects.repository_url",
    "projects.title",
    "pull_requests.link",
    "reports.chantier",
    "reports.toolchain",
    "task_events.link",
    "task_links.link",
    "tasks.tags",
}
LATER = START + 3 * DAY


@pytest.fixture
def project(any_database: Database, village: Village) -> ProjectRow:
    return live_in(any_database, village)


def everything(url: str) -> str:
    return str(content(url)).casefold()


def test_of_every_text_it_is_known_whether_names_are_taken_out() -> None:
    texts = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Text)
    }
    redacted = {f"{column.table.name}.{column.name}" for column in REDACTED}
    assert texts == redacted | KEPT
    assert not redacted & KEPT


def test_nothing_leads_to_somebody_who_was_erased(
    any_database: Database, database_url: str, project: ProjectRow, village: Village
) -> None:
    with any_database.begin() as store:
        ana = people.by_name(store, "Ana of the chat")
        token = signin.make_token(store, ana, "hers", START)
        store.log.record(project.id, "credit", "thanked Ana OF the chat, Ana, and Banana", LATER)
        store.notices.add(project.id, ana.id, "verified", "Well done, Ana.", LATER)
        before = store.ledger.entries(project.id)
    with any_database.begin() as store:
        gone = erasing.erase(store, ana, LATER)
    assert gone == erasing.Erased(ana.id, given_back=1)
    said = everything(database_url)
    assert "ana of the chat" not in said
    assert village.ana.email not in said
    assert f"thanked somebody #{ana.id}, somebody #{ana.id}, and banana" in said
    with any_database.reading() as store:
        require_sound(store, project)
        assert store.ledger.entries(project.id) == before
        assert {view.person_name for view in store.ledger.views(project.id)} >= {f"somebody #{ana.id}"}
        with pytest.raises(UserError, match="not valid"):
            signin.by_token(store, token, "read", LATER)
        with pytest.raises(UserError, match="no person number"):
            people.get(store, ana.id)
        with pytest.raises(UserError):
            people.by_name(store, "Ana of the chat")
        assert store.notices.of(ana.id) == ()
        assert store.log.watched(project.id, ana.id) == ()


def test_the_log_is_append_only_again_afterwards(
    any_database: Database, database_url: str, project: ProjectRow
) -> None:
    with any_database.begin() as store:
        erasing.erase(store, people.by_name(store, "#3"), LATER)
    engine = create_engine(database_url)
    for table in ("events", "task_events"):
        with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
            connection.execute(text(f"DELETE FROM {table}"))
    engine.dispose()


def test_commits_of_somebody_who_was_erased_make_nobody_new(
    any_database: Database, database_url: str, project: ProjectRow, village: Village
) -> None:
    with any_database.begin() as store:
        ana = people.by_name(store, "Ana of the chat")
        erasing.erase(store, ana, LATER)
        count = len(store.people.every())
    lines = [f"theorem {name} : A := by simp" for name in "abcd"]
    nodes = [
        village.node("thm:a"),
        village.node("thm:b", "thm:a"),
        village.node("thm:c"),
        village.node("thm:d"),
    ]
    village.commit(village.ana, nodes, *lines)
    assert sync(any_database, village.folder, LATER + DAY).settled.credited
    with any_database.reading() as store:
        assert len(store.people.every()) == count
        credited = {view.person_name for view in store.ledger.views(project.id)}
    assert credited <= {f"somebody #{ana.id}", "Ben"}


def test_somebody_who_comes_back_is_somebody_new(any_database: Database, project: ProjectRow) -> None:
    with any_database.begin() as store:
        ben = people.by_name(store, "#3")
        erasing.erase(store, ben, LATER)
        back = people.by_zulip(store, 7, "Ben", LATER + DAY)
        assert back.id != ben.id
        assert claims.claim(
            store, project, back, "thm:c", until=None, now=LATER + timedelta(days=2)
        ).task.claims


def test_an_export_afterwards_knows_them_no_more(
    any_database: Database, project: ProjectRow, other_url: str, tmp_path: Path
) -> None:
    with any_database.begin() as store:
        erasing.erase(store, people.by_name(store, "Ana of the chat"), LATER)
    keeping.export(any_database, project.slug, tmp_path / "p.jsonl")
    assert "Ana of the chat" not in (tmp_path / "p.jsonl").read_text()
    other = Database(other_url)
    keeping.bring_in(other, tmp_path / "p.jsonl")
    other.close()


def test_the_command_asks_first(
    database: Database, village: Village, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    live_in(database, village)
    monkeypatch.setenv("CHANTIER_DATABASE_URL", f"sqlite:///{tmp_path / 'chantier.db'}")
    monkeypatch.setenv("CHANTIER_CONFIG", str(tmp_path / "none.toml"))
    assert CliRunner().invoke(group, ["erase", "#3"], input="n\n").exit_code == 1
    done = CliRunner().invoke(group, ["erase", "#3", "--yes"])
    assert (done.exit_code, done.output) == (0, "They are somebody #3 from now on; tasks given back: 0.\n")


def test_nobody_waits_for_the_answer_of_somebody_who_was_erased(village: Village, database: Database) -> None:
    crew = build(village, database)
    crew.claim(crew.ben, "thm:b")
    crew.do(crews.join, crew.cleo, "thm:b")
    crew.do(assigning.assign, crew.mona, "thm:d", crew.cleo)
    with database.begin() as store:
        erasing.erase(store, crew.cleo, crew.now)
        assert crews.asked(store, crew.project, crew.ben, crew.now) == ()
        assert store.tasks.requests(crew.project.id) == ()
        require_sound(store, crew.project)
    crew.claim(crew.mona, "thm:d")


def test_who_waits_for_what_becomes_free_by_it_is_told(village: Village, any_database: Database) -> None:
    crew = build(village, any_database)
    crew.claim(crew.cleo, "thm:b")
    crew.do(assigning.assign, crew.mona, "thm:d", crew.cleo)
    for ref in ("thm:b", "thm:d"):
        crew.do(waiting.wait, crew.ben, ref)
    with any_database.begin() as store:
        erasing.erase(store, crew.cleo, crew.now)
    assert crew.notices(crew.ben) == [
        f"{task} is free again; whoever claims it first has it."
        for task in ("#8 “prove thm:d”", "#4 “prove thm:b”")
    ]


def test_what_they_were_offered_is_kept_back_no_more(village: Village, any_database: Database) -> None:
    crew = build(village, any_database)
    offered = [one.task.number for one in crew.do(suggestions.offer, crew.cleo)]
    kept_back = "It was offered to somebody else a short while ago, who may take it."
    assert offered
    assert kept_back in crew.do(suggestions.next_tasks, crew.ben)[0].reasons
    with any_database.begin() as store:
        erasing.erase(store, crew.cleo, crew.now)
    assert kept_back not in crew.do(suggestions.next_tasks, crew.ben)[0].reasons


def test_what_a_forge_told_and_nobody_worked_off_is_emptied(
    any_database: Database, database_url: str, project: ProjectRow
) -> None:
    body = b'{"comment": "Ana of the chat wrote this"}'
    with any_database.begin() as store:
        for key in ("waits", "later", "dead", "done"):
            store.deliveries.accept(project.id, Forge.GITHUB, key, key, "push", body, START)
        waiting = [row["id"] for row in content(database_url)["deliveries"]] or [1, 2, 3, 4]
        store.deliveries.put_off(waiting[1], LATER, "Not yet.")
        store.deliveries.give_up(waiting[2], START, "Never.")
        store.deliveries.done(waiting[3])
    with any_database.begin() as store:
        erasing.erase(store, people.by_name(store, "Ana of the chat"), LATER)
    rows = content(database_url)["deliveries"]
    assert [row["body"] for row in rows] == [None] * 4
    assert [row["dead"] is not None for row in rows] == [True, True, True, False]
    with any_database.begin() as store:
        assert store.deliveries.take(LATER) is None
        assert all("erased" in (one.why or "") for one in store.deliveries.dead(project.id))
