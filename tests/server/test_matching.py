"""Random edits of a blueprint, with people at work in it: nothing that hangs on a node is ever lost."""

from __future__ import annotations

import random
import uuid
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from blueprint.errors import UserError
from blueprint.graph import Flags, Graph, Node, Part, Place
from lean_project.attribution import Authorship
from lean_project.commits import Commit
from lean_project.facts import Fact, Facts, Kind
from lean_project.findings import Findings
from lean_project.renames import FEW_WORDS
from lean_project.status import statuses
from server.service import arrival, claims, doubts, people, views, watching
from server.service.arrival import Checked
from server.service.matching import match_nodes
from server.service.nodes import show
from server.store import Database
from server.work.changes import newly_done
from server.work.ledger import first_break
from server.work.permissions import Role
from server.work.tasks import State, fold

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
PLACE, CLAIMED = Place("web.tex", 1), Flags(False, False, False, False, False, False)
WORDS = [f"{a}{b}{c}" for a in "bdfgklmnprst" for b in "aeiou" for c in "lnrst"]


@dataclass(frozen=True)
class Written:
    """A node as the authors have it; `lean` is proved once it is there.

    `own` is what it is to them, whatever it is called and says; `others` are those that it came from.
    """

    label: str
    words: tuple[str, ...]
    own: int
    lean: str = ""
    others: frozenset[int] = frozenset()

    def node(self) -> Node:
        statement = Part(PLACE, lean=(self.lean,) if self.lean else (), source=" ".join(self.words))
        return Node(self.label, "lemma", statement, CLAIMED, Part(PLACE), (self.label,), number=self.label)


def findings(texts: list[Written]) -> Findings:
    facts = tuple(
        Fact(one.lean, Kind.THEOREM, is_prop=True, module="M", file="M.lean", line=1, fingerprint=one.lean)
        for one in sorted(texts, key=lambda one: one.lean)
        if one.lean
    )
    graph = Graph(tuple(one.node() for one in texts))
    found = Facts("by hand", facts)
    return Findings(graph, found, statuses(graph, found))


