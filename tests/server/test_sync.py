"""The pipeline on a real repository and a real database; only the LaTeX and the Lean are played."""

from __future__ import annotations

import json
import shutil
import sqlite3
import time
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from click.testing import CliRunner

from blueprint.errors import UserError
from dashboards import pages
from dashboards.documents.nodes import whole_node_document
from dashboards.progress import tally
from lean_project.commits import Contact
from lean_project.facts import SORRY, Facts
from lean_project.findings import Findings
from lean_project.project import open_project
from lean_project.repository import Repository
from server import inspection
from server.cli import authors
from server.cli.status import summary
from server.formulas import sentence
from server.mailing import send
from server.service import claims, people, projects, views, watching
from server.sync import sync
from server.work.ledger import first_break

DAY = timedelta(days=1)


def kinds(result):
    """What changed, without the drift: the graphs here say nothing of `\\leanok`."""
    return [(change.kind, change.node) for change in result.changes if change.kind != "drift"]


@pytest.fixture
def three(village):
    """b uses a, c uses b."""
    return [village.node("thm:a"), village.node("thm:b", "thm:a"), village.node("thm:c", "thm:b")]


def lines(**proofs):
    return [f"theorem {name} : {name.upper()} := {proof}" for name, proof in proofs.items()]


def snapshot(database, now):
    with database.reading() as store:
        return views.snapshot(store, projects.every(store)[0], now)


def credit(database, village):
    """(kind, person, degree) of every entry."""
    entries = snapshot(database, village.now).credit
    return {(entry.kind, entry.person_name, entry.degree) for entry in entries}


def test_the_first_sync_registers_the_project_and_credits_history(database, village, three):
    village.commit(village.ana, three, *lines(a="by simp", b="sorry"))
    result = sync(database, village.folder, village.now)
    assert (result.fresh, result.verified, result.nodes, result.changes) == (True, 1, 3, ())
    seen = snapshot(database, village.now)
    assert (seen.slug, seen.title) == ("village", "The Village")
    assert [(t.number, t.node, t.kind, t.state) for t in seen.tasks] == [
        (1, "thm:a", "state", "verified"),
        (2, "thm:a", "prove", "verified"),
        (3, "thm:b", "state", "landed"),
        (4, "thm:b", "prove", "open"),
        (5, "thm:c", "state", "open"),
        (6, "thm:c", "prove", "open"),
    ]
    assert {(c.person_name, c.node, c.kind, c.degree) for c in seen.credit} == {
        ("Ana", "thm:a", "formal statement", "lead"),
        ("Ana", "thm:a", "formal proof", "lead"),
        ("Ana", "thm:b", "formal statement", "lead"),
    }
    assert {c.evidence for c in seen.credit} == {(result.commit.sha,)}
    assert {c.at for c in seen.credit} == {result.commit.at}
    assert [event.kind for event in seen.events] == ["registered"]


def test_the_same_commit_twice_changes_nothing_and_is_quick(database, village, three):
    village.commit(village.ana, three, *lines(a="by simp"))
    sync(database, village.folder, village.now)
    before = snapshot(database, village.now)
    began = time.monotonic()
    result = sync(database, village.folder, village.now)
    assert time.monotonic() - began < 3
    assert result.unchanged
    assert not sync(database, village.folder, village.now, again=True).changes
    assert snapshot(database, village.now) == before


def test_a_merged_proof_finishes_the_task_credits_its_author_and_tells_the_holder(database, village, three):
    village.commit(village.ana, three, *lines(a="sorry", b="sorry"))
    sync(database, village.folder, village.now)
    with database.begin() as store:
        project = projects.find(store, "village")
        carol = people.by_zulip(store, 7, "Carol", village.now)
        claims.claim(store, project, carol, "thm:a", until=None, now=village.now)
    village.commit(village.ben, three, *lines(a="by omega", b="sorry"))
    result = sync(database, village.folder, village.now + DAY)
    assert kinds(result) == [("verified", "thm:a")]
    assert result.settled.finished == 1
    seen = snapshot(database, village.now + DAY)
    assert [(t.state, t.claims) for t in seen.tasks if t.number == 2] == [("verified", ())]
    assert [(c.person_name, c.kind) for c in seen.credit if c.at == village.now + DAY] == [
        ("Ben", "formal proof")
    ]
    with database.begin() as store:
        [notice] = watching.notices(store, carol, village.now)
    send(database, village.now + DAY)
    with database.begin() as store:
        [message] = store.mail.pending()
    assert "somebody else's merged work" in notice.text
    assert (message.channel, message.to, message.text) == ("direct", "7", sentence(notice.text))


