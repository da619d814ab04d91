"""Every address, command and verb, tried by every role: what the table says is what the doors do.

An address or a command that is not in these lists fails: whoever adds one says what it takes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from werkzeug.routing import AnyConverter, Rule
from werkzeug.test import TestResponse

from lean_project.introductions import Introduction
from server.cli.verbs import group
from server.commands.credits import WORDS
from server.commands.forms import NODE_VERBS, TASK_VERBS
from server.commands.usage import USAGE
from server.dispatch import answer
from server.records.people import Person
from server.service import members, people, signin
from server.work.permissions import Action, Role, allows

from .web_world import START, Site, make_site, submit

# Chat command or verb of an address -> what it takes, and what is typed or sent with it.
COMMANDS: Mapping[str, tuple[Action | None, str]] = {
    **{verb: (Action.READ, f"{verb} thm:euclid") for verb in ("show", "who", "unblocks")},
    **{verb: (Action.READ, verb) for verb in ("next", "status", "report", "mine", "credits", "help")},
    "watch": (Action.WATCH, "watch thm:euclid"),
    "unwatch": (Action.WATCH, "unwatch thm:euclid"),
    "claim": (Action.CLAIM, "claim thm:euclid"),
    "progress": (Action.PROGRESS, "progress thm:euclid\nhalf of it"),
    "propose": (Action.PROPOSE, "propose thm:euclid #3"),
    "withdraw": (Action.WITHDRAW, "withdraw thm:euclid"),
    "stuck": (Action.ASK_HELP, "stuck thm:euclid\ntried it"),
    "ack": (Action.ACKNOWLEDGE, "ack thm:euclid"),
    "snooze": (Action.SNOOZE, "snooze thm:euclid"),
    "disclaim": (Action.GIVE_BACK, "disclaim thm:euclid"),
    "join": (Action.JOIN, "join thm:euclid"),
    "invite": (Action.SHARE, "invite @Other to thm:euclid"),
    "handoff": (Action.HAND_OVER, "handoff thm:euclid to @Other"),
    "split": (Action.SPLIT, "split thm:euclid\none half\nthe other"),
    "accept": (Action.ACCEPT, "accept thm:euclid"),
    "decline": (Action.DECLINE, "decline thm:euclid"),
    "wait": (Action.WAIT, "wait thm:euclid"),
    "unwait": (Action.WAIT, "unwait thm:euclid"),
    "awaiting-review": (Action.TURN, "awaiting-review thm:euclid"),
    "awaiting-author": (Action.TURN, "awaiting-author thm:euclid"),
    "credit": (Action.CREDIT, "credit me for exposition on thm:euclid: https://example.org/1"),
    "disclose": (Action.ANSWER_CREDIT, "disclose thm:euclid manual"),
    "confirm": (Action.ANSWER_CREDIT, "confirm 999"),
    "refuse": (Action.ANSWER_CREDIT, "refuse 999"),
    "dispute": (Action.ANSWER_CREDIT, "dispute 999: https://example.org/2"),
    "open": (Action.OPEN, "open thm:euclid to review"),
    "assign": (Action.ASSIGN, "assign thm:euclid to @Other"),
    "unassign": (Action.UNASSIGN, "unassign thm:euclid"),
    "hold": (Action.LOOK_AFTER, "hold thm:euclid"),
    "unhold": (Action.LOOK_AFTER, "unhold thm:euclid"),
    "size": (Action.LOOK_AFTER, "size thm:euclid M"),
    "tag": (Action.LOOK_AFTER, "tag thm:euclid as primes"),
    "resolve": (Action.RESOLVE, "resolve thm:euclid"),
    "agree": (Action.AGREE, "agree thm:euclid"),
    "disagree": (Action.AGREE, "disagree thm:euclid"),
    "link": (Action.LINK_OTHERS, "link @Other to ada@example.net"),
    "undo": (Action.READ, "undo"),
    **{verb: (Action.READ, verb) for verb in ("login", "timezone", "name", "prefs", "digest")},
}
# What a POST needs besides, so that it is well formed.
FIELDS: Mapping[str, Mapping[str, str]] = {
    "progress": {"note": "half of it"},
    "stuck": {"note": "tried it"},
    "propose": {"change": "#3"},
    "disclose": {"method": "manual"},
    "invite": {"who": "Other"},
    "handoff": {"who": "Other"},
    "assign": {"who": "Other"},
    "split": {"note": "one half\nthe other"},
    "size": {"size": "M"},
    "tag": {"tags": "primes"},
    "open": {"kind": "review"},
    "dispute": {"evidence": "https://example.org/2"},
}
CREDITED = {"who": "Other", "kind": "exposition", "ref": "thm:euclid", "evidence": "https://example.org/1"}


@dataclass(frozen=True)
class Door:
    """What an address takes; `fields` is what is sent. Without an action it is everybody's.

    `own`: it is about whoever asks, who therefore has to sign in. `leads`: to another page.
    """

    action: Action | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    account: bool = False
    own: bool = False
    leads: bool = False


# What is no page of a project, and all that changes something, besides the verbs above.
DOORS: Mapping[str, Door] = {
    **dict.fromkeys(
        ("pages.index", "pages.legend_css", "pages.sign_in", "pages.login", "pages.redeem", "pages.sign_out"),
        Door(),
    ),
    **dict.fromkeys(("static", "zulip.webhook", "api.openapi", "api.docs"), Door()),
    **dict.fromkeys(("api.list_projects", "api.session"), Door()),
    **dict.fromkeys(("pages.robots", "pages.sitemaps"), Door()),
    **dict.fromkeys(("pages.account", "pages.set_zone", "pages.set_preferences"), Door(account=True)),
    **dict.fromkeys(("pages.sign_in_with", "pages.back_from", "pages.newcomer", "pages.join"), Door()),
    **dict.fromkeys(("pages.add_account", "pages.end_account", "pages.joining"), Door(account=True)),
    **dict.fromkeys(("pages.joined", "pages.end_session", "pages.end_sessions"), Door(account=True)),
    **dict.fromkeys(("pages.make_own_token", "pages.end_own_token"), Door(account=True)),
    **dict.fromkeys(("pages.set_name", "api.wishes", "api.set_wishes"), Door(account=True)),
    **dict.fromkeys(("api.name", "api.set_name", "api.set_zone", "api.linked"), Door(account=True)),
    **dict.fromkeys(("api.list_notices", "api.read_notices"), Door(account=True)),
    "api.make_word": Door(Action.LINK_COMMITS),
    "pages.watch": Door(Action.WATCH),
    "pages.unwatch": Door(Action.READ),
    "pages.agree": Door(Action.AGREE),
    "pages.withdraw": Door(Action.AGREE),
    "pages.decide": Door(Action.DECIDE, {"old": "a", "new": "b"}),
    "pages.add_credit": Door(Action.CREDIT, CREDITED),
    "api.watch": Door(Action.WATCH),
    "api.unwatch": Door(Action.READ),
    "api.agree": Door(Action.AGREE),
    "api.withdraw_agreement": Door(Action.AGREE),
    "api.decide": Door(Action.DECIDE, {"old": "a", "new": "b", "same": True}),
    "api.add_credit": Door(Action.CREDIT, CREDITED),
    "api.appoint": Door(Action.REPORTERS, {"name": "robot"}),
    "api.rotate": Door(Action.REPORTERS),
    "api.dismiss": Door(Action.REPORTERS),
    "api.mine": Door(Action.READ, own=True),
    "api.undo": Door(Action.READ),
    "api.say": Door(Action.READ, {"text": "status"}),
    **dict.fromkeys(("api.list_queues", "api.list_waiting", "api.list_settings"), Door(Action.MAINTAIN)),
    **dict.fromkeys(("api.list_reporters", "api.list_members"), Door(Action.MAINTAIN)),
    **dict.fromkeys(("api.project_health", "api.list_webhooks"), Door(Action.MAINTAIN)),
    **dict.fromkeys(
        ("api.make_webhook", "api.rotate_webhook", "api.end_webhook", "api.retry_delivery"),
        Door(Action.WEBHOOKS),
    ),
    "api.change_setting": Door(Action.RULES, {"key": "cap", "value": "3"}),
    "api.close": Door(Action.PRIVACY),
    "api.appoint_member": Door(Action.APPOINT, {"who": "Other", "role": "contributor"}),
    "api.dismiss_member": Door(Action.APPOINT),
    **dict.fromkeys(("api.again_letter", "api.drop_letter"), Door(Action.LETTERS)),
    **dict.fromkeys(("api.retry_sync", "pages.sync"), Door(Action.WEBHOOKS)),
    "pages.end_keys": Door(Action.REPORTERS),
    **dict.fromkeys(
        ("pages.maintain", "pages.queue", "pages.settings", "pages.tokens", "pages.log", "pages.log_table"),
        Door(Action.MAINTAIN),
    ),
    **dict.fromkeys(("pages.make_hook", "pages.end_hook", "pages.delivery"), Door(Action.WEBHOOKS)),
    "pages.roles": Door(Action.MAINTAIN),
    "pages.give_role": Door(Action.APPOINT, {"who": "Other", "role": "maintainer"}),
    "pages.take_role": Door(Action.APPOINT, {"who": "Other"}),
    "pages.set_sharing": Door(account=True),
    **dict.fromkeys(
        ("pages.end_session", "pages.end_sessions", "pages.end_own_token", "pages.end_own_tokens"),
        Door(account=True),
    ),
    **dict.fromkeys(("pages.make_own_token", "pages.add_account", "pages.end_account"), Door(account=True)),
    **dict.fromkeys(("pages.sign_in_with", "pages.back_from", "pages.newcomer", "pages.join"), Door()),
    "pages.undo": Door(Action.READ),
    **dict.fromkeys(("health.alive", "health.ready"), Door()),
    "pages.project_health": Door(Action.MAINTAIN),
    "pages.set_setting": Door(Action.RULES, {"key": "cap", "value": "3"}),
    "pages.end_reporter": Door(Action.REPORTERS, {"name": "robot"}),
    "pages.make_reporter": Door(Action.REPORTERS, {"name": "robot"}),
    "pages.letter": Door(Action.LETTERS),
    # A program proves itself there by a secret of the project, and no person passes.
    **dict.fromkeys(("api.report_check", "forge.told"), Door()),
}
VERBED = frozenset({"on_task", "on_node", "on_credit"})
# The API has an address, and an endpoint, for each verb and what it is done to.
API_VERBS = {
    f"api.{verb.replace('-', '_')}_{what}": verb
    for what, verbs in (("task", TASK_VERBS), ("node", NODE_VERBS), ("credit", WORDS))
    for verb in verbs
}
VALUES = {
    "forge": "github",
    "segment": "thm:euclid",
    "name": "robot",
    "token": "x",
    "filename": "site.css",
    "sha": "4f1c2d3e5a",
}
# Where number 1 is looked at: Ada, who is known by her commits, and her credit for them.
_THERE = frozenset({"pages.person", "api.person", "api.credit"})
NOT_YOURS = "you need to be"


@dataclass
class World:
    """A public project and a private one, with somebody of each role in both, and an outsider."""

    site: Site
    people: dict[str, Person]
    tokens: dict[str, str]

    def browser(self, who: str) -> FlaskClient:
        client = self.site.client()
        if who in self.people:
            link = self.site.link(self.people[who])
            assert submit(client, link, link).status_code == 303
        return client


WHO = ("nobody", *Role, "outsider")


def let_all_in(site: Site) -> None:
    """Nobody is told to slow down."""
    for limiter in site.flask.extensions["limiter"]:
        limiter.enabled = False


def role_of(who: str, slug: str) -> Role | None:
    if who == "nobody":
        return Role.VISITOR if slug == "num" else None
    if who == "outsider":
        return Role.MAINTAINER if slug == "num" else None
    if who == Role.VISITOR and slug == "secret":
        return None
    return Role(who)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    site = make_site(tmp_path_factory.mktemp("doors"))
    let_all_in(site)
    site.add_project()
    site.add_project(path="/srv/secret")
    found = {}
    with site.database.begin() as store:
        slugs = {project.slug: project for project in store.projects.every()}
        for role in Role:
            site_role = Role.VISITOR if role is Role.VISITOR else Role.CONTRIBUTOR
            found[role.value] = people.add(store, role.title(), site_role, START)
            for project in slugs.values() if role is not Role.VISITOR else ():
                members.appoint(store, project, None, found[role.value], role, now=START)
        for project in slugs.values():
            store.introductions.put(project.id, Introduction("", "CONTRIBUTING.md", "# Rules"))
        store.projects.close(slugs["secret"].id, True)
        found["outsider"] = people.add(store, "Outsider", Role.MAINTAINER, START)
        people.add(store, "Other", Role.CONTRIBUTOR, START)
        tokens = {
            who: signin.make_token(store, person, "test", START, signin.SCOPES)
            for who, person in found.items()
        }
    yield World(site, found, tokens)
    site.database.close()


def rules(site: Site) -> list[Rule]:
    return [rule for rule in site.flask.url_map.iter_rules() if rule.endpoint is not None]


def is_reading(rule: Rule) -> bool:
    return "GET" in (rule.methods or ())


def is_verbed(rule: Rule) -> bool:
    return rule.endpoint.partition(".")[2] in VERBED


def test_every_address_says_what_it_takes(world: World) -> None:
    unknown = [
        rule.endpoint
        for rule in rules(world.site)
        if rule.endpoint not in DOORS
        and rule.endpoint not in API_VERBS
        and not is_verbed(rule)
        and not (is_reading(rule) and "slug" in rule.arguments)
    ]
    assert unknown == []


def test_a_project_has_one_name_in_addresses(world: World) -> None:
    """By which the gate knows that it is asked for one; forges prove themselves another way."""
    others = {rule.endpoint for rule in rules(world.site) if "project" in rule.arguments}
    assert others == {"forge.told"}


def test_every_command_says_what_it_takes() -> None:
    assert set(COMMANDS) == set(USAGE)
    assert set(TASK_VERBS) | set(NODE_VERBS) <= set(COMMANDS)


def places(rule: Rule, slug: str) -> Iterator[dict[str, Any]]:
    """What stands in the address, each word of those that may be there in turn."""
    number = 1 if rule.endpoint in _THERE or "tasks" in rule.rule or "members" in rule.rule else 999
    values = {**VALUES, "slug": slug, "project": slug, "number": number}
    words = {
        name: sorted(kind.items) for name, kind in rule._converters.items() if isinstance(kind, AnyConverter)
    }
    for chosen in product(*words.values()):
        said = dict(zip(words, chosen, strict=True))
        yield {name: said.get(name, values.get(name)) for name in rule.arguments}


def visits(world: World, slug: str) -> Iterator[tuple[Rule, str, Door, str]]:
    """Every address of the project with what it takes."""
    adapter = world.site.flask.url_map.bind("localhost")
    for rule in rules(world.site):
        for here in places(rule, slug):
            method = next(iter((rule.methods or set()) - {"HEAD", "OPTIONS"}))
            door = DOORS.get(rule.endpoint, Door(Action.READ))
            if verb := API_VERBS.get(rule.endpoint):
                door = Door(COMMANDS[verb][0], FIELDS.get(verb, {}))
            if here.get("name") == "renames":  # which only leads to the page of renames
                door = Door(Action.READ, leads=True)
            if is_verbed(rule):
                door = Door(COMMANDS[here["verb"]][0], FIELDS.get(here["verb"], {}))
            yield rule, method, door, adapter.build(rule.endpoint, here, method)


def ask(world: World, who: str, client: FlaskClient, method: str, path: str, door: Door) -> TestResponse:
    if not path.startswith("/api/"):
        if method == "GET":
            return client.get(path, query_string=_query(path))
        return client.post(path, data={"csrf_token": csrf(client), **door.fields})
    headers = {"Authorization": f"Bearer {world.tokens[who]}"} if who in world.people else {}
    sent = None if method in ("GET", "DELETE") else dict(door.fields)
    if path.endswith("/privacy"):
        sent = {"private": "/secret/" in path}  # as it is
    return client.open(path, method=method, json=sent, headers=headers, query_string=_query(path))


def _query(path: str) -> dict[str, str]:
    """What an address has to be asked."""
    if path.endswith("/find"):
        return {"ref": "thm:euclid"}
    return {"url": path.removesuffix("oembed")} if path.endswith("/oembed") else {}


@pytest.mark.parametrize("slug", ["num", "secret"])
@pytest.mark.parametrize("who", WHO)
def test_every_address_does_what_the_table_says(world: World, who: str, slug: str) -> None:
    wrong, client, role = [], world.browser(who), role_of(who, slug)
    for rule, method, door, path in visits(world, slug):
        if "slug" not in rule.arguments and not (door.account and who == "nobody"):
            continue
        world.site.later(minutes=10)  # nobody is told to slow down
        answer = ask(world, who, client, method, path, door)
        found, wanted = outcome(client, answer), expected(who, role, door, rule.endpoint, method)
        if found not in wanted:
            wrong.append((method, path, answer.status_code, found, wanted))
    assert not wrong, "\n".join(map(str, wrong))


def expected(who: str, role: Role | None, door: Door, endpoint: str, method: str) -> tuple[str, ...]:
    """What may come of it. Whatever an address names is there, so that "absent" says that nothing is."""
    if endpoint == "api.report_check":
        return ("sign in",) if who == "nobody" else ("refused",)
    if role is None and not door.account:
        return ("absent",)
    if who == "nobody" and (method != "GET" or door.own or door.action is not Action.READ):
        return ("sign in",)
    if door.action is not None and not allows(role, door.action):
        return ("refused",)
    return ("led on",) if door.leads else ("in",)


def outcome(client: FlaskClient, answer: TestResponse) -> str:
    """What an answer amounts to; a page says on the next one why it refused."""
    match answer.status_code:
        case 404:
            return "absent"
        case 403:
            return "refused"
        case 401:
            return "sign in"
        case 303 if answer.location.partition("?")[0] == "/sign-in":
            return "sign in"
        case 303 if answer.request.method == "GET":
            return "led on"
        case 303:
            return "refused" if NOT_YOURS in flash(client) else "in"
        case 200 | 201:
            return "in"
        case 409 if answer.request.method != "GET":
            return "in"  # and now is not the time
    return f"{answer.status_code}: {answer.text[-300:]}"


def csrf(client: FlaskClient) -> str:
    """The token that forms carry, which does not change while nobody signs in."""
    return str(client.get("/api/v1/session").json["csrf_token"])


def flash(client: FlaskClient) -> str:
    """What the next page says of what was asked."""
    page = client.get("/sign-in").text
    return page.partition('role="status"')[2].partition("</div>")[0]


@pytest.mark.parametrize("slug", ["num", "secret"])
@pytest.mark.parametrize("who", [*Role, "outsider"])
def test_every_command_does_what_the_table_says(world: World, who: str, slug: str) -> None:
    wrong, role = [], role_of(who, slug)
    for verb, (action, text) in COMMANDS.items():
        with world.site.database.begin() as store:
            project = store.projects.by_slug(slug)
            assert project is not None
            with store.attempt():
                said = answer(store, project, world.people[who], text, START, base_url="http://localhost")
        if role is None:
            right = said.text == f"There is no project `{slug}` here." and not said.ok
        else:
            right = (NOT_YOURS in said.text) != allows(role, action or Action.READ)
        if not right:
            wrong.append((verb, said.text))
    assert wrong == []


# Verb of the command line that somebody acts by -> what it takes, and what is typed.
VERBS: Mapping[str, tuple[Action | None, tuple[str, ...]]] = {
    "agree": (Action.AGREE, ("thm:euclid",)),
    "renames": (Action.DECIDE, ("--same", "a", "b")),
    "rules": (Action.RULES, ("cap", "3")),
    "say": (Action.ASSIGN, ("assign thm:euclid to @Other",)),
    "credit add": (Action.CREDIT, ("Other", "exposition", "--evidence", "https://example.org/1")),
    "credit correct": (Action.CREDIT, ("999", "Other", "exposition", "--evidence", "https://example.org/1")),
    "credit confirm": (Action.ANSWER_CREDIT, ("999",)),
    "credit refuse": (Action.ANSWER_CREDIT, ("999",)),
    "credit dispute": (Action.ANSWER_CREDIT, ("999", "--evidence", "https://example.org/1")),
    "credit disclose": (Action.ANSWER_CREDIT, ("thm:euclid", "manual")),
    "credit leaderboard": (Action.LEADERBOARD, ("on",)),
    "credit import": (Action.TAKE_IN_CREDIT, ("TABLE",)),
}
# By which one speaks for oneself on the whole server.
OWN_VERBS = frozenset({"credit name", "credit ranked", "credit dataset"})


def acting(command: click.Command, name: str) -> Iterator[str]:
    """The verbs that take who it is that acts."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for word in command.list_commands(context):
            below = command.get_command(context, word)
            assert below
            yield from acting(below, f"{name} {word}".strip())
    elif any("--as" in param.opts for param in command.params):
        yield name


def test_every_verb_that_somebody_acts_by_says_what_it_takes() -> None:
    assert set(acting(group, "")) == set(VERBS) | OWN_VERBS


@pytest.mark.parametrize("slug", ["num", "secret"])
@pytest.mark.parametrize("who", [*Role, "outsider"])
def test_every_verb_does_what_the_table_says(
    world: World, who: str, slug: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "table.csv"
    table.write_text("person,kind,evidence\nOther,exposition,https://example.org/3\n")
    monkeypatch.setenv("CHANTIER_DATA", str(tmp_path))
    monkeypatch.setenv("CHANTIER_DATABASE_URL", world.site.settings.database_url.get_secret_value())
    wrong, role, name = [], role_of(who, slug), world.people[who].name
    for verb, (action, words) in VERBS.items():
        typed = [str(table) if word == "TABLE" else word for word in words]
        done = CliRunner().invoke(group, [*verb.split(), *typed, "--as", name, "--project", slug])
        said = f"{done.output}{done.exception or ''}"
        if role is None:
            right = f"There is no project `{slug}` here." in said
        else:
            right = (NOT_YOURS in said) != allows(role, action or Action.READ)
        if not right:
            wrong.append((verb, said))
    assert not wrong, "\n".join(map(str, wrong))
