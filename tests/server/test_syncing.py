"""New commits that a forge told of: brought in by a process of its own, again where that fails."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from blueprint.errors import UserError
from lean_project.pulling import pull
from server.cli.verbs import group
from server.service import syncs as wishes
from server.service.syncs import LONGEST
from server.store import Database
from server.syncing import Syncs

from .chat_world import NOW, add_project

MINUTE = timedelta(minutes=1)


@pytest.fixture
def project(any_database):
    with any_database.begin() as store:
        row = add_project(store, "halls")
        store.wanted_syncs.ask(row.id, NOW)
    return row


def script(words):
    return (sys.executable, "-c", f"import sys; {words}")


def wanted(database, project):
    with database.reading() as store:
        return store.wanted_syncs.of_project(project.id)


def run(syncs, now):
    """One from its beginning to its end."""
    syncs.turn(now)
    deadline = time.monotonic() + 60
    while syncs._child is not None and time.monotonic() < deadline:
        time.sleep(0.02)
        syncs.turn(now)


def test_what_is_wanted_is_brought_in_once(any_database, project, tmp_path):
    note = tmp_path / "note"
    syncs = Syncs(any_database, script(f"open({str(note)!r}, 'a').write(sys.argv[1] + ';')"))
    run(syncs, NOW)
    run(syncs, NOW)
    assert note.read_text() == f"{project.path};"
    assert wanted(any_database, project) is None


def test_a_push_meanwhile_is_wanted_still(any_database, project):
    syncs = Syncs(any_database, script("time = __import__('time'); time.sleep(0.2)"))
    syncs.turn(NOW)
    with any_database.begin() as store:
        store.wanted_syncs.ask(project.id, NOW + MINUTE)
    run(syncs, NOW + MINUTE)
    assert wanted(any_database, project).begun is None


def test_what_fails_is_tried_again_later_and_then_waits_for_the_next_push(any_database, project):
    syncs = Syncs(any_database, script("sys.exit('chantier: The file x is broken.')"))
    now = NOW
    for failures in range(1, 7):
        run(syncs, now)
        run(syncs, now)
        known = wanted(any_database, project)
        assert (known.failures, known.why) == (failures, "The file x is broken.")
        now = known.due or now
    assert known.due is None
    with any_database.begin() as store:
        store.wanted_syncs.ask(project.id, now)
    assert (wanted(any_database, project).due, wanted(any_database, project).failures) == (now, 0)


def test_the_command_itself_says_why_it_failed(database, tmp_path, monkeypatch):
    monkeypatch.setenv("CHANTIER_DATA", str(tmp_path))
    with database.begin() as store:
        project = add_project(store, "halls")
        store.wanted_syncs.ask(project.id, NOW)
    run(Syncs(database), NOW)
    why = wanted(database, project).why
    assert why.startswith(f"The newest commits of {project.path} could not be fetched; git says:")


def test_one_that_was_ended_with_its_server_begins_anew(any_database, project):
    syncs = Syncs(any_database, script("__import__('time').sleep(60)"))
    syncs.turn(NOW)
    other = Syncs(any_database, script("pass"))
    run(other, NOW)
    assert wanted(any_database, project).begun == NOW  # somebody is at it
    syncs.stop()
    released = wanted(any_database, project)
    assert (released.begun, released.failures, released.due) == (None, 0, NOW)
    run(other, NOW)
    assert wanted(any_database, project) is None


def test_one_that_cannot_be_started_is_not_taken_to_run(any_database, project):
    Syncs(any_database, ("/nowhere/chantier",)).turn(NOW)
    known = wanted(any_database, project)
    assert (known.begun, known.failures, known.due) == (None, 1, NOW + 5 * MINUTE)
    assert known.why.startswith("The server could not start it: ")
    assert known.failing == NOW


def test_what_cannot_be_written_down_is_written_down_the_next_time(any_database, project, monkeypatch):
    syncs = Syncs(any_database, script("pass"))
    syncs.turn(NOW)
    syncs._child.process.wait()

    def gone(*_):
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr(wishes, "finish", gone)
        with pytest.raises(ConnectionError):
            syncs.turn(NOW)
    syncs.turn(NOW)
    assert wanted(any_database, project) is None


def test_it_is_ended_before_another_server_may_take_over(any_database, project):
    syncs = Syncs(any_database, script("__import__('time').sleep(60)"))
    syncs.turn(NOW)
    before = NOW + LONGEST - MINUTE
    run(syncs, before)
    assert wanted(any_database, project).begun is None
    assert wanted(any_database, project).failures == 1


def test_whoever_was_taken_to_be_gone_ends_nothing_of_who_came_after(any_database, project):
    later = NOW + LONGEST + MINUTE
    with any_database.begin() as store:
        assert wishes.take(store, NOW) == project
        assert wishes.take(store, NOW + LONGEST) is None
        assert wishes.take(store, later) == project
        store.wanted_syncs.ask(project.id, later + MINUTE)
    for late in (
        lambda store: wishes.finish(store, project, NOW),
        lambda store: wishes.leave(store, project, NOW),
        lambda store: wishes.fail(store, project, NOW, "late", later),
    ):
        with any_database.begin() as store:
            late(store)
        known = wanted(any_database, project)
        assert (known.begun, known.failures, known.why) == (later, 0, None)


def test_since_when_it_fails_is_known_until_it_does_not(any_database, project):
    with any_database.begin() as store:
        for at in (NOW, NOW + 30 * MINUTE):
            wishes.take(store, at)
            wishes.fail(store, project, at, "No\tmore \x07room.", at)
    known = wanted(any_database, project)
    assert (known.failing, known.failures, known.why) == (NOW, 2, "No more  room.")
    with any_database.begin() as store:
        store.wanted_syncs.ask(project.id, NOW + 60 * MINUTE)
        assert wishes.failed(store, project).why == "No more  room."
        wishes.take(store, NOW + 60 * MINUTE)
        store.wanted_syncs.ask(project.id, NOW + 61 * MINUTE)
        wishes.finish(store, project, NOW + 60 * MINUTE)
        assert wishes.failed(store, project) is None


def test_what_it_started_ends_with_it(any_database, project, tmp_path):
    note = tmp_path / "late"
    late = f"import time; time.sleep(1); open({str(note)!r}, 'w')"
    words = f"__import__('subprocess').run([sys.executable, '-c', {late!r}])"
    syncs = Syncs(any_database, script(words))
    syncs.turn(NOW)
    time.sleep(0.5)
    syncs.stop()
    time.sleep(1.5)
    assert not note.exists()


def test_of_a_server_that_is_gone_another_one_takes_over(any_database, project):
    with any_database.begin() as store:
        store.wanted_syncs.begin(project.id, NOW, NOW - LONGEST)
    syncs = Syncs(any_database, script("pass"))
    run(syncs, NOW + LONGEST)
    assert wanted(any_database, project) is not None
    run(syncs, NOW + LONGEST + MINUTE)
    assert wanted(any_database, project) is None


def git(folder, *words):
    who = ("-c", "user.name=Ana", "-c", "user.email=ana@example.org", "-c", "init.defaultBranch=main")
    command = ["git", *who, "-C", str(folder), *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def origin(tmp_path):
    folder = tmp_path / "origin"
    folder.mkdir()
    git(folder, "init", "-q")
    git(folder, "commit", "-q", "--allow-empty", "-m", "one")
    return folder


@pytest.mark.parametrize("options", [(), ("--bare",)])
def test_a_clone_is_brought_up_to_date(origin, tmp_path, options):
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", *options, str(origin), str(clone))
    hook = (clone if options else clone / ".git") / "hooks" / "post-merge"
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    hook.chmod(0o755)
    git(origin, "commit", "-q", "--allow-empty", "-m", "two")
    pull(clone)
    assert git(clone, "log", "-1", "--format=%s") == "two"
    assert not (tmp_path / "ran").exists()


def test_two_ways_are_not_put_together(origin, tmp_path):
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", str(origin), str(clone))
    for folder in (origin, clone):
        git(folder, "commit", "-q", "--allow-empty", "-m", f"by {folder.name}")
    with pytest.raises(UserError, match="could not be fetched; git says"):
        pull(clone)
    with pytest.raises(UserError, match="could not be fetched"):
        pull(Path("/nowhere"))


def test_whoever_runs_sync_does_what_was_asked_for(village, tmp_path, monkeypatch):
    monkeypatch.setenv("CHANTIER_DATA", str(tmp_path / "data"))
    village.commit(village.ana, [village.node("thm:a")], "theorem a : A := sorry")

    def chantier(*words):
        done = CliRunner().invoke(group, words, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    chantier("sync", str(village.folder))
    assert chantier("sync", "--asked") == ""
    database = Database(f"sqlite:///{tmp_path}/data/chantier.db")
    with database.begin() as store:
        (row,) = store.projects.every()
        store.wanted_syncs.ask(row.id, village.now)
    village.commit(village.ana, [village.node("thm:a")], "theorem a : A := by simp")
    assert "1 of 1 nodes verified" in chantier("sync", "--asked")
    assert wanted(database, row) is None
    database.close()


def test_a_project_that_cannot_be_synced_keeps_no_other_waiting(village, tmp_path, monkeypatch):
    monkeypatch.setenv("CHANTIER_DATA", str(tmp_path / "data"))
    village.commit(village.ana, [village.node("thm:a")], "theorem a : A := sorry")
    assert CliRunner().invoke(group, ["sync", str(village.folder)]).exit_code == 0
    database = Database(f"sqlite:///{tmp_path}/data/chantier.db")
    with database.begin() as store:
        (row,) = store.projects.every()
        gone = store.projects.add("gone", "Gone", str(tmp_path / "gone"), None, village.now)
        for project in (gone, row):
            store.wanted_syncs.ask(project.id, village.now)
    village.commit(village.ana, [village.node("thm:a")], "theorem a : A := by simp")
    done = CliRunner().invoke(group, ["sync", "--asked"])
    assert done.exit_code == 1
    assert "error: " in done.output
    assert wanted(database, row) is None
    known = wanted(database, gone)
    assert (known.begun, known.failures) == (None, 1)
    assert str(tmp_path / "gone") in known.why
    with database.begin() as store:
        store.wanted_syncs.begin(gone.id, datetime.now(UTC), village.now)
    assert CliRunner().invoke(group, ["sync", "--asked"]).output == ""  # somebody is at it
    database.close()


def test_the_command_that_sets_a_webhook_up(village, tmp_path, monkeypatch):
    monkeypatch.setenv("CHANTIER_DATA", str(tmp_path / "data"))
    village.commit(village.ana, [village.node("thm:a")], "theorem a : A := sorry")

    assert CliRunner().invoke(group, ("sync", str(village.folder))).exit_code == 0
    with Database(f"sqlite:///{tmp_path}/data/chantier.db").reading() as store:
        slug = store.projects.every()[0].slug

    def webhook(*words):
        return CliRunner().invoke(group, ("webhook", slug, *words))

    made = webhook("github")
    address, secret = (line.split()[1] for line in made.output.splitlines())
    assert address == f"http://127.0.0.1:8000/forge/{slug}/github"
    assert secret.startswith("whsec_")
    assert "rotate its secret" in str(webhook("github").exception)
    assert secret not in webhook("github", "--rotate").output
    listed = webhook().output.splitlines()
    assert [line.split()[0] for line in listed] == [address, address]
    assert "replaced, ends" in listed[0]
    assert webhook("--comments", "on").output == "Commands in comments are carried out.\n"
    assert webhook("github", "--end").exit_code == 0
    assert webhook().output == ""
    assert "has no webhook" in str(webhook("github", "--end").exception)
    assert webhook("--rotate").exit_code == 2
