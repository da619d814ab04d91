"""People, signing in, and being told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from blueprint.errors import UserError
from server.records.people import Person
from server.service import naming, people, signin, views, watching
from server.service.permission import require
from server.sync import sync
from server.work.naming import Naming
from server.work.permissions import Action, Role

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def store(any_database):
    with any_database.begin() as store:
        yield store


def test_a_zulip_id_is_one_person_whatever_the_name(store):
    ana = people.by_zulip(store, 7, "Ana", NOW)
    assert people.by_zulip(store, 7, "Not Ana", NOW) == ana
    assert people.by_zulip(store, 8, "Ana", NOW) != ana
    assert ana.role is Role.CONTRIBUTOR


def test_a_git_address_is_one_person_in_any_case(store):
    assert people.by_git(store, "Ana", "Ana@Example.org", NOW) == people.by_git(
        store, "A.", "ana@example.org", NOW
    )


def test_a_name_that_several_have_is_not_guessed(store):
    for number in (7, 8):
        people.by_zulip(store, number, "Ana", NOW)
    with pytest.raises(UserError, match="2 people are called Ana"):
        people.by_name(store, "ana")
    assert people.by_name(store, "#2").id == 2


def test_a_name_nearly_right_is_suggested(store):
    people.add(store, "Émile Borel", Role.CONTRIBUTOR, NOW)
    assert people.by_name(store, " émile borel ").name == "Émile Borel"
    with pytest.raises(UserError, match='did you mean `@"Émile Borel"`\\?'):
        people.by_name(store, "Emile Borell")
    for typed in ('@"Émile Borel"', '"Émile Borel"', "@Émile Borel"):
        assert people.by_name(store, typed).name == "Émile Borel"
    with pytest.raises(UserError, match="already"):
        people.add(store, "émile Borel", Role.CONTRIBUTOR, NOW)


def test_an_address_is_linked_with_all_that_was_credited_to_it(village, any_database):
    village.commit(village.ana, [village.node("thm:a")], "theorem a : A := by simp")
    project = sync(any_database, village.folder, village.now).project
    with any_database.begin() as store:
        old = people.by_git(store, "Ana", "ana@example.org", NOW)
        ana = people.by_zulip(store, 7, "Ana of Zulip", NOW)
        assert store.ledger.is_newcomer(ana.id)
        for _ in range(2):
            people.link_git(store, ana, "Ana@example.org", NOW)
        people.link_git(store, ana, "new@example.org", NOW)
    with any_database.reading() as store:
        assert not store.ledger.is_newcomer(ana.id)
        assert [people.by_git(store, "x", f"{a}@example.org", NOW) for a in ("ana", "new")] == [ana, ana]
        assert people.get(store, old.id) == ana
        assert store.people.every() == (ana,)
        shown = views.snapshot(store, project, NOW)
    assert {(c.person_id, c.person_name) for c in shown.credit} == {(ana.id, "Ana of Zulip")}
    assert [(p.id, p.verified_nodes) for p in shown.people] == [(ana.id, 1)]


def test_an_address_of_somebody_with_an_account_is_not_taken(store):
    ana, ben = (people.by_zulip(store, number, name, NOW) for number, name in ((7, "Ana"), (8, "Ben")))
    people.link_git(store, ana, "ana@example.org", NOW)
    with pytest.raises(UserError, match="belongs to Ana"):
        people.link_git(store, ben, "ana@example.org", NOW)


@pytest.mark.parametrize("make", [signin.make_link, signin.make_token])
def test_an_address_of_somebody_who_signs_in_is_not_taken(store, make):
    old, ana = people.by_git(store, "Ana", "ana@example.org", NOW), people.by_zulip(store, 7, "Ana B", NOW)
    if make is signin.make_link:
        make(store, old, NOW, "")
    else:
        make(store, old, "ci", NOW)
    with pytest.raises(UserError, match="who has an account here"):
        people.link_git(store, ana, "ana@example.org", NOW)


def test_with_an_address_come_watches_and_the_higher_role(store):
    project = store.projects.add("p", "P", "/p", None, NOW)
    nodes = [store.projects.add_nodes(project.id, [(label, ())])[0] for label in ("a", "b")]
    old, ana = people.by_git(store, "Ana", "ana@example.org", NOW), people.by_zulip(store, 7, "Ana B", NOW)
    people.appoint(store, old, Role.MAINTAINER)
    for node, person in ((nodes[0], old), (nodes[1], old), (nodes[1], ana)):
        store.log.watch(node.id, person.id, NOW)
    people.link_git(store, ana, "ana@example.org", NOW)
    assert [store.log.watchers(node.id) for node in nodes] == [(ana.id,), (ana.id,)]
    assert people.get(store, ana.id).role is Role.MAINTAINER
    people.link_git(store, ana, "new@example.org", NOW)
    people.by_git(store, "Ana", "third@example.org", NOW)
    people.link_git(store, ana, "third@example.org", NOW)
    assert people.get(store, ana.id).role is Role.MAINTAINER


def test_tokens_of_a_merged_number_end_with_the_others(store):
    old, ana = people.by_git(store, "Ana", "ana@example.org", NOW), people.by_zulip(store, 7, "Ana B", NOW)
    people.link_git(store, ana, "ana@example.org", NOW)
    token = signin.make_token(store, old, "made under the old number", NOW)
    assert signin.by_token(store, token, "read", NOW)[1].id == ana.id
    signin.end_token(store, ana, signin.tokens(store, ana, NOW)[0].id, NOW)
    with pytest.raises(UserError, match="not valid"):
        signin.by_token(store, token, "read", NOW)


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("  Ana \n B ", "Ana B"),
        ("\x1b[31mRed\x07", "[31mRed"),
        ("evil\u202egnp", "evil gnp"),
        ("\u200b", "somebody"),
        ("", "somebody"),
        ("x" * 500, "x" * 100),
        ("李明", "李明"),
    ],
)
def test_names_are_one_clean_line(name, clean):
    assert people.clean_name(name) == clean


def test_a_link_works_once_and_soon(store):
    ana = people.by_zulip(store, 7, "Ana", NOW)
    token = signin.make_link(store, ana, NOW, "https://example.org/").removeprefix(
        "https://example.org/sign-in/"
    )
    late = signin.make_link(store, ana, NOW, "").rsplit("/", 1)[1]
    assert signin.redeem(store, token, NOW + 14 * MINUTE) == ana
    with pytest.raises(UserError, match="used already"):
        signin.redeem(store, token, NOW + 14 * MINUTE)
    for spent in (token, late, "", "\ud800", "x" * 10_000):
        with pytest.raises(UserError, match="sign-in link"):
            signin.redeem(store, spent, NOW + 15 * MINUTE)


def test_tokens_are_kept_as_hashes_only(any_database, database_url, tmp_path):
    if not database_url.startswith("sqlite"):
        pytest.skip("only a file can be searched")
    with any_database.begin() as store:
        ana = people.by_zulip(store, 7, "Ana", NOW)
        token = signin.make_token(store, ana, "ci", NOW)
        link = signin.make_link(store, ana, NOW, "")
    any_database.close()
    kept = b"".join(file.read_bytes() for file in tmp_path.glob("*.db*"))
    assert b"Ana" in kept
    assert token.removeprefix("chantier_").encode() not in kept
    assert link.rsplit("/", 1)[1].encode() not in kept


def test_an_api_token_has_scopes_and_an_end(store):
    ana = people.by_zulip(store, 7, "Ana", NOW)
    token = signin.make_token(store, ana, "ci", NOW, frozenset({"read"}))
    assert signin.by_token(store, token, "read", NOW)[1] == ana
    with pytest.raises(UserError, match="may not write"):
        signin.by_token(store, token, "write", NOW)
    with pytest.raises(UserError, match="not valid"):
        signin.by_token(store, token, "read", NOW + signin.TOKEN_LIFE)
    with pytest.raises(UserError, match="no scope root"):
        signin.make_token(store, ana, "ci", NOW, frozenset({"root"}))
    store.tokens.revoke_api(ana.id, NOW)
    with pytest.raises(UserError, match="not valid"):
        signin.by_token(store, token, "read", NOW)


def test_roles_cover_those_below():
    assert [[a.covers(b) for b in Role] for a in Role] == [
        [True, False, False, False],
        [True, True, False, False],
        [True, True, True, False],
        [True, True, True, True],
    ]


def test_a_role_is_that_of_the_books_not_of_the_caller(store):
    ana, project = people.by_zulip(store, 7, "Ana", NOW), store.projects.add("p", "P", "/srv/p", None, NOW)
    with pytest.raises(UserError, match="maintainer"):
        require(store, project, Person(ana.id, ana.name, Role.MAINTAINER), Action.RULES)
    with pytest.raises(UserError, match="sign in again"):
        require(store, project, Person(999, "Ghost", Role.MAINTAINER), Action.WATCH)


def test_watching_begins_and_ends_once(village, any_database):
    village.commit(village.ana, [village.node("thm:a")], "theorem a : A := sorry")
    project = sync(any_database, village.folder, village.now).project
    with any_database.begin() as store:
        dora = people.by_zulip(store, 8, "Dora", NOW)
        began = [watching.watch(store, project, dora, ref, NOW) for ref in ("thm:a", "#1")]
        assert [(o.caption, o.watching, o.changed) for o in began] == [
            ("Theorem a", True, True),
            ("Theorem a", True, False),
        ]
        assert watching.watched(store, project, dora) == ("thm:a",)
        assert [watching.unwatch(store, project, dora, "a", NOW).changed for _ in range(2)] == [True, False]


def test_notices_can_be_taken_as_read(store):
    project = store.projects.add("p", "P", "/p", None, NOW)
    dora = people.by_zulip(store, 8, "Dora", NOW)
    for number in range(2):
        store.notices.add(project.id, dora.id, "verified", f"{number}", NOW)
    assert [(n.text, n.read, n.project) for n in watching.notices(store, dora, NOW)] == [
        ("1", False, "p"),
        ("0", False, "p"),
    ]
    watching.mark_read(store, dora, NOW)
    assert all(notice.read for notice in watching.notices(store, dora, NOW))


def test_a_time_zone_is_kept_and_a_new_account_brings_its_own(store):
    ana = people.by_zulip(store, 7, "Ana", NOW, "Europe/Paris")
    assert (ana.zone, people.zone_of(ana).key) == ("Europe/Paris", "Europe/Paris")
    assert people.set_zone(store, ana, "asia/kolkata").zone == "Asia/Kolkata"
    assert people.by_zulip(store, 7, "Ana", NOW, "Europe/Paris").zone == "Asia/Kolkata"
    assert people.by_zulip(store, 8, "Ben", NOW, "Mars/Crater").zone == "UTC"
    assert people.by_zulip(store, 9, "Cleo", NOW).zone == "UTC"


def test_a_login_on_the_forge_finds_somebody_who_shows_their_name(store):
    ana = people.by_zulip(store, 7, "Ana", NOW)
    people.link_git(store, ana, "12+ana-codes@users.noreply.github.com", NOW)
    assert people.by_handle(store, "Ana-Codes").id == ana.id
    assert people.by_handle(store, "ana").id == ana.id
    naming.choose(store, ana, Naming.HIDDEN)
    with pytest.raises(UserError, match="Nobody here is called ana-codes"):
        people.by_handle(store, "ana-codes")


def test_an_account_that_never_came_up_is_nobody_yet(store):
    with pytest.raises(UserError, match="ask them to say `help`"):
        people.known_in_chat(store, 7)
