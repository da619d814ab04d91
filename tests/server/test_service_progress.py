"""What the holders of a task say about their work, and what reviewers do, through the services."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from blueprint.errors import UserError
from server.service import (
    policy,
    progress,
    reviewing,
    upkeep,
    watching,
)

from .crew import refused, tend

DAY = timedelta(days=1)


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
    with quick.database.reading() as store:
        assert reviewing.link_of(store, replace(quick.project, repository_url=url), text) == link


@pytest.mark.parametrize(
    "text", ["", "soon", "javascript:alert(1)", "http://", "http://[", "https://x/ y", "#-1"]
)
def test_what_is_no_proposal_is_refused(quick, text):
    with pytest.raises(UserError, match="pull request"), quick.database.reading() as store:
        reviewing.link_of(store, quick.project, text)


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
