"""Logins of older databases: on the site where they were told, or nowhere."""

from __future__ import annotations

import pytest
from alembic import command
from sqlalchemy import create_engine, text

from server.store import Database
from server.work.permissions import Role

from .conftest import START
from .migrating import migrate

HUB, LAB = "https://github.com/a/b", "git@gitlab.example.org:a/b.git"


def logins(url: str) -> list[str]:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT value FROM identities WHERE kind = 'forge' ORDER BY id"))
        values = list(found.scalars())
    engine.dispose()
    return values


@pytest.mark.parametrize(
    ("addresses", "told_in", "after"),
    [
        ((HUB,), None, "https://github.com#ada"),
        ((HUB, LAB), 1, "https://gitlab.example.org#ada"),
        ((HUB, LAB), None, "#ada"),
        ((None,), 0, "#ada"),
    ],
)
def test_a_login_gets_the_site_where_it_was_told(
    database_url: str, addresses: tuple[str | None, ...], told_in: int | None, after: str
) -> None:
    database = Database(database_url)
    with database.begin() as store:
        projects = [
            store.projects.add(f"p{at}", "P", f"/p{at}", url, START) for at, url in enumerate(addresses)
        ]
        ada = store.people.add("Ada", Role.CONTRIBUTOR, START)
        if told_in is not None:
            said = "Mona says that `Ada` is you."
            store.notices.add(projects[told_in].id, ada.id, "linked", said, START, None)
    database.close()
    migrate(database_url, "0021", command.downgrade)
    engine = create_engine(database_url)
    with engine.begin() as connection:
        words = (
            "INSERT INTO identities (person_id, kind, value, created) VALUES (:person, 'forge', 'ada', :at)"
        )
        connection.execute(text(words), {"person": ada.id, "at": START.isoformat(" ")})
    engine.dispose()
    database = Database(database_url)
    assert logins(database_url) == [after]
    with database.reading() as store:
        asked = [event.text for one in store.projects.every() for event in store.log.events(one.id)]
    assert bool(asked) is after.startswith("#")
    assert all("Link it again" in words and "Ada" in words for words in asked)
    database.close()
    migrate(database_url, "0021", command.downgrade)
    assert logins(database_url) == ["ada"]