def test_the_holder_who_wrote_it_is_thanked(database, village, three):
    village.commit(village.ana, three, *lines(a="sorry"))
    sync(database, village.folder, village.now)
    with database.begin() as store:
        ana = people.by_git(store, "Ana", "Ana@Example.org", village.now)
        claims.claim(store, projects.find(store, "village"), ana, "thm:a", until=None, now=village.now)
    village.commit(village.ana, three, *lines(a="by omega"))
    sync(database, village.folder, village.now)
    with database.reading() as store:
        assert ["done" in notice.text for notice in watching.notices(store, ana, village.now)] == [True]


def test_a_regression_reopens_the_task_and_a_repair_is_not_credited_twice(database, village, three):
    village.commit(village.ana, three, *lines(a="by simp"))
    sync(database, village.folder, village.now)
    with database.begin() as store:
        project, dora = projects.find(store, "village"), people.by_zulip(store, 8, "Dora", village.now)
        watching.watch(store, project, dora, "thm:a", village.now)
    village.commit(village.ana, three, *lines(a="sorry"))
    broken = sync(database, village.folder, village.now)
    assert ("regressed", "thm:a") in kinds(broken)
    assert [t.state for t in snapshot(database, village.now).tasks if t.number == 2] == ["regressed"]
    with database.begin() as store:
        outcome = claims.claim(store, project, dora, "thm:a", until=None, now=village.now)
    assert (outcome.task.kind, outcome.task.state) == ("prove", "claimed")
    village.commit(village.ana, three, *lines(a="by simp"))
    mended = sync(database, village.folder, village.now)
    assert kinds(mended) == [("verified", "thm:a")]
    assert mended.settled.credited == 0
    with database.reading() as store:
        assert [n.kind for n in watching.notices(store, dora, village.now)] == [
            "verified",
            "finished",
            "regressed",
        ]


def test_what_waited_becomes_ready(database, village, three):
    village.commit(village.ana, three, *lines(a="sorry"))
    sync(database, village.folder, village.now)
    village.commit(village.ana, three, *lines(a="sorry", b="sorry"))
    result = sync(database, village.folder, village.now)
    assert kinds(result) == [("became ready", "thm:b")]


def test_new_drift_is_an_event_but_no_message(database, village, three):
    village.commit(village.ana, three, *lines(a="sorry"))
    sync(database, village.folder, village.now)
    with database.begin() as store:
        project, dora = projects.find(store, "village"), people.by_zulip(store, 8, "Dora", village.now)
        watching.watch(store, project, dora, "thm:a", village.now)
    village.commit(village.ana, three, *lines(a="by simp"))
    result = sync(database, village.folder, village.now)
    [drift] = [change for change in result.changes if change.kind == "drift"]
    assert drift.text == "Theorem a, proof: the blueprint has no \\leanok, Lean says verified."
    assert "drift" in [event.kind for event in snapshot(database, village.now).events]
    with database.reading() as store:
        assert [n.kind for n in watching.notices(store, dora, village.now)] == ["verified"]


def test_a_changed_meaning_is_told_to_the_holder(database, village, three):
    village.commit(village.ana, three, *lines(a="sorry"))
    sync(database, village.folder, village.now)
    with database.begin() as store:
        project, eve = projects.find(store, "village"), people.by_zulip(store, 9, "Eve", village.now)
        claims.claim(store, project, eve, "thm:a", until=None, now=village.now)
    village.commit(village.ana, three, "theorem a : WEAKER := sorry")
    result = sync(database, village.folder, village.now)
    assert kinds(result) == [("statement changed", "thm:a")]
    with database.reading() as store:
        assert [n.kind for n in watching.notices(store, eve, village.now)] == ["statement changed"]
        assert [t.number for t in claims.mine(store, project, eve, village.now)] == [2]


