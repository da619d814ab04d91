"""What people and maintainers do with tasks besides claiming them, through the services."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from blueprint.errors import UserError
from server.records import Role
from server.service import (
    assigning,
    claims,
    crews,
    informal,
    naming,
    people,
    policy,
    progress,
    reviewing,
    tending,
    upkeep,
    waiting,
    watching,
)
from server.sync import sync
from server.work.leases import Size
from server.work.naming import Naming
from server.work.tasks import Informal, State, fold

from .crew import build

DAY = timedelta(days=1)


@pytest.fixture
def crew(village, any_database):
    return build(village, any_database)


@pytest.fixture
def quick(village, database):
    """The same on SQLite alone."""
    return build(village, database)


def refused(crew, service, person, *what, **options):
    with pytest.raises(UserError) as error:
        crew.do(service, person, *what, **options)
    return str(error.value)


def tend(crew, days):
    with crew.database.begin() as store:
        tending.tend(store, crew.now + days * DAY)


# Working and reviewing


def test_progress_renews_and_is_told_to_those_who_share(crew):
    crew.claim(crew.ben, "#4")
    done = crew.do(progress.progress, crew.ben, "#4", "half of it", now=crew.now + 5 * DAY)
    assert done.task.state == "in progress"
    assert done.task.claims[0].expires == crew.now + 12 * DAY
    assert done.text == "Noted for #4 “prove Theorem b”, which you hold until 2026-03-14 (UTC)."
    [event] = [event for event in crew.snapshot().events if event.kind == "progressed"]
    assert (event.person_name, event.text) == ("Ben", "wrote on #4 “prove Theorem b”: half of it")


def test_a_note_says_something_and_hides_nothing(quick):
    quick.claim(quick.ben, "#4")
    assert "Say in a few words" in refused(quick, progress.progress, quick.ben, "#4", " \u202e ")
    assert "more than 2000" in refused(quick, progress.progress, quick.ben, "#4", "x" * 2001)
    assert "more than 2000" in refused(quick, upkeep.hold, quick.mona, "#4", "x" * 2001)


def test_a_proposal_stops_the_clock_until_the_ball_is_back(crew):
    crew.claim(crew.ben, "#4")
    proposed = crew.do(reviewing.propose, crew.ben, "#4", "#12", now=crew.now + DAY)
    assert (proposed.task.state, proposed.task.links) == ("in review", ("#12",))
    assert proposed.task.claims[0].expires is None
    tend(crew, 30)
    assert crew.holders(4) == ["Ben"]
    back = crew.do(reviewing.await_author, crew.mona, "#4", "please golf", now=crew.now + 30 * DAY)
    assert back.task.state == "awaiting author"
    assert back.task.claims[0].expires == crew.now + 37 * DAY
    assert crew.notices(crew.ben)[0] == (
        "The review of #4 “prove Theorem b” waits for you until 2026-04-08 (UTC). Mona says: please golf"
    )
    crew.do(reviewing.await_review, crew.ben, "#4", now=crew.now + 31 * DAY)
    out = crew.do(reviewing.withdraw, crew.ben, "#4", now=crew.now + 41 * DAY)
    assert (out.task.state, out.task.links) == ("in progress", ())
    assert out.task.claims[0].expires == crew.now + 47 * DAY


def test_a_review_that_nobody_answers_stops_the_clock_for_so_long_only(crew):
    crew.claim(crew.ben, "#4")
    crew.do(reviewing.propose, crew.ben, "#4", "#12", now=crew.now + DAY)
    tend(crew, 30)
    assert crew.task(4).state == "in review"
    tend(crew, 31)
    assert (crew.task(4).state, crew.task(4).claims[0].expires) == ("awaiting author", crew.now + 38 * DAY)
    assert crew.notices(crew.ben) == [
        "The review of #4 “prove thm:b” had no answer for 30 days, so your clock goes on until 2026-04-09 "
        "(UTC); claim it again if you are still at it."
    ]
    assert crew.notices(crew.mona) == [
        "The review of #4 “prove thm:b” had no answer for 30 days, so the clock of Ben goes on until "
        "2026-04-09 (UTC). Say whose turn it is: `awaiting-author #4` or `awaiting-review #4`.",
        "#4 “prove Theorem b” of Ben waits for a review: #12.",
    ]
    later = crew.now + 32 * DAY
    for service, *what in ((reviewing.await_review,), (reviewing.propose, "#12")):
        assert "had no answer for 30 days" in refused(crew, service, crew.ben, "#4", *what, now=later)
    crew.do(reviewing.withdraw, crew.ben, "#4", now=later)
    assert "had no answer for 30 days" in refused(crew, reviewing.propose, crew.ben, "#4", "#12", now=later)
    tend(crew, 42)
    assert crew.holders(4) == []


def test_a_word_of_a_maintainer_or_another_change_stops_the_clock_again(crew):
    for service, person, *what in (
        (reviewing.await_review, crew.mona),
        (reviewing.propose, crew.ben, "#13"),
    ):
        crew.claim(crew.ben, "#4")
        crew.do(reviewing.propose, crew.ben, "#4", "#12")
        tend(crew, 30)
        crew.do(service, person, "#4", *what, now=crew.now + 30 * DAY)
        tend(crew, 59)
        assert crew.task(4).state == "in review"
        tend(crew, 60)
        assert crew.task(4).state == "awaiting author"
        crew.now += 60 * DAY
        crew.disclaim(crew.ben, "#4")


def test_holders_cannot_lengthen_a_review_among_themselves(quick):
    quick.claim(quick.ben, "#4")
    quick.do(reviewing.propose, quick.ben, "#4", "#12")
    quick.do(reviewing.await_author, quick.ben, "#4", now=quick.now + 2 * DAY)
    quick.do(reviewing.await_review, quick.ben, "#4", now=quick.now + 3 * DAY)
    tend(quick, 30)
    assert quick.task(4).state == "awaiting author"
    assert quick.task(4).claims[0].expires == quick.now + (7 + 2 + 27) * DAY


def test_where_claims_have_no_end_no_review_is_overdue(quick):
    with quick.database.begin() as store:
        policy.set_rule(store, quick.project, quick.mona, "leases", "off", now=quick.now)
    quick.claim(quick.ben, "#4")
    quick.do(reviewing.propose, quick.ben, "#4", "#12")
    tend(quick, 400)
    assert quick.task(4).state == "in review"


def test_what_is_proposed_already_is_not_written_again(crew):
    crew.claim(crew.ben, "#4")
    crew.do(reviewing.propose, crew.ben, "#4", "#12")
    before = crew.snapshot().events
    again = crew.do(reviewing.propose, crew.ben, "#4", "#12", now=crew.now + DAY)
    assert (again.changed, again.task.links) == (False, ("#12",))
    assert again.text == "#12 is proposed for #4 “prove Theorem b” already, which is in review."
    assert crew.snapshot().events == before
    crew.do(reviewing.await_author, crew.mona, "#4")
    assert crew.do(reviewing.propose, crew.ben, "#4", "#12").task.state == "in review"


def test_the_clock_does_not_stop_for_a_review_of_nothing(quick):
    quick.claim(quick.ben, "#4")
    assert refused(quick, reviewing.await_review, quick.ben, "#4").startswith("Nothing is proposed for #4")
    assert quick.do(reviewing.await_review, quick.mona, "#4").task.state == "in review"


def test_claiming_again_in_review_changes_nothing(quick):
    quick.claim(quick.ben, "#4")
    quick.do(reviewing.propose, quick.ben, "#4", "#12")
    again = quick.claim(quick.ben, "#4", now=quick.now + DAY)
    assert (again.renewed, again.task.state) == (True, "in review")


@pytest.mark.parametrize(
    ("url", "text", "link"),
    [
        ("https://github.com/a/b.git", "12", "https://github.com/a/b/pull/12"),
        ("https://github.com/a/b", "PR #12", "https://github.com/a/b/pull/12"),
        ("https://gitlab.com/a/b/", "!12", "https://gitlab.com/a/b/-/merge_requests/12"),
        ("https://git.example.org/a/b", "#12", "#12"),
        (None, "<https://github.com/a/b/pull/12/?x=1#c>", "https://github.com/a/b/pull/12"),
    ],
)
def test_one_proposal_has_one_address(quick, url, text, link):
    assert reviewing.link_of(replace(quick.project, repository_url=url), text) == link


@pytest.mark.parametrize(
    "text", ["", "soon", "javascript:alert(1)", "http://", "http://[", "https://x/ y", "#-1"]
)
def test_what_is_no_proposal_is_refused(quick, text):
    with pytest.raises(UserError, match="pull request"):
        reviewing.link_of(quick.project, text)


def test_only_a_holder_proposes_and_a_stranger_does_not_say_whose_turn_it_is(quick):
    quick.claim(quick.ben, "#4")
    assert refused(quick, reviewing.propose, quick.cleo, "#4", "#12").startswith("Ben holds #4")
    assert refused(quick, reviewing.propose, quick.cleo, "#8", "#12").startswith("Nobody holds #8")
    assert "for its holders and for maintainers" in refused(quick, reviewing.await_review, quick.cleo, "#4")
    assert "is claimed, so it cannot be handed back" in refused(
        quick, reviewing.await_author, quick.mona, "#4"
    )
    assert "nothing is proposed" in refused(quick, reviewing.withdraw, quick.ben, "#4")


def test_being_stuck_asks_those_who_may_help_and_keeps_the_claim(crew):
    crew.claim(crew.ben, "#4")
    with crew.database.begin() as store:
        watching.watch(store, crew.project, crew.cleo, "thm:b", crew.now)
    said = crew.do(progress.stuck, crew.ben, "#4", "induction on n")
    assert (said.task.stuck, said.task.state) == ("induction on n", "in progress")
    for helper in (crew.cleo, crew.mona):
        assert crew.notices(helper) == [
            "Ben is stuck with #4 “prove Theorem b” and could use help. They tried: induction on n"
        ]
    assert crew.do(progress.progress, crew.ben, "#4", "solved").task.stuck is None


def test_seen_work_renews_the_lease_of_whoever_holds_it_and_only_theirs(crew):
    crew.claim(crew.ben, "#4")

    def seen(person, days, number=4):
        with crew.database.begin() as store:
            return progress.activity(store, crew.project, person, number, "pushed", crew.now + days * DAY)

    assert seen(crew.ben, 0)
    assert not seen(crew.ben, 0.5), "hardly longer"
    assert seen(crew.ben, 6)
    assert crew.task(4).claims[0].expires == crew.now + 13 * DAY
    assert not seen(crew.cleo, 6)
    assert not seen(crew.ben, 6, 99)
    crew.do(reviewing.propose, crew.ben, "#4", "#12", now=crew.now + 6 * DAY)
    assert not seen(crew.ben, 9)
    with crew.database.reading() as store:
        assert [task.number for task in store.tasks.linked(crew.project.id, "#12")] == [4]


def test_a_reminder_is_put_off_but_not_the_end(crew):
    crew.claim(crew.ben, "#4")
    crew.do(progress.snooze, crew.ben, "#4", until=2 * DAY, now=crew.now + 4 * DAY)
    tend(crew, 5)
    assert crew.notices(crew.ben) == []
    tend(crew, 6)
    assert len(crew.notices(crew.ben)) == 1
    crew.do(progress.snooze, crew.ben, "#4", until=50 * DAY, now=crew.now + 6 * DAY)
    tend(crew, 7)
    assert "has ended and is kept for you" in crew.notices(crew.ben)[0]
    tend(crew, 10)
    assert crew.holders(4) == []


def test_only_a_pause_is_acknowledged(quick):
    quick.claim(quick.ben, "#4")
    assert not quick.do(progress.acknowledge, quick.ben, "#4").changed


# Together


def test_who_asks_to_join_is_let_in_by_a_holder(crew):
    crew.claim(crew.ben, "#4")
    asked = crew.do(crews.join, crew.cleo, "#4")
    assert asked.text == "Ben holds #4 “prove Theorem b”; I have asked whether you can join."
    assert "Cleo would like to share #4" in crew.notices(crew.ben)[0]
    assert refused(crew, crews.accept, crew.cleo, "#4").startswith("Nobody asks you")
    shared = crew.do(crews.accept, crew.ben, "#4")
    assert shared.text == "Cleo and Ben share #4 “prove Theorem b” now."
    assert crew.holders(4) == ["Ben", "Cleo"]
    assert crew.notices(crew.cleo) == ["You share #4 “prove Theorem b” with Ben now."]
    assert crew.mine(crew.cleo) == ["thm:b"]
    assert "at most 1 task" in refused(crew, claims.claim, crew.cleo, "#8", until=None)


def test_when_the_lead_goes_the_others_hold_it_still(crew):
    crew.claim(crew.ben, "#4")
    crew.do(crews.invite, crew.ben, "#4", crew.cleo)
    crew.do(crews.accept, crew.cleo, "#4")
    crew.disclaim(crew.ben, "#4")
    assert crew.holders(4) == ["Cleo"]
    assert crew.mine(crew.ben) == []
    crew.disclaim(crew.cleo, "#4")
    assert crew.task(4).is_free


def test_all_who_share_are_reminded_and_told_of_the_end(crew):
    crew.claim(crew.ben, "#4")
    crew.do(crews.invite, crew.ben, "#4", crew.cleo)
    crew.do(crews.accept, crew.cleo, "#4")
    for days in (4, 10):
        tend(crew, days)
    assert ["ran out" in crew.notices(one)[0] for one in (crew.ben, crew.cleo)] == [True, True]
    assert crew.mine(crew.cleo) == []


def test_an_invitation_may_be_declined_or_run_out(crew):
    crew.claim(crew.ben, "#4", until=30 * DAY)
    crew.do(crews.invite, crew.ben, "#4", crew.cleo)
    assert crew.do(crews.decline, crew.cleo, "#4").text == "Declined; Ben knows."
    assert crew.notices(crew.ben) == ["Cleo declined to share #4 “prove Theorem b”."]
    crew.do(crews.invite, crew.ben, "#4", crew.cleo)
    tend(crew, 7)
    assert crew.notices(crew.ben)[0] == (
        "Cleo did not answer in time what you asked about #4 “prove thm:b”, so it does not stand any more."
    )
    assert refused(crew, crews.accept, crew.cleo, "#4", now=crew.now + 7 * DAY).startswith("Nobody asks")


def test_joining_where_one_is_invited_is_accepting(quick):
    quick.claim(quick.ben, "#4")
    quick.do(crews.invite, quick.ben, "#4", quick.cleo)
    quick.do(crews.join, quick.cleo, "#4")
    assert quick.holders(4) == ["Ben", "Cleo"]


def test_of_several_who_ask_one_is_named(quick):
    quick.claim(quick.ben, "#4")
    for person in (quick.cleo, quick.ana):
        quick.do(crews.join, person, "#4")
    assert "say whom you answer: Cleo, Ana" in refused(quick, crews.accept, quick.ben, "#4")
    quick.do(crews.accept, quick.ben, "#4", quick.ana)
    assert quick.holders(4) == ["Ben", "Ana"]


def test_a_cap_holds_whichever_way_one_comes_to_a_task(quick):
    quick.claim(quick.ben, "#4")
    quick.claim(quick.cleo, "#8")
    assert "at most 1 task" in refused(quick, crews.join, quick.cleo, "#4")
    quick.do(crews.invite, quick.ben, "#4", quick.cleo)
    assert "at most 1 task" in refused(quick, crews.accept, quick.cleo, "#4")
    quick.do(crews.hand_over, quick.ben, "#4", quick.cleo)
    quick.do(assigning.assign, quick.mona, "#9", quick.cleo)
    for ref in ("#4", "#9"):
        assert "at most 1 task" in refused(quick, crews.accept, quick.cleo, ref)


def test_who_asked_to_join_and_took_another_task_meanwhile_is_over_their_cap(quick):
    quick.claim(quick.ben, "#4")
    quick.do(crews.join, quick.cleo, "#4")
    quick.claim(quick.cleo, "#8")
    assert refused(quick, crews.accept, quick.ben, "#4").startswith("Cleo holds #8")


def test_handing_over_takes_the_consent_of_the_other(crew):
    crew.claim(crew.ben, "#4")
    crew.do(crews.hand_over, crew.ben, "#4", crew.cleo, now=crew.now + DAY)
    assert crew.holders(4) == ["Ben"]
    over = crew.do(crews.accept, crew.cleo, "#4", now=crew.now + 2 * DAY)
    assert [claim.person_name for claim in over.task.claims] == ["Cleo"]
    assert over.task.claims[0].expires == crew.now + 9 * DAY
    assert crew.notices(crew.ben)[0] == "Cleo took #4 “prove Theorem b” over from Ben."
    crew.claim(crew.ben, "#8")


def test_nobody_asks_themselves_or_an_onlooker_or_a_holder(quick):
    quick.claim(quick.ben, "#4")
    assert "other than yourself" in refused(quick, crews.invite, quick.ben, "#4", quick.ben)
    quick.do(crews.invite, quick.ben, "#4", quick.cleo)
    quick.do(crews.accept, quick.cleo, "#4")
    assert "holds #4 “prove Theorem b” already" in refused(quick, crews.invite, quick.ben, "#4", quick.cleo)
    with quick.database.begin() as store:
        people.appoint(store, quick.ana, Role.ONLOOKER)
    assert "takes no tasks" in refused(quick, crews.invite, quick.ben, "#4", quick.ana)


def test_losers_of_a_race_wait_and_are_told_in_order(crew):
    crew.claim(crew.ben, "#4")
    for person in (crew.cleo, crew.ana):
        assert crew.do(waiting.wait, person, "#4").changed
    assert not crew.do(waiting.wait, crew.cleo, "#4").changed
    crew.disclaim(crew.ben, "#4")
    for person in (crew.cleo, crew.ana):
        assert crew.notices(person) == ["#4 “prove Theorem b” is free again; whoever claims it first has it."]
    crew.claim(crew.cleo, "#4")
    assert [ask.by_name for ask in crew.task(4).requests] == ["Ana"]
    crew.do(waiting.unwait, crew.ana, "#4")
    assert crew.task(4).requests == ()
    assert not crew.do(waiting.unwait, crew.ana, "#4").changed


def test_one_waits_for_what_one_cannot_have(quick):
    assert "is free: `claim #4` takes it" in refused(quick, waiting.wait, quick.ben, "#4")
    quick.claim(quick.ben, "#4")
    assert "hold #4" in refused(quick, waiting.wait, quick.ben, "#4")
    assert "cannot be waited for" in refused(quick, waiting.wait, quick.cleo, "thm:c")


def test_who_waits_hears_of_a_lease_that_ran_out_and_of_work_that_is_done(crew):
    crew.claim(crew.ben, "#4")
    crew.do(waiting.wait, crew.cleo, "#4")
    tend(crew, 10)
    assert crew.notices(crew.cleo) == ["#4 “prove thm:b” is free again; whoever claims it first has it."]
    crew.claim(crew.ben, "#4", now=crew.now + 11 * DAY)
    village = crew.village
    proofs = (f"theorem {name} : X := {'rfl' if name == 'b' else 'sorry'}" for name in "bcd")
    village.commit(village.ana, crew.nodes, "theorem a : A := by simp", *proofs)
    sync(crew.database, village.folder, crew.now + 12 * DAY)
    assert "#4 “prove thm:b” is done, so what you asked" in crew.notices(crew.cleo)[0]
    assert crew.task(4).requests == ()


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
