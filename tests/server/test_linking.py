"""Whose commits are whose: a word in a commit, a maintainer's word, and what a hostile author gains."""

from __future__ import annotations

import subprocess
from datetime import timedelta

import pytest

from server.service import accounts, assigning, crews, linking, members, people, waiting
from server.service.accounts import Visitor
from server.service.linking import Voucher
from server.sync import sync
from server.work.permissions import Role

from .talking import Talk

DAY = timedelta(days=1)
SHA = "c" * 40


@pytest.fixture
def talk(village, any_database):
    return Talk(village, any_database)


def word_of(talk, person):
    told = talk.say(person, "link commit")
    assert told.private
    [line] = [line for line in told.text.splitlines() if line.startswith("Chantier-Link: ")]
    return line.removeprefix("Chantier-Link: ")


def prove(talk, *vouchers, days=1):
    with talk.crew.database.begin() as store:
        linking.prove(store, talk.crew.project, vouchers, talk.crew.now + days * DAY)


def owner(talk, email):
    with talk.crew.database.reading() as store:
        found = store.people.by_identity("git", email)
        return found.name if found else None


def push(talk, email, message, branch="claim/8"):
    """A commit at the tip of a branch."""
    who = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in _who(email)}

    def git(*words):
        command = ["git", "-C", talk.crew.village.folder, *words]
        return subprocess.run(command, check=True, capture_output=True, text=True, env=who).stdout.strip()

    made = git("commit-tree", "HEAD^{tree}", "-p", "HEAD", "-m", message)
    git("update-ref", f"refs/heads/{branch}", made)


def _who(email):
    return (("NAME", "Somebody"), ("EMAIL", email), ("DATE", "1772442000 +0000"))


def test_a_word_in_a_commit_links_its_author_once_it_is_merged(talk):
    crew = talk.crew
    line = f"Half of it\n\nChantier-Link: {word_of(talk, crew.ben)}"
    push(talk, "Ben@new.example", line)
    sync(crew.database, crew.village.folder, crew.now + DAY)
    assert owner(talk, "ben@new.example") is None
    push(talk, "Ben@new.example", line, branch="main")
    sync(crew.database, crew.village.folder, crew.now + 8 * DAY)
    assert owner(talk, "ben@new.example") == "Ben"
    assert "ben@new.example" in talk.say(crew.ben, "link").text
    assert "commits by `Ben@new.example` are yours from now on" in crew.notices(crew.ben)[0]
    assert "Ben linked commits by `Ben@new.example`" in crew.notices(crew.mona)[0]


def test_whoever_hides_is_not_named_where_something_was_linked(talk):
    crew = talk.crew
    talk.say(crew.mona, "link @Ben to ben@new.example")
    assert crew.notices(crew.ben)[0] == "Mona says that `ben@new.example` is you."
    talk.say(crew.mona, "name hidden")
    assert "Mona" not in crew.notices(crew.ben)[0]


def test_a_merged_commit_links_what_its_author_did_before(talk):
    crew = talk.crew
    prove(talk, Voucher(word_of(talk, crew.ben), "ana@example.org", SHA))
    assert owner(talk, "ana@example.org") == "Ben"


@pytest.mark.parametrize("email", ["ana@example.org", "nobody@example.org"])
def test_a_forged_author_on_a_branch_takes_nothing(talk, email):
    """Anybody can write anybody's address on a commit; the word is still good for one that is merged."""
    crew, before = talk.crew, owner(talk, email)
    line = f"Half\n\nChantier-Link: {word_of(talk, crew.ben)}"
    push(talk, email, line)
    sync(crew.database, crew.village.folder, crew.now + DAY)
    assert owner(talk, email) == before
    assert not [text for text in crew.notices(crew.ben) if "Your word" in text]


@pytest.mark.parametrize("way", ["word", "maintainer"])
def test_nobody_becomes_a_member_by_being_linked(talk, way):
    """Not of a project where the address is a member's, and not of one that becomes private later."""
    crew = talk.crew
    with crew.database.begin() as store:
        store.members.set(crew.project.id, crew.ana.id, Role.CONTRIBUTOR, crew.now)
    if way == "word":
        prove(talk, Voucher(word_of(talk, crew.ben), "ana@example.org", SHA))
        assert "only whoever runs the server" in crew.notices(crew.ben)[0]
    else:
        said = talk.say(crew.mona, "link @Ben to ana@example.org").text
        assert "Only whoever runs the server" in said
    assert owner(talk, "ana@example.org") == "Ana"


def test_who_only_has_commits_in_a_project_is_not_taken_in_as_it_closes(talk):
    crew = talk.crew
    prove(talk, Voucher(word_of(talk, crew.ben), "ana@example.org", SHA))
    with crew.database.begin() as store:
        members.close(store, crew.project, None, True, now=crew.now + 2 * DAY)
        known = {one.person.name for one in members.listing(store, crew.project)}
    assert "Ben" not in known
    assert "Mona" in known


def test_what_a_forge_vouches_for_is_stronger_than_a_word_in_a_commit(talk):
    crew = talk.crew
    prove(talk, Voucher(word_of(talk, crew.ben), "eve@example.org", SHA))
    assert owner(talk, "eve@example.org") == "Ben"
    eve = Visitor("https://github.com", "7", "eve", "Eve", ("Eve@example.org",))
    with crew.database.begin() as store:
        person = accounts.join(store, eve, "Eve", crew.now + 2 * DAY, is_open=True)
    assert owner(talk, "eve@example.org") == "Eve"
    assert "`eve@example.org` is somebody else's" in crew.notices(crew.ben)[0]
    prove(talk, Voucher(word_of(talk, crew.ben), "eve@example.org", SHA))
    assert owner(talk, "eve@example.org") == person.name


