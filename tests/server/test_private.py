"""A private project is to others as if it were not: crawled by every role, compared with one that is not."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from blueprint.errors import UserError
from blueprint.graph import Graph
from server.dispatch import answer
from server.reception import Place, subject
from server.records.people import Person
from server.records.projects import ProjectRow
from server.service import channels, claims, contributions, linking, members, people, watching
from server.service.contributions import Assertion
from server.service.linking import Voucher
from server.service.permission import role_of as role_in_project
from server.work.permissions import Role

from .test_permission_doors import DOORS, World, ask, csrf, let_all_in, places, rules, visits
from .web_world import START, Site, make_site, sample

SLUG, NEVER, TITLE, LABEL = "hushhush", "nowhere1", "Quokka Theory", "thm:whisper"
WORDS = re.compile("hush|quokka|whisper", re.IGNORECASE)
OUTSIDE = ("nobody", Role.VISITOR, "outsider")
INSIDE = (Role.CONTRIBUTOR, Role.MAINTAINER, Role.OWNER)
# A page has endless views of one thing, by what stands behind its `?`.
VIEWS_OF_ONE = 2
# What one does not follow: it ends the session, or leaves the site.
LEFT_ALONE = frozenset({"/sign-out", "/account/token"})
BUILT = "/static/vendor/"  # by another tool, and perhaps not yet
_TOKEN = re.compile(r'name="csrf_token" value="[^"]+"')


def secret(graph: Graph) -> Graph:
    """The sample with names of its own, by which it would show."""
    first, *rest = graph.nodes
    named = replace(first, id=LABEL, labels=(LABEL,), title="A whispered lemma")
    return replace(graph, nodes=(named, *rest), title=TITLE)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    site = make_site(tmp_path_factory.mktemp("private"))
    let_all_in(site)
    site.add_project()
    site.add_project(secret(sample.GRAPH), f"/srv/{SLUG}")
    found = {
        role.value: site.person(role.title(), Role.VISITOR if role is Role.VISITOR else Role.CONTRIBUTOR)
        for role in Role
    }
    found["outsider"] = site.person("Outsider", Role.MAINTAINER)
    with site.database.begin() as store:
        public, hidden = store.projects.by_slug("num"), store.projects.by_slug(SLUG)
        assert public
        assert hidden
        for role in INSIDE:
            for project in (public, hidden):
                members.appoint(store, project, None, found[role], role, now=START)
        for project in (public, hidden):
            claims.claim(store, project, found["contributor"], "thm:euclid", until=None, now=START)
            watching.watch(store, project, found["outsider"], "thm:chebyshev", START)
        store.projects.close(hidden.id, True)
        for project in (public, hidden):
            told = f"News of {project.title}."
            store.notices.add(project.id, found["outsider"].id, "verified", told, START, None)
    tokens = {who: site.token(person) for who, person in found.items()}
    yield World(site, found, tokens)
    site.database.close()


class Links(HTMLParser):
    """What a page leads to, and where its forms go, each with its hidden fields."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[tuple[str, str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((said.get("method", "get"), said.get("action", ""), {}))
        elif tag == "input" and self.forms and said.get("type") == "hidden":
            self.forms[-1][2][said.get("name", "")] = said.get("value", "")
        else:
            self.links += [said[name] for name in ("href", "src", "data-src") if name in said]


@dataclass
class Walk:
    """What somebody met on the way: answers by address, and the forms that change something."""

    answers: dict[str, TestResponse]
    forms: dict[str, dict[str, str]]


def walk(client: FlaskClient) -> Walk:
    """Follow every link from the first page."""
    waiting, views, met = deque(["/"]), Counter[str](), Walk({}, {})
    while waiting:
        path = waiting.popleft()
        parts = urlsplit(path)
        if path in met.answers or views[parts.path] >= VIEWS_OF_ONE or _left(parts.path):
            continue
        views[parts.path] += 1
        answer = met.answers[path] = client.get(path)
        if answer.location:
            waiting.append(_here(path, answer.location) or "/")
        if answer.mimetype == "text/html":
            page = Links(answer.text)
            waiting += [there for link in page.links if (there := _here(path, link))]
            for method, action, fields in page.forms:
                there = _here(path, action or path)
                if there and method == "post":
                    met.forms.setdefault(there, fields)
    return met


def _left(path: str) -> bool:
    return path in LEFT_ALONE or path.startswith(BUILT)


