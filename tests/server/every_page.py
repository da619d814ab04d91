"""Every page that the application has, from its own map of addresses, on a site where things go on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask import Flask
from werkzeug.routing import AnyConverter, Rule

from server.commands.forms import fill, fill_credit
from server.deeds import Actor, do
from server.records.people import Person
from server.service import watching
from server.work.permissions import Role

from .web_world import Site

# What stands for the variable parts of an address: by the route's endpoint and name, else by name alone.
_PIECES: dict[str, tuple[str, ...]] = {
    "slug": ("num",),
    "segment": ("thm:euclid", "lem:prime-divisor", "def:divides"),
    "number": ("1",),
    "token": ("not-a-token",),
    "forge": ("github",),
}

# Views that a query makes other pages of.
VIEWS = (
    "/p/num/graph?node=thm:euclid&goal=thm:dirichlet",
    "/p/num/graph?q=nothing+fits",
    "/p/num/work?list=free&page=2",
    "/p/num/nodes/thm:euclid?before=2",
)


@dataclass(frozen=True)
class Crew:
    """Those who are at work on the site."""

    emmy: Person
    sophie: Person
    mona: Person


def bring_to_life(site: Site) -> Crew:
    """The sample project with claims, requests, credit, a watch and a note that somebody is stuck."""
    site.add_project()
    crew = Crew(site.person("Emmy"), site.person("Sophie"), site.person("Mona", Role.MAINTAINER))
    with site.database.begin() as store:
        project = store.projects.every()[0]

        def act(person: Person, verb: str, ref: str, **fields: str) -> None:
            do(Actor(store, project, person, site.now), fill(verb, ref, fields, site.now))

        act(crew.emmy, "claim", "thm:euclid")
        act(crew.emmy, "propose", "thm:euclid", change="#34", method="manual")
        act(crew.sophie, "claim", "lem:prime-divisor")
        act(crew.sophie, "stuck", "lem:prime-divisor", note=r"`simp` leaves \(k \le n\)")
        act(crew.sophie, "invite", "lem:prime-divisor", who="Emmy")
        credit = {"who": "Emmy", "kind": "review", "ref": "thm:euclid", "evidence": "https://example.org/1"}
        do(Actor(store, project, crew.sophie, site.now), fill_credit(credit))
        watching.watch(store, project, crew.emmy, "def:divides", site.now)
    return crew


def addresses(flask: Flask) -> Iterator[str]:
    """One or more addresses for each route that can be looked at, those of other programs left out.

    A route with a part that is not in the table above fails here: say what stands for it.
    """
    for rule in flask.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.rule.startswith(("/api/", "/static/")):
            continue
        pieces = {name: _pieces(rule, name) for name in rule.arguments}
        unknown = [name for name, known in pieces.items() if known is None]
        assert not unknown, f"{rule.rule}: say in {__name__} what stands for {', '.join(unknown)}"
        most = max((len(known or ()) for known in pieces.values()), default=1)
        with flask.test_request_context():
            adapter = flask.url_map.bind("localhost")
            for at in range(most):
                filled = {name: known[at % len(known)] for name, known in pieces.items() if known}
                yield adapter.build(rule.endpoint, {n: _typed(v) for n, v in filled.items()}, "GET")
    yield from VIEWS


def _pieces(rule: Rule, name: str) -> tuple[str, ...] | None:
    """All that it can be, where the route says so itself."""
    converter = rule._converters[name]
    if isinstance(converter, AnyConverter):
        return tuple(sorted(converter.items))
    return _PIECES.get(f"{rule.endpoint} {name}", _PIECES.get(name))


def _typed(value: str) -> int | str:
    return int(value) if value.isdecimal() else value


def pages_of(flask: Flask, paths: Iterator[str]) -> list[str]:
    """Those that answer with a page, whoever asks."""
    client = flask.test_client()
    return [path for path in paths if is_page(client.get(path).headers)]


def is_page(headers: Mapping[str, str]) -> bool:
    """Whether an answer is to be looked at, and no file to keep."""
    kind, saved = (headers.get(name, "") for name in ("content-type", "content-disposition"))
    return kind.startswith("text/html") and not saved.startswith("attachment")
