"""`chantier credit`: say who contributed what, answer what others said, and bring credit in and out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import click

from dashboards.leaderboard import leaderboard
from dashboards.snapshot import CreditView
from dashboards.wording import count
from server.cli.choice import chosen_person, chosen_project, open_database
from server.cli.credit_files import export_command, import_command
from server.cli.terminal import Group, printable
from server.service import contributions, naming, people, views
from server.service.contributions import Assertion, Outcome
from server.settings import load
from server.work.kinds import Degree, Method
from server.work.naming import Naming

_AS = click.option("--as", "name", metavar="PERSON", help="Who says so; by default the only maintainer.")
_PROJECT = click.option(
    "--project", metavar="SLUG", help="Which project; not needed where there is only one."
)
_EVIDENCE = click.option(
    "--evidence", multiple=True, required=True, metavar="URL", help="A web page or a commit; may be repeated."
)


@click.group(cls=Group, short_help="Say who contributed what, and bring credit in and out.")
def command() -> None:
    """Credit for what a check cannot see, each with evidence, and confirmed by somebody else."""


def _act(name: str | None, slug: str | None, act: Callable[..., Outcome], *args: Any, **more: Any) -> None:
    now = datetime.now(UTC)
    with open_database(load()).begin() as store:
        where, who = chosen_project(store, slug), chosen_person(store, name)
        outcome = act(store, where, who, *args, **more, now=now)
    click.echo(printable(outcome.text))


def _said(function: Callable[..., None]) -> Callable[..., None]:
    """The options of a contribution."""
    options: tuple[Callable[[Any], Any], ...] = (
        click.option("--on", "node", metavar="NODE", help="Of which node; without it, of the whole project."),
        click.option("--degree", type=click.Choice([d.value for d in Degree]), default=Degree.LEAD.value),
        click.option("--method", type=click.Choice([m.value for m in Method]), help="How it was made."),
        click.option("--tool", "tools", multiple=True, help="A tool it was made with; may be repeated."),
        _EVIDENCE,
        _AS,
        _PROJECT,
    )
    for option in reversed(options):
        function = option(function)
    return function


@command.command("add")
@click.argument("person")
@click.argument("kind")
@_said
def add_command(person: str, kind: str, name: str | None, project: str | None, **said: Any) -> None:
    """Say that PERSON contributed a KIND, such as example, review or "informal proof"."""
    made = Assertion(person, kind, **said)
    _act(name, project, contributions.add, made)


@command.command("correct")
@click.argument("number", type=int)
@click.argument("person")
@click.argument("kind")
@_said
def correct_command(
    number: int, person: str, kind: str, name: str | None, project: str | None, **said: Any
) -> None:
    """Propose that credit NUMBER should have said that PERSON contributed a KIND."""
    made = Assertion(person, kind, **said)
    _act(name, project, contributions.correct, number, made)


@command.command("confirm")
@click.argument("number", type=int)
@_AS
@_PROJECT
def confirm_command(number: int, name: str | None, project: str | None) -> None:
    """Say that credit NUMBER is so."""
    _act(name, project, contributions.confirm, number)


@command.command("refuse")
@click.argument("number", type=int)
@_AS
@_PROJECT
def refuse_command(number: int, name: str | None, project: str | None) -> None:
    """Do not take credit NUMBER, take back what you proposed, or settle a dispute against it."""
    _act(name, project, contributions.refuse, number)


@command.command("dispute")
@click.argument("number", type=int)
@_EVIDENCE
@_AS
@_PROJECT
def dispute_command(number: int, evidence: tuple[str, ...], name: str | None, project: str | None) -> None:
    """Say, with evidence, that credit NUMBER is not so; a maintainer settles it."""
    _act(name, project, contributions.dispute, number, evidence=evidence)


@command.command("disclose")
@click.argument("node")
@click.argument("method", type=click.Choice([m.value for m in Method]))
@click.option("--tool", "tools", multiple=True, help="A tool it was made with; may be repeated.")
@_AS
@_PROJECT
def disclose_command(
    node: str, method: str, tools: tuple[str, ...], name: str | None, project: str | None
) -> None:
    """Say how you work, or worked, on NODE; `entry 12` is the contribution of that number."""
    kind, _, number = node.partition(" ")
    ref = int(number) if kind == "entry" and number.isdecimal() else node
    now = datetime.now(UTC)
    with open_database(load()).begin() as store:
        where, who = chosen_project(store, project), chosen_person(store, name)
        words = contributions.disclose(store, where, who, ref, method, tools, now=now)
    click.echo(printable(words))


@command.command("list")
@click.option("--of", "whose", metavar="PERSON", help="Only theirs.")
@click.option("--on", "node", metavar="NODE", help="Only about this node.")
@click.option("--waiting", is_flag=True, help="Only what waits for the word of the person given with --of.")
@_PROJECT
def list_command(whose: str | None, node: str | None, waiting: bool, project: str | None) -> None:
    """Print contributions of every status, newest first."""
    with open_database(load()).reading() as store:
        where = chosen_project(store, project)
        person = people.by_name(store, whose) if whose is not None else None
        if waiting:
            found = contributions.waiting(store, where, person or chosen_person(store, None))
        else:
            found = contributions.listing(store, where, person=person.id if person else None, node=node)
    for one in found:
        click.echo(printable(line(one)))


def line(one: CreditView) -> str:
    """`12  confirmed  Ana: example on lem:foo (lead, by hand)`"""
    on = f" on {one.node}" if one.node else ""
    how = f", {one.method}{': ' if one.tools else ''}{', '.join(one.tools)}" if one.method else ""
    by = f", says {one.by_name}" if one.by_name else ""
    against = f", against it {' '.join(one.objections)}" if one.objections else ""
    return f"{one.id:>5}  {one.status:<9}  {one.person_name}: {one.kind}{on} ({one.degree}{how}{by}{against})"


@command.command("name")
@click.argument("naming_", metavar="HOW", type=click.Choice([n.value for n in Naming]))
@click.option("--pseudonym", help="The name to appear under.")
@click.option("--as", "name", metavar="PERSON", required=True, help="Whose name; `#12` finds the hidden.")
def name_command(naming_: str, pseudonym: str | None, name: str) -> None:
    """Appear under one's own name (real), under a pseudonym, or under none (hidden), everywhere."""
    with open_database(load()).begin() as store:
        person = naming.choose(store, people.by_name(store, name), Naming(naming_), pseudonym)
    click.echo(printable(f"From now on, and in all that is past, you are {person.name}."))


