"""Several people, all that they can do with tasks, a clock and new commits: what holds in the database."""

from __future__ import annotations

import threading
import uuid
from contextlib import suppress
from datetime import timedelta
from random import Random

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from blueprint.errors import UserError
from server.service import assigning, crews, reviewing, tending
from server.store import Database
from server.sync import sync
from server.work.tasks import fold
from server.work.transitions import DONE, State

from .crew import DEEDS, build

DAY = timedelta(days=1)


class Site(RuleBasedStateMachine):
    """Whatever people ask for is done or refused in a sentence, and never half done."""

    def __init__(self, crew):
        super().__init__()
        self.crew, self.now, self.seen, self.commits = crew, crew.now, (), 0
        self.crowd = (crew.ana, crew.ben, crew.cleo, crew.mona)

    @initialize(seed=st.integers(0, 2**64 - 1))
    def begin(self, seed):
        self.dice = Random(seed)

    @rule()
    def people_are_at_work(self):
        for _ in range(8):
            service, say = self.dice.choice(DEEDS)
            ref, who = self.somebody_concerned()
            words, options = say(self.dice, self.dice.choice(self.crowd))
            with suppress(UserError):
                self.crew.do(service, who, ref, *words, now=self.now, **options)
            self.now += timedelta(minutes=self.dice.randrange(300))

    def somebody_concerned(self):
        """A task, and often one who holds it or is asked about it, or the maintainer."""
        tasks = [task for task in self.crew.snapshot(self.now).tasks if task.number in (4, 8) or task.title]
        task = self.dice.choice(tasks[:4])
        concerned = {claim.person_id for claim in task.claims} | {ask.to_id for ask in task.requests}
        people = [person for person in self.crowd if person.id in concerned]
        return task.label, self.dice.choice([*people, *people, self.crew.mona, self.dice.choice(self.crowd)])

    @rule()
    def time_goes_by(self):
        self.now += self.dice.randrange(9) * DAY
        with self.crew.database.begin() as store:
            tending.tend(store, self.now)
            for lease in store.tasks.claims(self.crew.project.id):
                in_review = store.tasks.task(lease.task_id).state is State.IN_REVIEW
                assert not in_review or self.now - lease.owed < 30 * DAY

    @rule()
    def work_is_merged(self):
        """Or undone."""
        self.commits += 1
        if self.commits % 3 == 0:
            proofs = (f"theorem {name} : X := {self.dice.choice(['rfl', 'sorry'])}" for name in "bcd")
            self.crew.village.commit(
                self.crew.village.ana, self.crew.nodes, "theorem a : A := by simp", *proofs
            )
            sync(self.crew.database, self.crew.village.folder, self.now)

    @invariant()
    def the_tables_say_what_the_events_amount_to(self):
        with self.crew.database.reading() as store:
            leases = {lease.task_id: lease for lease in store.tasks.claims(self.crew.project.id)}
            assert len(leases) == len(store.tasks.claims(self.crew.project.id))
            asked = store.tasks.requests(self.crew.project.id)
            for row in store.tasks.of_project(self.crew.project.id):
                events = store.tasks.events(row.id)
                task, lease = fold(events), leases.get(row.id)
                assert (task.state, task.version, task.size) == (row.state, row.version, row.size)
                assert [event.at for event in events] == sorted(event.at for event in events)
                assert (
                    sorted(task.crew) == sorted(one.person_id for one in lease.crew)
                    if lease
                    else not task.crew
                )
                assert not lease or (lease.expires, lease.paused) == (task.expires, task.stopped)
                assert not lease or lease.owed == task.owed
                assert not lease or (row.state not in DONE and lease.person_id == task.holder)
                expected = [(ask.kind, ask.by, ask.to) for ask in (*task.requests, *task.waiting)]
                found = [(ask.kind, ask.by_id, ask.to_id) for ask in asked if ask.task_id == row.id]
                assert sorted(expected, key=str) == sorted(found, key=str)

    @invariant()
    def nobody_is_above_their_cap(self):
        tasks = self.crew.snapshot(self.now).tasks
        held = [claim.person_id for task in tasks for claim in task.claims]
        for person in self.crowd:
            assert held.count(person.id) <= (3 if person is self.crew.ana else 1)

    @invariant()
    def the_record_only_grows(self):
        events = tuple(reversed(self.crew.snapshot(self.now).events))
        assert events[: len(self.seen)] == self.seen
        self.seen = events

    def teardown(self):
        self.crew.database.close()


def test_nobody_ever_holds_what_they_may_not(village, tmp_path):
    def make():
        village.revisions.clear()
        return build(village, Database(f"sqlite:///{tmp_path / f'{uuid.uuid4()}.db'}"))

    few = settings(max_examples=8, stateful_step_count=25, deadline=None)
    run_state_machine_as_test(lambda: Site(make()), settings=few)


def at_once(*calls):
    """What each of the calls gave, or the sentence with which it was refused, in order."""
    answers = [None] * len(calls)

    def run(place):
        try:
            answers[place] = calls[place]()
        except UserError as error:
            answers[place] = str(error)

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_of_two_invitations_accepted_at_once_a_newcomer_gets_one(crew):
    crew.claim(crew.ben, "#4")
    crew.claim(crew.ana, "#8")
    for holder, ref in ((crew.ben, "#4"), (crew.ana, "#8")):
        crew.do(crews.invite, holder, ref, crew.cleo)
    answers = at_once(*(lambda ref=ref: crew.do(crews.accept, crew.cleo, ref) for ref in ("#4", "#8")))
    assert len([answer for answer in answers if isinstance(answer, str) and "at most 1" in answer]) == 1
    assert len(crew.mine(crew.cleo)) == 1


def test_an_offer_is_accepted_or_taken_back_but_not_both(crew):
    crew.do(assigning.assign, crew.mona, "#4", crew.ben)
    at_once(
        lambda: crew.do(crews.accept, crew.ben, "#4"),
        lambda: crew.do(assigning.unassign, crew.mona, "#4"),
    )
    with crew.database.reading() as store:
        row = store.tasks.numbered(crew.project.id, 4)
        assert fold(store.tasks.events(row.id)).state is row.state
    assert crew.task(4).requests == ()


def test_a_task_given_back_and_claimed_at_once_has_one_holder_at_most(crew):
    crew.claim(crew.ben, "#4")
    at_once(
        lambda: crew.disclaim(crew.ben, "#4"),
        *(lambda who=who: crew.claim(who, "#4") for who in (crew.cleo, crew.ana, crew.mona)),
        lambda: crew.do(reviewing.propose, crew.ben, "#4", "#1"),
    )
    assert len(crew.holders(4)) <= 1