def test_a_renamed_label_keeps_its_tasks_and_a_lost_node_its_history(database, village, three):
    village.commit(village.ana, three, *lines(a="by simp", b="sorry"))
    sync(database, village.folder, village.now)
    renamed = [
        village.node("thm:alpha", lean="a"),
        village.node("thm:b", "thm:alpha"),
    ]
    village.commit(village.ana, renamed, *lines(a="by simp", b="sorry"))
    result = sync(database, village.folder, village.now)
    assert kinds(result) == [("removed", "thm:c")]
    assert result.settled.credited == 0
    seen = snapshot(database, village.now)
    assert {credit.node for credit in seen.credit} == {"thm:alpha", "thm:b"}
    assert [(p.name, p.verified_nodes) for p in seen.people] == [("Ana", 1)]
    assert [(t.number, t.node, t.state) for t in seen.tasks] == [
        (1, "thm:alpha", "verified"),
        (2, "thm:alpha", "verified"),
        (3, "thm:b", "landed"),
        (4, "thm:b", "open"),
    ]
    village.commit(village.ana, three, *lines(a="by simp", b="sorry"))
    sync(database, village.folder, village.now)
    back = snapshot(database, village.now)
    assert [(t.number, t.node, t.state) for t in back.tasks][-2:] == [
        (5, "thm:c", "open"),
        (6, "thm:c", "open"),
    ]


def test_a_lost_node_ends_its_claim_with_a_word(database, village, three):
    village.commit(village.ana, three, *lines(a="sorry"))
    sync(database, village.folder, village.now)
    with database.begin() as store:
        project, eve = projects.find(store, "village"), people.by_zulip(store, 9, "Eve", village.now)
        claims.claim(store, project, eve, "thm:a", until=None, now=village.now)
    village.commit(village.ana, [village.node("thm:z")], *lines(z="sorry"))
    sync(database, village.folder, village.now)
    with database.reading() as store:
        assert claims.mine(store, project, eve, village.now) == ()
        assert [n.kind for n in watching.notices(store, eve, village.now)] == ["superseded"]


def test_other_rules_of_the_check_are_told(database, village, three):
    village.commit(village.ana, three, *lines(a="by simp", b="sorry"))
    sync(database, village.folder, village.now)
    allowing = '[lean]\naxioms = ["cheat"]\n'
    for settings, told in ((allowing, 1), (allowing, 1), ("", 2)):
        village.commit(village.ben, three, *lines(a="by simp", b="sorry"), settings=settings)
        sync(database, village.folder, village.now)
        events = [event for event in snapshot(database, village.now).events if event.kind == "rules changed"]
        assert len(events) == told
        assert events[0].text == "How the project is checked changed: look at chantier.toml."


def test_a_failure_while_writing_leaves_nothing(database, village, three, monkeypatch):
    village.commit(village.ana, three, *lines(a="by simp"))

    def fail(*_args, **_kwargs):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("server.service.arrival.announce", fail)
    with pytest.raises(RuntimeError):
        sync(database, village.folder, village.now)
    with database.reading() as store:
        assert projects.every(store) == ()
        assert store.people.every() == ()


def test_a_commit_that_does_not_build_changes_nothing(database, village, three):
    """Its declarations are not gone: nobody's verified node may come undone by it."""
    village.commit(village.ana, three, *lines(a="by simp"))
    sync(database, village.folder, village.now)
    before = snapshot(database, village.now)
    village.commit(village.ben, three, *lines(a="by simp"), "broken")
    with pytest.raises(UserError, match=r"nothing has changed: Main did not build: Main\.lean:2:0"):
        sync(database, village.folder, village.now)
    assert snapshot(database, village.now) == before


def test_a_sync_that_was_overtaken_says_so(database, village, three, monkeypatch):
    village.commit(village.ana, three, *lines(a="by simp"))
    check = inspection.check

    def slow(*args, **kwargs):
        monkeypatch.setattr(inspection, "check", check)
        sync(database, village.folder, village.now)
        return check(*args, **kwargs)

    monkeypatch.setattr(inspection, "check", slow)
    with pytest.raises(UserError, match="run it again"):
        sync(database, village.folder, village.now)


TEN = [f"  have h{step} := step {step}" for step in range(10)]


def test_whoever_fills_the_last_gap_of_a_proof_supports_whoever_wrote_it(database, village):
    nodes, statement = [village.node("thm:a")], "theorem a : A := by"
    village.commit(village.ana, nodes, statement, *TEN, "  sorry")
    sync(database, village.folder, village.now)
    assert credit(database, village) == {("formal statement", "Ana", "lead")}
    village.commit(village.ben, nodes, statement, *TEN, "  omega")
    sync(database, village.folder, village.now)
    assert credit(database, village) == {
        ("formal statement", "Ana", "lead"),
        ("formal proof", "Ana", "lead"),
        ("formal proof", "Ben", "supporting"),
    }


