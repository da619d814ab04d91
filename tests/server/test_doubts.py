"""Nodes that left and may be others: put aside with all that hangs on them, until somebody decides."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from alembic import command
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from blueprint.errors import UserError
from blueprint.graph import Node
from server.dispatch import answer
from server.records.people import Person
from server.records.projects import ProjectRow
from server.service import (
    agreement,
    assigning,
    claims,
    crews,
    doubts,
    informal,
    ledgers,
    people,
    policy,
    tending,
    views,
    waiting,
    watching,
)
from server.service.matching import former
from server.service.nodes import show
from server.store import Database
from server.sync import sync
from server.work.permissions import Role
from server.work.tasks import Informal

from .migrating import migrate

DAY = timedelta(days=1)
HALL = "Every bipartite graph in which each set of girls has enough friends has a perfect matching."
SQUARES = "A number is the sum of two squares exactly if no bad prime divides it to an odd power."
PRIMES = "There are infinitely many prime numbers that leave the remainder three modulo four."


@dataclass
class Town:
    """A synced project with Eve, Bob and the maintainer Mona; `said` gives a node its text."""

    database: Database
    village: object
    now: datetime

    def __post_init__(self):
        with self.database.begin() as store:
            self.eve, self.bob = (
                people.by_zulip(store, n, name, self.now) for n, name in ((8, "Eve"), (9, "Bob"))
            )
            self.mona = people.add(store, "Mona", Role.MAINTAINER, self.now)

    def said(self, label: str, text: str, lean: str = "") -> Node:
        node = self.village.node(label, lean=lean)
        return replace(node, statement=replace(node.statement, source=text, lean=(lean,) if lean else ()))

    def commit(self, *nodes: Node, by=None, theorems=()) -> ProjectRow:
        self.village.commit(by or self.village.ana, nodes, *theorems)
        self.project = sync(self.database, self.village.folder, self.now).project
        return self.project

    def act(self, action, *args, **kwargs):
        with self.database.begin() as store:
            return action(store, self.project, *args, **kwargs, now=self.now)

    def claim(self, person: Person, ref: str):
        return self.act(claims.claim, person, ref, until=None).task

    def asked(self):
        with self.database.reading() as store:
            return {(one.old, one.new) for one in doubts.queue(store, self.project)}

    def snapshot(self):
        with self.database.reading() as store:
            return views.snapshot(store, self.project, self.now)

    def held(self):
        """(node, kind, holder, paused) of every live claim, whether its node is in the blueprint or not."""
        with self.database.reading() as store:
            tasks = {task.id: task for task in store.tasks.of_project(self.project.id)}
            return {
                (tasks[c.task_id].node, tasks[c.task_id].kind.value, c.person_name, c.paused is not None)
                for c in store.tasks.claims(self.project.id)
            }

    def told(self, person: Person):
        with self.database.reading() as store:
            return [one.text for one in watching.notices(store, person, self.now)]


@pytest.fixture
def town(any_database, village):
    return Town(any_database, village, village.now)


@pytest.fixture
def renamed(town):
    """Eve holds hall, which comes again reworded and under another label."""
    town.commit(town.said("lem:hall", HALL), town.said("lem:primes", PRIMES))
    town.claim(town.eve, "lem:hall")
    town.now += DAY
    town.commit(town.said("lem:marriage", HALL.replace("girls", "boys")), town.said("lem:primes", PRIMES))
    return town


def test_an_unsure_match_waits_for_a_maintainer_and_stops_the_clock(renamed):
    assert renamed.asked() == {("lem:hall", "lem:marriage")}
    assert renamed.held() == {("lem:hall", "state", "Eve", True)}
    assert (
        "is paused, with its clock stopped, because its node left the blueprint"
        in renamed.told(renamed.eve)[0]
    )
    assert "what became of `lem:hall`" in renamed.told(renamed.mona)[0]
    assert [(task.node, task.kind) for task in renamed.snapshot().tasks if task.node == "lem:marriage"] == [
        ("lem:marriage", "state"), ("lem:marriage", "prove"),
    ]  # fmt: skip
    renamed.now += 100 * DAY
    with renamed.database.begin() as store:
        tending.tend(store, renamed.now)
    assert renamed.held() == {("lem:hall", "state", "Eve", True)}


def test_whoever_asks_for_a_task_that_waits_is_told_so(renamed):
    words = "it waits until a maintainer has said which"
    with renamed.database.reading() as store, pytest.raises(UserError, match=words):
        show(store, renamed.project, "#1", renamed.now)


def test_the_queue_says_why_and_who_waits(renamed):
    with renamed.database.reading() as store:
        [one] = doubts.queue(store, renamed.project)
        assert doubts.count(store, renamed.project) == 1
    assert (one.caption, one.waiting, one.gone) == ("Theorem marriage", ("Eve",), True)
    assert one.why.endswith("% of the statement alike")
    assert (one.was, one.now) == (HALL, HALL.replace("girls", "boys"))


def test_the_same_node_goes_on_under_its_new_label_with_all_that_hangs_on_it(renamed):
    number = renamed.snapshot().tasks[-1].number
    outcome = renamed.act(doubts.same, renamed.mona, "lem:hall", "lem:marriage")
    assert outcome.text == "`lem:hall` is Theorem marriage now."
    assert renamed.asked() == set()
    assert renamed.held() == {("lem:marriage", "state", "Eve", False)}
    [task] = [task for task in renamed.snapshot().tasks if task.claims]
    assert task.number < number
    assert task.claims[0].expires == renamed.village.now + 7 * DAY
    assert renamed.snapshot().ancestors["lem:marriage"] != ()
    assert "goes on" in renamed.told(renamed.eve)[0]


def test_the_clock_stood_still_while_nobody_decided(renamed):
    renamed.now += 50 * DAY
    renamed.act(doubts.same, renamed.mona, "lem:hall", "lem:marriage")
    [task] = [task for task in renamed.snapshot().tasks if task.claims]
    assert task.claims[0].expires == renamed.village.now + 57 * DAY


def test_different_nodes_part_and_the_holder_is_told(renamed):
    outcome = renamed.act(doubts.different, renamed.mona, "lem:hall", "lem:marriage")
    assert outcome.text == "`lem:hall` and Theorem marriage are not the same."
    assert (renamed.held(), renamed.asked()) == (set(), set())
    assert "is not in the blueprint any more" in renamed.told(renamed.eve)[0]


def test_what_was_decided_is_not_asked_again(renamed):
    renamed.act(doubts.different, renamed.mona, "lem:hall", "lem:marriage")
    renamed.commit(
        renamed.said("lem:marriage", HALL.replace("girls", "men")), renamed.said("lem:primes", PRIMES)
    )
    assert renamed.asked() == set()


def test_only_maintainers_decide(renamed):
    with pytest.raises(UserError, match="To say which node is which you need to be a maintainer"):
        renamed.act(doubts.same, renamed.eve, "lem:hall", "lem:marriage")
    with pytest.raises(UserError, match="Nobody is asked whether `lem:hall` is `lem:primes`"):
        renamed.act(doubts.same, renamed.mona, "lem:hall", "lem:primes")
    assert renamed.asked() == {("lem:hall", "lem:marriage")}


def test_a_node_that_comes_back_takes_up_its_claims(renamed):
    renamed.commit(renamed.said("lem:hall", HALL), renamed.said("lem:primes", PRIMES))
    assert renamed.held() == {("lem:hall", "state", "Eve", False)}
    assert renamed.asked() == set()


def test_a_doubt_ends_when_the_new_node_leaves_too(renamed):
    renamed.commit(renamed.said("lem:primes", PRIMES))
    assert (renamed.asked(), renamed.held()) == (set(), set())
    assert "is not in the blueprint any more" in renamed.told(renamed.eve)[0]


def test_a_doubt_follows_the_new_node_through_another_rename(renamed):
    renamed.commit(
        renamed.said("lem:boys", HALL.replace("girls", "boys")), renamed.said("lem:primes", PRIMES)
    )
    assert renamed.asked() == {("lem:hall", "lem:boys")}
    renamed.act(doubts.same, renamed.mona, "lem:hall", "lem:boys")
    assert renamed.held() == {("lem:boys", "state", "Eve", False)}


def test_a_claim_on_the_new_node_moves_to_the_task_that_stays(renamed):
    renamed.claim(renamed.bob, "lem:marriage")
    renamed.act(doubts.same, renamed.mona, "lem:hall", "lem:marriage")
    assert renamed.held() == {("lem:marriage", "state", "Eve", False)}
    assert "Because Eve has held it for longer, your claim on #5" in renamed.told(renamed.bob)[0]


def test_a_claim_on_the_new_node_alone_goes_on(town):
    town.commit(town.said("lem:hall", HALL))
    town.commit(town.said("lem:marriage", HALL.replace("girls", "boys")))
    expires = town.claim(town.bob, "lem:marriage").claims[0].expires
    town.act(doubts.same, town.mona, "lem:hall", "lem:marriage")
    [task] = [task for task in town.snapshot().tasks if task.claims]
    assert (task.number, task.claims[0].person_name, task.claims[0].expires) == (1, "Bob", expires)


def test_watches_credit_and_history_are_shown_on_the_new_label(town):
    proof = ("theorem hall : H := by simp", "theorem marriage : H := by simp")
    town.commit(town.said("lem:hall", HALL, "hall"), theorems=proof[:1])
    with town.database.begin() as store:
        watching.watch(store, town.project, town.bob, "lem:hall", town.now)
        agreement.agree(store, town.project, town.mona, "lem:hall", now=town.now)
    boys = town.said("lem:marriage", HALL.replace("girls", "boys"), "marriage")
    town.commit(boys, by=town.village.ben, theorems=proof[1:])
    assert {(c.node, c.person_name) for c in town.snapshot().credit} == {
        ("lem:hall", "Ana"),
        ("lem:marriage", "Ben"),
    }
    town.act(doubts.same, town.mona, "lem:hall", "lem:marriage")
    with town.database.reading() as store:
        detail = show(store, town.project, "lem:marriage", town.now)
        assert watching.watched(store, town.project, town.bob) == ("lem:marriage",)
    assert {entry.person_name for entry in detail.credit} == {"Ana", "Ben"}
    [decided] = [event for event in detail.events if event.kind == "decided"]
    assert (decided.is_deed, decided.person_name) == (True, "Mona")
    assert decided.text == "decided that `lem:hall` is Theorem marriage now"
    assert "agreed" in {event.kind for event in detail.events}
    assert town.snapshot().agreements["lem:marriage"].person_name == "Mona"
    assert {task.state for task in detail.tasks} == {"verified"}


@pytest.mark.parametrize("comes", ["lem:marriage", "lem:primes"])
def test_that_an_agreed_node_left_is_told_once(town, comes):
    """Either another may be it, or none."""
    lines = ("theorem hall : H := sorry",)
    town.commit(town.said("lem:hall", HALL, "hall"), theorems=lines)
    with town.database.begin() as store:
        people.appoint(store, town.bob, Role.MAINTAINER)
        agreement.agree(store, town.project, town.bob, "lem:hall", now=town.now)
        people.appoint(store, town.bob, Role.CONTRIBUTOR)
    text = HALL.replace("girls", "boys") if comes == "lem:marriage" else PRIMES
    for _ in range(2):
        town.commit(town.said(comes, text), theorems=lines)
    or_another = ", or is another node there now; a maintainer is asked which" if town.asked() else ""
    words = f"`lem:hall`, whose statement was agreed upon, left the blueprint{or_another}."
    for person in (town.bob, town.mona):
        assert town.told(person).count(words) == 1
    assert [event.text for event in town.snapshot().events if event.kind == agreement.LEFT] == [words]


def test_a_merge_keeps_the_claims_of_both(town):
    hall, primes = town.said("lem:hall", HALL), town.said("lem:primes", PRIMES)
    town.commit(hall, primes)
    town.claim(town.eve, "lem:primes")
    town.commit(town.said("lem:hall", f"{HALL} {PRIMES}"))
    assert town.asked() == {("lem:primes", "lem:hall")}
    assert town.held() == {("lem:primes", "state", "Eve", True)}
    town.act(doubts.same, town.mona, "lem:primes", "lem:hall")
    assert town.held() == {("lem:hall", "state", "Eve", False)}
    assert town.snapshot().ancestors == {"lem:hall": ("lem:primes",)}


def test_what_was_cut_out_of_a_node_shows_what_was_done_there(town):
    town.commit(town.said("lem:both", f"{HALL} {PRIMES}", "both"), theorems=("theorem both : B := sorry",))
    town.claim(town.eve, "lem:both")
    both = town.said("lem:both", HALL, "both")
    town.commit(both, town.said("lem:primes", PRIMES), theorems=("theorem both : B := sorry",))
    assert town.asked() == {("lem:both", "lem:primes")}
    outcome = town.act(doubts.same, town.mona, "lem:both", "lem:primes")
    assert outcome.text == "Theorem primes comes from `lem:both`."
    assert town.told(town.eve)[0] == "`lem:primes` was cut out of `lem:both`, on which you hold work."
    assert town.held() == {("lem:both", "prove", "Eve", False)}
    with town.database.reading() as store:
        assert {c.person_name for c in show(store, town.project, "lem:primes", town.now).credit} == {"Ana"}


def test_a_split_of_lean_names_is_written_down_at_once_and_told(town):
    node = town.village.node
    two = replace(node("thm:a"), statement=replace(node("thm:a").statement, lean=("x", "y")))
    town.commit(two, theorems=("theorem x : X := sorry", "theorem y : X := sorry"))
    town.claim(town.eve, "thm:a")
    town.commit(
        node("thm:a", lean="x"),
        node("thm:c", lean="y"),
        theorems=("theorem x : X := sorry", "theorem y : X := sorry"),
    )
    assert town.snapshot().ancestors == {"thm:c": ("thm:a",)}
    assert town.asked() == set()
    assert "Theorem c has Lean names now that `thm:a` had" in town.told(town.eve)[0]
    assert [(n, p) for n, _, _, p in town.held()] == [("thm:a", False)]


def test_what_a_split_took_over_is_not_credited_to_the_same_person_again(town):
    node, lines = town.village.node, ("theorem x : X := by simp", "theorem y : X := by simp")
    two = replace(node("thm:a"), statement=replace(node("thm:a").statement, lean=("x", "y")))
    town.commit(two, theorems=lines)
    before = town.snapshot().credit
    town.commit(node("thm:a", lean="x"), node("thm:c", lean="y"), theorems=lines)
    assert town.snapshot().credit == before
    with town.database.reading() as store:
        assert show(store, town.project, "thm:c", town.now).credit == before


def test_a_label_that_looks_like_one_of_ours_is_only_a_label(town):
    town.commit(town.said("a", HALL), town.said("b", PRIMES))
    ours = [former(label, id) for label in "ab" for id in range(1, 9)]
    other = f"{SQUARES} {SQUARES}"
    town.commit(town.said("a", other), *(town.said(label, "To do.") for label in ours))
    town.commit(town.said("a", HALL), town.said("b", other), *(town.said(label, "To do.") for label in ours))
    assert {task.node for task in town.snapshot().tasks} == {"a", "b", *ours}
    town.commit(town.said("a", SQUARES), town.said("c", HALL.replace("girls", "boys")))
    assert ("a", "c") in {(old.partition(" ")[0], new) for old, new in town.asked()}
    town.act(doubts.same, town.mona, "a", "c")
    assert ("a", "c") not in town.asked()


def test_those_who_share_a_claim_on_the_new_node_share_it_afterwards(town):
    town.commit(town.said("lem:hall", HALL))
    town.commit(town.said("lem:marriage", HALL.replace("girls", "boys")))
    town.claim(town.bob, "lem:marriage")
    town.act(crews.invite, town.bob, "lem:marriage", town.eve)
    town.act(crews.accept, town.eve, "lem:marriage")
    town.act(doubts.same, town.mona, "lem:hall", "lem:marriage")
    [task] = [task for task in town.snapshot().tasks if task.claims]
    assert (task.number, [claim.person_name for claim in task.claims]) == (1, ["Bob", "Eve"])


def test_whoever_gives_way_waits_for_the_task(renamed):
    renamed.claim(renamed.bob, "lem:marriage")
    renamed.act(doubts.same, renamed.mona, "lem:hall", "lem:marriage")
    renamed.act(claims.disclaim, renamed.eve, "lem:marriage")
    assert renamed.told(renamed.bob)[0].endswith("is free again; whoever claims it first has it.")


def test_informal_work_and_pieces_of_both_go_on_under_the_new_label(renamed):
    renamed.act(informal.split, renamed.mona, "lem:marriage", ["the easy case", "the rest"])
    renamed.act(informal.open_task, renamed.mona, "lem:marriage", Informal.WRITE, "an example")
    pieces = {task.number for task in renamed.snapshot().tasks if task.parent}
    renamed.act(doubts.same, renamed.mona, "lem:hall", "lem:marriage")
    tasks = {task.number: task for task in renamed.snapshot().tasks if task.node == "lem:marriage"}
    assert {number for number, task in tasks.items() if task.parent == 1} == pieces
    assert [task.title for task in tasks.values() if task.kind == "write"] == ["an example"]
    renamed.act(informal.split, renamed.mona, "#1", ["a third"])
    assert sum(task.parent == 1 for task in renamed.snapshot().tasks) == 3


# The books


def test_the_migration_goes_down_and_up_again(renamed, database_url):
    engine = create_engine(database_url)
    migrate(database_url, "0004", command.downgrade)
    assert not {"doubts", "lineage"} & set(inspect(engine).get_table_names())
    assert "source" not in {column["name"] for column in inspect(engine).get_columns("nodes")}
    migrate(database_url, "head", command.upgrade)
    engine.dispose()
    assert renamed.asked() == set()
    boys = renamed.said("lem:marriage", HALL.replace("girls", "boys"))
    renamed.commit(boys, renamed.said("lem:primes", PRIMES))
    assert {task.node for task in renamed.snapshot().tasks} == {"lem:marriage", "lem:primes"}


@pytest.mark.parametrize("change", ["UPDATE {} SET at = at", "DELETE FROM {}", "INSERT OR REPLACE"])
def test_lineage_cannot_be_rewritten(renamed, database_url, change):
    renamed.act(doubts.same, renamed.mona, "lem:hall", "lem:marriage")
    if change.startswith("INSERT"):
        if not database_url.startswith("sqlite"):
            pytest.skip("PostgreSQL replaces by UPDATE only, which is refused")
        change += " INTO {0} SELECT * FROM {0}"
    engine = create_engine(database_url)
    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text(change.format("lineage")))
    engine.dispose()


def test_a_claim_that_waits_is_shown_to_its_holder_and_counts(renamed):
    def said(text):
        with renamed.database.begin() as store:
            return answer(store, renamed.project, renamed.eve, text, renamed.now, base_url="").text

    assert "#1 “state lem:hall”, paused until a maintainer has said" in said("mine")
    assert "You hold #1 “state lem:hall”, and one person holds at most 1 task" in said("claim lem:primes")
    assert "The node of #1 “state lem:hall” left the blueprint" in said("progress #1 half of it")
    assert said("disclaim #1") == "#1 “state lem:hall” is nobody's. Thank you for saying so."
    assert said("mine").startswith("You hold no task")
    assert said("claim lem:primes").startswith("Yours until")


def test_one_of_two_gives_back_what_waits_and_a_maintainer_ends_the_rest(town):
    town.commit(town.said("lem:hall", HALL))
    town.claim(town.eve, "lem:hall")
    town.act(crews.invite, town.eve, "lem:hall", town.bob)
    town.act(crews.accept, town.bob, "lem:hall")
    town.commit(town.said("lem:marriage", HALL.replace("girls", "boys")))
    left = town.act(claims.disclaim, town.eve, "#1")
    assert [claim.person_name for claim in left.task.claims] == ["Bob"]
    assert town.act(assigning.unassign, town.mona, "#1").text == "#1 “state lem:hall” is nobody's now."
    assert town.held() == set()
    assert town.told(town.bob)[0].startswith("Your claim on #1 “state lem:hall” was ended by a maintainer")
    town.act(doubts.same, town.mona, "lem:hall", "lem:marriage")
    assert town.claim(town.bob, "lem:marriage").number == 1


def test_who_waits_for_what_waits_hears_when_it_can_be_had(town):
    town.commit(town.said("lem:hall", HALL))
    town.claim(town.eve, "lem:hall")
    town.act(waiting.wait, town.bob, "#1")
    town.commit(town.said("lem:marriage", HALL.replace("girls", "boys")))
    town.act(claims.disclaim, town.eve, "#1")
    assert town.told(town.bob) == []
    town.act(doubts.same, town.mona, "lem:hall", "lem:marriage")
    assert town.told(town.bob) == ["#1 “state lem:marriage” is free again; whoever claims it first has it."]


def test_who_waits_for_what_is_gone_hears_so(renamed):
    renamed.commit(renamed.said("lem:hall", HALL), renamed.said("lem:primes", PRIMES))
    renamed.act(waiting.wait, renamed.bob, "#1")
    renamed.commit(renamed.said("lem:primes", PRIMES))
    assert renamed.told(renamed.bob)[0] == (
        "#1 “state lem:hall” is not in the blueprint any more, so what you asked about it does not stand."
    )


def test_who_holds_both_holds_one_task_afterwards(renamed):
    with renamed.database.begin() as store:
        policy.set_rule(store, renamed.project, renamed.mona, "newcomer_cap", "3", now=renamed.now)
    renamed.claim(renamed.eve, "lem:marriage")
    renamed.act(doubts.same, renamed.mona, "lem:hall", "lem:marriage")
    assert renamed.held() == {("lem:marriage", "state", "Eve", False)}
    [task] = [task for task in renamed.snapshot().tasks if task.claims]
    assert ([claim.person_name for claim in task.claims], task.requests) == (["Eve"], ())
    assert any("You hold it already" in words for words in renamed.told(renamed.eve))


def test_nobody_has_credit_twice_for_one_node(town):
    proof = ("theorem hall : H := by simp", "theorem marriage : H := by simp")
    town.commit(town.said("lem:hall", HALL, "hall"), theorems=proof[:1])
    before = {(one.id, one.kind) for one in town.snapshot().credit}
    town.commit(town.said("lem:marriage", HALL.replace("girls", "boys"), "marriage"), theorems=proof[1:])
    assert len(town.snapshot().credit) == 2 * len(before)
    town.act(doubts.same, town.mona, "lem:hall", "lem:marriage")
    assert {(one.id, one.kind) for one in town.snapshot().credit} == before
    with town.database.reading() as store:
        assert ledgers.verify(store, town.project).broken is None
