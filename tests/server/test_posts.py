"""What a project's topic is told: one message a day, written anew, and each milestone once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from server.mailing import send
from server.records.mail import Outgoing
from server.service import channels, naming, people
from server.store import Database
from server.sync import sync
from server.work.naming import Naming

from .conftest import START, Village
from .crew import Crew, build
from .test_sending import DAY, HOUR, at_once

PROGRESS = "**Verified on 2026-03-02** (UTC)"
_NUMBERS = count(500)


@pytest.fixture
def crew(any_database: Database, village: Village) -> Crew:
    crew = build(village, any_database)
    with any_database.begin() as store:
        channels.add(store, crew.project, "villages")
        channels.post_progress(store, crew.project, "villages", "progress")
    return crew


def merge(crew: Crew, proved: str, now: datetime, *, by=None, nodes=None, told: bool = True) -> None:
    """A commit in which these theorems are proved and no others; then what is due is sent, and goes out.

    Ana wrote the statements, and has credit for these.
    """
    proofs = (f"theorem {n} : X := {'by simp' if n in proved else 'sorry'}" for n in "bcdef")
    crew.village.commit(by or crew.village.ben, nodes or crew.nodes, "theorem a : A := by simp", *proofs)
    sync(crew.database, crew.village.folder, now)
    if told:
        deliver(crew, now)


def deliver(crew: Crew, now: datetime) -> list[Outgoing]:
    """Send what is due; all that waits then goes out, and gets a number the first time."""
    send(crew.database, now)
    with crew.database.begin() as store:
        out = [row for row in store.mail.pending(1000) if row.channel == "stream"]
        for row in out:
            if row.number is None:
                store.mail.sent(row.id, now, next(_NUMBERS))
            else:
                store.mail.edited(row.id, row.text)
    said = crew.__dict__.setdefault("said", [])
    said += out
    return out


def days(crew: Crew) -> list[Outgoing]:
    return [row for row in crew.said if row.text.startswith(("**Verified", "**Not"))]


def milestones(crew: Crew) -> list[str]:
    return [row.text for row in crew.said if row not in days(crew)]


def test_a_day_is_one_message_that_is_written_anew(crew: Crew) -> None:
    merge(crew, "d", START + HOUR)
    merge(crew, "db", START + 2 * HOUR, by=crew.village.ana)
    first, second = days(crew)
    assert (first.channel, first.to, first.topic) == ("stream", "villages", "progress")
    assert first.text == f"{PROGRESS}\n* Theorem d (`thm:d`): Ana and Ben\n\n2 of 6 nodes verified (33 %)."
    assert first.id == second.id
    assert first.number is None
    assert second.number is not None  # an edit
    assert second.text == (
        f"{PROGRESS}\n* Theorem d (`thm:d`): Ana and Ben\n* Theorem b (`thm:b`): Ana\n\n"
        "3 of 6 nodes verified (50 %)."
    )


def test_the_next_day_begins_at_midnight_in_utc_with_a_message_of_its_own(crew: Crew) -> None:
    late = datetime(2026, 3, 2, 23, 59, tzinfo=UTC)
    merge(crew, "d", late, told=False)
    merge(crew, "db", late + timedelta(minutes=2))
    first, second = days(crew)
    assert first.id != second.id
    assert first.text.startswith(f"{PROGRESS}\n* Theorem d (`thm:d`): Ana and Ben\n\n")
    assert second.text.startswith("**Verified on 2026-03-03** (UTC)\n* Theorem b (`thm:b`): Ana and Ben\n\n")


def test_what_is_lost_again_the_same_day_is_said_to_be(crew: Crew) -> None:
    merge(crew, "db", START + HOUR)
    merge(crew, "b", START + 2 * HOUR)
    assert days(crew)[-1].text == (
        f"{PROGRESS}\n* Theorem b (`thm:b`): Ana and Ben\n"
        "**Not verified any more**, since 2026-03-02\n* Theorem d (`thm:d`)\n\n2 of 6 nodes verified (33 %)."
    )


def test_a_sync_without_progress_says_nothing(crew: Crew) -> None:
    merge(crew, "", START + HOUR)
    assert deliver(crew, START + HOUR) == []
    assert crew.said == []


def test_a_milestone_is_told_once_and_the_highest_of_several(crew: Crew) -> None:
    merge(crew, "bd", START + HOUR)  # from a sixth to a half
    half = "**50 %** of the nodes are verified. 3 of 6 nodes verified (50 %)."
    first = "A first contribution of Ben is verified. Welcome, and thank you!"
    assert milestones(crew) == [half, first]
    merge(crew, "", START + DAY)
    merge(crew, "b", START + 2 * DAY)
    merge(crew, "bd", START + 3 * DAY)
    assert milestones(crew) == [half, first]
    merge(crew, "bcdef", START + 4 * DAY)
    assert milestones(crew)[2:] == [
        "A goal of the project is reached: **Theorem c** is verified.",
        "Every node is verified: all 6.",
    ]


def test_whoever_sends_it_a_milestone_goes_out_once(crew: Crew) -> None:
    merge(crew, "bd", START + HOUR, told=False)
    at_once(crew.database, lambda: send(crew.database, START + HOUR))
    deliver(crew, START + HOUR)
    assert len(milestones(crew)) == 2
    assert len(days(crew)) == 1


def test_a_chapter_is_told_when_all_of_it_is_verified(crew: Crew) -> None:
    nodes = [
        replace(node, sections=("Doors" if node.id in ("thm:b", "thm:d") else "Windows",))
        for node in crew.nodes
    ]
    merge(crew, "b", START + HOUR, nodes=nodes)
    merge(crew, "bd", START + 2 * HOUR, nodes=nodes)
    assert [text for text in milestones(crew) if "chapter" in text] == [
        "Every node of the chapter **Doors** is verified."
    ]


def test_what_was_reached_before_is_no_news(database: Database, village: Village) -> None:
    """A project that comes with half of its work done, and goes on."""
    crew = build(village, database)
    with database.begin() as store:
        channels.add(store, crew.project, "villages")
        channels.post_progress(store, crew.project, "villages", "progress")
        known = store.posts.known(crew.project.id, ["share"])
    assert known == frozenset()  # a sixth is verified
    merge(crew, "d", START + HOUR)
    assert milestones(crew)[0].startswith("**25 %**")


def test_who_is_hidden_is_not_welcomed_and_named_as_they_wish(crew: Crew) -> None:
    with crew.database.begin() as store:
        ben = people.by_git(store, "Ben", "ben@example.org", START)
        naming.choose(store, ben, Naming.HIDDEN)
        ana = store.people.get(crew.ana.id)
        naming.choose(store, ana, Naming.PSEUDONYM, "Noether")
    merge(crew, "d", START + HOUR)
    merge(crew, "db", START + HOUR, by=crew.village.ana)
    assert not [text for text in milestones(crew) if "contribution" in text]
    assert (
        f"`thm:d`): Noether and somebody #{ben.id}\n* Theorem b (`thm:b`): Noether\n" in days(crew)[-1].text
    )


def test_a_flood_is_bounded(crew: Crew) -> None:
    names = [f"n{number}" for number in range(40)]
    nodes = [crew.village.node(f"thm:{name}") for name in names]
    crew.village.commit(crew.village.ben, nodes, *(f"theorem {name} : X := sorry" for name in names))
    sync(crew.database, crew.village.folder, START + HOUR)
    crew.village.commit(crew.village.ben, nodes, *(f"theorem {name} : X := by simp" for name in names))
    sync(crew.database, crew.village.folder, START + 2 * HOUR)
    deliver(crew, START + 2 * HOUR)
    [day] = days(crew)
    assert "* and 28 more." in day.text.splitlines()


def test_where_there_is_no_channel_nothing_waits(database: Database, village: Village) -> None:
    crew = build(village, database)
    merge(crew, "bd", START + HOUR)
    with database.begin() as store:
        channels.add(store, crew.project, "villages")
        channels.post_progress(store, crew.project, "villages", "progress")
    assert deliver(crew, START + 2 * HOUR) == []