def test_an_address_of_somebody_with_an_account_is_never_taken(talk):
    crew = talk.crew
    with crew.database.begin() as store:
        people.link_git(store, crew.mona, "mona@example.org", crew.now)
    prove(talk, Voucher(word_of(talk, crew.ben), "MONA@example.org", SHA))
    assert owner(talk, "mona@example.org") == "Mona"
    (told,) = crew.notices(crew.ben)
    assert "somebody who has an account here" in told
    assert "Mona" not in told


def test_a_copied_word_gains_nothing(talk):
    crew, word = talk.crew, word_of(talk, talk.crew.ben)
    prove(talk, Voucher(word, "ben@one.example", SHA))
    prove(talk, Voucher(word, "eve@example.org", SHA))
    assert (owner(talk, "ben@one.example"), owner(talk, "eve@example.org")) == ("Ben", None)
    other = word_of(talk, crew.ben)
    both = (Voucher(other, email, SHA) for email in ("ben@two.example", "eve@example.org"))
    prove(talk, *both)
    assert (owner(talk, "ben@two.example"), owner(talk, "eve@example.org")) == (None, None)
    assert "several authors" in crew.notices(crew.ben)[0]


def test_a_word_is_good_for_a_month_and_only_the_newest(talk):
    old, late = word_of(talk, talk.crew.ben), word_of(talk, talk.crew.ben)
    prove(talk, Voucher(old, "ben@one.example", SHA))
    prove(talk, Voucher(late, "ben@one.example", SHA), days=31)
    prove(talk, Voucher("0" * 32, "ben@one.example", SHA))
    assert owner(talk, "ben@one.example") is None


@pytest.mark.parametrize("extra", ["Co-authored-by: Eve <eve@example.org>", "Chantier-Link: " + "0" * 32])
def test_a_commit_of_several_says_nothing(talk, extra):
    crew = talk.crew
    push(talk, "ben@one.example", f"Half\n\nChantier-Link: {word_of(talk, crew.ben)}\n{extra}", "main")
    sync(crew.database, crew.village.folder, crew.now + DAY)
    assert owner(talk, "ben@one.example") is None


def test_only_a_maintainer_says_whose_an_account_is(talk):
    crew = talk.crew
    assert "you need to be a maintainer" in talk.say(crew.ben, "link @Ben to ben@one.example").text
    assert "`link commit` gives you a word" in talk.say(crew.ben, "link ben@one.example").text
    assert "is on no forge that is known" in talk.say(crew.mona, "link @Ben to ben-bo").text
    with crew.database.begin() as store:
        store.projects.describe(crew.project.id, "The Village", "git@github.com:village/halls.git")
        crew.project = store.projects.by_slug(crew.project.slug)
    assert "an account there" in talk.say(crew.mona, "link @Ben to https://codeberg.org/ben-bo").text
    assert talk.say(crew.mona, "link @Ben to ben-bo").text == "`ben-bo` is linked to Ben."
    assert "is linked to Ben already" in talk.say(crew.mona, "link @Cleo to Ben-Bo").text
    assert talk.say(crew.mona, "link @Ben to ben@one.example").acted
    assert "`https://github.com/ben-bo`" in talk.say(crew.ben, "link").text
    with crew.database.begin() as store:
        known = people.by_git(store, "B", "12+Ben-Bo@users.noreply.github.com", crew.now)
        assert (known.id, people.by_handle(store, "ben-bo").id) == (crew.ben.id, crew.ben.id)


def test_the_word_itself_is_kept_nowhere(talk):
    word = word_of(talk, talk.crew.ben)
    with talk.crew.database.reading() as store:
        kept = [str(values) for _, values in store.books.rows()]
    assert not [row for row in kept if word in row]


def test_what_somebody_was_asked_goes_with_them(talk):
    """An offer to somebody known by their commits waits for them when they come; so does what they asked."""
    crew = talk.crew
    crew.claim(crew.cleo, "#4")
    crew.do(assigning.assign, crew.mona, "#8", crew.ana)
    crew.do(waiting.wait, crew.ana, "#4")
    crew.do(crews.join, crew.ana, "#4")
    with crew.database.begin() as store:
        people.link_git(store, crew.ben, "ana@example.org", crew.now)
    assert [task.number for task in crew.do(crews.asked, crew.ben)] == [8]
    assert not crew.do(waiting.wait, crew.ben, "#4").changed
    assert crew.do(crews.accept, crew.ben, "#8").task.claims[0].person_name == "Ben"
    assert crew.do(crews.accept, crew.cleo, "#4").text.startswith("Ben and Cleo share")


def test_what_they_were_both_asked_stands_once(talk):
    crew = talk.crew
    crew.claim(crew.cleo, "#4")
    for person in (crew.ana, crew.ben):
        crew.do(waiting.wait, person, "#4")
        crew.do(crews.invite, crew.cleo, "#4", person)
    crew.do(crews.accept, crew.ben, "#4")
    with crew.database.begin() as store:
        people.link_git(store, crew.ben, "ana@example.org", crew.now)
    assert crew.task(4).requests == ()
    assert crew.holders(4) == ["Cleo", "Ben"]
