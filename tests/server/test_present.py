"""What a process keeps of a project is what a fresh reading gives: whoever did what, and wherever."""

from __future__ import annotations

import threading
from contextlib import suppress
from copy import copy
from dataclasses import fields, replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from blueprint.errors import UserError
from server import keeping
from server.forge_work import work_off
from server.forges.events import Forge
from server.service import (
    accounts,
    agreement,
    claims,
    contributions,
    doubts,
    erasing,
    hooks,
    members,
    naming,
    people,
    policy,
    present,
    reporting,
    tending,
    undoing,
    views,
)
from server.service.accounts import Visitor
from server.service.contributions import Assertion
from server.service.visiting import Manners
from server.store import Database
from server.store.changes import KEPT, WATCHED
from server.store.people import ACCOUNT
from server.store.tables import metadata
from server.sync import sync
from server.work.naming import Naming
from server.work.permissions import GIVEN, Role
from tests.bench.queries import listening

from . import forge_payloads as payloads
from .conftest import empty_database
from .crew import DEEDS, build

DAY = timedelta(days=1)
EXAMPLES = {"sqlite": 6, "postgresql": 3}
STEPS = 60
FORGE = "github"
# What happens, and how often beside the rest.
HAPPENINGS = {
    "somebody_claims": 6,
    "somebody_works_on_a_task": 8,
    "somebody_speaks_of_credit": 4,
    "somebody_agrees_or_not": 2,
    "somebody_takes_it_back": 2,
    "somebody_chooses_a_name": 1,
    "somebody_will_not_be_ranked": 1,
    "somebody_comes_or_is_appointed": 3,
    "two_turn_out_to_be_one": 1,
    "somebody_is_forgotten": 2,
    "somebody_gets_a_role_or_loses_it": 2,
    "somebody_signs_in_by_a_forge": 2,
    "somebody_says_which_is_which": 1,
    "somebody_else_may_report": 1,
    "a_forge_tells_something": 6,
    "a_webhook_is_made_anew_or_comments_are_not_heard": 1,
    "a_rule_changes": 1,
    "the_leaderboard_is_shown_or_not": 1,
    "the_project_is_closed_or_opened": 1,
    "something_fails_half_way": 1,
    "time_goes_by": 3,
    "a_clock_goes_wrong": 1,
    "what_is_over_is_written_down": 2,
    "the_other_process_looks": 2,
    "work_is_merged": 2,
    "a_node_gets_another_label": 1,
    "a_node_leaves": 1,
}
NODES = ("thm:a", "thm:b", "thm:c", "thm:d", "thm:e", "thm:f")


@pytest.fixture
def crew(village, any_database):
    return build(village, any_database)


def differences(database, project, now):
    """Of what is kept and what a fresh reading gives, the parts that are not the same."""
    with database.reading() as store:
        kept, fresh = present.present(store, project, now), present.read(store, project, now)
    parts = [field.name for field in fields(fresh.snapshot)]
    found = [name for name in parts if getattr(kept.snapshot, name) != getattr(fresh.snapshot, name)]
    besides = ("undone", "policy", "everybody")
    found += [name for name in besides if getattr(kept, name) != getattr(fresh, name)]
    return found + (["finished"] if kept.works.finished != fresh.works.finished else [])


