"""What one person did in a project lately, and where else they let themselves be seen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, tzinfo
from urllib.parse import quote, urlsplit

from dashboards import links
from dashboards.people import Doings, Elsewhere, begins, weeks
from server.records.projects import ProjectRow
from server.store import Store
from server.store.log import Search
from server.store.people import ACCOUNT
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
        tuple(_accounts(store, project, person_id, chat)),
    )


def _accounts(store: Store, project: ProjectRow, person_id: int, chat: str) -> Iterator[Elsewhere]:
    """Of those who wish it and go by their own name: an account would tell whose a pseudonym is."""
    wish = store.people.wish(person_id)
    if not wish.linked or wish.naming is not Naming.REAL:
        return
    home = urlsplit(links.forge_page(project.repository_url) or "")
    told = (f"{home.scheme}://{home.netloc}", store.people.logins().get(person_id))
    ways = [way for way in store.people.ways(person_id) if way.kind == ACCOUNT]
    known = dict.fromkeys([told, *((way.value.rpartition("#")[0], way.called) for way in ways)])
    for site, login in known:
        if login:
            page = links.web_address(f"{site}/{quote(login, safe='')}")
            yield Elsewhere(urlsplit(site).hostname or "the forge", login, page)
    if number := store.people.identity(person_id, "zulip"):
        yield Elsewhere("Zulip", wish.name, f"{chat}/#user/{number}" if chat else None)