def _here(base: str, link: str) -> str | None:
    """The address on this site; None for any other."""
    whole = urlsplit(urldefrag(urljoin(f"http://localhost{base}", link))[0])
    if whole.scheme != "http" or whole.netloc != "localhost":
        return None
    return whole.path + (f"?{whole.query}" if whole.query else "")


@pytest.mark.parametrize("who", ["nobody", *Role, "outsider"])
def test_nobody_meets_a_broken_link_or_what_is_not_theirs(world: World, who: str) -> None:
    client = world.browser(who)
    met = walk(client)
    broken = {path: answer.status for path, answer in met.answers.items() if answer.status_code >= 400}
    assert not broken
    assert len(met.answers) > 40
    for action, fields in met.forms.items():
        if not _left(urlsplit(action).path):
            world.site.later(minutes=10)
            sent = client.post(action, data=fields)
            met.answers[f"POST {action}"] = sent
            assert sent.status_code in (200, 303, 400), (action, sent.text)
    told = [path for path, answer in met.answers.items() if WORDS.search(_all(answer))]
    assert bool(told) == (who in INSIDE), told


def _all(answer: TestResponse) -> str:
    return f"{answer.headers}{answer.text}" if not answer.is_streamed or answer.data else str(answer.headers)


@pytest.mark.parametrize("who", OUTSIDE)
def test_no_address_tells_of_it(world: World, who: str) -> None:
    client, told = world.browser(who), []
    for rule, method, door, path in visits(world, "num"):
        if method == "GET" and rule.endpoint != "static":
            asked = f"{path}?q=whisper&near={SLUG}" if "search" in rule.endpoint else path
            if WORDS.search(_all(ask(world, who, client, method, asked, door)).replace("q=whisper", "")):
                told.append(asked)
    assert told == []


@pytest.mark.parametrize("who", OUTSIDE)
def test_it_answers_as_one_that_never_was(world: World, who: str) -> None:
    client, different = world.browser(who), []
    adapter = world.site.flask.url_map.bind("localhost")
    client.get("/")  # which says welcome
    for rule in rules(world.site):
        if not {"slug", "project"} & rule.arguments:
            continue
        door = DOORS.get(rule.endpoint)
        for method in sorted((rule.methods or set()) | {"PUT"}):
            at = [adapter.build(rule.endpoint, next(places(rule, slug))) for slug in (SLUG, NEVER)]
            hidden, never = (_told(client, world, who, method, path) for path in at)
            if hidden != never:
                different.append((rule.endpoint, method, hidden, never, door))
    assert different == []


def _told(client: FlaskClient, world: World, who: str, method: str, path: str) -> tuple[object, ...]:
    """All that an answer says, but for the name that was asked for."""
    world.site.later(minutes=10)
    signed = path.startswith("/api/") and who in world.people
    headers = {"Authorization": f"Bearer {world.tokens[who]}"} if signed else {}
    token = csrf(client)
    sent = {"data": {"csrf_token": token}} if method == "POST" and not path.startswith("/api/") else {}
    answer = client.open(path, method=method, headers=headers, **sent)
    kept = [one for one in answer.headers if one[0] not in ("Date", "Set-Cookie")]
    return answer.status_code, _same(str(kept)), _same(answer.text)


def _same(text: str) -> str:
    return _TOKEN.sub("", text.replace(SLUG, "NAME").replace(NEVER, "NAME"))


def asked_of_bot(site: Site, person: Person, text: str, channel: tuple[int, str] | None = None) -> str:
    """Which project the bot takes a message to be about, or what it says instead."""
    with site.database.reading() as store:
        chat = store.people.identity(person.id, "zulip")
        assert chat
        place = Place(int(chat), *channel) if channel else Place(int(chat))
        try:
            return subject(store, place, text).project.slug
        except UserError as error:
            return str(error)


@pytest.fixture
def chat(world: World) -> dict[str, Person]:
    """Somebody without a way in, and a member."""
    with world.site.database.begin() as store:
        found = {"Una": people.by_zulip(store, 81, "Una", START)}
        found |= {"Max": people.by_zulip(store, 82, "Max", START)}
        hidden = _hidden(world.site)
        members.appoint(store, hidden, None, found["Max"], Role.CONTRIBUTOR, now=START)
    return found


def _hidden(site: Site) -> ProjectRow:
    with site.database.reading() as store:
        found = store.projects.by_slug(SLUG)
    assert found
    return found