class Town:
    """Two processes: all is done by the one; the other one looks now and then."""

    def __init__(self, crew, elsewhere, seed):
        self.dice = Random(seed)
        self.crew, self.elsewhere, self.now, self.names = crew, elsewhere, crew.now, 0
        self.crowd = [crew.ana, crew.ben, crew.cleo, crew.mona]
        self.nodes, self.proved, self.commits, self.asked = list(crew.nodes), {"a"}, 0, 0
        with crew.database.begin() as store:
            store.projects.describe(crew.project.id, "The Village", payloads.BASE[FORGE])
            hooks.make(store, crew.project, Forge(FORGE), self.now)
            hooks.hear_comments(store, crew.project, True, self.now)
            for person, number in ((crew.ana, payloads.ANA), (crew.ben, payloads.BEN)):
                store.people.link(person.id, ACCOUNT, payloads.account(FORGE, number), self.now)
        self.look_again()

    def attempt(self, service, person, *what, **options):
        with suppress(UserError):
            self.crew.do(service, person, *what, now=self.now, **options)
        self.now += timedelta(minutes=self.dice.randrange(300))

    def look_again(self):
        """What is known of the project itself may be another now."""
        with self.crew.database.reading() as store:
            self.crew.project = store.projects.by_slug(self.crew.project.slug)

    def anybody(self):
        return self.dice.choice(self.crowd)

    def somebody_works_on_a_task(self):
        service, say = self.dice.choice(DEEDS)
        words, options = say(self.dice, self.anybody())
        tasks = self.crew.snapshot(self.now).tasks
        if tasks:
            self.attempt(service, self.anybody(), self.dice.choice(tasks).label, *words, **options)

    def somebody_claims(self):
        self.attempt(claims.claim, self.anybody(), self.dice.choice(["#4", "#8", "#9"]), until=None)

    def somebody_speaks_of_credit(self):
        entries = [one.id for one in self.crew.snapshot(self.now).contributions]
        number, who = self.dice.choice(entries or [1]), self.anybody()
        evidence = ("https://example.org/1",)
        said = Assertion(
            f"#{self.anybody().id}", self.dice.choice(["review", "idea"]), evidence, self.dice.choice(NODES)
        )
        deeds = (
            (contributions.add, said),
            (contributions.confirm, number),
            (contributions.refuse, number),
            (contributions.correct, number, said),
            (contributions.disclose, self.dice.choice([number, said.node]), "copilot", ("a tool",)),
        )
        service, *what = self.dice.choice(deeds)
        self.attempt(service, who, *what)
        if self.dice.random() < 0.3:
            self.attempt(contributions.dispute, who, number, evidence=evidence)

    def somebody_agrees_or_not(self):
        service = self.dice.choice([agreement.agree, agreement.agree, agreement.withdraw])
        self.attempt(service, self.crew.mona, self.dice.choice(NODES))

    def somebody_takes_it_back(self):
        self.attempt(undoing.undo, self.anybody())

    def somebody_chooses_a_name(self):
        self.names += 1
        wanted = self.dice.choice(list(Naming))
        pseudonym = f"Nobody {self.names}" if wanted is Naming.PSEUDONYM else None
        with suppress(UserError), self.crew.database.begin() as store:
            naming.choose(store, self.anybody(), wanted, pseudonym)

    def somebody_will_not_be_ranked(self):
        with self.crew.database.begin() as store:
            naming.take_part_in_ranking(store, self.anybody(), self.dice.choice([True, False]))

    def somebody_comes_or_is_appointed(self):
        self.names += 1
        with suppress(UserError), self.crew.database.begin() as store:
            if self.dice.random() < 0.5:
                new = people.add(store, f"New {self.names}", self.dice.choice(list(Role)), self.now)
                people.link_git(store, new, f"{self.names}+new@users.noreply.github.com", self.now)
                self.crowd.append(new)
            else:
                people.appoint(store, self.dice.choice(self.crowd[:3]), self.dice.choice(list(Role)))

    def two_turn_out_to_be_one(self):
        if len(self.crowd) > 5:
            with suppress(UserError), self.crew.database.begin() as store:
                gone = self.crowd.pop()
                store.people.merge(gone.id, self.crowd[0].id)

    def somebody_is_forgotten(self):
        others = [person for person in self.crowd if person.id != self.crew.mona.id]
        if len(others) > 3:
            gone = self.dice.choice(others)
            self.crowd = [person for person in self.crowd if person.id != gone.id]
            with self.crew.database.begin() as store:
                erasing.erase(store, gone, self.now)

    def a_forge_tells_something(self):
        change = payloads.Change(
            body=self.dice.choice(["", "Closes task #4", "Closes task #8"]),
            branch=self.dice.choice(["even-case", "claim/9"]),
            author=self.dice.choice([payloads.ANA, payloads.BEN, payloads.STRANGER]),
            number=self.dice.choice([34, 35]),
            state=self.dice.choice(["open", "open", "closed", "merged"]),
            draft=self.dice.random() < 0.2,
            at=self.now,
        )
        action = {"open": self.dice.choice(["opened", "edited", "asked"])}.get(change.state, "closed")
        words = self.dice.choice(["claim #4", "disclaim #4", "propose #35", "status"])
        told = (
            payloads.pull_request(FORGE, change, action),
            payloads.check(FORGE, self.dice.random() < 0.5),
            payloads.comment(FORGE, f"@chantier {words}", change.author, change, at=self.now),
            payloads.push(FORGE),
        )
        self.deliver(self.dice.choice(told[:3] if self.dice.random() < 0.9 else told))

    def deliver(self, delivery):
        with self.crew.database.begin() as store:
            (*_, hook) = hooks.listed(store, self.crew.project, self.now) or (None,)
            if hook is not None:
                self.asked += 1
                sent = payloads.headers(FORGE, delivery, hook.secret, f"delivery-{self.asked}")
                known = {name.lower(): value for name, value in sent.items()}
                hooks.take_in(store, hook, known, delivery.body, self.now)
        work_off(self.crew.database, Manners(), self.now)

    def a_webhook_is_made_anew_or_comments_are_not_heard(self):
        with suppress(UserError), self.crew.database.begin() as store:
            if self.dice.random() < 0.5:
                heard = self.dice.choice([True, False])
                hooks.hear_comments(store, self.crew.project, heard, self.now, self.crew.mona)
            else:
                deed = self.dice.choice([hooks.make, hooks.rotate, hooks.end])
                deed(store, self.crew.project, Forge(FORGE), self.now, self.crew.mona)
        self.look_again()

    def somebody_gets_a_role_or_loses_it(self):
        with suppress(UserError), self.crew.database.begin() as store:
            by, who = self.dice.choice([None, self.crew.mona]), self.anybody()
            if self.dice.random() < 0.6:
                role = self.dice.choice(GIVEN)
                members.appoint(store, self.crew.project, by, who, role, now=self.now)
            else:
                members.dismiss(store, self.crew.project, by, who, now=self.now)

    def the_project_is_closed_or_opened(self):
        with suppress(UserError), self.crew.database.begin() as store:
            private = self.dice.choice([True, False])
            members.close(store, self.crew.project, None, private, now=self.now)
        self.look_again()

    def somebody_signs_in_by_a_forge(self):
        self.names += 1
        emails = (self.dice.choice(["ana@example.org", "ben@example.org", "new@example.org"]),)
        number = self.dice.choice([str(payloads.ANA), str(payloads.BEN), str(self.names)])
        visitor = Visitor("https://github.com", number, f"login{self.names}", "", emails)
        with suppress(UserError), self.crew.database.begin() as store:
            if self.dice.random() < 0.5:
                accounts.link(store, self.anybody(), visitor, self.now)
            elif accounts.enter(store, visitor, self.now) is None:
                accounts.join(store, visitor, f"Visitor {self.names}", self.now, is_open=True)

    def a_rule_changes(self):
        value = self.dice.choice(["0", "1", "3", None])
        self.attempt(policy.set_rule, self.crew.mona, "grace", value)

    def somebody_else_may_report(self):
        with suppress(UserError), self.crew.database.begin() as store:
            deed = self.dice.choice([reporting.trust, reporting.distrust])
            deed(store, self.crew.project, "ci", self.now)

    def the_leaderboard_is_shown_or_not(self):
        shown = self.dice.choice([True, False])
        with self.crew.database.begin() as store:
            naming.show_leaderboard(store, self.crew.project, self.crew.mona, shown, now=self.now)
        self.look_again()

    def time_goes_by(self):
        self.now += self.dice.randrange(9) * DAY

    def a_clock_goes_wrong(self):
        then = self.now - self.dice.randrange(9) * DAY
        assert differences(self.crew.database, self.crew.project, then) == []

    def what_is_over_is_written_down(self):
        with self.crew.database.begin() as store:
            tending.tend(store, self.now)

    def work_is_merged(self):
        self.proved ^= {self.dice.choice("abcd")}
        self.commit()

    def a_node_gets_another_label(self):
        place = self.dice.randrange(len(self.nodes))
        node, name = self.nodes[place], f"thm:renamed{self.commits}"
        self.nodes[place] = replace(node, id=name, labels=(name,))
        self.commit()

    def a_node_leaves(self):
        if len(self.nodes) > 4:
            del self.nodes[self.dice.randrange(len(self.nodes))]
            self.commit()

    def somebody_says_which_is_which(self):
        with self.crew.database.reading() as store:
            asked = doubts.queue(store, self.crew.project)
        if asked:
            one, deed = self.dice.choice(asked), self.dice.choice([doubts.same, doubts.different])
            self.attempt(deed, self.crew.mona, one.old, one.new)

    def something_fails_half_way(self):
        with suppress(ZeroDivisionError), self.crew.database.begin() as store:
            claims_made = store.tasks.of_project(self.crew.project.id)
            store.log.record(self.crew.project.id, "claimed", f"claimed {len(claims_made)}", self.now)
            present.present(store, self.crew.project, self.now)
            raise ZeroDivisionError

    def something_happens(self):
        deed = self.dice.choices(list(HAPPENINGS), HAPPENINGS.values())[0]
        getattr(self, deed)()
        assert differences(self.crew.database, self.crew.project, self.now) == [], deed

    def commit(self):
        self.commits += 1
        village = self.crew.village
        proofs = (f"theorem {name} : X := {'rfl' if name in self.proved else 'sorry'}" for name in "abcd")
        village.commit(self.dice.choice([village.ana, village.ben]), self.nodes, *proofs)
        with suppress(UserError):
            sync(self.crew.database, village.folder, self.now)

    def the_other_process_looks(self):
        assert differences(self.elsewhere, self.crew.project, self.now) == []

    def close(self):
        self.crew.database.close()
        self.elsewhere.close()


