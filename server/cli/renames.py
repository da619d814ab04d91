"""`chantier renames`: the queue of nodes of which nobody but a person can tell what became of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import click

from blueprint.errors import UserError
from dashboards.viewing import Matched
from server.cli.choice import chosen_person, chosen_project, open_database
from server.cli.terminal import printable
from server.service import doubts
from server.settings import load
from server.store import Store

# Of a statement, so much is shown, in characters.
SHOWN = 200


@click.command(short_help="Say which node is which, where only a person can tell.")
@click.option("--same", nargs=2, metavar="OLD NEW", help="The node OLD is the node NEW now.")
@click.option("--different", nargs=2, metavar="OLD NEW", help="The node OLD is not the node NEW.")
@click.option("--as", "name", metavar="PERSON", help="Who decides; not needed where there is one maintainer.")
@click.option("--project", metavar="SLUG", help="Which project; not needed where there is only one.")
def command(
    same: tuple[str, str] | None, different: tuple[str, str] | None, name: str | None, project: str | None
) -> None:
    """List the nodes that left the blueprint and may be others now, with the reasons, or decide.

    Their tasks and claims wait meanwhile. OLD and NEW are labels as they are listed.
    """
    if same and different:
        raise UserError("Say one thing at a time: `--same` or `--different`.")
    database = open_database(load())
    if same or different:
        with database.begin() as store:
            text = _decide(store, project, name, same, different)
    else:
        with database.reading() as store:
            text = "\n".join(_lines(doubts.queue(store, chosen_project(store, project))))
    click.echo("\n".join(map(printable, text.split("\n"))) if text else "There is nothing to decide.")


def _decide(
    store: Store,
    project: str | None,
    name: str | None,
    same: tuple[str, str] | None,
    different: tuple[str, str] | None,
) -> str:
    person, where, now = chosen_person(store, name), chosen_project(store, project), datetime.now(UTC)
    if same:
        return doubts.same(store, where, person, *same, now=now).text
    return doubts.different(store, where, person, *(different or ("", "")), now=now).text


def _lines(asked: tuple[Matched, ...]) -> Iterator[str]:
    for one in asked:
        became = "left; is it" if one.gone else "was shortened; did it lose text to"
        yield f"{one.old} {became} {one.new} ({one.caption})?"
        yield f"  why: {one.why}"
        if one.waiting:
            yield f"  waiting: {', '.join(one.waiting)}"
        yield f"  was: {_short(one.was)}"
        yield f"  now: {_short(one.now)}"


def _short(source: str) -> str:
    text = " ".join(source.split())
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
