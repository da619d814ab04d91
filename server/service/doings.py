"""What one person did in a project lately, and where else they let themselves be seen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, tzinfo
from urllib.parse import quote, urlsplit

from dashboards import links
from dashboards.people import Doings, Elsewhere, begins, weeks
from dashboards.repository_address import site_and_name
from server.records.people import Way
from server.records.projects import ProjectRow
from server.store import Store
from server.store.log import Search
from server.store.people import ACCOUNT, GITHUB, LOGIN, NO_REPLY
from server.work.naming import Naming

SHOWN = 60


def doings(
    store: Store, project: ProjectRow, person_id: int, chat: str, now: datetime, zone: tzinfo
) -> Doings:
    """`chat` is the address of the Zulip organization, if there is one; weeks are those of `zone`."""
    numbers = store.people.numbers(person_id)
    since = datetime.combine(begins(now, zone), time(), zone)
    found = store.log.found(project.id, Search(person_ids=numbers), SHOWN)
    return Doings(
        weeks(store.log.moments(project.id, numbers, since), now, zone),
        tuple(event for _, event in found),
        tuple(_accounts(store, person_id, chat)),
    )


def _accounts(store: Store, person_id: int, chat: str) -> Iterator[Elsewhere]:
    """Of those who wish it and go by their own name: an account would tell whose a pseudonym is."""
    wish = store.people.wish(person_id)
    if not wish.linked or wish.naming is not Naming.REAL:
        return
    for site, login in dict.fromkeys(map(_login, store.people.ways(person_id))):
        if site and login:
            page = links.web_address(f"{site}/{quote(login, safe='')}")
            yield Elsewhere(urlsplit(site).hostname or site, login, page)
    if number := store.people.identity(person_id, "zulip"):
        yield Elsewhere("Zulip", wish.name, f"{chat}/#user/{number}" if chat else None)


def _login(way: Way) -> tuple[str, str | None]:
    """The site and the login of an account on a forge, as it was proved, told, or seen in commits."""
    if way.kind == "git":
        name = way.value.removesuffix(NO_REPLY)
        return (GITHUB, name.rpartition("+")[2]) if name != way.value else ("", None)
    site, name = site_and_name(way.value)
    return (site, way.called if way.kind == ACCOUNT else name) if way.kind in (ACCOUNT, LOGIN) else ("", None)