@pytest.mark.parametrize("kind", EXAMPLES)
def test_what_is_kept_is_what_is_there(village, tmp_path, request, kind):
    """Rules of a state machine would be drawn one again and again, and others never: so it is by dice."""

    @settings(max_examples=EXAMPLES[kind], phases=(Phase.reuse, Phase.generate), deadline=None)
    @given(seed=st.integers(0, 2**64 - 1))
    def live(seed):
        village.revisions.clear()
        url = empty_database(request, tmp_path, kind)
        town = Town(build(village, Database(url)), Database(url), seed)
        for _ in range(STEPS):
            town.something_happens()
        town.the_other_process_looks()
        town.close()

    live()


def test_what_is_known_is_not_read_again(crew):
    crew.snapshot()
    heard = []
    with listening("", heard):
        crew.snapshot()
    tables = {name for asked in heard for name in metadata.tables if f"FROM {name}" in asked.statement}
    assert tables == {"changes"}


def test_after_a_deed_only_what_it_changed_is_read(crew):
    crew.snapshot()
    crew.claim(crew.ben, "#4")
    before = crew.snapshot
    heard = []
    with listening("", heard):
        after = before()
    assert [task.number for task in after.tasks if task.claims] == [4]
    assert all("tasks.project_id = " not in asked.statement for asked in heard)


