"""One message to the project, answered: text -> command -> service -> reply. For every door that talks."""

from __future__ import annotations

from datetime import datetime

from blueprint.errors import UserError
from server import replies, replies_project
from server.commands import values
from server.commands.parser import parse
from server.commands.values import Command, Looking, Personal, Reading
from server.deeds import Actor, do
from server.records import Person, ProjectRow
from server.replies import Reply
from server.service import (
    board,
    claims,
    company,
    contributions,
    crews,
    naming,
    nodes,
    people,
    prospects,
    signin,
    suggestions,
    watching,
)
from server.store import Store
from server.work.naming import Naming


def answer(
    store: Store,
    project: ProjectRow,
    person: Person,
    text: str,
    now: datetime,
    *,
    base_url: str,
    about: str | None = None,
) -> Reply:
    """Do what the text asks, as that person, within the store's transaction. A refusal is a reply too.

    `base_url` is the address of the pages; `about` the node that the conversation is about.
    """
    by = Actor(store, project, person, now)
    try:
        return _act(by, parse(text, now.astimezone(by.zone), about), base_url)
    except UserError as error:
        return replies.refused(error)


def _act(by: Actor, command: Command, base_url: str) -> Reply:
    if isinstance(command, Looking):
        return _look(by, command, base_url)
    outcome = do(by, command)
    if isinstance(command, values.Claim) and outcome.task:
        return replies.claimed(
            outcome.task, by.person.id, by.zone, renewed=outcome.renewed, before=outcome.before
        )
    return replies.done(outcome)


def _look(by: Actor, command: Looking, base_url: str) -> Reply:
    return _read(by, command, base_url) if isinstance(command, Reading) else _see_to(by, command, base_url)


def _read(by: Actor, command: Reading, base_url: str) -> Reply:
    match command:
        case values.Show(ref):
            macros = board.checked(by.store, by.project).graph.macros
            return replies.shown(nodes.show(by.store, by.project, ref, by.now), macros, by.zone)
        case values.Company(ref):
            return replies_project.company(company.company(by.store, by.project, ref, by.now), by.zone)
        case values.Unblocks(ref):
            return replies_project.opened(prospects.opened(by.store, by.project, ref))
        case values.Status():
            return replies_project.standing(prospects.standing(by.store, by.project, by.now), base_url)
        case values.Report(period):
            found = prospects.report(by.store, by.project, period, by.now)
            return replies_project.report(found, by.project.slug, base_url)
        case values.Next(count):
            return replies.suggested(suggestions.offer(*by.place, now=by.now, limit=count))
        case values.Mine():
            asked = crews.asked(*by.place, by.now)
            held, aside = claims.mine(*by.place, by.now), claims.set_aside(*by.place, by.now)
            return replies.mine(held, asked, aside, by.person.id, by.zone)
        case values.Credits():
            own = contributions.listing(by.store, by.project, person=by.person.id)
            return replies.credits(own, contributions.waiting(*by.place))


def _see_to(by: Actor, command: Personal, base_url: str) -> Reply:
    match command:
        case values.Watch(ref):
            return replies.watching(watching.watch(*by.place, ref, by.now))
        case values.Unwatch(ref):
            return replies.watching(watching.unwatch(*by.place, ref, by.now))
        case values.Login():
            return replies.signing_in(signin.make_link(by.store, by.person, by.now, base_url))
        case values.TimeZone(name):
            known = people.set_zone(by.store, by.person, name) if name else by.person
            return replies.time_zone(known, by.now, changed=name is not None)
        case values.Name(how, pseudonym):
            return _name(by, how, pseudonym)
        case values.Help(verb):
            return replies.help_for(verb)


def _name(by: Actor, how: str | None, pseudonym: str | None) -> Reply:
    known = naming.choose(by.store, by.person, Naming(how), pseudonym) if how else by.person
    return replies_project.name(naming.wish(by.store, by.person), known.name, changed=how is not None)
