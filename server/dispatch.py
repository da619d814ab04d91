"""One message to the project, answered: text -> command -> service -> reply. For every door that talks."""

from __future__ import annotations

from datetime import datetime

from blueprint.errors import UserError
from server import replies, replies_account, replies_project
from server.commands import deeds, looks
from server.commands.looks import Looking, Personal, Reading
from server.commands.parser import about_node, chosen, parse, render
from server.commands.values import Command
from server.deeds import Actor, do, whom
from server.records.access import Purpose
from server.records.people import Person
from server.records.projects import ProjectRow
from server.replies import Reply
from server.service import (
    board,
    choosing,
    claims,
    company,
    contributions,
    crews,
    linking,
    naming,
    nodes,
    people,
    preferences,
    prospects,
    signin,
    suggestions,
    undoing,
    watching,
)
from server.service.nodes import UnsureError
from server.service.permission import role_of, unknown
from server.store import Store
from server.work.preferences import Wish


def answer(
    store: Store,
    project: ProjectRow,
    person: Person,
    text: str,
    now: datetime,
    *,
    base_url: str,
    about: str | None = None,
    conversation: str = "",
) -> Reply:
    """Do what the text asks, as that person, within the store's transaction. A refusal is a reply too.

    `base_url` is the address of the pages; `about` the node that the conversation is about. What a question
    was asked about in one conversation is not answered in another.
    """
    by = Actor(store, project, person, now)
    if role_of(store, project, person) is None:
        return replies.refused(unknown(project.slug))
    try:
        command = _command(by, text, about, conversation)
    except UserError as error:
        return replies.refused(error)
    try:
        with store.attempt():  # a refusal in the middle leaves nothing half done
            return _act(by, command, base_url)
    except UnsureError as unsure:
        return _let_choose(by, command, unsure, conversation)
    except UserError as error:
        return replies.refused(error)


def _command(by: Actor, text: str, about: str | None, conversation: str) -> Command:
    """What the text says, or the command that it answers a question about."""
    number, local = chosen(text), by.now.astimezone(by.zone)
    if number is None:
        choosing.forget(by.store, by.person, conversation)
        return parse(text, local, about)
    said, node = choosing.choose(*by.place, conversation, number, by.now)
    return about_node(parse(said, local), node)


def _let_choose(by: Actor, command: Command, unsure: UnsureError, conversation: str) -> Reply:
    """Ask which node is meant, where the command names it and could name another instead."""
    if getattr(command, "ref", None) != unsure.ref:
        return replies.refused(unsure)
    nodes = [label for label, _ in unsure.nodes]
    choosing.ask(*by.place, conversation, render(command), nodes, by.now)
    return replies.which(unsure, public=bool(conversation))


def _act(by: Actor, command: Command, base_url: str) -> Reply:
    if isinstance(command, Looking):
        return _look(by, command, base_url)
    outcome = do(by, command)
    if isinstance(command, deeds.Claim) and outcome.task:
        return replies.claimed(
            outcome.task, by.person.id, by.zone, renewed=outcome.renewed, before=outcome.before
        )
    return replies.done(outcome)


def _look(by: Actor, command: Looking, base_url: str) -> Reply:
    return _read(by, command, base_url) if isinstance(command, Reading) else _see_to(by, command, base_url)


def _read(by: Actor, command: Reading, base_url: str) -> Reply:
    match command:
        case looks.Show(ref):
            macros = board.checked(by.store, by.project).graph.macros
            return replies.shown(nodes.show(by.store, by.project, ref, by.now), macros, by.zone)
        case looks.Company(ref):
            return replies_project.company(company.company(by.store, by.project, ref, by.now), by.zone)
        case looks.Unblocks(ref):
            return replies_project.opened(prospects.opened(by.store, by.project, ref))
        case looks.Status():
            return replies_project.standing(prospects.standing(by.store, by.project, by.now), base_url)
        case looks.Report(period):
            found = prospects.report(by.store, by.project, period, by.now)
            return replies_project.report(found, by.project.slug, base_url)
        case looks.Next(count):
            return replies.suggested(suggestions.offer(*by.place, now=by.now, limit=count))
        case looks.Mine():
            asked = crews.asked(*by.place, by.now)
            held, aside = claims.mine(*by.place, by.now), claims.set_aside(*by.place, by.now)
            return replies.mine(held, asked, aside, by.person.id, by.zone)
        case looks.Credits():
            own = contributions.listing(by.store, by.project, person=by.person.id)
            return replies.credits(own, contributions.waiting(*by.place))


def _see_to(by: Actor, command: Personal, base_url: str) -> Reply:
    match command:
        case looks.Watch(ref):
            return replies.watching(watching.watch(*by.place, ref, by.now))
        case looks.Unwatch(ref):
            return replies.watching(watching.unwatch(*by.place, ref, by.now))
        case looks.Login():
            return replies_account.signing_in(signin.make_link(by.store, by.person, by.now, base_url))
        case looks.TimeZone(name):
            known = people.set_zone(by.store, by.person, name) if name else by.person
            return replies_account.time_zone(known, by.now, changed=name is not None)
        case looks.Undo():
            return replies.undone(undoing.undo(*by.place, now=by.now))
        case looks.Link():
            return _link(by, command, base_url)
        case looks.Name(how, pseudonym):
            return _name(by, how, pseudonym)
        case looks.Prefs(wish) | looks.Digest(wish):
            wishes = () if wish is None else (wish,)
            return replies_account.preferences(_preferences(by, wishes), changed=wish is not None)
        case looks.Help(verb):
            return replies.help_for(verb)


def _link(by: Actor, command: looks.Link, base_url: str) -> Reply:
    if command.who is not None and command.account is not None:
        who = whom(by, command.who)
        return replies_account.linked_by(linking.link(*by.place, who, command.account, now=by.now))
    if command.who is not None or command.account is not None:
        raise UserError(
            "A name or an address proves nothing by itself: `link commit` gives you a word that does, or a "
            "maintainer says `link @person to ada@example.org`."
        )
    if command.commit:
        return replies_account.word(linking.make_word(by.store, by.person, by.now))
    if command.page:
        link = signin.make_link(by.store, by.person, by.now, base_url, Purpose.LINK)
        return replies_account.joining(link)
    return replies_account.linked(linking.linked(by.store, by.person))


def _name(by: Actor, how: str | None, pseudonym: str | None) -> Reply:
    known = naming.choose(by.store, by.person, naming.naming_of(how), pseudonym) if how else by.person
    return replies_account.name(naming.wish(by.store, by.person), known.name, changed=how is not None)


def _preferences(by: Actor, wishes: tuple[Wish, ...]) -> str:
    known = preferences.of(by.store, by.person)
    if wishes:
        known = preferences.change(by.store, by.person, wishes, by.now)
    return preferences.words(by.person, known)