def test_who_has_just_written_sees_it_in_the_same_transaction(crew):
    crew.snapshot()
    with crew.database.begin() as store:
        claims.claim(store, crew.project, crew.ben, "#4", until=None, now=crew.now)
        seen = views.snapshot(store, crew.project, crew.now)
    assert next(task for task in seen.tasks if task.number == 4).claims


def test_what_is_written_without_a_note_makes_everything_be_read_anew(crew):
    crew.snapshot()
    with crew.database.begin() as store:
        change = metadata.tables["tasks"].update().values(tags="strange")
        store.tasks._db.execute(change)
    assert {task.tags for task in crew.snapshot().tasks} == {("strange",)}


def test_the_first_change_of_a_project_is_no_reason_to_read_all_of_it(crew, database_url):
    """The copies of a project have no changes yet."""
    with crew.database.begin() as store:
        store.tasks._db.execute(metadata.tables["changes"].delete())
    elsewhere, heard = copy(crew), []
    elsewhere.database = Database(database_url)
    elsewhere.snapshot()
    crew.claim(crew.ben, "#4")
    with listening("", heard):
        after = elsewhere.snapshot()
    assert [task.number for task in after.tasks if task.claims] == [4]
    assert all("tasks.project_id = " not in asked.statement for asked in heard)