@command.command("ranked")
@click.argument("ranked", type=click.Choice(["yes", "no"]))
@click.option("--as", "name", metavar="PERSON", required=True, help="Who takes part, or does not.")
def ranked_command(ranked: str, name: str) -> None:
    """Take part in leaderboards, where projects show one, or stay out of all of them."""
    with open_database(load()).begin() as store:
        person = people.by_name(store, name)
        naming.take_part_in_ranking(store, person, ranked == "yes")
    click.echo(printable(f"Leaderboards may {'' if ranked == 'yes' else 'not '}show {person.name}."))


@command.command("dataset")
@click.argument("may", type=click.Choice(["yes", "no"]))
@click.option("--as", "name", metavar="PERSON", required=True, help="Whose contributions.")
def dataset_command(may: str, name: str) -> None:
    """Let what one did be part of a dataset that is published (yes), or not (no), as at first."""
    with open_database(load()).begin() as store:
        person = people.by_name(store, name)
        linked = naming.wish(store, person).linked
        known = naming.share(store, person, dataset=may == "yes", linked=linked)
    click.echo(printable(naming.sharing_words(known)))


@command.command("leaderboard")
@click.argument("shown", type=click.Choice(["on", "off"]), required=False)
@_AS
@_PROJECT
def leaderboard_command(shown: str | None, name: str | None, project: str | None) -> None:
    """Print the leaderboard of a project; for maintainers, show one (on) or none (off), as at first."""
    now = datetime.now(UTC)
    with open_database(load()).begin() as store:
        where = chosen_project(store, project)
        if shown is not None:
            where = naming.show_leaderboard(store, where, chosen_person(store, name), shown == "on", now=now)
        standings = leaderboard(views.snapshot(store, where, now))
    if not where.leaderboard:
        click.echo(f"{where.slug} shows no leaderboard.")
    for one in standings:
        click.echo(printable(f"{one.points:>8}  {one.name} ({count(one.nodes, 'node')})"))


command.add_command(import_command)
command.add_command(export_command)
