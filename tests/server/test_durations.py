"""Dates in somebody's own time zone, around midnight and where the clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from blueprint.errors import UserError
from server.commands.deeds import Claim
from server.commands.parser import parse
from server.durations import moment, parse_until, zone_named
from server.service.wording import until_words


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "day", "ends"),
    [
        ("UTC", "2026-12-24", "2026-12-24T23:59:59"),
        ("Europe/Paris", "2026-12-24", "2026-12-24T22:59:59"),
        ("Europe/Paris", "2026-07-14", "2026-07-14T21:59:59"),
        ("Asia/Kolkata", "2026-12-24", "2026-12-24T18:29:59"),
        ("Pacific/Kiritimati", "2026-12-24", "2026-12-24T09:59:59"),
        ("America/Los_Angeles", "2026-12-24", "2026-12-25T07:59:59"),
        ("Europe/Paris", "2026-03-29", "2026-03-29T21:59:59"),  # the day that has 23 hours
        ("Europe/Paris", "2026-10-25", "2026-10-25T22:59:59"),  # the day that has 25
        (
            "Asia/Beirut",
            "2022-10-29",
            "2022-10-29T21:59:59",
        ),  # 23:30 comes twice there
        ("America/Sao_Paulo", "2018-11-03", "2018-11-04T02:59:59"),  # the next day begins at 1:00
    ],
)
def test_a_day_lasts_to_its_last_second_there(zone: str, day: str, ends: str) -> None:
    assert moment(date.fromisoformat(day), ZoneInfo(zone)) == at(ends)


@pytest.mark.parametrize(
    ("zone", "day"), [("Asia/Beirut", "2022-10-29"), ("America/Sao_Paulo", "2018-11-03")]
)
def test_the_last_second_is_of_that_day_and_the_next_one_is_not(zone: str, day: str) -> None:
    place = ZoneInfo(zone)
    last = moment(date.fromisoformat(day), place)
    assert isinstance(last, datetime)
    assert last.astimezone(place).date().isoformat() == day
    assert (last + timedelta(seconds=1)).astimezone(place).date().isoformat() > day


@pytest.mark.parametrize(
    ("zone", "now", "day"),
    [
        ("UTC", "2026-12-24T23:30:00", "2026-12-24"),
        ("Europe/Paris", "2026-12-24T22:59:59", "2026-12-24"),
        ("Europe/Paris", "2026-12-24T23:00:00", "2027-12-24"),  # it is past there
        ("America/Los_Angeles", "2026-12-25T07:00:00", "2026-12-24"),  # it is still that day there
        ("Pacific/Kiritimati", "2026-12-24T10:00:00", "2027-12-24"),
    ],
)
def test_which_24_december_is_meant_depends_on_where_one_is(zone: str, now: str, day: str) -> None:
    command = parse("claim lem:x until 24 Dec", at(now).astimezone(ZoneInfo(zone)))
    assert command == Claim("lem:x", date.fromisoformat(day))


def test_a_date_is_read_and_shown_back_in_the_same_zone() -> None:
    for zone in (ZoneInfo("Pacific/Kiritimati"), ZoneInfo("America/Los_Angeles"), ZoneInfo("Asia/Beirut")):
        ends = moment(parse_until("2026-12-24", date(2026, 11, 22)), zone)
        assert isinstance(ends, datetime)
        assert until_words(ends, zone) == f" until 2026-12-24 ({zone})"


def test_lengths_are_the_same_everywhere() -> None:
    assert moment(timedelta(days=14), ZoneInfo("Asia/Kolkata")) == timedelta(days=14)
    assert moment(None, ZoneInfo("Asia/Kolkata")) is None


def test_the_end_of_time_is_refused() -> None:
    with pytest.raises(UserError, match="too far off"):
        moment(date.max, ZoneInfo("UTC"))


@pytest.mark.parametrize(("text", "zone"), [("europe/paris", "Europe/Paris"), (" UTC ", "UTC")])
def test_zones_go_by_their_names(text: str, zone: str) -> None:
    assert zone_named(text).key == zone


@pytest.mark.parametrize("text", ["", "Paris", "../../etc/passwd", "/etc/localtime", "Europe/Pari"])
def test_other_names_are_none(text: str) -> None:
    with pytest.raises(UserError, match=r"write a name such as `Europe/Paris`"):
        zone_named(text)