def test_a_repair_supports_the_proof_it_repairs(database, village):
    nodes, statement = [village.node("thm:a")], "theorem a : A := by"
    for author, last in [(village.ana, "  rfl"), (village.ana, "  sorry"), (village.ben, "  omega")]:
        village.commit(author, nodes, statement, *TEN, last)
        sync(database, village.folder, village.now)
    assert credit(database, village) == {
        ("formal statement", "Ana", "lead"),
        ("formal proof", "Ana", "lead"),
        ("formal proof", "Ben", "supporting"),
    }


@pytest.mark.parametrize("early", [True, False])
def test_who_states_and_who_proves_have_their_own_credit_whenever_it_is_synced(database, village, early):
    nodes, statement = [village.node("thm:a")], "theorem a : A := by"
    village.commit(village.ana, nodes, statement, "  sorry")
    if early:
        sync(database, village.folder, village.now)
    village.commit(village.ben, nodes, statement, "  cases x", "  rfl")
    sync(database, village.folder, village.now)
    assert credit(database, village) == {
        ("formal statement", "Ana", "lead"),
        ("formal proof", "Ben", "lead"),
    }


def test_work_that_nobody_can_be_credited_for_is_finished_and_one_event_says_why(
    database, village, three, monkeypatch
):
    def fail(_repository, sha, file, _ignored):
        raise UserError(f"git cannot tell who wrote {file} in commit {sha[:10]}.")

    village.commit(village.ana, three, *lines(a="by simp"))
    sync(database, village.folder, village.now)
    monkeypatch.setattr(Repository, "blame", fail)
    sha = village.commit(village.ben, three, *lines(a="by simp", b="by simp"))
    assert sync(database, village.folder, village.now).settled.finished == 2
    seen = snapshot(database, village.now)
    assert {entry.node for entry in seen.credit} == {"thm:a"}
    assert [(event.node, event.text) for event in seen.events if event.kind == "uncredited"] == [
        (
            "thm:b",
            "Nobody could be credited for the formal proof of Theorem b and 1 more: "
            f"git cannot tell who wrote Main.lean in commit {sha[:10]}.",
        )
    ]


def test_a_program_is_not_credited_and_an_event_says_that_nobody_is(database, village):
    village.commit(
        Contact("mender[bot]", "mender[bot]@example.org"), [village.node("thm:a")], *lines(a="by simp")
    )
    sync(database, village.folder, village.now)
    seen = snapshot(database, village.now)
    assert seen.credit == ()
    assert [event.kind for event in seen.events] == ["registered", "uncredited"]


def test_a_proof_that_nobody_touched_is_credited_to_its_authors(database, village):
    """It passes because something else was mended."""
    nodes = [village.node("thm:a")]
    village.commit(village.ana, nodes, "theorem a : A := by", "  rfl")
    with_failure = pytest.MonkeyPatch()
    with_failure.setattr(inspection, "check", lambda *_args, **_kwargs: Facts("nothing builds"))
    sync(database, village.folder, village.now)
    with_failure.undo()
    village.commit(village.ben, nodes, "theorem a : A := by", "  rfl", "", "-- a remark")
    sync(database, village.folder, village.now)
    assert credit(database, village) == {
        ("formal statement", "Ana", "lead"),
        ("formal proof", "Ana", "lead"),
    }


def test_the_ledger_is_a_chain(database, village, three):
    village.commit(village.ana, three, *lines(a="by simp", b="by simp"))
    sync(database, village.folder, village.now)
    with database.reading() as store:
        entries = store.ledger.entries(projects.find(store, "village").id)
    assert len(entries) == 4
    assert first_break(entries) is None
    assert first_break(entries[1:]) == 0


def test_a_clone_of_the_same_name_gets_a_slug_of_its_own(database, village, three, tmp_path):
    village.commit(village.ana, three, *lines(a="by simp"))
    sync(database, village.folder, village.now)
    village.folder = tmp_path / "elsewhere" / "village"
    village.commit(village.ana, three, *lines(a="by simp"))
    assert sync(database, village.folder, village.now).project.slug == "village-2"


