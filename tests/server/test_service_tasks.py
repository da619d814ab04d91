"""What maintainers do with tasks, informal work, and the rules of a project, through the services."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from server.service import (
    assigning,
    claims,
    crews,
    informal,
    naming,
    policy,
    reviewing,
    upkeep,
    waiting,
)
from server.sync import sync
from server.work.leases import Size
from server.work.naming import Naming
from server.work.tasks import Informal, State, fold

from .crew import refused, tend

DAY = timedelta(days=1)


# Maintainers


def test_a_task_is_offered_and_taken_with_consent(crew):
    offered = crew.do(assigning.assign, crew.mona, "#4", crew.ben)
    assert (offered.task.state, offered.task.claims, offered.task.is_free) == ("offered", (), False)
    assert crew.notices(crew.ben) == [
        "Mona asks you to take #4 “prove Theorem b”: `accept #4` or `decline #4`."
    ]
    assert "is offered to Ben" in refused(crew, claims.claim, crew.cleo, "#4", until=None)
    taken = crew.do(crews.accept, crew.ben, "#4")
    assert (taken.task.state, crew.holders(4)) == ("claimed", ["Ben"])
    assert crew.notices(crew.mona)[0] == "Ben accepted #4 “prove Theorem b” until 2026-03-09 (UTC)."


def test_claiming_what_one_was_offered_is_accepting(quick):
    quick.do(assigning.assign, quick.mona, "#4", quick.ben)
    quick.claim(quick.ben, "#4", until=2 * DAY)
    assert quick.task(4).claims[0].expires == quick.now + 2 * DAY


@pytest.mark.parametrize("way", ["declined", "taken back", "not answered"])
def test_an_offer_that_comes_to_nothing_leaves_the_task_open(crew, way):
    crew.do(assigning.assign, crew.mona, "#4", crew.ben)
    crew.do(waiting.wait, crew.cleo, "#4")
    if way == "declined":
        crew.do(crews.decline, crew.ben, "#4")
    elif way == "taken back":
        crew.do(assigning.unassign, crew.mona, "#4")
    else:
        tend(crew, 7)
    assert (crew.task(4).state, crew.task(4).is_free) == ("open", True)
    assert "is free again" in crew.notices(crew.cleo)[0]
    assert crew.claim(crew.cleo, "#4", now=crew.now + 7 * DAY).task.claims


def test_maintainers_take_for_themselves_at_once(quick):
    assert quick.do(assigning.assign, quick.mona, "#4", quick.mona).task.claims[0].person_name == "Mona"


def test_what_is_blocked_or_held_is_not_offered(quick):
    assert "has to wait for" in refused(quick, assigning.assign, quick.mona, "thm:c", quick.ben)
    quick.claim(quick.cleo, "#4")
    assert "Cleo holds #4" in refused(quick, assigning.assign, quick.mona, "#4", quick.ben)


def test_a_claim_is_ended_by_a_maintainer_with_a_word(crew):
    crew.claim(crew.ben, "#4")
    freed = crew.do(assigning.unassign, crew.mona, "#4", "you said you are away")
    assert freed.task.is_free
    assert crew.notices(crew.ben)[0] == (
        "Your claim on #4 “prove Theorem b” was ended by a maintainer. Mona says: you said you are away"
    )
    assert refused(crew, assigning.unassign, crew.mona, "#4").startswith("Nobody holds")


@pytest.mark.parametrize(
    ("service", "what"),
    [
        (assigning.assign, lambda crew: (crew.cleo,)),
        (assigning.unassign, lambda crew: ()),
        (upkeep.hold, lambda crew: ()),
        (upkeep.unhold, lambda crew: ()),
        (upkeep.set_size, lambda crew: (Size.L,)),
        (upkeep.tag, lambda crew: (("x",),)),
        (informal.open_task, lambda crew: ()),
        (policy.set_rule, lambda crew: ("7",)),
    ],
)
def test_only_maintainers_do_that(quick, service, what):
    assert "you need to be a maintainer" in refused(quick, service, quick.ben, "#4", *what(quick))


def test_a_task_on_hold_is_kept_from_others_and_its_clock_stands_still(crew):
    crew.claim(crew.ben, "#4")
    crew.do(upkeep.hold, crew.mona, "#4", "the statement will change", now=crew.now + 2 * DAY)
    tend(crew, 100)
    assert crew.holders(4) == ["Ben"]
    assert "is on hold, and its clock stands still. Mona says: the statement" in crew.notices(crew.ben)[0]
    back = crew.do(upkeep.unhold, crew.mona, "#4", now=crew.now + 100 * DAY)
    assert (back.task.state, back.task.claims[0].expires) == ("claimed", crew.now + 105 * DAY)
    crew.do(upkeep.hold, crew.mona, "#8")
    assert "is on hold" in refused(crew, claims.claim, crew.cleo, "#8", until=None)
    assert not crew.task(8).is_free


def test_what_is_given_back_on_hold_is_open_after_it(crew):
    crew.claim(crew.ben, "#4")
    crew.do(upkeep.hold, crew.mona, "#4")
    crew.do(waiting.wait, crew.cleo, "#4")
    assert crew.disclaim(crew.ben, "#4").task.state == "held"
    assert crew.do(upkeep.unhold, crew.mona, "#4").task.is_free
    assert "is free again" in crew.notices(crew.cleo)[0]


def test_a_size_that_was_said_counts(crew):
    assert crew.do(upkeep.set_size, crew.mona, "#4", Size.L).task.size == "L"
    assert crew.claim(crew.ben, "#4").task.claims[0].expires == crew.now + 30 * DAY
    assert crew.do(upkeep.set_size, crew.mona, "#4", None).task.size == "S"


def test_tags_are_words(quick):
    tagged = quick.do(upkeep.tag, quick.mona, "#4", ("Easy", "graph-theory", "easy"))
    assert tagged.task.tags == ("easy", "graph-theory")
    assert "each one word" in refused(quick, upkeep.tag, quick.mona, "#4", ("two words",))
    assert quick.do(upkeep.tag, quick.mona, "#4", ()).task.tags == ()


# Informal work


def test_informal_work_is_opened_claimed_and_accepted(crew):
    credit = crew.snapshot().credit
    opened = crew.do(informal.open_task, crew.mona, "thm:b", Informal.WRITE, "why it is true")
    number = opened.task.number
    assert opened.text == f"#{number} “write Theorem b: why it is true” is open."
    crew.claim(crew.ben, f"#{number}")
    assert "is for the maintainers to say" in refused(crew, informal.resolve, crew.ben, f"#{number}")
    crew.do(reviewing.await_review, crew.ben, f"#{number}")
    done = crew.do(informal.resolve, crew.mona, f"#{number}")
    assert (done.task.state, done.task.readiness, done.task.claims) == ("landed", "done", ())
    assert "is accepted: it is done" in crew.notices(crew.ben)[0]
    again = crew.do(informal.open_task, crew.mona, "thm:b", Informal.WRITE)
    assert (again.task.number, again.task.is_free) == (number, True)
    assert "is there already" in refused(crew, informal.open_task, crew.mona, f"#{number}")
    assert crew.snapshot().credit == credit


def test_what_lean_judges_no_maintainer_does(quick):
    assert "when Lean says so" in refused(quick, informal.resolve, quick.mona, "#4")
    assert "follows from the blueprint" in refused(quick, informal.open_task, quick.mona, "#2")
    assert "Pieces come from" in refused(quick, informal.open_task, quick.mona, "thm:b", Informal.PIECE)
    assert "Say what to open" in refused(quick, informal.open_task, quick.mona, "#99")


def test_a_task_is_split_into_pieces_that_others_claim(crew):
    crew.claim(crew.ben, "#4")
    parted = crew.do(informal.split, crew.ben, "#4", ["n even", "n odd"])
    even, odd = [task for task in crew.snapshot().tasks if task.parent == 4]
    assert parted.text == (
        f"#4 “prove Theorem b” is split; anybody can claim #{even.number} (n even) and #{odd.number} (n odd)."
    )
    assert (even.kind, even.title, even.is_free) == ("piece", "n even", True)
    assert crew.holders(4) == ["Ben"]
    crew.claim(crew.cleo, even.label)
    assert "split the whole, #4" in refused(crew, informal.split, crew.cleo, even.label, ["x"])
    assert "for the maintainers to say" in refused(crew, informal.resolve, crew.cleo, even.label)
    for piece in (even, odd):
        crew.do(informal.resolve, crew.ben, piece.label)
    assert (
        crew.notices(crew.cleo)[0]
        == f"#{even.number} “piece of Theorem b: n even” is accepted: it is done. Thank you!"
    )
    with crew.database.reading() as store:
        rows = {row.number: row for row in store.tasks.of_project(crew.project.id)}
        assert rows[even.number].parent_id == rows[4].id


def test_the_pieces_of_what_is_done_end_and_stay_ended(crew):
    crew.do(informal.split, crew.mona, "#4", ["n even", "n odd"])
    even, odd = [task for task in crew.snapshot().tasks if task.parent == 4]
    crew.claim(crew.ben, even.label)
    crew.do(informal.resolve, crew.mona, odd.label)
    village = crew.village
    for day, d in ((1, "sorry"), (2, "rfl")):
        proofs = (f"theorem {name} : X := {word}" for name, word in (("b", "rfl"), ("c", "sorry"), ("d", d)))
        village.commit(village.ana, crew.nodes, "theorem a : A := by simp", *proofs)
        sync(crew.database, village.folder, crew.now + day * DAY)
    assert "is not needed any more, because #4 “prove thm:b” is done" in crew.notices(crew.ben)[0]
    assert [task.label for task in crew.snapshot().tasks if task.parent == 4] == [odd.label]
    assert crew.mine(crew.ben) == []


def test_informal_work_leaves_and_comes_back_with_its_node(crew):
    number = crew.do(informal.open_task, crew.mona, "thm:d", Informal.REVIEW).task.number
    village = crew.village
    proofs = tuple(f"theorem {name} : X := sorry" for name in "bcd")
    without = [node for node in crew.nodes if node.id != "thm:d"]
    for day, nodes in ((1, without), (2, crew.nodes)):
        village.commit(village.ana, nodes, "theorem a : A := by simp", *proofs)
        sync(crew.database, village.folder, crew.now + day * DAY)
        shown = {task.number for task in crew.snapshot().tasks}
        assert (number in shown) == (day == 2)
    assert crew.task(number).is_free


# Rules by project


def test_a_project_has_rules_of_its_own(crew):
    crew.do(policy.set_rule, crew.mona, "small", "20")
    assert crew.claim(crew.ben, "#4").task.claims[0].expires == crew.now + 20 * DAY
    crew.do(policy.set_rule, crew.mona, "newcomer_cap", "2")
    crew.claim(crew.ben, "#8")
    crew.do(policy.set_rule, crew.mona, "small", None)
    with crew.database.reading() as store:
        assert policy.policy_of(store, crew.project) == replace(store.policy, newcomer_cap=2)


def test_leases_switched_off_end_no_claim_and_remind_nobody(crew):
    crew.claim(crew.ben, "#4")
    crew.do(policy.set_rule, crew.mona, "leases", "false")
    tend(crew, 500)
    assert crew.holders(4, crew.now + 500 * DAY) == ["Ben"]
    assert crew.notices(crew.ben) == []
    assert crew.claim(crew.ana, "#8").task.claims[0].expires is None


def test_assignment_switched_off_lets_nobody_claim(crew):
    crew.claim(crew.ben, "#4")
    crew.do(policy.set_rule, crew.mona, "assignment", "false")
    assert "nobody claims tasks" in refused(crew, claims.claim, crew.cleo, "#8", until=None)
    assert "nobody claims tasks" in refused(crew, assigning.assign, crew.mona, "#8", crew.cleo)
    assert "nobody claims tasks" in refused(crew, crews.join, crew.cleo, "#4")
    assert crew.disclaim(crew.ben, "#4").task.is_free


@pytest.mark.parametrize(
    ("rule", "value"), [("small", "0"), ("small", "100"), ("leases", "perhaps"), ("x", "1")]
)
def test_a_rule_that_will_not_do_is_refused(quick, rule, value):
    assert "rule" in refused(quick, policy.set_rule, quick.mona, rule, value)


def test_what_the_tables_say_is_what_the_events_amount_to(crew):
    crew.claim(crew.ben, "#4")
    crew.do(crews.invite, crew.ben, "#4", crew.cleo)
    crew.do(crews.accept, crew.cleo, "#4")
    crew.do(waiting.wait, crew.ana, "#4")
    crew.do(reviewing.propose, crew.cleo, "#4", "#12")
    crew.do(upkeep.tag, crew.mona, "#4", ("easy",))
    with crew.database.reading() as store:
        row = store.tasks.numbered(crew.project.id, 4)
        task, lease = fold(store.tasks.events(row.id)), store.tasks.lease(row.id)
        assert task.state is row.state is State.IN_REVIEW
        assert task.crew == tuple(member.person_id for member in lease.crew) == (crew.ben.id, crew.cleo.id)
        assert (task.expires, task.stopped, task.tags) == (lease.expires, lease.paused, row.tags)
        assert store.tasks.links(crew.project.id) == ((row.id, "#12"),)
        assert [(ask.kind, ask.by_id) for ask in store.tasks.requests(crew.project.id)] == [
            ("queued", crew.ana.id)
        ]


def test_who_put_a_task_on_hold_last_and_why_is_known(crew):
    crew.do(upkeep.hold, crew.mona, "thm:d", "first")
    crew.do(upkeep.unhold, crew.mona, "thm:d")
    assert crew.snapshot().holds == {}
    crew.do(upkeep.hold, crew.mona, "thm:d", "ask Ben")
    with crew.database.begin() as store:
        hidden = naming.choose(store, crew.ben, Naming.HIDDEN)
    [(number, hold)] = crew.snapshot().holds.items()
    assert (number, hold.person_name, hold.since, hold.note) == (8, "Mona", crew.now, f"ask {hidden.name}")
