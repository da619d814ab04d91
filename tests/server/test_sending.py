"""What people are told goes out once: together, where and when they want it, whoever looks for it first."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from blueprint.errors import UserError
from server.mailing import send
from server.records.mail import Outgoing
from server.service import channels, crews, naming, people, preferences, progress, reviewing, watching
from server.service.digests import Digest
from server.service.telling import tell
from server.service.tending import tend
from server.store import Database
from server.sync import sync
from server.work.naming import Naming
from server.work.preferences import Digests, Quiet, QuietHours, Rhythm, Subject, Wanted, Way, Wish

from .conftest import START
from .crew import Crew

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NIGHT = QuietHours(Quiet(time(22), time(7)))


def outbox(crew: Crew) -> list[Outgoing]:
    with crew.database.reading() as store:
        return list(store.mail.pending(1000))


def texts(crew: Crew, to: str | None = None) -> list[str]:
    return [row.text for row in outbox(crew) if to in (None, row.to)]


def wish(crew: Crew, person, *wishes: Wish, now: datetime = START) -> None:
    with crew.database.begin() as store:
        preferences.change(store, person, wishes, now)


def told(
    crew: Crew, person, text: str, *, kind: str = "verified", now: datetime = START, node="thm:d"
) -> None:
    with crew.database.begin() as store:
        tell(store, crew.project, person.id, kind, text, now, node)


def closed(crew: Crew, *inside) -> None:
    """The project is spoken of in one private channel, in which these people are."""
    with crew.database.begin() as store:
        channels.add(store, crew.project, "villages")
        channels.see(store, 7, "villages", private=True)
        chat = [store.people.identity(person.id, "zulip") for person in inside]
        channels.fill(store, 7, [1, *(int(number) for number in chat if number)])


def with_channel(crew: Crew) -> None:
    with crew.database.begin() as store:
        channels.add(store, crew.project, "villages")
        channels.see(store, 7, "villages", private=False)
        channels.post_progress(store, crew.project, "villages", "progress")


def at_once(database: Database, work: Callable[[], None], times: int = 4) -> None:
    start = threading.Barrier(times)

    def run(_: int) -> None:
        start.wait()
        work()

    with ThreadPoolExecutor(times) as pool:
        list(pool.map(run, range(times)))


def merge(crew: Crew, *proved: str, now: datetime, nodes=None, by=None) -> None:
    """A commit in which these theorems are proved, and no others."""
    proofs = (f"theorem {n} : X := {'by simp' if n in proved else 'sorry'}" for n in "bcde")
    lines = ("theorem a : A := by simp", *proofs)
    crew.village.commit(by or crew.village.ben, nodes or crew.nodes, *lines)
    sync(crew.database, crew.village.folder, now)


def test_all_that_one_sync_brings_is_one_message_to_each(crew: Crew) -> None:
    for person in (crew.ben, crew.cleo):
        for name in ("thm:b", "thm:d", "thm:e"):
            crew.do(watching.watch, person, name)
    merge(crew, "b", "d", "e", now=START + DAY)
    at_once(crew.database, lambda: send(crew.database, START + DAY))
    for to in ("2", "3"):
        [text] = texts(crew, to)
        assert text == "* Theorem b is verified.\n* Theorem d is verified.\n* Theorem e is verified."
    send(crew.database, START + 2 * DAY)
    assert len(texts(crew, "2")) == 1


def test_one_thing_is_a_sentence_and_too_many_are_counted(crew: Crew) -> None:
    told(crew, crew.ben, "Theorem $x$ by @**all** is verified.")
    for number in range(30):
        told(crew, crew.cleo, f"Thing {number}.")
    send(crew.database, START)
    assert texts(crew, "2") == ["Theorem $$x$$ by ＠∗∗all∗∗ is verified."]
    [many] = texts(crew, "3")
    assert many.splitlines()[-1] == "* And 10 things more; your page has them."
    assert len(many.splitlines()) == 21


def test_in_quiet_hours_it_waits_until_they_end(crew: Crew) -> None:
    wish(crew, crew.ben, NIGHT)
    with crew.database.begin() as store:
        people.set_zone(store, crew.ben, "Europe/Paris")
    evening = datetime(2026, 3, 28, 21, 30, tzinfo=UTC)  # in Paris 22:30, and clocks are put on in the night
    told(crew, crew.ben, "One.", now=evening)
    told(crew, crew.cleo, "Two.", now=evening)
    send(crew.database, evening)
    assert texts(crew) == ["Two."]
    told(crew, crew.ben, "Three.", now=evening + HOUR)
    send(crew.database, datetime(2026, 3, 29, 4, 59, tzinfo=UTC))
    assert texts(crew) == ["Two."]
    send(crew.database, datetime(2026, 3, 29, 5, tzinfo=UTC))
    assert texts(crew, "2") == ["* One.\n* Three."]


def test_who_ends_their_quiet_hours_gets_what_waited(crew: Crew) -> None:
    wish(crew, crew.ben, NIGHT)
    night = START.replace(hour=23)
    told(crew, crew.ben, "One.", now=night)
    send(crew.database, night)
    assert texts(crew) == []
    wish(crew, crew.ben, QuietHours(None), now=night + HOUR)
    send(crew.database, night + HOUR)
    assert texts(crew) == ["One."]


def test_what_somebody_does_not_want_is_on_their_page_alone(crew: Crew) -> None:
    wish(crew, crew.ben, Wanted(Subject.NODES, False))
    told(crew, crew.ben, "Theorem d is verified.")
    told(crew, crew.ben, "You hold it.", kind="reminder")
    send(crew.database, START)
    assert texts(crew) == ["You hold it."]
    assert crew.notices(crew.ben) == ["You hold it.", "Theorem d is verified."]


def test_who_has_no_account_in_the_chat_has_their_page(crew: Crew) -> None:
    told(crew, crew.ana, "Theorem d is verified.")
    send(crew.database, START)
    with crew.database.begin() as store:
        store.people.link(crew.ana.id, "zulip", "9", START)
    send(crew.database, START + DAY)
    assert texts(crew) == []


def test_in_a_topic_it_is_one_message_for_all_and_alerts_nobody(crew: Crew) -> None:
    with_channel(crew)
    for person in (crew.ben, crew.cleo):
        wish(crew, person, Way.TOPIC)
        told(crew, person, "Theorem d is verified.")
    told(crew, crew.ben, "Of no node.", node=None)
    send(crew.database, START)
    in_topic, direct = outbox(crew)
    assert (in_topic.channel, in_topic.to, in_topic.topic) == ("stream", "7", "thm:d")
    assert in_topic.text == "@_**|2**, @_**|3**: Theorem d is verified."
    assert (direct.channel, direct.to, direct.text) == ("direct", "2", "Of no node.")


def test_who_must_act_is_alerted(crew: Crew) -> None:
    with_channel(crew)
    wish(crew, crew.ben, Way.TOPIC)
    crew.claim(crew.ben, "thm:d")
    soon = START + timedelta(days=5)
    with crew.database.begin() as store:
        tend(store, soon)
    send(crew.database, soon)
    [row] = outbox(crew)
    assert row.text.startswith("@**|2**: You hold #8 “prove thm:d” until ")


def test_without_a_channel_or_with_a_hidden_name_it_goes_to_the_person_alone(crew: Crew) -> None:
    wish(crew, crew.ben, Way.TOPIC)
    told(crew, crew.ben, "One.")
    send(crew.database, START)
    with_channel(crew)
    with crew.database.begin() as store:
        naming.choose(store, crew.ben, Naming.HIDDEN)
    told(crew, crew.ben, "Two.")
    send(crew.database, START)
    assert [(row.channel, row.to, row.text) for row in outbox(crew)] == [
        ("direct", "2", "One."),
        ("direct", "2", "Two."),
    ]


def test_of_what_was_told_in_public_nothing_is_left_of_who_is_erased(crew: Crew) -> None:
    with_channel(crew)
    wish(crew, crew.ben, Way.TOPIC)
    told(crew, crew.ben, "Theorem d is verified.")
    send(crew.database, START)
    with crew.database.begin() as store:
        store.erasing.erase(crew.ben.id, START)
        assert store.preferences.of(crew.ben.id) == preferences.Preferences()
    assert outbox(crew) == []


def test_a_commit_that_does_not_build_tells_its_author_the_first_error_once(crew: Crew) -> None:
    with crew.database.begin() as store:
        store.people.link(crew.ana.id, "zulip", "9", START)
    crew.village.commit(crew.village.ana, crew.nodes, "theorem a : A := by simp", "broken", "broken")
    for hours in (1, 2):
        with pytest.raises(UserError, match="was not taken in"):
            sync(crew.database, crew.village.folder, START + hours * HOUR)
    send(crew.database, START + 2 * HOUR)
    [text] = texts(crew, "9")
    assert text.endswith(
        "(Work 1) fails the check. The first error is at `Main.lean:2`: unexpected identifier."
    )


def test_maintainers_are_asked_for_a_review(crew: Crew) -> None:
    crew.claim(crew.ben, "thm:d")
    crew.do(reviewing.propose, crew.ben, "thm:d", "https://forge.example/pull/1")
    send(crew.database, START)
    [text] = texts(crew, "4")
    assert "#8 “prove Theorem d” of Ben waits for a review" in text


def test_who_proved_a_node_hears_when_it_is_verified(crew: Crew) -> None:
    with crew.database.begin() as store:
        people.link_git(store, crew.ben, "ben@example.org", START)
    merge(crew, "c", now=START + DAY)  # what it rests on is not proved yet
    merge(crew, "b", "c", "e", now=START + 2 * DAY, by=crew.village.ana)
    assert "Theorem c is verified." in crew.notices(crew.ben)


# Digests


def test_a_digest_comes_at_its_hour_once_whoever_sends_it(crew: Crew) -> None:
    crew.claim(crew.ben, "thm:d")
    wish(crew, crew.ben, Digests(Rhythm.DAILY, 8), Wanted(Subject.CLAIMS, False))
    merge(crew, "e", now=START + HOUR)
    told(crew, crew.ben, "Somebody wrote to you.", kind="progressed", now=START + 2 * HOUR)
    eight = START.replace(hour=8) + DAY
    send(crew.database, eight - timedelta(minutes=1))
    assert texts(crew) == []
    at_once(crew.database, lambda: send(crew.database, eight + timedelta(minutes=3)))
    [text] = texts(crew)
    assert text == (
        "**Your digest**\n\n"
        "**The Village**: 2 of 6 nodes verified (33 %).\n"
        "* Somebody wrote to you.\n"
        "* Theorem c can be proved now.\n"
        "* Theorem e is verified.\n"
        "* You hold #8 “prove thm:d” until 2026-03-09 (UTC)."
    )
    for hours in range(1, 72):
        send(crew.database, eight + hours * HOUR)
    assert len(texts(crew)) == 1  # nothing happened since


def test_a_digest_names_claims_that_end_soon(crew: Crew) -> None:
    crew.claim(crew.ben, "thm:d", until=timedelta(days=5))
    wish(crew, crew.ben, Digests(Rhythm.WEEKLY, 8))
    merge(crew, "e", now=START + HOUR)
    monday = datetime(2026, 3, 9, 8, tzinfo=UTC)
    send(crew.database, monday - DAY)
    assert not [text for text in texts(crew) if "digest" in text]
    crew.claim(crew.ben, "thm:d", until=timedelta(days=10))
    send(crew.database, monday)
    [text] = [text for text in texts(crew) if "digest" in text]
    assert "* You hold #8 “prove thm:d” until 2026-03-12 (UTC)." in text


def test_after_an_outage_one_digest_tells_it_all(crew: Crew) -> None:
    crew.do(watching.watch, crew.ben, "thm:d")
    wish(crew, crew.ben, Digests(Rhythm.DAILY, 8), Wanted(Subject.NODES, False))
    merge(crew, "d", now=START + DAY)
    merge(crew, "d", "e", now=START + 3 * DAY)
    late = START + 5 * DAY
    send(crew.database, late)
    [text] = texts(crew)
    assert text.splitlines()[3:] == [
        "* Theorem d is verified.",
        "* Theorem c can be proved now.",
        "* Theorem e is verified.",
    ]
    with crew.database.reading() as store:
        assert store.preferences.digest(crew.ben.id).due == late.replace(hour=8) + DAY


def test_a_digest_begins_when_it_is_asked_for_and_moves_with_the_person(crew: Crew) -> None:
    crew.do(watching.watch, crew.ben, "thm:e")
    merge(crew, "d", now=START)
    wish(crew, crew.ben, Wanted(Subject.NODES, False), Digests(Rhythm.DAILY, 8))
    with crew.database.begin() as store:
        people.set_zone(store, crew.ben, "America/New_York")
    merge(crew, "d", "e", now=START + HOUR)
    eight = START.replace(hour=8) + DAY
    send(crew.database, eight)
    assert texts(crew) == []
    send(crew.database, eight + 5 * HOUR)
    [text] = texts(crew)
    assert "Theorem e" in text
    assert "Theorem d" not in text


def test_who_shares_a_task_is_told_by_those_who_join(crew: Crew) -> None:
    """Kinds of notices other than those of nodes: each has a subject that can be turned off."""
    crew.claim(crew.ben, "thm:d")
    wish(crew, crew.ben, Wanted(Subject.REQUESTS, False))
    crew.do(crews.join, crew.cleo, "thm:d")
    crew.do(progress.stuck, crew.ben, "thm:d", "everything")
    send(crew.database, START)
    assert texts(crew, "2") == []
    assert "is stuck" in texts(crew, "4")[0]


def test_what_cannot_be_worded_holds_up_nothing_else(
    crew: Crew, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CHANTIER_DATA", str(tmp_path))
    for person in (crew.ben, crew.cleo):
        with crew.database.begin() as store:
            watching.watch(store, crew.project, person, "thm:d", START)
        wish(crew, person, Digests(Rhythm.DAILY, 8))
    told(crew, crew.ben, "Theorem d is verified.")
    told(crew, crew.cleo, "Theorem d is verified.")

    def breaks(letter: object) -> str:
        raise RuntimeError("no words")

    def breaks_for_ben(what: Digest) -> str:
        return breaks(what) if what.person.id == crew.ben.id else "a digest"

    monkeypatch.setattr("server.mailing.bulletins.letter", breaks)
    monkeypatch.setattr("server.mailing.bulletins.digest", breaks_for_ben)
    send(crew.database, START + timedelta(days=2))
    assert [row.text for row in outbox(crew)] == ["a digest"]
    assert (tmp_path / "faults.log").read_text().count("no words") >= 2
    monkeypatch.undo()
    send(crew.database, START + timedelta(days=2))
    assert len(outbox(crew)) == 4


def test_a_digest_has_what_a_person_was_told_in_a_project_that_is_not_theirs(crew: Crew) -> None:
    wish(crew, crew.mona, Digests(Rhythm.DAILY, 8), Wanted(Subject.REQUESTS, False))
    merge(crew, "e", now=START + HOUR)
    told(crew, crew.mona, "Ben is stuck with it.", kind="stuck", now=START + 2 * HOUR)
    send(crew.database, START + DAY)
    [text] = texts(crew, "4")
    assert text.startswith("**Your digest**")
    assert "* Ben is stuck with it." in text
    assert "Theorem e" not in text


def test_what_is_private_in_the_chat_is_told_to_those_inside_alone(crew: Crew) -> None:
    closed(crew, crew.ben)
    told(crew, crew.ben, "Theorem d is verified.")
    told(crew, crew.cleo, "Theorem d is verified.")
    send(crew.database, START)
    with crew.database.reading() as store:
        ben = store.people.identity(crew.ben.id, "zulip")
        assert [notice.text for notice in store.notices.of(crew.cleo.id)] == ["Theorem d is verified."]
    assert [(row.to, row.text) for row in outbox(crew)] == [(ben, "Theorem d is verified.")]


def test_until_the_chat_has_told_who_is_inside_notices_wait(crew: Crew) -> None:
    with crew.database.begin() as store:
        channels.add(store, crew.project, "villages")
    told(crew, crew.ben, "Theorem d is verified.")
    send(crew.database, START)
    assert outbox(crew) == []
    closed(crew, crew.ben)
    send(crew.database, START + timedelta(minutes=2))
    assert texts(crew) == ["Theorem d is verified."]


def test_a_digest_says_nothing_of_what_is_private_to_somebody_outside(crew: Crew) -> None:
    for person in (crew.ben, crew.cleo):
        crew.do(watching.watch, person, "thm:d")
        wish(crew, person, Digests(Rhythm.DAILY, 8), Wanted(Subject.NODES, False))
    closed(crew, crew.cleo)
    merge(crew, "d", now=START + HOUR)
    send(crew.database, START.replace(hour=8) + DAY)
    with crew.database.reading() as store:
        cleo = store.people.identity(crew.cleo.id, "zulip")
    assert [row.to for row in outbox(crew) if "digest" in row.text] == [cleo]