def test_a_copy_of_the_same_commit_has_a_ledger_of_its_own(any_database, village, three, tmp_path):
    village.commit(village.ana, three, *lines(a="by simp"))
    first = sync(any_database, village.folder, village.now)
    copy = shutil.copytree(village.folder, tmp_path / "copy")
    second = sync(any_database, copy, village.now)
    assert second.commit == first.commit
    with any_database.reading() as store:
        ledgers = [store.ledger.entries(result.project.id) for result in (first, second)]
    assert len(ledgers[0]) > 0
    assert ledgers[0] == ledgers[1]


def test_a_ledger_changed_behind_the_servers_back_stops_the_sync(database, village, three, tmp_path):
    village.commit(village.ana, three, *lines(a="by simp"))
    sync(database, village.folder, village.now)
    with closing(sqlite3.connect(tmp_path / "chantier.db")) as connection, connection:
        connection.execute("DROP TRIGGER credit_no_update")
        connection.execute("UPDATE credit SET degree = 'supporting' WHERE seq = 2")
    with pytest.raises(UserError, match="village was changed behind the server's back, from entry 2 on"):
        sync(database, village.folder, village.now)


def test_of_two_new_checks_of_one_commit_one_is_announced(database, village, three, monkeypatch):
    village.commit(village.ana, three, *lines(a="by simp"))
    check = inspection.check
    monkeypatch.setattr(inspection, "check", lambda *_args, **_kwargs: Facts("nothing builds"))
    sync(database, village.folder, village.now)

    def slow(*args, **kwargs):
        monkeypatch.setattr(inspection, "check", check)
        assert kinds(sync(database, village.folder, village.now, again=True))
        return check(*args, **kwargs)

    monkeypatch.setattr(inspection, "check", slow)
    with pytest.raises(UserError, match="run it again"):
        sync(database, village.folder, village.now, again=True)


def test_the_books_stay_with_a_theorem_whose_label_another_takes(any_database, village):
    village.commit(village.ana, [village.node("thm:main", lean="foo")], *lines(foo="sorry"))
    sync(any_database, village.folder, village.now)
    with any_database.begin() as store:
        project, eve = projects.find(store, "village"), people.by_zulip(store, 9, "Eve", village.now)
        claims.claim(store, project, eve, "thm:main", until=None, now=village.now)
    nodes = [village.node("thm:aux", lean="foo"), village.node("thm:main", "thm:aux", lean="bar")]
    village.commit(village.ben, nodes, *lines(foo="sorry", bar="sorry"))
    sync(any_database, village.folder, village.now)
    seen = snapshot(any_database, village.now)
    assert [(t.node, t.kind) for t in seen.tasks if t.claims] == [("thm:aux", "prove")]
    assert {(c.node, c.person_name) for c in seen.credit} == {("thm:aux", "Ana"), ("thm:main", "Ben")}
    assert [event.node for event in seen.events if event.kind == "claimed"] == ["thm:aux"]


def test_labels_may_be_exchanged_and_a_lost_label_used_again(any_database, village):
    node = village.node
    village.commit(village.ana, [node("thm:a", lean="x"), node("thm:b", lean="y")], *lines(x="by simp"))
    sync(any_database, village.folder, village.now)
    village.commit(village.ana, [node("thm:a", lean="y"), node("thm:b", lean="x")], *lines(x="by simp"))
    assert kinds(sync(any_database, village.folder, village.now)) == []
    assert {c.node for c in snapshot(any_database, village.now).credit} == {"thm:b"}
    village.commit(village.ana, [node("thm:b", lean="y")], *lines(x="by simp"))
    assert kinds(sync(any_database, village.folder, village.now)) == [("removed", "thm:b")]
    seen = snapshot(any_database, village.now)
    [removed] = [event.node for event in seen.events if event.kind == "removed"]
    assert {c.node for c in seen.credit} == {removed}
    assert removed != "thm:b"


def test_what_the_library_has_is_counted_alike_everywhere(database, village, three, monkeypatch):
    """b is in the library, although it uses a, which is not proved."""
    check = inspection.check

    def with_library(*args, **kwargs):
        facts = check(*args, **kwargs)
        known = (replace(fact, upstream=fact.name == "b") for fact in facts.declarations)
        return replace(facts, declarations=tuple(known))

    monkeypatch.setattr(inspection, "check", with_library)
    village.commit(village.ana, three, *lines(a="sorry", b="by simp"))
    result = sync(database, village.folder, village.now)
    seen = snapshot(database, village.now)
    assert (result.verified, tally(seen).verified) == (1, 1)
    assert summary(Findings(seen.graph, seen.facts, seen.statuses)).startswith("1 of 3 nodes verified")


