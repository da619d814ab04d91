"""`chantier webhook`: let a forge tell what happens to a project's repository."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from server.cli.choice import open_database
from server.cli.terminal import printable
from server.forges.events import Forge
from server.service import hooks, projects, syncs
from server.settings import load

FORGES = click.Choice([forge.value for forge in Forge])


@click.command(short_help="Let a forge tell what happens to a project's repository.")
@click.argument("project")
@click.argument("forge", type=FORGES, required=False)
@click.option("--rotate", is_flag=True, help="Give it a new secret; the old one is good for another hour.")
@click.option("--end", is_flag=True, help="Believe nothing any more that comes with its secret.")
@click.option(
    "--comments",
    type=click.Choice(["on", "off"]),
    help="Whether commands in comments on the forge are carried out.",
)
def command(project: str, forge: str | None, rotate: bool, end: bool, comments: str | None) -> None:
    """Set up a webhook of FORGE for PROJECT and print its address and its secret, this once; without FORGE,
    list those that there are, and say where new commits could not be brought in. docs/webhooks.md tells
    where both go."""
    if (rotate and end) or ((rotate or end) and forge is None):
        raise click.UsageError("Give FORGE with one of --rotate and --end.")
    settings, now = load(), datetime.now(UTC)
    with open_database(settings).begin() as store:
        where = projects.find(store, project)
        if comments is not None:
            hooks.hear_comments(store, where, comments == "on", now)
            click.echo(f"Commands in comments are {'carried out' if comments == 'on' else 'just talk'}.")
        if forge is not None and end:
            hooks.end(store, where, Forge(forge), now)
            click.echo(f"The webhook of {hooks.NAMES[Forge(forge)]} is ended.")
        elif forge is not None:
            make = hooks.rotate if rotate else hooks.make
            secret = make(store, where, Forge(forge), now)
            click.echo(f"Address  {hooks.address(settings.base_url, where, Forge(forge))}\nSecret   {secret}")
        elif comments is None:
            for hook in hooks.listed(store, where, now):
                click.echo(_line(hooks.address(settings.base_url, where, hook.forge), hook.used, hook.ends))
            if failed := syncs.failed(store, where):
                since = f"{failed.failing:%Y-%m-%d %H:%M} UTC"
                click.echo(printable(f"New commits cannot be brought in since {since}: {failed.why}"))


def _line(address: str, used: datetime | None, ends: datetime | None) -> str:
    heard = f"last heard of {used:%Y-%m-%d %H:%M} UTC" if used else "not heard of yet"
    return f"{address}  {heard}" + (f", replaced, ends {ends:%H:%M} UTC" if ends else "")
