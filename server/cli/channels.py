"""`chantier channels`: which channels of the chat speak of a project, and where its progress is posted."""

from __future__ import annotations

import click

from server.cli.choice import chosen_project, open_database
from server.records.chat import Channel
from server.service import channels
from server.settings import load


@click.command(short_help="Print or change the chat channels of a project.")
@click.argument("slug", required=False)
@click.option("--project", metavar="SLUG", help="The same, as with other verbs.")
@click.option("--add", metavar="NAME", help="Let this channel speak of the project.")
@click.option("--remove", metavar="NAME", help="Let it speak of the project no longer.")
@click.option("--progress", metavar="NAME", help="Post progress in this channel of the project.")
@click.option("--topic", metavar="NAME", help=f"The topic for that; by default `{channels.TOPIC}`.")
@click.option("--no-progress", is_flag=True, help="Post progress nowhere.")
def command(
    slug: str | None,
    project: str | None,
    add: str | None,
    remove: str | None,
    progress: str | None,
    topic: str | None,
    no_progress: bool,
) -> None:
    """Print the channels in which the project is spoken of, or change them.

    What is said to the bot in a channel is about the channel's project.
    """
    if progress is not None and no_progress:
        raise click.UsageError("Give --progress or --no-progress, not both.")
    if topic is not None and progress is None:
        raise click.UsageError("Give --topic together with --progress.")
    with open_database(load()).begin() as store:
        where = chosen_project(store, slug or project)
        if add is not None:
            channels.add(store, where, add)
        if progress is not None or no_progress:
            channels.post_progress(store, where, progress, topic)
        if remove is not None:
            channels.remove(store, where, remove)
        found = channels.listing(store, where)
    for channel in found:
        click.echo(_line(channel))
    if not found:
        click.echo(f"{where.slug} has no channel yet; add one with `--add NAME`.")


def _line(channel: Channel) -> str:
    private = " (private)" if channel.private else ""
    posts = f", with progress in the topic {channel.topic or channels.TOPIC}" if channel.progress else ""
    return f"{channel.name}{private}{posts}"