def test_whoever_only_looks_waits_for_nobody(crew):
    known, seen = crew.snapshot(), []
    looking = threading.Thread(target=lambda: seen.append(crew.snapshot()))
    with crew.database.reading() as store, store.kept.turn(crew.project.id):  # somebody brings it up to date
        looking.start()
        looking.join(30)
        assert [one.tasks for one in seen] == [known.tasks]


def test_an_older_transaction_does_not_turn_time_back(crew):
    with crew.database.reading() as early:
        early.projects.every()
        crew.claim(crew.ben, "#4")
        crew.snapshot()
        kept = crew.database._kept.peek(crew.project.id)
        views.snapshot(early, crew.project, crew.now)
        assert crew.database._kept.peek(crew.project.id) is kept


def test_whoever_saw_nothing_for_long_reads_everything(crew, database_url):
    elsewhere = Database(database_url)
    assert differences(elsewhere, crew.project, crew.now) == []
    for _ in range(KEPT + 2):
        with crew.database.begin() as store:
            store.log.record(crew.project.id, "drift", "Something differs.", crew.now)
    with crew.database.begin() as store:
        known = store.changes._db.execute(text("SELECT count(*) FROM changes")).scalar_one()
    assert known < 2 * KEPT
    assert differences(elsewhere, crew.project, crew.now) == []
    elsewhere.close()


def test_restored_books_are_not_taken_for_those_before(crew, tmp_path, database_url):
    keeping.backup(crew.database, tmp_path / "all.jsonl.gz")
    crew.claim(crew.ben, "#4")
    elsewhere = Database(database_url)
    assert differences(elsewhere, crew.project, crew.now) == []
    keeping.restore(crew.database, tmp_path / "all.jsonl.gz", force=True)
    crew.claim(crew.cleo, "#8")
    for database in (crew.database, elsewhere):
        assert differences(database, crew.project, crew.now) == []
    elsewhere.close()


def test_threads_that_write_and_read_at_once_agree_in_the_end(crew, database_url):
    elsewhere, wrong = Database(database_url), []

    def work(person, number):
        for _ in range(6):
            for deed in (claims.claim, claims.disclaim):
                options = {"until": None} if deed is claims.claim else {}
                with suppress(UserError):
                    crew.do(deed, person, number, **options)
                own = next(task for task in crew.snapshot().tasks if task.label == number)
                holds = any(claim.person_id == person.id for claim in own.claims)
                if holds is not (deed is claims.claim):
                    wrong.append((person.name, deed.__name__))
                with elsewhere.reading() as store:
                    views.snapshot(store, crew.project, crew.now)

    pairs = ((crew.ana, "#4"), (crew.ben, "#8"), (crew.cleo, "#9"))
    threads = [threading.Thread(target=work, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    for database in (crew.database, elsewhere):
        assert differences(database, crew.project, crew.now) == []
    elsewhere.close()


def test_every_table_that_a_snapshot_is_read_from_is_watched(crew):
    heard = []
    with listening("", heard), crew.database.reading() as store:
        present.read(store, crew.project, crew.now)
    read = {
        name
        for asked in heard
        for name in metadata.tables
        if any(f"{word} {name}" in asked.statement for word in ("FROM", "JOIN"))
    }
    assert read - {"changes"} <= WATCHED
