"""How a project came along, as numbers: by the reader's days, and never about a few people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blueprint.errors import UserError
from dashboards import periods
from dashboards.history import (
    DAY,
    Act,
    Happening,
    History,
    Passage,
    Span,
    burn_up,
    followed,
    lead,
    leads,
    throughput,
    turnout,
)
from lean_project.points import Point

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def happened(*rows: tuple[float, str, int | None, int | None]) -> History:
    return followed(History(), [Happening(ago(days), kind, node, who) for days, kind, node, who in rows], {})


def test_a_node_comes_through_from_when_it_was_first_ready() -> None:
    known = happened(
        (20, "became ready", 7, None),
        (12, "became ready", 7, None),  # its proof, after its statement
        (10, "verified", 7, None),
        (8, "regressed", 7, None),
        (5, "verified", 7, None),
        (4, "verified", 9, None),  # nobody saw it become ready
    )
    assert [(one.node, one.at - one.ready if one.ready else None) for one in known.passages] == [
        (7, 10 * DAY),
        (7, 3 * DAY),
        (9, None),
    ]
    assert (known.regressions, known.ready, known.free) == ((ago(8),), (), ())


def test_what_is_given_back_is_free_from_then_on_and_was_ready_before() -> None:
    known = happened((9, "became ready", 7, None), (4, "claimed", 7, 1), (2, "disclaimed", 7, 1))
    assert (known.ready, known.free) == (((7, ago(9)),), ((7, ago(2)),))


def test_a_history_that_goes_on_is_the_one_told_at_once() -> None:
    rows = [Happening(ago(9 - at), kind, at % 3, at % 2) for at, kind in enumerate(["became ready"] * 4)]
    rows += [Happening(ago(3), "verified", 1, None), Happening(ago(2.5), "regressed", 1, 2)]
    for cut in range(len(rows)):
        first = followed(History(), rows[:cut], {})
        whole, parts = followed(History(), rows, {}), followed(first, rows[cut:], {})
        for name in History.__dataclass_fields__:
            assert getattr(whole, name) == getattr(parts, name)


def test_who_goes_by_two_numbers_is_one_person() -> None:
    rows = [Happening(ago(1), "claimed", None, who) for who in (4, 9)]
    assert followed(History(), rows, {9: 4}).acts == (Act(ago(1), 4),)


def test_the_burn_up_begins_where_things_stood_and_ends_with_the_period() -> None:
    points = tuple(Point(ago(days), 10 + days, 5) for days in (40, 30, 20, 10))
    span = Span(ago(25), NOW, UTC)
    told = burn_up(History(points), span)
    assert [(one.at, one.nodes) for one in told] == [
        (ago(25), 40),
        (ago(20), 30),
        (ago(10), 20),
        (NOW, 20),
    ]
    assert burn_up(History(), span) == ()
    assert burn_up(History(points), Span(ago(50), NOW, UTC))[0] == points[0]


@given(st.lists(st.floats(0, 100), min_size=1, max_size=300), st.integers(1, 20))
def test_thinning_keeps_the_last_of_each_stretch(days: list[float], most: int) -> None:
    points = tuple(Point(ago(day), at, 0) for at, day in enumerate(sorted(days, reverse=True)))
    told = burn_up(History(points), Span(ago(101), NOW + DAY, UTC), most)
    assert len(told) <= most + 2
    assert set(told[:-1]) <= set(points)
    assert told[-1].nodes == points[-1].nodes


def test_weeks_begin_on_mondays_where_the_reader_is() -> None:
    late = datetime(2026, 3, 15, 23, 30, tzinfo=UTC)  # a Sunday in London, and Monday in Paris
    known = History(passages=(Passage(late, 1, None),))
    counted = {}
    for zone in (UTC, PARIS):
        stretches = throughput(known, periods.last(28, NOW, zone))
        assert all(one.start.astimezone(zone).weekday() == 0 for one in stretches)
        assert all(one.start.astimezone(zone).hour == 0 for one in stretches)
        counted[zone] = [one.start.day for one in stretches if one.verified]
    assert counted == {UTC: [9], PARIS: [16]}


def test_a_day_of_23_hours_is_a_day() -> None:
    span = Span(datetime(2026, 3, 27, tzinfo=PARIS), datetime(2026, 3, 31, tzinfo=PARIS), PARIS)
    assert [start.day for start in span.beginnings()] == [27, 28, 29, 30]
    assert {start.hour for start in span.beginnings()} == {0}


def test_months_turn_with_the_year() -> None:
    span = Span(datetime(2025, 11, 5, tzinfo=UTC), datetime(2027, 2, 2, tzinfo=UTC), UTC)
    starts = span.beginnings()
    assert (span.step, len(starts)) == ("month", 16)
    assert [(at.year, at.month) for at in starts[1:4]] == [(2025, 12), (2026, 1), (2026, 2)]


def test_quartiles_are_told_of_three_and_more() -> None:
    passages = [Passage(NOW, at, ago(days)) for at, days in enumerate((2, 4, 6, 8, 10))]
    found = lead(passages)
    assert found
    assert (found.count, found.lower, found.median, found.upper) == (5, 4, 6, 8)
    assert lead(passages[:2]) is None
    assert lead([*passages[:2], Passage(NOW, 9, None)]) is None
    stretches = leads(History(passages=tuple(passages)), periods.last(28, NOW))
    assert [bool(one.lead) for one in stretches] == [False] * (len(stretches) - 1) + [True]


@pytest.mark.parametrize(
    ("new", "back", "told"),
    [
        (0, 0, (0, 0, 0)),
        (1, 0, (None, None, None)),
        (1, 1, (None, None, None)),
        (2, 1, (3, None, None)),
        (1, 5, (6, None, None)),
        (5, 2, (7, None, None)),
        (0, 4, (4, 0, 4)),
        (3, 3, (6, 3, 3)),
    ],
)
def test_small_groups_are_not_told_apart(
    new: int, back: int, told: tuple[int | None, int | None, int | None]
) -> None:
    known = [Act(ago(60), person) for person in range(back)]
    acts = tuple(known + [Act(ago(1), person) for person in range(new + back)][::-1])
    if not new + back:
        acts = ()
    acts = tuple(known) + tuple(Act(ago(1), who) for who in (*range(back), *range(100, 100 + new)))
    span = periods.last(7, NOW)
    found = turnout(History(acts=acts), span, [span.since])[0]
    assert (found.total, found.newcomers, found.returning) == told


def test_a_period_is_whole_days_where_the_reader_is() -> None:
    span = periods.last(7, NOW, PARIS)
    assert (span.since, span.until) == (
        datetime(2026, 3, 14, tzinfo=PARIS),
        datetime(2026, 3, 21, tzinfo=PARIS),
    )
    assert (span.days, span.last.day) == (7, 20)


def test_periods_by_name_and_by_days() -> None:
    begun = datetime(2026, 1, 5, 23, 30, tzinfo=UTC)
    whole = periods.chosen({"period": "all"}, begun, NOW)
    assert whole.since == datetime(2026, 1, 5, tzinfo=UTC)
    assert periods.chosen({"period": "all"}, begun, NOW, PARIS).since.day == 6
    assert periods.chosen({}, begun, NOW).days == 30
    march = periods.chosen({"since": "2026-02-01", "until": "2026-02-28"}, begun, NOW)
    assert (march.days, march.until) == (28, datetime(2026, 3, 1, tzinfo=UTC))
    assert periods.chosen({"since": "2026-03-20T09:00:00+00:00"}, begun, NOW).days == 1


@pytest.mark.parametrize(
    "asked",
    [
        {"period": "decade"},
        {"since": "soon"},
        {"until": "0001-01-01"},
        {"since": "2026-03-02", "until": "2026-03-01"},
        {"since": "9999-12-31"},
    ],
)
def test_what_is_no_period_is_said_to_be_none(asked: dict[str, str]) -> None:
    with pytest.raises(UserError):
        periods.chosen(asked, None, NOW)
