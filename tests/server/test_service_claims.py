"""Claiming, giving back, running out: what people may do, and what they are told where they may not."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest

from blueprint.errors import UserError
from server.caretaker import look_after
from server.service import people, suggestions, tending, watching
from server.work.permissions import Role

DAY = timedelta(days=1)


def refused(crew, person, ref, **options):
    with pytest.raises(UserError) as error:
        crew.claim(person, ref, **options)
    return str(error.value)


def test_a_free_task_is_taken_for_as_long_as_its_size_says(crew):
    outcome = crew.claim(crew.ben, "thm:b")
    assert not outcome.renewed
    assert (outcome.task.state, outcome.task.kind, outcome.task.size) == ("claimed", "prove", "S")
    [claim] = outcome.task.claims
    assert (claim.person_name, claim.since, claim.expires) == ("Ben", crew.now, crew.now + 7 * DAY)
    assert crew.mine(crew.ben) == ["thm:b"]
    [event] = [event for event in crew.snapshot().events if event.kind == "claimed"]
    assert (event.person_name, event.text) == ("Ben", "claimed #4 “prove Theorem b” until 2026-03-09 (UTC)")


def test_by_number_by_lean_name_and_until_a_date(crew):
    assert crew.claim(crew.ben, "#4", until=date(2026, 3, 20)).task.claims[0].expires.day == 20
    assert crew.claim(crew.ana, "d").task.node == "thm:d"


def test_claiming_again_renews_and_keeps_the_beginning(crew):
    crew.claim(crew.ben, "thm:b")
    again = crew.claim(crew.ben, "thm:b", until=30 * DAY, now=crew.now + DAY)
    assert again.renewed
    [claim] = again.task.claims
    assert (claim.since, claim.expires) == (crew.now, crew.now + 31 * DAY)


def test_a_task_somebody_holds_is_refused_with_who_until_when_and_what_instead(crew):
    crew.claim(crew.ben, "thm:b")
    assert refused(crew, crew.cleo, "thm:b") == (
        "Ben holds #4 “prove Theorem b” until 2026-03-09 (UTC); `wait` for it to be told when it is free. "
        "Free instead: #8 “prove Theorem d” or #9 “state Theorem e”."
    )


def test_a_blocked_task_names_what_it_waits_for(crew):
    assert refused(crew, crew.ben, "thm:c").startswith("#6 “prove Theorem c” has to wait for Theorem e. Free")


def test_a_task_that_is_not_ready_or_done_is_refused(crew):
    assert "may still change" in refused(crew, crew.ben, "thm:f")
    assert "is done already" in refused(crew, crew.ben, "thm:a")


def test_a_newcomer_holds_one_and_others_three(crew):
    crew.claim(crew.ben, "thm:b")
    assert "at most 1 task until your first piece of work" in refused(crew, crew.ben, "thm:d")
    for ref in ("thm:d", "thm:e"):
        crew.claim(crew.ana, ref)
    assert crew.mine(crew.ana) == ["thm:d", "thm:e"]


def test_a_visitor_may_not_claim_and_a_stale_role_does_not_help(crew):
    with crew.database.begin() as store:
        people.appoint(store, crew.ben, Role.VISITOR)
    assert "you need to be a contributor" in refused(crew, crew.ben, "thm:b")


def test_what_is_given_back_is_free_again(crew):
    crew.claim(crew.ben, "thm:b")
    assert crew.disclaim(crew.ben, "thm:b").task.is_free
    assert crew.claim(crew.cleo, "thm:b").task.claims[0].person_name == "Cleo"


def test_only_the_holder_gives_back(crew):
    crew.claim(crew.ben, "thm:b")
    with pytest.raises(UserError, match="Ben holds #4"):
        crew.disclaim(crew.cleo, "thm:b")
    with pytest.raises(UserError, match="Nobody holds"):
        crew.disclaim(crew.cleo, "thm:d")


def test_a_lease_runs_out_after_its_grace_and_leaves_no_credit(crew):
    crew.claim(crew.ben, "thm:b")
    late = crew.now + 10 * DAY
    assert crew.mine(crew.ben, late - timedelta(seconds=1)) == ["thm:b"]
    credit = crew.snapshot().credit
    assert crew.mine(crew.ben, late) == []
    [task] = [task for task in crew.snapshot(late).tasks if task.number == 4]
    assert (task.state, task.is_free) == ("open", True)
    crew.claim(crew.cleo, "thm:b", now=late + DAY)
    assert "ran out" in crew.notices(crew.ben)[0]
    [event] = [event for event in crew.snapshot(late).events if event.kind == "expired"]
    assert event.at == late
    assert event.text == "held #4 until it ran out"
    assert crew.snapshot(late).credit == credit


def test_the_notice_of_an_old_end_is_as_young_as_the_telling(crew):
    crew.claim(crew.ben, "thm:b")
    told = crew.now + 30 * DAY
    with crew.database.begin() as store:
        tending.tend(store, told)
        assert watching.notices(store, crew.ben, told)[0].at == told
        assert {message.created for message in store.mail.pending()} <= {told}


def test_the_holder_is_reminded_before_the_end_and_at_it_once_each(crew):
    crew.claim(crew.ben, "thm:b")

    def tend(days):
        for _ in range(2):
            with crew.database.begin() as store:
                tending.tend(store, crew.now + days * DAY)
        return crew.notices(crew.ben)

    assert tend(3) == []
    assert tend(4) == ["You hold #4 “prove thm:b” until 2026-03-09 (UTC); claim it again if you need longer."]
    assert tend(7)[0] == (
        "Your claim on #4 “prove thm:b” has ended and is kept for you until 2026-03-12 (UTC); "
        "claim it again to go on."
    )
    assert len(tend(9)) == 2
    assert len(tend(10)) == 3
    assert crew.mine(crew.ben) == []


def test_a_renewal_starts_the_reminders_anew(crew):
    crew.claim(crew.ben, "thm:b")
    with crew.database.begin() as store:
        tending.tend(store, crew.now + 5 * DAY)
    crew.claim(crew.ben, "thm:b", now=crew.now + 6 * DAY)
    with crew.database.begin() as store:
        tending.tend(store, crew.now + 9 * DAY)
        assert len(watching.notices(store, crew.ben, crew.now)) == 1
        tending.tend(store, crew.now + 11 * DAY)
        assert len(watching.notices(store, crew.ben, crew.now)) == 2


def test_the_caretaker_tends_until_told_to_stop(crew):
    crew.claim(crew.ben, "thm:b")
    stop = threading.Event()
    stop.set()
    look_after(crew.database, lambda: crew.now + 5 * DAY, stop)
    assert len(crew.notices(crew.ben)) == 1


def test_a_renewal_for_less_than_the_notice_is_no_news_until_its_end(crew):
    crew.claim(crew.ben, "thm:b")
    crew.claim(crew.ben, "thm:b", until=2 * DAY, now=crew.now + 4 * DAY)
    with crew.database.begin() as store:
        tending.tend(store, crew.now + 4 * DAY + DAY / 2)
        assert watching.notices(store, crew.ben, crew.now) == ()
        tending.tend(store, crew.now + 6 * DAY)
        assert len(watching.notices(store, crew.ben, crew.now)) == 1


def test_renewing_does_not_shorten_unless_one_says_so(crew):
    crew.claim(crew.ben, "thm:b", until=30 * DAY)
    again = crew.claim(crew.ben, "thm:b", now=crew.now + DAY)
    assert again.task.claims[0].expires == crew.now + 30 * DAY
    less = crew.claim(crew.ben, "thm:b", until=2 * DAY, now=crew.now + DAY)
    assert less.task.claims[0].expires == crew.now + 3 * DAY


def test_a_renewal_during_grace_is_in_time(crew):
    crew.claim(crew.ben, "thm:b")
    assert crew.claim(crew.ben, "thm:b", now=crew.now + 9 * DAY).renewed


def test_of_many_at_once_one_gets_it(crew):
    with crew.database.begin() as store:
        crowd = [people.by_zulip(store, 100 + n, f"P{n}", crew.now) for n in range(8)]
    told = []

    def run(person):
        try:
            told.append(crew.claim(person, "thm:b").task.claims[0].person_id)
        except UserError as error:
            told.append(str(error))

    threads = [threading.Thread(target=run, args=(person,)) for person in crowd]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([answer for answer in told if isinstance(answer, int)]) == 1
    assert len([answer for answer in told if isinstance(answer, str) and "holds #4" in answer]) == 7


def test_suggestions_are_free_and_say_why(crew):
    crew.claim(crew.cleo, "thm:b")
    with crew.database.reading() as store:
        found = suggestions.next_tasks(store, crew.project, crew.ben, now=crew.now)
        assert suggestions.next_tasks(store, crew.project, None, now=crew.now, limit=1)[0].reasons
    assert [suggestion.task.node for suggestion in found] == ["thm:e", "thm:d"]
    assert found[0].reasons[0] == "2 tasks wait for it: Theorem c and its own proof."