def test_a_regression_names_the_commit_and_its_author_and_credit_stays_with_a_note(database, village, three):
    village.commit(village.ana, three, *lines(a="by simp"))
    sync(database, village.folder, village.now)
    by = village.commit(village.ben, three, *lines(a="sorry"))
    village.commit(village.ana, three, *lines(a="sorry", c="sorry"))
    result = sync(database, village.folder, village.now + DAY)
    [text] = [change.text for change in result.changes if change.kind == "regressed"]
    assert text.endswith(f"`a` uses `sorry`. That came with commit {by[:10]} by Ben.")
    seen = snapshot(database, village.now + DAY)
    assert {(entry.person_name, entry.kind) for entry in seen.credit if entry.node == "thm:a"} == {
        ("Ana", "formal statement"),
        ("Ana", "formal proof"),
    }
    page = pages.node(seen, pages.Viewer(village.now + DAY), "thm:a")
    assert "The credit stands, but the node has regressed since" in page
    assert whole_node_document(seen, seen.graph.nodes[0])["regressed"]["text"] == text
    village.commit(village.ana, three, *lines(a="by simp"))
    sync(database, village.folder, village.now + 2 * DAY)
    seen = snapshot(database, village.now + 2 * DAY)
    assert "has regressed since" not in pages.node(seen, pages.Viewer(village.now), "thm:a")
    assert whole_node_document(seen, seen.graph.nodes[0])["regressed"] is None


def test_what_was_removed_names_who_removed_it(database, village, three):
    village.commit(village.ana, three, *lines(a="by simp", b="by simp"))
    sync(database, village.folder, village.now)
    by = village.commit(village.ben, three, *lines(a="by simp"))
    village.commit(village.ana, three, *lines(a="by simp", c="sorry"))
    result = sync(database, village.folder, village.now + DAY)
    [text] = [change.text for change in result.changes if change.kind == "regressed"]
    assert text.endswith(f"`b` does not exist in Lean. That came with commit {by[:10]} by Ben.")


def test_authors_prints_the_past_of_each_declaration(village, three):
    first = village.commit(village.ana, three, *lines(a="sorry", b="by simp"))
    passed = village.commit(village.ben, three, *lines(a="by simp", b="by simp"))
    done = CliRunner().invoke(authors.command, [str(village.folder)])
    assert done.stdout.splitlines() == [
        f"a: came with {first[:10]}, passes since {passed[:10]}; Ben 100 %",
        f"b: came with {first[:10]}, passes since {first[:10]}; Ana 100 %",
    ]
    found = json.loads(CliRunner().invoke(authors.command, [str(village.folder), "--json"]).stdout)
    assert found[0]["story"] == {"introduced": first, "passed": passed}
    assert found[0]["authors"] == [{"name": "Ben", "email": "ben@example.org", "lines": 1}]


def test_authors_does_not_say_that_what_rests_on_a_sorry_passes(village, three):
    first = village.commit(village.ana, three, *lines(a="by simp", b="by simp"))
    found = inspection.inspect(open_project(village.folder))
    resting = [
        replace(fact, axioms=(SORRY,) if fact.name == "a" else ()) for fact in found.facts.declarations
    ]
    found = replace(found, facts=replace(found.facts, declarations=tuple(resting)))
    with Repository.open(village.folder) as repository:
        told = [authors.line(past) for past in authors.pasts(repository, first, found)]
    assert told == [
        f"a: came with {first[:10]}, has no `sorry` of its own since {first[:10]}; Ana 100 %",
        f"b: came with {first[:10]}, passes since {first[:10]}; Ana 100 %",
    ]


def test_authors_says_what_did_not_build(village, three):
    village.commit(village.ana, three, "broken")
    done = CliRunner().invoke(authors.command, [str(village.folder)])
    assert (done.exit_code, "did not build" in str(done.exception)) == (1, True)


def test_the_evidence_is_the_commit_that_made_it_pass(database, village, three):
    village.commit(village.ana, three, *lines(a="sorry"))
    sync(database, village.folder, village.now)
    passed = village.commit(village.ben, three, *lines(a="by simp"))
    village.commit(village.ana, three, *lines(a="by simp", b="sorry"))
    sync(database, village.folder, village.now + DAY)
    [entry] = [entry for entry in snapshot(database, village.now).credit if entry.kind == "formal proof"]
    assert (entry.person_name, entry.evidence) == ("Ben", (passed,))
