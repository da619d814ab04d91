"""Whoever owns one project is in any other one nobody in particular, and changes nothing there from here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import Table, select

from blueprint.errors import UserError
from lean_project.introductions import Introduction
from server.cli.verbs import group
from server.dispatch import answer
from server.records.people import Person
from server.records.projects import ProjectRow
from server.service import accounts, linking, members, people
from server.service.accounts import Visitor
from server.service.linking import Voucher
from server.store.tables import metadata
from server.work.permissions import Role

from .test_permission_doors import COMMANDS, World, ask, expected, let_all_in, outcome, visits
from .web_world import START, Site

# What is somebody's, wherever they are: by the column that says whose.
PERSONAL = {
    "people": "id",
    "identities": "person_id",
    "members": "person_id",
    "preferences": "person_id",
    "choices": "person_id",
    "api_tokens": "person_id",
    "sign_in_tokens": "person_id",
    "sessions": "person_id",
}
CREW = {"Bea": Role.OWNER, "Bob": Role.MAINTAINER, "Cy": Role.CONTRIBUTOR}


@dataclass
class Two:
    """Mona owns `num`; the others are of `there` alone, and known by their commits, logins and roles."""

    world: World
    mona: Person
    there: ProjectRow
    crew: list[Person]

    @property
    def site(self) -> Site:
        return self.world.site

    def books(self) -> dict[str, list[Any]]:
        """All that is written of the other project, and of those who are in it."""
        with self.site.database.reading() as store:
            db, found = store.projects._db, {}
            for table in metadata.tables.values():
                if "project_id" in table.c and table.name != "changes":
                    found[table.name] = _rows(db, table, "project_id", [self.there.id])
                if whose := PERSONAL.get(table.name):
                    found[f"whose {table.name}"] = _rows(db, table, whose, [one.id for one in self.crew])
            found["project"] = _rows(db, metadata.tables["projects"], "id", [self.there.id])
        assert len(found["whose identities"]) == 2 * len(CREW)
        return found


def _rows(db: Any, table: Table, column: str, values: list[int]) -> list[Any]:
    return sorted(map(str, db.execute(select(table).where(table.c[column].in_(values)))))


@pytest.fixture(params=["public", "private"])
def two(site: Site, request: pytest.FixtureRequest) -> Two:
    let_all_in(site)
    site.add_project(path="/srv/there")
    with site.database.begin() as store:
        here, there = store.projects.by_slug("num"), store.projects.by_slug("there")
        assert here
        assert there
        mona = people.add(store, "Mona", Role.CONTRIBUTOR, START)
        people.add(store, "Other", Role.CONTRIBUTOR, START)
        members.appoint(store, here, None, mona, Role.OWNER, now=START)
        crew = []
        for name, role in CREW.items():
            person = people.by_git(store, name, f"{name.lower()}@example.org", START)
            store.people.link(person.id, "forge", name.lower(), START)
            members.appoint(store, there, None, person, role, now=START)
            crew.append(person)
        store.introductions.put(there.id, Introduction("", "CONTRIBUTING.md", "# Rules"))
        store.projects.close(there.id, request.param == "private")
        there = replace(there, private=request.param == "private")
    world = World(site, {"mona": mona}, {"mona": site.token(mona)})
    return Two(world, mona, there, crew)


def test_to_others_projects_an_owner_is_as_anybody(two: Two) -> None:
    wrong, client = [], two.world.browser("mona")
    role = None if two.there.private else Role.CONTRIBUTOR
    for rule, method, door, path in visits(two.world, "there"):
        if "slug" in rule.arguments:
            two.site.later(minutes=10)
            found = outcome(client, ask(two.world, "mona", client, method, path, door))
            if found not in expected("mona", role, door, rule.endpoint, method):
                wrong.append((method, path, found))
    assert wrong == []


def test_what_an_owner_does_at_home_changes_nothing_elsewhere(two: Two) -> None:
    before, client = two.books(), two.world.browser("mona")
    for rule, method, door, path in visits(two.world, "num"):
        if method != "GET" and "slug" in rule.arguments:
            two.site.later(minutes=10)
            assert ask(two.world, "mona", client, method, path, door).status_code < 500
    assert two.books() == before


def said_of(person: Person) -> Iterator[str]:
    """Whatever a maintainer may say of somebody."""
    name = person.name
    for account in (f"{name.lower()}@example.org", name.lower(), f"{name.upper()}@EXAMPLE.ORG"):
        yield f"link @me to {account}"
        yield f"link @Other to {account}"
    yield f"assign thm:euclid to @{name}"
    yield f"credit @{name} for review on thm:euclid: https://example.org/1"


def test_nothing_that_a_maintainer_says_moves_the_people_of_another_project(
    two: Two, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = two.books()
    told = [text for _, text in COMMANDS.values()] + [text for one in two.crew for text in said_of(one)]
    for text in told:
        with two.site.database.begin() as store, store.attempt():
            here = store.projects.by_slug("num")
            assert here
            answer(store, here, two.mona, text, START, base_url="http://x")
    for one in two.crew:
        with two.site.database.begin() as store:
            here = store.projects.by_slug("num")
            assert here
            word = linking.make_word(store, two.mona, START).partition(": ")[2]
            voucher = Voucher(word, f"{one.name}@example.org", "c" * 40)
            linking.prove(store, here, [voucher], START)
    table = tmp_path / "table.csv"
    rows = [f"{name},review,https://example.org/{name}" for name in CREW]
    table.write_text("\n".join(["person,kind,evidence", *rows, ""]))
    monkeypatch.setenv("CHANTIER_DATA", str(tmp_path))
    monkeypatch.setenv("CHANTIER_DATABASE_URL", two.site.settings.database_url.get_secret_value())
    CliRunner().invoke(group, ["credit", "import", str(table), "--write", "--as", "Mona", "--project", "num"])
    assert two.books() == before


def test_nobody_becomes_one_of_them_by_an_address_that_a_forge_vouches_for(two: Two) -> None:
    before = two.books()
    for number, one in enumerate(two.crew):
        emails = (f"{one.name.lower()}@example.org",)
        with suppress(UserError), two.site.database.begin() as store:
            visitor = Visitor("https://forge.example", str(number), one.name.lower(), one.name, emails)
            accounts.join(store, visitor, f"Somebody {number}", START, is_open=True)
    assert two.books() == before
