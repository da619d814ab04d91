"""A project in which things have happened: something of all that an export takes along, and leaves."""

from __future__ import annotations

from datetime import timedelta

from server.records.projects import ProjectRow
from server.service import agreement, claims, people, reporting, signin, watching
from server.store import Database
from server.sync import sync
from server.work.permissions import Role

from .conftest import Village

DAY = timedelta(days=1)


def live_in(database: Database, village: Village) -> ProjectRow:
    """The village after a few weeks; Ana is known under two numbers, of which the later one counts."""
    node = village.node
    nodes = [node("thm:a"), node("thm:b", "thm:a"), node("thm:c"), node("thm:d")]
    lines = ["theorem a : A := by simp", *(f"theorem {name} : X := sorry" for name in "bcd")]
    village.commit(village.ana, nodes, *lines)
    project = sync(database, village.folder, village.now).project
    with database.begin() as store:
        ana = people.add(store, "Ana of the chat", Role.MAINTAINER, village.now)
        people.link_git(store, ana, village.ana.email, village.now)
        ben = people.by_zulip(store, 7, "Ben", village.now)
        reporting.trust(store, project, "github-actions", village.now)
        signin.make_token(store, ben, "mine", village.now)
        signin.make_link(store, ben, village.now, "https://example.org")
        claims.claim(store, project, ben, "thm:c", until=None, now=village.now)
        watching.watch(store, project, ana, "thm:c", village.now)
        agreement.agree(store, project, ana, "thm:a", now=village.now)
    with database.begin() as store:
        claims.disclaim(store, project, ben, "thm:c", now=village.now + DAY)
        claims.claim(store, project, ben, "thm:d", until=None, now=village.now + DAY)
        claims.claim(store, project, ana, "thm:b", until=None, now=village.now + DAY)
    village.commit(village.ben, nodes, *lines[:3], "theorem d : X := by trivial")
    sync(database, village.folder, village.now + 2 * DAY)
    return project
