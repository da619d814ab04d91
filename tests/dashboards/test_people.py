"""The people of a project, and one person's part in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dashboards import pages
from dashboards.people import WEEKS, Doings, Elsewhere, RosterQuery, roster, shares, weeks
from dashboards.snapshot import PersonView, Snapshot
from dashboards.viewing import Viewer

from . import sample

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)  # a Wednesday


def crowd(*names: str) -> Snapshot:
    people = tuple(PersonView(number, name) for number, name in enumerate(names, 1))
    return replace(sample.snapshot(), people=people, credit=())


def names(shown: Snapshot, asked: RosterQuery) -> list[str]:
    return [member.person.name for member in roster(shown, asked).page.items]


def test_people_stand_in_the_order_of_the_alphabet_with_what_they_did():
    found = roster(sample.snapshot(), RosterQuery())
    assert [(one.person.name, one.phrase) for one in found.page.items] == [
        ("Ada Lovelace", "formal proof, formal definition"),
        ("Emmy Noether", "formal proof; holds 1 task"),
        ("Sophie Germain", "holds 1 task"),
    ]


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        (RosterQuery("ada"), ["ada b", "Ada L"]),
        (RosterQuery("L ADA"), ["Ada L"]),
        (RosterQuery(letter="Z"), ["Zoë"]),
        (RosterQuery(letter="#"), ["3rd"]),
        (RosterQuery("nobody"), []),
    ],
)
def test_people_are_found_by_words_and_letters(asked: RosterQuery, shown: list[str]):
    assert names(crowd("Zoë", "ada b", "Ada L", "3rd"), asked) == shown


def test_many_people_have_pages():
    many = crowd(*(f"P{number:03}" for number in range(250)))
    assert [len(roster(many, RosterQuery(page=page)).page.items) for page in (1, 3, 99)] == [100, 50, 50]
    html = pages.people(many, Viewer(sample.NOW), RosterQuery("p", page=2))
    assert 'href="?q=p&amp;page=1"' in html or 'href="?q=p&page=1"' in html


def test_weeks_are_those_of_the_readers_calendar():
    monday = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)  # in Paris, Monday the 2nd
    at = {zone: weeks([monday], NOW, ZoneInfo(zone)) for zone in ("UTC", "Europe/Paris")}
    assert [[week.deeds for week in found[-2:]] for found in at.values()] == [[1, 0], [0, 1]]
    assert len(at["UTC"]) == WEEKS
    assert at["UTC"][-1].begins.isoformat() == "2026-03-02"


def test_a_page_of_a_person_groups_credit_by_kind_with_its_role():
    snapshot = sample.snapshot()
    theirs = [entry for entry in snapshot.credit if entry.person_id == sample.ADA]
    assert [(one.kind, one.role, len(one.entries)) for one in shares(theirs)] == [
        ("formal definition", "Software", 1),
        ("formal proof", "Formal analysis", 1),
    ]


def test_the_year_is_drawn_and_told_as_a_table():
    done = Doings(
        weeks([sample.NOW - timedelta(days=20)] * 3, sample.NOW, UTC),
        accounts=(Elsewhere("github.com", "ada", "https://github.com/ada"),),
    )
    html = pages.person(sample.snapshot(), Viewer(sample.NOW), sample.PEOPLE[0], done)
    assert html.count("<rect") >= WEEKS
    assert "3 entries in the log" in html
    assert 'href="https://github.com/ada"' in html
    assert "style=" not in html