def test_the_bot_knows_it_with_members_alone(world: World, chat: dict[str, Person]) -> None:
    una, site = chat["Una"], world.site
    told = [_same(asked_of_bot(site, una, f"in {slug}: status")) for slug in (SLUG, NEVER)]
    assert told[0] == told[1]
    assert told[0].startswith("I know no project `NAME`; there is `num`. ")
    assert asked_of_bot(site, una, "status") == "num"
    assert asked_of_bot(site, una, "status", (5, "elsewhere")) == "num"
    assert asked_of_bot(site, chat["Max"], f"in {SLUG}: status") == SLUG


def test_a_public_channel_does_not_speak_of_it(world: World, chat: dict[str, Person]) -> None:
    site = world.site
    with site.database.begin() as store:
        channels.add(store, _hidden(site), "open to all")
        channels.see(store, 6, "open to all", private=False)
        channels.post_progress(store, _hidden(site), "open to all")
        assert channels.home(store, _hidden(site)) is None
    for who in chat.values():
        assert asked_of_bot(site, who, "status", (6, "open to all")) == "num"
    with site.database.begin() as store:
        channels.see(store, 6, "open to all", private=True)
    assert asked_of_bot(site, chat["Una"], "status", (6, "open to all")) == SLUG


def test_its_reporter_passes_and_a_wrong_token_learns_nothing(world: World) -> None:
    wrong = {"Authorization": "Bearer chantier_report_x"}
    told = [
        world.site.client().post(f"/api/v1/projects/{slug}/reports", headers=wrong).text.replace(slug, "NAME")
        for slug in (SLUG, NEVER)
    ]
    assert told[0] == told[1]
    assert "may not report" in told[0]


def test_who_is_there_alone_is_met_by_nobody_else(world: World) -> None:
    site = world.site
    with site.database.begin() as store:
        hidden = _hidden(site)
        ivy = people.by_git(store, "Ivy Quokka", "ivy@example.org", START)
        said = Assertion("#" + str(ivy.id), "exposition", ("https://example.org/9",))
        contributions.add(store, hidden, world.people["owner"], said, now=START)
    named = (f"@#{ivy.id}", '@"Ivy Quokka"')
    asked = [f"credit {who} for review: https://example.org/{who[1]}" for who in named]
    for who, knows in (("outsider", False), ("contributor", True)):
        with site.database.begin() as store, store.attempt():
            public = store.projects.by_slug("num")
            assert public
            by = world.people[who]
            told = [answer(store, public, by, text, START, base_url="http://x").text for text in asked]
        assert all(("Ivy Quokka" in text and "Credit" in text) == knows for text in told), told
        assert knows or (f"no person number {ivy.id}" in told[0] and "Nobody here is called" in told[1])


def _there_alone(world: World, name: str) -> Person:
    """Somebody who is known by a commit in the private project, and is a member of it."""
    with world.site.database.begin() as store:
        person = people.by_git(store, f"{name} Quokka", f"{name.lower()}@example.org", START)
        said = Assertion(f"#{person.id}", "exposition", (f"https://example.org/{name}",))
        contributions.add(store, _hidden(world.site), world.people["owner"], said, now=START)
        members.appoint(store, _hidden(world.site), None, person, Role.CONTRIBUTOR, now=START)
    return person


def test_the_log_of_another_project_does_not_know_who_is_there_alone(world: World) -> None:
    ivo, client = _there_alone(world, "Ivo"), world.browser("outsider")
    for page in ("log", "log.csv"):
        told = [
            client.get(f"/p/num/maintain/{page}?person={asked}") for asked in (f"%23{ivo.id}", "Ivo+Quoka")
        ]
        assert [one.status_code for one in told] == [400, 400]
        assert f"no person number {ivo.id}" in told[0].text
        assert ivo.name not in told[1].text


def test_nobody_becomes_who_is_there_by_the_word_of_another_project(world: World) -> None:
    iva, outsider = _there_alone(world, "Iva"), world.people["outsider"]
    with world.site.database.begin() as store:
        public = store.projects.by_slug("num")
        assert public
        with pytest.raises(UserError, match="Only whoever runs the server") as error, store.attempt():
            linking.link(store, public, outsider, outsider, "IVA@example.org", now=START)
        assert "Quokka" not in str(error.value)
        word = linking.make_word(store, outsider, START).partition(": ")[2]
        linking.prove(store, public, [Voucher(word, "iva@example.org", "c" * 40)], START)
        assert store.people.by_identity("git", "iva@example.org") == store.people.get(iva.id)
        assert role_in_project(store, _hidden(world.site), outsider) is None
