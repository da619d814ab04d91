"""Taking back what one did last: what it brings back, and where it refuses."""

from __future__ import annotations

from datetime import timedelta

import pytest

from server.work.inverses import inverse
from server.work.tasks import TaskEvent, What, fold

from .conftest import START
from .talking import Talk

MINUTE = timedelta(minutes=1)
NOTHING = "You did nothing in the last ten minutes that could be undone."


@pytest.fixture
def talk(village, any_database):
    return Talk(village, any_database)


@pytest.mark.parametrize(
    ("before", "deed", "undone"),
    [
        ((), "claim #4", "the claim on"),
        ((), "claim #4 2w\nby induction", "the claim on"),
        (("claim #4",), "disclaim #4\nno time", "giving back"),
        (("claim #4",), "propose #4 https://forge.example/o/r/pull/3", "the proposal for"),
        (("claim #4", "propose #4 https://x.example/3"), "withdraw thm:b", "withdrawing the proposal for"),
        (("claim #4",), "snooze #4 2 days", "the snooze of"),
        ((), "hold #4\nthe text may change", "the hold on"),
        (("hold #4",), "unhold #4", "lifting the hold on"),
        ((), "size #4 L", "the size of"),
        (("tag #4 as hard",), "tag #4 as easy, short", "the tags of"),
        ((), "assign #4 to @Ben", "the offer of"),
    ],
)
def test_what_was_done_is_undone_once(talk, before, deed, undone):
    crew = talk.crew
    for text in before:
        assert talk.say(crew.mona, text).ok
    was = crew.task(4)
    assert talk.say(crew.mona, deed).ok
    told = talk.say(crew.mona, "undo", crew.now + 9 * MINUTE)
    assert told.text.startswith(f"Undone: {undone} #4")
    assert told.acted
    now = crew.task(4)
    assert (now.size, now.tags, now.links) == (was.size, was.tags, was.links)
    assert [one.person_id for one in now.claims] == [one.person_id for one in was.claims]
    for one, other in zip(now.claims, was.claims, strict=True):  # the clock may have stood still meanwhile
        same = one.expires == other.expires
        assert same or timedelta(0) <= one.expires - other.expires <= 9 * MINUTE
    assert now.is_free == was.is_free
    assert talk.say(crew.mona, "undo", crew.now + 9 * MINUTE).text == NOTHING


def test_watching_and_credit_are_undone(talk):
    ben = talk.crew.ben
    talk.say(ben, "watch thm:b")
    assert talk.say(ben, "undo").text == "Undone: you no longer watch Theorem b."
    talk.say(ben, "watch thm:b")
    talk.say(ben, "unwatch thm:b")
    assert talk.say(ben, "undo").text == "Undone: you watch Theorem b."
    assert talk.say(ben, "credit @Ana for example on thm:b: https://x.example/1").ok
    assert talk.say(ben, "undo").text.endswith("is taken back.")
    assert "refused" in talk.say(talk.crew.ana, "credits").text


def test_nothing_older_than_ten_minutes_and_nothing_of_others(talk):
    crew = talk.crew
    assert talk.say(crew.ben, "undo").text == NOTHING
    talk.say(crew.ben, "claim #4")
    assert talk.say(crew.cleo, "undo").text == NOTHING
    assert talk.say(crew.ben, "undo", crew.now + 11 * MINUTE).text == NOTHING
    assert crew.holders(4) == ["Ben"]


def test_what_somebody_did_after_it_stays(talk):
    crew = talk.crew
    talk.say(crew.ben, "claim #4")
    talk.say(crew.cleo, "join #4")
    assert talk.say(crew.ben, "undo").text == (
        "Something has happened to #4 “prove Theorem b” since; `show #4` says what."
    )
    assert crew.holders(4) == ["Ben"]


def test_whoever_hides_is_not_named_where_they_took_something_back(talk):
    crew = talk.crew
    talk.say(crew.ben, "claim #4")
    talk.say(crew.mona, "hold #4")
    talk.say(crew.mona, "undo")
    assert crew.notices(crew.ben)[0] == "Mona took back the hold on #4 “prove Theorem b”."
    talk.say(crew.mona, "name hidden")
    assert "Mona" not in crew.notices(crew.ben)[0]


def test_a_task_that_somebody_else_took_is_not_taken_back(talk):
    crew = talk.crew
    talk.say(crew.ben, "claim #4")
    talk.say(crew.ben, "disclaim #4")
    crew.claim(crew.cleo, "#4")
    assert "has happened to #4" in talk.say(crew.ben, "undo").text
    assert crew.holders(4) == ["Cleo"]


@pytest.mark.parametrize(
    ("before", "deed", "says"),
    [
        ("claim #4", "claim #4 3w", "`claim` cannot be undone. A renewal only moves the end of your claim"),
        ("claim #4", "progress #4 half of it", "`progress #4` with more below it"),
        ("claim #4", "invite @Ben to #4", "They have been asked already"),
        ("show #4", "agree thm:b", "`agree` cannot be undone. `disagree thm:b` lifts it."),
        ("claim #4", "agree #4", "`agree` cannot be undone. `disagree #4` lifts it."),
        ("claim #4", "disclose #4 manual", "`disclose` cannot be undone. The ledger keeps every word"),
    ],
)
def test_what_cannot_be_undone_says_what_to_type(talk, before, deed, says):
    talk.say(talk.crew.mona, before)
    assert talk.say(talk.crew.mona, deed).ok
    held = talk.crew.holders(4)
    assert says in talk.say(talk.crew.mona, "undo").text
    assert talk.crew.holders(4) == held


def test_an_opposite_is_possible_where_the_event_was():
    """A lease that was in review is taken again as long, with what was proposed."""
    events = [
        TaskEvent(What.OPENED, START),
        TaskEvent(What.CLAIMED, START, 1, START + timedelta(days=7)),
        TaskEvent(What.PROPOSED, START, 1, START + timedelta(days=7), link="#3"),
    ]
    given_back = TaskEvent(What.DISCLAIMED, START + timedelta(days=1), 1)
    steps = inverse(fold(events), given_back)
    again = [
        TaskEvent(one.what, given_back.at, 1, one.expires, one.other, one.note, one.link) for one in steps
    ]
    after = fold([*events, given_back, *again])
    assert (after.crew, after.links) == ((1,), ("#3",))
    assert after.expires == START + timedelta(days=8)
