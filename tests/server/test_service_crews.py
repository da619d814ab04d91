"""Several people at one task: sharing, handing over, waiting, through the services."""

from __future__ import annotations

from datetime import timedelta

from server.service import (
    assigning,
    claims,
    crews,
    people,
    waiting,
)
from server.sync import sync
from server.work.permissions import Role

from .crew import refused, tend

DAY = timedelta(days=1)


def test_who_asks_to_join_is_let_in_by_a_holder(crew):
    crew.claim(crew.ben, "#4")
    asked = crew.do(crews.join, crew.cleo, "#4")
    assert asked.text == "Ben holds #4 “prove Theorem b”; I have asked whether you can join."
    assert "Cleo would like to share #4" in crew.notices(crew.ben)[0]
    assert refused(crew, crews.accept, crew.cleo, "#4").startswith("Nobody asks you")
    shared = crew.do(crews.accept, crew.ben, "#4")
    assert shared.text == "Cleo and Ben share #4 “prove Theorem b” now."
    assert crew.holders(4) == ["Ben", "Cleo"]
    assert crew.notices(crew.cleo) == ["You hold #4 “prove Theorem b” together with Ben now."]
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
    assert crew.notices(crew.ben)[0] == "Cleo took #4 “prove Theorem b” over from you."
    crew.claim(crew.ben, "#8")


def test_nobody_asks_themselves_or_a_visitor_or_a_holder(quick):
    quick.claim(quick.ben, "#4")
    assert "other than yourself" in refused(quick, crews.invite, quick.ben, "#4", quick.ben)
    quick.do(crews.invite, quick.ben, "#4", quick.cleo)
    quick.do(crews.accept, quick.cleo, "#4")
    assert "holds #4 “prove Theorem b” already" in refused(quick, crews.invite, quick.ben, "#4", quick.cleo)
    with quick.database.begin() as store:
        people.appoint(store, quick.ana, Role.VISITOR)
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
