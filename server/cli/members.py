"""`chantier members`: who has which role in a project, and who may know of it."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from server.cli.choice import open_database
from server.cli.terminal import Group, printable
from server.service import members, people, projects
from server.settings import load
from server.work.permissions import GIVEN, Role


@click.group(cls=Group, short_help="Say who has which role in a project.")
def command() -> None:
    """Roles in one project, beside those on the whole server. docs/permissions.md says who may do what."""


@command.command("list")
@click.argument("project")
def list_command(project: str) -> None:
    """Print who has a role in PROJECT, and whether everybody may see it."""
    with open_database(load()).reading() as store:
        where = projects.find(store, project)
        found = members.listing(store, where)
    for one in found:
        click.echo(printable(f"{one.role:<12}{one.since:%Y-%m-%d}  {one.person.name}"))
    seen = "Only its members see it." if where.private else "Everybody may see it."
    click.echo(f"{where.slug}: {len(found)} with a role of their own. {seen}")


@command.command("appoint")
@click.argument("project")
@click.argument("name")
@click.argument("role", type=click.Choice([role.value for role in GIVEN]))
def appoint_command(project: str, name: str, role: str) -> None:
    """Give the person called NAME a ROLE in PROJECT."""
    with open_database(load()).begin() as store:
        where, who = projects.find(store, project), people.by_name(store, name)
        done = members.appoint(store, where, None, who, Role(role), now=datetime.now(UTC))
    click.echo(printable(done.text))


@command.command("dismiss")
@click.argument("project")
@click.argument("name")
def dismiss_command(project: str, name: str) -> None:
    """Take away the role that the person called NAME has in PROJECT."""
    with open_database(load()).begin() as store:
        where, who = projects.find(store, project), people.by_name(store, name)
        done = members.dismiss(store, where, None, who, now=datetime.now(UTC))
    click.echo(printable(done.text))


@command.command("private")
@click.argument("project")
@click.argument("switch", type=click.Choice(["on", "off"]))
def private_command(project: str, switch: str) -> None:
    """Let only its members know of PROJECT (on), or everybody again (off).

    Who held a task there, or spoke of credit, becomes a member, and so do the server's maintainers.
    """
    with open_database(load()).begin() as store:
        where = projects.find(store, project)
        members.close(store, where, None, switch == "on", now=datetime.now(UTC))
        found = members.listing(store, where)
    few = "one member sees" if len(found) == 1 else f"{len(found)} members see"
    seen = f"only its {few} it" if switch == "on" else "everybody may see it"
    click.echo(f"{where.slug}: {seen}.")
