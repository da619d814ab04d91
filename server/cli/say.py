"""`chantier say`: the chat bot's ears and mouth, without a chat."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import click

from server.cli.choice import chosen_project, open_database
from server.dispatch import answer
from server.markup import visible
from server.records.mail import Notice
from server.records.people import Person
from server.service import people, watching
from server.settings import load
from server.store import Store
from server.work.permissions import Role


@click.command(short_help="Talk to a project as the chat bot would hear you.")
@click.option("--as", "name", required=True, metavar="PERSON", help="Who is speaking.")
@click.option("--project", metavar="SLUG", help="Which project; not needed where there is only one.")
@click.option("--new", is_flag=True, help="Make the person known first, if nobody has that name.")
@click.argument("words", nargs=-1, required=True, metavar="TEXT...")
def command(name: str, project: str | None, new: bool, words: tuple[str, ...]) -> None:
    """Say TEXT to a project, such as "claim lem:main" or "help"; the exit status is 1 if it was refused."""
    settings = load()
    now, database = datetime.now(UTC), open_database(settings)
    with database.begin() as store:
        person = _person(store, name, new, now)
        where = chosen_project(store, project)
        reply = answer(
            store, where, person, " ".join(words), now, base_url=settings.base_url, conversation="say"
        )
        unread = _unread(store, person, now)
    click.echo(reply.text, err=not reply.ok)
    for notice in unread:
        click.echo(f"{notice.at:%Y-%m-%d}: {visible(notice.text)}")
    sys.exit(0 if reply.ok else 1)


def _unread(store: Store, person: Person, now: datetime) -> tuple[Notice, ...]:
    """What the person was not told yet, oldest first; from now on it was."""
    unread = tuple(notice for notice in reversed(watching.notices(store, person, now)) if not notice.read)
    watching.mark_read(store, person, now)
    return unread


def _person(store: Store, name: str, new: bool, now: datetime) -> Person:
    if new and not store.people.named(people.clean_name(name)):
        return people.add(store, name, Role.CONTRIBUTOR, now)
    return people.by_name(store, name)
