"""What people wish to be sent: quiet hours by their own clocks, and one choice at every door."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blueprint.errors import UserError
from server.dispatch import answer
from server.records.people import Person
from server.service import people, preferences, projects
from server.work.preferences import (
    Digests,
    Preferences,
    Quiet,
    QuietHours,
    Rhythm,
    Subject,
    Wanted,
    Way,
    next_digest,
    parse_quiet,
    quiet_until,
)

from .web_world import START, Site, submit

PARIS = ZoneInfo("Europe/Paris")
NIGHT = Quiet(time(22), time(7))


def paris(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (paris(2026, 3, 2, 21, 59), paris(2026, 3, 2, 21, 59)),
        (paris(2026, 3, 2, 22), paris(2026, 3, 3, 7)),
        (paris(2026, 3, 3, 6, 59), paris(2026, 3, 3, 7)),
        (paris(2026, 3, 3, 7), paris(2026, 3, 3, 7)),
        # The nights in which clocks are put on, and back: seven o'clock is seven o'clock.
        (paris(2026, 3, 28, 23), paris(2026, 3, 29, 7)),
        (paris(2026, 10, 24, 23), paris(2026, 10, 25, 7)),
    ],
)
def test_quiet_hours_go_over_midnight(now: datetime, until: datetime) -> None:
    assert quiet_until(NIGHT, now, PARIS) == until
    assert quiet_until(None, now, PARIS) == now


def test_the_end_that_clocks_skip_comes_later_and_the_one_that_comes_twice_is_the_next() -> None:
    short = Quiet(time(1), time(2, 30))
    skipped = quiet_until(short, paris(2026, 3, 29, 1, 30), PARIS)
    assert skipped.astimezone(PARIS) == paris(2026, 3, 29, 3, 30)
    first = quiet_until(short, datetime(2026, 10, 24, 23, 30, tzinfo=UTC), PARIS)
    assert first == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    second = quiet_until(short, datetime(2026, 10, 25, 1, 10, tzinfo=UTC), PARIS)
    assert second == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


hours = st.times().map(lambda moment: moment.replace(second=0, microsecond=0))
zones = st.sampled_from(["UTC", "Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"])
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))


@given(hours, hours, moments, zones)
def test_quiet_hours_end_within_a_day_and_not_in_quiet(
    begins: time, ends: time, now: datetime, name: str
) -> None:
    if begins == ends:
        return
    quiet, zone = Quiet(begins, ends), ZoneInfo(name)
    until = quiet_until(quiet, now, zone)
    assert now <= until <= now + timedelta(hours=26)
    assert not quiet.covers(until.astimezone(zone).time())


@given(st.integers(0, 23), moments, zones, st.sampled_from([Rhythm.DAILY, Rhythm.WEEKLY]))
def test_digests_come_once_on_each_of_their_days(hour: int, now: datetime, name: str, rhythm: Rhythm) -> None:
    wanted, zone = Preferences(digest=rhythm, hour=hour), ZoneInfo(name)
    comes, days = now, []
    for _ in range(4):
        after, comes = comes, next_digest(wanted, comes, zone) or now
        assert comes > after
        days.append(comes.astimezone(zone).date())
    step = timedelta(1 if rhythm is Rhythm.DAILY else 7)
    assert days == [days[0] + count * step for count in range(4)]
    assert rhythm is Rhythm.DAILY or days[0].weekday() == 0


@pytest.mark.parametrize("text", ["", "off", "OFF", "none"])
def test_no_quiet_hours(text: str) -> None:
    assert parse_quiet(text) == QuietHours(None)


@pytest.mark.parametrize("text", ["22:00-07:00", "22-7", "22:00 to 07:00", "22:00 – 7:00", "22 until 7"])
def test_quiet_hours_are_read(text: str) -> None:
    assert parse_quiet(text) == QuietHours(NIGHT)


@pytest.mark.parametrize("text", ["22", "24-7", "22:60-7", "7-7", "late", "22:00-", "-7"])
def test_other_hours_are_refused(text: str) -> None:
    with pytest.raises(UserError, match="22:00-07:00"):
        parse_quiet(text)


def say(site: Site, person: Person, text: str) -> str:
    with site.database.begin() as store:
        known, project = people.get(store, person.id), projects.find(store, "num")
        return answer(store, project, known, text, site.now, base_url="http://localhost").text


def kept(site: Site, person: Person) -> Preferences:
    with site.database.reading() as store:
        return preferences.of(store, person)


QUIET = (
    "Notices come in the topic of the node that they are about. From 22:00 to 07:00 (UTC) they wait. "
    "You are sent claims, requests, checks, credit, and not nodes, which your page has. "
    "You get a digest every day at 6:00 (UTC), if there is news."
)
CHOSEN = Preferences(Way.TOPIC, NIGHT, Rhythm.DAILY, 6, frozenset({Subject.NODES}))


def test_the_chat_sets_one_thing_after_the_other(site: Site) -> None:
    emmy = site.person("Emmy")
    assert say(site, emmy, "prefs").startswith(
        "Notices come to you by direct message. They come at any hour."
    )
    for wish in ("topic", "quiet 22:00-07:00", "nodes off"):
        say(site, emmy, f"prefs {wish}")
    assert say(site, emmy, "digest daily at 6:00") == QUIET
    assert kept(site, emmy) == CHOSEN
    assert "every day at 6:00" in say(site, emmy, "digest daily")
    assert "any hour" in say(site, emmy, "prefs quiet off")
    assert "You get no digest." in say(site, emmy, "digest off")
    assert "nodes, checks" in say(site, emmy, "prefs nodes on")
    assert kept(site, emmy) == Preferences(Way.TOPIC, hour=6)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("prefs loud", "`prefs` takes nothing after it but what its form says"),
        ("prefs quiet at night", "I cannot read those hours"),
        ("digest hourly", "`digest` takes nothing after it but what its form says"),
        ("digest daily 25:00", "A digest comes at a full hour"),
        ("digest daily 8:30", "A digest comes at a full hour"),
        ("preferences", "did you mean `prefs`"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_type(site: Site, text: str, said: str) -> None:
    emmy = site.person("Emmy")
    assert said in say(site, emmy, text)
    assert kept(site, emmy) == Preferences()


def test_the_page_has_a_form(site: Site) -> None:
    client = site.signed_in("Emmy")
    fields = {"way": "topic", "quiet": "22-7", "digest": "daily", "hour": "6"}
    kinds = ["claims", "requests", "checks", "credit"]
    answered = submit(client, "/account", "/account/preferences", **fields, kinds=kinds)  # type: ignore[arg-type]
    assert answered.status_code == 303
    page = client.get("/account").text
    assert QUIET in page
    assert 'value="22:00-07:00"' in page
    assert 'name="kinds" value="nodes">' in page
    assert 'name="kinds" value="claims" checked>' in page
    submit(client, "/account", "/account/preferences", quiet="whenever")
    assert "I cannot read those hours" in client.get("/account").text


def test_the_api_reads_and_changes_what_is_given(site: Site) -> None:
    client, emmy = site.client(), site.person("Emmy")
    headers = {"Authorization": f"Bearer {site.token(emmy)}"}
    address = "/api/v1/session/preferences"
    asked = {"way": "topic", "quiet": "22:00-07:00", "digest": "daily", "hour": 6}
    asked["kinds"] = ["claims", "requests", "checks", "credit"]
    changed = client.post(address, json=asked, headers=headers)
    assert changed.json == {**asked, "detail": QUIET}
    assert client.get(address, headers=headers).json == changed.json
    assert kept(site, emmy) == CHOSEN
    loud = client.post(address, json={"quiet": "off"}, headers=headers).json
    assert (loud["quiet"], loud["way"]) == (None, "topic")
    for wrong in ({"way": "shout"}, {"kinds": ["x"]}, {"digest": "hourly"}, {"hour": 9}, {"loud": "yes"}):
        assert client.post(address, json=wrong, headers=headers).status_code in (400, 409)
    assert client.get(address).status_code == 401


def test_wishes_are_kept_on_either_database(any_database) -> None:
    with any_database.begin() as store:
        emmy = people.add(store, "Emmy", people.Role.CONTRIBUTOR, START)
        wishes = (Way.TOPIC, QuietHours(NIGHT), Wanted(Subject.NODES, False), Digests(Rhythm.DAILY, 6))
        preferences.change(store, emmy, wishes, START)
    with any_database.reading() as store:
        assert preferences.of(store, emmy) == CHOSEN
        assert store.preferences.digest(emmy.id).due == START.replace(hour=6) + timedelta(1)


def test_of_one_person_known_twice_the_one_who_stays_decides(any_database) -> None:
    with any_database.begin() as store:
        first, second, third = (
            people.add(store, name, people.Role.CONTRIBUTOR, START) for name in ("Ann", "Bea", "Cid")
        )
        preferences.change(store, first, (Way.TOPIC,), START)
        preferences.change(store, second, (QuietHours(NIGHT),), START)
        store.people.merge(first.id, second.id)
        assert preferences.of(store, second) == Preferences(quiet=NIGHT)
        store.people.merge(second.id, third.id)
        assert preferences.of(store, third) == Preferences(quiet=NIGHT)
