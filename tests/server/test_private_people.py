"""Who is known by a private project alone is to others as if they were not, however and wherever named."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.dispatch import answer
from server.records.people import Person
from server.records.projects import ProjectRow
from server.service import contributions, erasing, members, people
from server.service.contributions import Assertion
from server.work.permissions import Role

from .test_permission_doors import csrf, flash, let_all_in
from .web_world import START, Site

NAME, LOGIN, ADDRESS = "Ivy Quokka", "ivyquokka", "ivy@example.org"
NOBODYS = {NAME: "Zuv Wombat", LOGIN: "zuvwombat", ADDRESS: "zuv@example.org"}
TOLD = re.compile("quokka", re.IGNORECASE)
SHOWN = "https://example.org/1"
TASK = 10  # to prove Euclid's theorem


@dataclass
class Town:
    """A public project and a hidden one. Mona owns the one, Olga both; Ivy is known by the hidden one."""

    site: Site
    public: ProjectRow
    hidden: ProjectRow
    mona: Person
    olga: Person
    ivy: Person


@dataclass
class Asking:
    """Somebody at all the doors of the public project; each answers with what it says."""

    town: Town
    person: Person

    def __post_init__(self) -> None:
        site = self.town.site
        self.client: FlaskClient = site.client()
        link = site.link(self.person)
        self.client.post(link, data={"csrf_token": csrf(self.client)})
        flash(self.client)  # which says welcome
        self.headers = {"Authorization": f"Bearer {site.token(self.person)}"}

    def say(self, text: str) -> str:
        """To the bot, or by the command line."""
        town = self.town
        with town.site.database.begin() as store, store.attempt():
            return answer(store, town.public, self.person, text, START, base_url="http://x").text

    def press(self, path: str, **fields: str) -> str:
        """A button of a page."""
        sent = self.client.post(f"/p/num/{path}", data={"csrf_token": csrf(self.client), **fields})
        return flash(self.client) if sent.status_code == 303 else _main(sent)

    def look(self, path: str) -> str:
        return _main(self.client.get(f"/p/num/{path}"))

    def call(self, method: str, path: str, **fields: object) -> str:
        """The API."""
        address = f"/api/v1/projects/num/{path}"
        sent = self.client.open(address, method=method, json=fields or None, headers=self.headers)
        return f"{sent.status_code} {sent.json}"


def _main(answer: TestResponse) -> str:
    page = answer.text.partition("<main")[2].partition("</main>")[0]
    return f"{answer.status_code} {' '.join(re.sub('<[^>]+>', ' ', page).split())}"


CREDIT = {"kind": "exposition", "ref": "thm:euclid", "evidence": SHOWN}
# Whatever names somebody: what is asked there, `who` being a name, a login or `#7`.
DOORS: dict[str, Callable[[Asking, str], str]] = {
    **{
        f"say {verb}": lambda by, who, text=text: by.say(text.replace("WHO", f'@"{who}"'))
        for verb, text in (
            ("assign", "assign thm:euclid to WHO"),
            ("invite", "invite WHO to thm:euclid"),
            ("handoff", "handoff thm:euclid to WHO"),
            ("accept", "accept thm:euclid from WHO"),
            ("credit", f"credit WHO for exposition on thm:euclid: {SHOWN}"),
            ("link", "link WHO to new@example.org"),
        )
    },
    **{
        f"page {verb}": lambda by, who, verb=verb: by.press(f"tasks/{TASK}/{verb}", who=who)
        for verb in ("assign", "invite", "handoff", "accept")
    },
    "page credit": lambda by, who: by.press("credit", who=who, **CREDIT),
    "page give role": lambda by, who: by.press("maintain/roles/give", who=who, role="contributor"),
    "page take role": lambda by, who: by.press("maintain/roles/take", who=who),
    "page log": lambda by, who: by.look(f"maintain/log?person={who.replace('#', '%23')}"),
    "page log.csv": lambda by, who: by.look(f"maintain/log.csv?person={who.replace('#', '%23')}"),
    "page people": lambda by, who: by.look(f"people?q={who.replace('#', '%23')}"),
    "page person": lambda by, who: by.look(f"people/{who.removeprefix('#')}"),
    **{
        f"api {verb}": lambda by, who, verb=verb: by.call("POST", f"tasks/{TASK}/{verb}", who=who)
        for verb in ("assign", "invite", "handoff", "accept")
    },
    "api say": lambda by, who: by.call("POST", "say", text=f'assign thm:euclid to @"{who}"'),
    "api credit": lambda by, who: by.call(
        "POST", "credit", who=who, kind="exposition", ref="thm:euclid", evidence=[SHOWN]
    ),
    "api give role": lambda by, who: by.call("POST", "members", who=who, role="contributor"),
    "api take role": lambda by, who: by.call("DELETE", f"members/{who.removeprefix('#')}"),
    "api person": lambda by, who: by.call("GET", f"people/{who.removeprefix('#')}"),
}
# What has no room for a name: a number stands in the address.
NUMBERS = ("page person", "api take role", "api person")
# Where only those are found who took part in the very project.
OF_THE_PROJECT = {"page people", "page person", "api person"}


@pytest.fixture
def town(site: Site) -> Town:
    let_all_in(site)
    site.add_project(path="/srv/hidden")
    with site.database.begin() as store:
        public, hidden = store.projects.by_slug("num"), store.projects.by_slug("hidden")
        assert public
        assert hidden
        mona, olga = (people.add(store, name, Role.CONTRIBUTOR, START) for name in ("Mona", "Olga"))
        people.add(store, "Other", Role.CONTRIBUTOR, START)
        members.appoint(store, public, None, mona, Role.OWNER, now=START)
        for project in (public, hidden):
            members.appoint(store, project, None, olga, Role.OWNER, now=START)
        ivy = people.by_git(store, NAME, ADDRESS, START)
        store.people.link(ivy.id, "forge", LOGIN, START)
        said = Assertion(f"#{ivy.id}", "exposition", (SHOWN,))
        contributions.add(store, hidden, olga, said, now=START)
        store.projects.close(hidden.id, True)
    return Town(site, public, hidden, mona, olga, ivy)


def ways(town: Town) -> Iterator[tuple[str, str]]:
    """How Ivy may be named, and somebody likewise who never was."""
    yield f"#{town.ivy.id}", "#99999"
    yield from NOBODYS.items()
    yield NAME.lower(), NOBODYS[NAME].lower()


def _same(text: str, who: str) -> str:
    """But for whom it is about; the bot shows an address so that it is none."""
    plain = text.replace("\N{FULLWIDTH COMMERCIAL AT}", "@").replace("\N{ONE DOT LEADER}", ".")
    return plain.replace(who.lstrip("#"), "WHO")


def asked(door: str, who: str) -> bool:
    return who.startswith("#") or door not in NUMBERS


def different(town: Town, by: Asking) -> list[tuple[str, str, str]]:
    """Doors that answer otherwise than of somebody who never was, and what they say."""
    found = []
    for who, never in ways(town):
        for door, ask in DOORS.items():
            if asked(door, who):
                told = [ask(by, one) for one in (who, never)]
                same = [_same(text, one) for one, text in zip((who, never), told, strict=True)]
                if same[0] != same[1]:
                    found.append((door, who, told[0]))
    return found


def test_to_others_nobody_is_there(town: Town) -> None:
    mona = Asking(town, town.mona)
    assert different(town, mona) == []
    for door, ask in DOORS.items():
        for who, _ in ways(town):
            if asked(door, who):
                assert not TOLD.search(ask(mona, who).replace(who, "")), (door, who)


def test_every_door_knows_who_is_there(town: Town) -> None:
    """Else the test above would pass of doors that know nobody."""
    known = {door for door, who, _ in different(town, Asking(town, town.olga)) if who == f"#{town.ivy.id}"}
    assert known == DOORS.keys() - OF_THE_PROJECT


@pytest.mark.parametrize("who", ["mona", "olga"])
def test_who_was_erased_is_there_for_nobody_and_hinders_nobody(town: Town, who: str) -> None:
    with town.site.database.begin() as store:
        erasing.erase(store, town.ivy, START)
    by = Asking(town, getattr(town, who))
    assert different(town, by) == []
    for door, ask in DOORS.items():
        if asked(door, "Other"):
            said = ask(by, "Other")
            assert "no person" not in said, (door, said)
            assert "Nobody here" not in said, (door, said)