class Books(RuleBasedStateMachine):
    """Authors who relabel, reword, split, merge, delete, bring back and exchange, and three people at work.

    `owners` says of each row of the books what it was made for.
    """

    database: Database

    @initialize(seed=st.integers(0, 10_000))
    def begin(self, seed):
        self.random, self.path = random.Random(seed), Path(f"/srv/{uuid.uuid4()}")
        self.now, self.commits, self.fresh = NOW, 0, 0
        self.owners: dict[int, int] = {}
        self.texts: list[Written] = [self.new() for _ in range(4)]
        self.deleted: list[Written] = []
        self.tasks: dict[int, int] = {}
        self.events: dict[int, tuple] = {}
        self.held: dict[int, set[int]] = {}
        self.told: dict[int, int] = {}
        self.credit: tuple = ()
        self.nodes: set[int] = set()
        with self.database.begin() as store:
            tag = uuid.uuid4()
            self.crew = [people.add(store, f"{name} {tag}", Role.CONTRIBUTOR, NOW) for name in ("Ana", "Ben")]
            self.mona = people.add(store, f"Mona {tag}", Role.MAINTAINER, NOW)
        self.sync()

    def new(self, lean: bool | None = None) -> Written:
        self.fresh += 1
        words = tuple(self.random.choices(WORDS, k=self.random.randint(10, 25)))
        has_lean = self.random.random() < 0.4 if lean is None else lean
        return Written(f"lem:{self.fresh}", words, self.fresh, f"x{self.fresh}" if has_lean else "")

    def pick(self) -> int:
        return self.random.randrange(len(self.texts))

    @rule()
    def relabel(self):
        at = self.pick()
        self.fresh += 1
        self.texts[at] = replace(self.texts[at], label=f"lem:{self.fresh}")
        self.sync()

    @rule(rate=st.sampled_from([0.1, 0.3, 0.6, 1.0]), also_label=st.booleans(), also_lean=st.booleans())
    def reword(self, rate, also_label, also_lean):
        at = self.pick()
        old = self.texts[at]
        words = tuple(
            self.random.choice(WORDS) if self.random.random() < rate else word for word in old.words
        )
        self.fresh += 1
        label = f"lem:{self.fresh}" if also_label else old.label
        lean = f"x{self.fresh}" if also_lean and old.lean else old.lean
        self.texts[at] = replace(old, label=label, words=words, lean=lean)
        self.sync()

    @rule(keep=st.booleans())
    def split(self, keep):
        at = self.pick()
        old, half = self.texts[at], len(self.texts[at].words) // 2
        if half < FEW_WORDS:
            return
        self.fresh += 2
        first = replace(old, label=old.label if keep else f"lem:{self.fresh}", words=old.words[:half])
        mine = frozenset({old.own, *old.others})
        second = Written(f"lem:{self.fresh - 1}", old.words[half:], self.fresh, others=mine)
        self.texts[at : at + 1] = [first, second]
        self.sync()

    @precondition(lambda self: len(self.texts) > 1)
    @rule()
    def merge(self):
        one, other = self.random.sample(self.texts, 2)
        self.texts = [text for text in self.texts if text is not other]
        at = self.texts.index(one)
        others = one.others | other.others | {other.own}
        self.texts[at] = replace(one, words=one.words + other.words, others=others)
        self.sync()

    @precondition(lambda self: len(self.texts) > 1)
    @rule()
    def delete(self):
        self.deleted.append(self.texts.pop(self.pick()))
        self.sync()

    @precondition(lambda self: self.deleted)
    @rule()
    def bring_back(self):
        back = self.deleted.pop(self.random.randrange(len(self.deleted)))
        if back.label not in {text.label for text in self.texts}:
            self.texts.append(back)
        self.sync()

    @precondition(lambda self: len(self.texts) > 1)
    @rule()
    def exchange_labels(self):
        one, other = self.random.sample(range(len(self.texts)), 2)
        first, second = self.texts[one], self.texts[other]
        self.texts[one] = replace(first, label=second.label)
        self.texts[other] = replace(second, label=first.label)
        self.sync()

    @rule()
    def another_takes_a_label(self):
        at = self.pick()
        self.texts[at] = replace(self.new(), label=self.texts[at].label)
        self.sync()

    @rule(who=st.integers(0, 1), number=st.integers(0, 30))
    def claim(self, who, number):
        free = [task for task in self.snapshot().tasks if task.is_free]
        if free:
            with suppress(UserError):
                self.act(claims.claim, self.crew[who], f"#{free[number % len(free)].number}", until=None)

    @rule(who=st.integers(0, 1))
    def claim_what_is_asked_about(self, who):
        with self.database.reading() as store:
            asked = {one.new for one in doubts.queue(store, self.project)}
        free = [task for task in self.snapshot().tasks if task.is_free and task.node in asked]
        if free:
            with suppress(UserError):
                self.act(claims.claim, self.crew[who], f"#{free[0].number}", until=None)

    @rule(who=st.integers(0, 1), at=st.integers(0, 30))
    def watch(self, who, at):
        label = self.texts[at % len(self.texts)].label
        with self.database.begin() as store:
            watching.watch(store, self.project, self.crew[who], label, self.now)

    @rule(at=st.integers(0, 30), same=st.booleans())
    def decide(self, at, same):
        with self.database.reading() as store:
            asked = doubts.queue(store, self.project)
        if asked:
            one = asked[at % len(asked)]
            self.act(doubts.same if same else doubts.different, self.mona, one.old, one.new)
            with self.database.reading() as store:
                rows = {row.label: row.id for row in store.projects.nodes(self.project.id)}
            [decided] = [text for text in self.texts if text.label == one.new]
            self.owners[rows[one.new]] = decided.own

    @rule(days=st.integers(0, 4))
    def wait(self, days):
        self.now += timedelta(days=days)

    def act(self, action, *args, **kwargs):
        with self.database.begin() as store:
            return action(store, self.project, *args, **kwargs, now=self.now)

    def sync(self):
        found = findings(self.texts)
        self.commits += 1
        commit = Commit(f"{self.commits:040x}", self.now, "Ada", "ada@example.org", "Work")
        with self.database.begin() as store:
            known = arrival.before(store, self.path)
            done = newly_done(known.findings, found)
            authors = {one: (Authorship("Ada", "ada@example.org", 3),) for one in done}
            checked = Checked(self.path, None, "T", commit, found, authors, {}, known)
            self.project = arrival.record(store, checked, self.now).project
            self.nobody_was_guessed(store)
            before = self.books(store)
            match_nodes(store, self.project, found, self.now)
            assert self.books(store) == before

    def books(self, store):
        """What looking once more must leave as it is."""
        log = store.log.events(self.project.id)
        return store.projects.nodes(self.project.id), store.matches.doubts(self.project.id), log

    def nobody_was_guessed(self, store):
        """A node is on a row of its own, or on one that is new: never on what was another's."""
        rows = {row.label: row.id for row in store.projects.nodes(self.project.id) if not row.gone}
        for one in self.texts:
            whose = self.owners.setdefault(rows[one.label], one.own)
            assert whose in {one.own, *one.others}, (whose, one)

    def snapshot(self):
        with self.database.reading() as store:
            return views.snapshot(store, self.project, self.now)

    @invariant()
    def no_node_and_no_task_is_ever_lost(self):
        with self.database.reading() as store:
            rows = store.projects.nodes(self.project.id)
            tasks = store.tasks.of_project(self.project.id)
            present = {row.label for row in rows if not row.gone}
            assert present == {one.label for one in self.texts}
            assert self.nodes <= {row.id for row in rows}
            assert self.tasks.items() <= {task.id: task.number for task in tasks}.items()
            for task in tasks:
                events = store.tasks.events(task.id)
                assert events[: len(self.events.get(task.id, ()))] == self.events.get(task.id, ())
                assert fold(events).state is task.state
                self.events[task.id] = events
            self.nodes = {row.id for row in rows}
            self.tasks = {task.id: task.number for task in tasks}

    @invariant()
    def no_claim_ends_without_a_word(self):
        with self.database.reading() as store:
            held: dict[int, set[int]] = {person.id: set() for person in self.crew}
            for lease in store.tasks.claims(self.project.id):
                held[lease.person_id].add(lease.task_id)
            for person in self.crew:
                ended = self.held.get(person.id, set()) - held[person.id]
                heard = store.notices.of(person.id)
                told = [one for one in heard if one.id > self.told.get(person.id, 0)]
                self.told[person.id] = max((one.id for one in heard), default=0)
                numbers = {self.tasks[task] for task in ended}
                assert all(any(f"#{number} " in one.text for one in told) for number in numbers)
            self.held = held

    @invariant()
    def what_may_be_another_waits_and_nothing_else_does(self):
        with self.database.reading() as store:
            aside = store.matches.aside(self.project.id)
            rows = {row.id: row for row in store.projects.nodes(self.project.id)}
            leased = {lease.task_id for lease in store.tasks.claims(self.project.id)}
            assert all(rows[id].gone for id in aside)
            for task in store.tasks.of_project(self.project.id):
                if task.id in leased:
                    assert (task.state is State.PAUSED) == (task.node_id in aside)
                elif rows[task.node_id].gone and task.node_id not in aside:
                    assert task.state is State.SUPERSEDED

    @invariant()
    def no_credit_is_ever_lost_and_all_of_it_is_shown_somewhere(self):
        with self.database.reading() as store:
            entries = store.ledger.entries(self.project.id)
            assert entries[: len(self.credit)] == self.credit
            assert first_break(entries) is None
            self.credit = entries
            replaced = store.matches.replaced(self.project.id)
            rows = {row.id: row for row in store.projects.nodes(self.project.id)}
            shown = {
                entry.id
                for one in self.texts
                for entry in show(store, self.project, one.label, self.now).credit
            }
            present = {row.label for row in rows.values() if not row.gone}
            ancestors = store.matches.ancestors(self.project.id)
            reachable = present | {name for label in present for name in ancestors.get(label, ())}
            for entry in store.ledger.views(self.project.id):
                assert (entry.id in shown) == (entry.node in reachable)
            for id in replaced:
                assert rows[id].gone


def test_nothing_is_lost_whatever_becomes_of_the_blueprint(any_database):
    class Here(Books):
        database = any_database

    few = settings(max_examples=12, stateful_step_count=20, deadline=None)
    run_state_machine_as_test(Here, settings=few)
