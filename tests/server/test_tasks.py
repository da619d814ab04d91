"""The machine of tasks: its table, its manual, and what holds after any history of several people."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from server.work.leases import Policy
from server.work.tasks import ImpossibleError, Request, Task, TaskEvent, fold, step
from server.work.transitions import ASIDE, DONE, FREE, MOVES, STOPPED, TRANSITIONS, WORKED, State, Then, What

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)
MANUAL = Path(__file__).parents[2] / "docs" / "tasks.md"


def happened(*events):
    """A task that was opened, and then these; each is (what, person) or (what, person, more)."""
    more = ((what, person, *rest) for what, person, *rest in events)
    return fold(
        [
            TaskEvent(What.OPENED, NOW),
            *(TaskEvent(what, NOW, person, **(rest[0] if rest else {})) for what, person, *rest in more),
        ]
    )


CLAIMED = (What.CLAIMED, 1, {"expires": NOW + 7 * DAY})


# The table


def test_every_state_can_be_reached_and_left_and_every_event_can_happen():
    reached = {target for target in TRANSITIONS.values() if target is not Then.BACK}
    assert reached == set(State)
    assert {state for state, _ in TRANSITIONS if state} == set(State)
    assert {what for _, what in TRANSITIONS} == set(What)


def test_no_two_rows_speak_of_the_same_case():
    cases = [(source, move.what) for move in MOVES for source in move.sources]
    assert len(cases) == len(set(cases)) == len(TRANSITIONS)


def test_only_what_is_aside_goes_back():
    assert {state for (state, _), target in TRANSITIONS.items() if target is Then.BACK} == ASIDE


@pytest.mark.parametrize("state", [None, *State])
def test_what_the_table_does_not_allow_cannot_happen(state):
    task = Task(state, 1, NOW, crew=(1,), since=NOW)
    for what in What:
        if (state, what) not in TRANSITIONS:
            with pytest.raises(ImpossibleError, match="cannot be"):
                step(task, TaskEvent(what, NOW, 1, other_id=2))


def printed():
    """The table as the manual has it."""
    yield "| event | of a task that is | makes it | because |"
    yield "|---|---|---|---|"
    for move in MOVES:
        sources = ", ".join(source or "new" for source in move.sources)
        yield f"| {move.what} | {sources} | {move.target} | {move.meaning} |"


def test_the_manual_prints_the_table():
    assert "\n".join(printed()) in MANUAL.read_text("utf-8")


# Leases


@pytest.mark.parametrize(
    "event",
    [
        TaskEvent(What.RENEWED, NOW, 2),
        TaskEvent(What.RENEWED, NOW, None),
        TaskEvent(What.PROGRESSED, NOW, 2),
        TaskEvent(What.DISCLAIMED, NOW, 2),
        TaskEvent(What.DISCLAIMED, NOW - DAY, 1),
        TaskEvent(What.LEFT, NOW, 1),
        TaskEvent(What.PROPOSED, NOW, 1),
        TaskEvent(What.WITHDRAWN, NOW, 1, link="#1"),
        TaskEvent(What.JOINED, NOW, 2, other_id=1),
        TaskEvent(What.HANDED_OVER, NOW, 2, other_id=1),
        TaskEvent(What.INVITED, NOW, 1),
        TaskEvent(What.INVITED, NOW, 1, other_id=1),
        TaskEvent(What.ASKED, NOW, 1),
        TaskEvent(What.ASKED, NOW, 2, other_id=1),
        TaskEvent(What.DECLINED, NOW, 2, other_id=1),
        TaskEvent(What.QUEUED, NOW, 1),
        TaskEvent(What.UNQUEUED, NOW, 2),
    ],
)
def test_what_people_have_no_right_to_cannot_happen_to_their_claim(event):
    with pytest.raises(ImpossibleError):
        step(happened(CLAIMED), event)


def test_only_who_was_offered_a_task_accepts_it():
    offered = happened((What.OFFERED, 1, {"other_id": 2}))
    for event in (TaskEvent(What.ACCEPTED, NOW, 3, other_id=1), TaskEvent(What.ACCEPTED, NOW, 2, other_id=3)):
        with pytest.raises(ImpossibleError):
            step(offered, event)
    assert step(offered, TaskEvent(What.ACCEPTED, NOW, 2, other_id=1)).crew == (2,)


@pytest.mark.parametrize("others", [3, 2])
def test_the_only_holder_gives_back_and_one_of_several_leaves(others):
    invited = [(What.INVITED, 1, {"other_id": n}) for n in range(2, others + 1)]
    joined = [(What.JOINED, n, {"other_id": 1}) for n in range(2, others + 1)]
    shared = happened(CLAIMED, *invited, *joined)
    assert shared.crew == tuple(range(1, others + 1))
    with pytest.raises(ImpossibleError):
        step(shared, TaskEvent(What.DISCLAIMED, NOW, 1))
    assert step(shared, TaskEvent(What.LEFT, NOW, 1)).holder == 2


@pytest.mark.parametrize(
    ("stop", "go"),
    [
        (TaskEvent(What.PROPOSED, NOW + DAY, 1, NOW + 7 * DAY, link="#1"), What.AWAITING_AUTHOR),
        (TaskEvent(What.AWAITING_REVIEW, NOW + DAY, 1), What.AWAITING_AUTHOR),
        (TaskEvent(What.HELD, NOW + DAY, 9), What.UNHELD),
        (TaskEvent(What.PAUSED, NOW + DAY), What.RESUMED),
    ],
)
def test_a_lease_ends_later_by_as_long_as_its_clock_stood_still(stop, go):
    stopped = step(happened(CLAIMED), stop)
    assert (stopped.stopped, stopped.expires) == (NOW + DAY, NOW + 7 * DAY)
    going = step(stopped, TaskEvent(go, NOW + 31 * DAY, 9))
    assert (going.stopped, going.expires) == (None, NOW + 37 * DAY)


def test_holders_do_not_answer_for_the_reviewers():
    """They may hand the ball to and fro, withdraw and propose again: the reviewers owe a word since then."""
    proposed = step(happened(CLAIMED), TaskEvent(What.PROPOSED, NOW + DAY, 1, link="#1"))
    after = proposed
    for what, link in (
        (What.AWAITING_AUTHOR, None),
        (What.AWAITING_REVIEW, None),
        (What.UNANSWERED, None),
        (What.WITHDRAWN, "#1"),
        (What.PROPOSED, "#1"),
    ):
        after = step(after, TaskEvent(what, NOW + 2 * DAY, None if what is What.UNANSWERED else 1, link=link))
        assert after.owed == proposed.owed == NOW + DAY
    assert step(after, TaskEvent(What.PROPOSED, NOW + 3 * DAY, 1, link="#2")).owed == NOW + 3 * DAY
    answered = step(after, TaskEvent(What.AWAITING_AUTHOR, NOW + 3 * DAY, 9))
    assert answered.owed is None
    assert step(answered, TaskEvent(What.AWAITING_REVIEW, NOW + 4 * DAY, 1)).owed == NOW + 4 * DAY


def test_a_pause_in_review_goes_back_to_the_review_and_is_counted_once():
    paused = happened(CLAIMED, (What.AWAITING_REVIEW, 1), (What.PAUSED, None))
    back = step(paused, TaskEvent(What.RESUMED, NOW + 5 * DAY))
    assert (back.state, back.stopped, back.expires) == (State.IN_REVIEW, NOW, NOW + 7 * DAY)
    going = step(back, TaskEvent(What.AWAITING_AUTHOR, NOW + 10 * DAY))
    assert going.expires == NOW + 17 * DAY


def test_a_regressed_task_that_was_offered_in_vain_is_regressed_still():
    offered = happened((What.FINISHED, 1), (What.REGRESSED, None), (What.OFFERED, 1, {"other_id": 2}))
    assert step(offered, TaskEvent(What.DECLINED, NOW, 2, other_id=1)).state is State.REGRESSED


def test_the_events_of_earlier_versions_amount_to_what_they_did():
    """A task was verified as soon as it was finished, and a pause went back to being claimed."""
    old = happened(CLAIMED, (What.PAUSED, None), (What.ACKNOWLEDGED, 1), (What.RESUMED, None))
    assert (old.state, old.crew) == (State.CLAIMED, (1,))
    done = step(old, TaskEvent(What.FINISHED, NOW, 1))
    assert [step(done, TaskEvent(what, NOW)).state for what in (What.REGRESSED, What.SUPERSEDED)] == [
        State.REGRESSED,
        State.SUPERSEDED,
    ]


# Any history

_STARTS = {What.CLAIMED, What.ACCEPTED}
_ENDS = {What.DISCLAIMED, What.UNASSIGNED, What.EXPIRED, What.FINISHED, What.RESOLVED, What.SUPERSEDED}
_TAKES = {*_STARTS, What.JOINED, What.HANDED_OVER}
_RARE = {
    What.UNASSIGNED,
    What.EXPIRED,
    What.FINISHED,
    What.RESOLVED,
    What.SUPERSEDED,
    What.SIZED,
    What.TAGGED,
}
_PAIRS = [
    (one, other) for one in (1, 2, 3, 4, None) for other in (None, 1, 2, 3, 4) if one != other or not one
]
TASK, PERSON, LINK = st.integers(0, 2), st.integers(1, 4), st.sampled_from(["#1", "#2"])


class Crew(RuleBasedStateMachine):
    """Four people and three tasks under any sequence of events that the table and the caps allow.

    What cannot happen is refused and changes nothing.
    """

    @initialize(seed=st.integers(0, 2**64 - 1))
    def begin(self, seed):
        self.dice = Random(seed)
        self.now = NOW
        self.policy = Policy(newcomer_cap=2, cap=3)
        self.events = [[TaskEvent(What.OPENED, NOW)] for _ in range(3)]
        self.tasks = [fold(events) for events in self.events]

    def held(self, person):
        return sum(person in task.crew for task in self.tasks)

    def has_room(self, person):
        """Person 1 alone is no newcomer."""
        return self.policy.has_room(self.held(person), newcomer=person != 1)

    def happens(self, which, what, person=None, other=None, *, minutes=1, **more):
        task, at = self.tasks[which], self.now + timedelta(minutes=minutes)
        if what in _TAKES and not self.has_room(person):
            return
        event = TaskEvent(what, at, person, at + 7 * DAY, other, **more)
        try:
            after = step(task, event)
        except ImpossibleError:
            return
        assert after.at >= task.at
        self.tasks[which], self.now = after, max(self.now, at)
        self.events[which].append(event)

    @rule()
    def life_goes_on(self):
        for _ in range(12):
            self.something()
            self.nobody_is_above_their_cap()
            self.a_task_is_held_exactly_where_its_state_says_so()
            self.nobody_is_asked_about_what_is_not_there()

    def something(self):
        """That can happen to a task, by somebody who can do it; an end to it now and then."""
        dice = self.dice
        which, rare = dice.randrange(3), dice.random() < 0.05
        task = self.tasks[which]
        often = [what for state, what in TRANSITIONS if state is task.state and (rare or what not in _RARE)]
        what = dice.choice(often or list(_RARE))
        more = {"note": dice.choice("SML"), "link": dice.choice(["#1", "#2"])}
        pairs = [
            (one, other)
            for one, other in _PAIRS
            if self.can(task, TaskEvent(what, self.now, one, None, other, **more))
        ]
        if pairs:
            self.happens(which, what, *dice.choice(pairs), minutes=dice.randrange(9000), **more)

    @staticmethod
    def can(task, event):
        try:
            return bool(step(task, event))
        except ImpossibleError:
            return False

    @rule(
        which=TASK,
        what=st.sampled_from(What),
        people=st.tuples(st.none() | PERSON, st.none() | PERSON),
        minutes=st.integers(-5, 60),
        link=LINK,
    )
    def anything(self, which, what, people, minutes, link):
        """Most of it is impossible."""
        self.happens(which, what, *people, minutes=minutes, note="L", link=link)

    @invariant()
    def one_lease_at_most_is_live_on_each_task(self):
        for task, events in zip(self.tasks, self.events, strict=True):
            live = 0
            for event in events:
                live = 0 if event.what in _ENDS else live + (event.what in _STARTS)
                assert live <= 1
            assert live == bool(task.crew)
            assert len(set(task.crew)) == len(task.crew)

    @invariant()
    def a_task_is_held_exactly_where_its_state_says_so(self):
        for task in self.tasks:
            assert bool(task.crew) == task.is_leased == (task.since is not None)
            assert bool(task.crew) or task.state not in WORKED
            assert not task.crew or task.state not in {*FREE, *DONE, State.OFFERED, State.SUPERSEDED}
            assert (task.stopped is not None) == (task.is_leased and task.state in STOPPED)
            assert task.owed is not None or task.state is not State.IN_REVIEW
            assert task.owed is None or task.is_leased
            assert set(task.links) <= set(task.proposed)
            assert (task.before is not None) == (task.state in ASIDE)

    @invariant()
    def nobody_is_above_their_cap(self):
        for person in range(1, 5):
            assert self.held(person) <= self.policy.cap_for(newcomer=person != 1)

    @invariant()
    def nobody_is_asked_about_what_is_not_there(self):
        for task in self.tasks:
            for ask in task.requests:
                assert (ask.kind is What.OFFERED) == (task.state is State.OFFERED)
                assert ask.to not in task.crew
                assert ask.kind is What.OFFERED or (ask.by in task.crew) == (ask.kind is not What.ASKED)
            waiting = [ask.by for ask in task.waiting]
            assert len(set(waiting)) == len(waiting)
            assert not set(waiting) & set(task.crew)
            assert not waiting or task.state not in {*DONE, State.SUPERSEDED}

    @invariant()
    def every_state_is_explained_by_its_events(self):
        for task, events in zip(self.tasks, self.events, strict=True):
            assert fold(events) == task
            assert task.version == len(events)
            assert [event.at for event in events] == sorted(event.at for event in events)

    @invariant()
    def done_work_is_not_for_the_taking(self):
        for task in self.tasks:
            if task.state in DONE:
                for what in (What.CLAIMED, What.ACCEPTED, What.JOINED, What.OFFERED):
                    with pytest.raises(ImpossibleError):
                        step(task, TaskEvent(what, self.now, 1, other_id=2))


TestCrew = Crew.TestCase
TestCrew.settings = settings(max_examples=100, stateful_step_count=50, deadline=None)


def test_asking_again_is_asking_anew():
    once = happened(CLAIMED, (What.INVITED, 1, {"other_id": 2}))
    twice = step(once, TaskEvent(What.INVITED, NOW + DAY, 1, NOW + 8 * DAY, 2))
    assert twice.requests == (Request(What.INVITED, 1, 2, NOW + DAY, NOW + 8 * DAY),)
    assert replace(twice, requests=()) == replace(once, requests=(), version=4, at=NOW + DAY)
