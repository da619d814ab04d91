"""`chantier demo`: the whole product on a project of its own, in a folder of its own."""

from __future__ import annotations

import errno
import json
import os
import shlex
import socket
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from blueprint.errors import UserError
from dashboards import assets, progress
from dashboards.snapshot import Snapshot
from dashboards.viewing import Suggested
from dashboards.wording import count
from lean_project import sandbox, toolchain
from server import demo
from server.cli.choice import open_database
from server.cli.serve import serve as run_server
from server.cli.steps import step
from server.cli.terminal import printable
from server.demo_crew import move_in
from server.demo_history import EMIL, MAYA
from server.records.projects import ProjectRow
from server.service import people, signin, suggestions, views
from server.settings import SECRETS, Settings, address, load
from server.store import Database
from server.sync import sync


@click.command(short_help="Make the demo project and run the whole pipeline on it.")
@click.option("--serve/--no-serve", default=True, help="Serve the pages when all is done, until Ctrl-C.")
@click.option("--folder", type=click.Path(path_type=Path), default=Path(".demo"), show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
def command(serve: bool, folder: Path, host: str, port: int) -> None:
    """Make a small project with a history, check it with Lean, and serve it.

    Everything goes into one folder, which can be deleted afterwards. Run again, it takes little time and
    keeps what you did there.
    """
    folder = folder.resolve()
    if serve:
        refuse_early(host, port)
    settings = settle_in(folder, host, port)
    settle_for_less()
    database = open_database(settings)
    project = prepare(database, folder)
    for line in account(database, project, folder):
        click.echo(printable(line))
    if not serve:
        click.echo("To see the pages, run the same command without `--no-serve`.")
        return
    click.echo(f"Sign in as {MAYA.name}, a maintainer (works once, for 15 minutes):")
    click.echo(f"  {sign_in_link(database, settings)}")
    database.close()
    run_server(host, port)


def refuse_early(host: str, port: int) -> None:
    """What would keep the server from starting is said before the long work, not after it."""
    if not assets.built():
        raise UserError("The front end is not built yet; run `python -m dashboards.build` first.")
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        reason = "another program has it" if error.errno == errno.EADDRINUSE else error.strerror
        raise UserError(f"Cannot serve on {host}, port {port}: {reason}; choose another `--port`.") from error


def settle_in(folder: Path, host: str, port: int) -> Settings:
    """Settings with everything in the demo's folder: nothing of the user's own server is touched.

    They are written down there, so that the other verbs find them by `CHANTIER_DATA`.
    """
    data = data_folder(folder)
    values = {
        "host": host,
        "port": port,
        "base_url": address(host, port),
        "database_url": f"sqlite:///{data / 'chantier.db'}",
    }
    lines = [f"{key} = {json.dumps(value)}\n" for key, value in values.items()]
    file = data / "chantier-server.toml"
    try:
        data.mkdir(parents=True, exist_ok=True)
        file.write_text("# Written by `chantier demo` each time it runs.\n" + "".join(lines), "utf-8")
    except OSError as error:
        raise UserError(
            f"{folder} cannot be written to: {error.strerror}; choose another `--folder`."
        ) from error
    for name in ("CHANTIER_CONFIG", *SECRETS):
        os.environ.pop(name, None)
    os.environ["CHANTIER_DATA"] = str(data)
    return load()


def settle_for_less() -> None:
    """Where no sandbox can be had, the demo does without: it checks our own project, and says so.

    Nobody else's project is checked that way unless whoever runs the server says so in the environment.
    """
    if sandbox.without():
        return
    try:
        sandbox.wall()
    except UserError as error:
        os.environ[sandbox.SETTING] = "node"
        click.echo(printable(str(error)), err=True)
        click.echo(
            "The demo's project came with Chantier and is trusted: Node's permission model is enough for it.",
            err=True,
        )


def prepare(database: Database, folder: Path) -> ProjectRow:
    """Every step of the pipeline, each quick when it was done before."""
    now, repository = datetime.now(UTC), repository_folder(folder)
    with step("Embedded Lean") as say:
        toolchain.install(say)
    with step("Demo repository"):
        demo.make(repository, now)
    with database.reading() as store:
        if not store.projects.every():
            click.echo("The first check by Lean takes a few minutes; later ones are quick.", err=True)
    with step("Blueprint, Lean, status, credit") as say:
        return sync(database, repository, now, say).project


def account(database: Database, project: ProjectRow, folder: Path) -> Iterator[str]:
    """What there is now, and what to do with it. The crew moves in first."""
    now = datetime.now(UTC)
    with database.begin() as store:
        move_in(store, project, now)
        shown = views.snapshot(store, project, now)
        emil = people.by_git(store, EMIL.name, EMIL.email, now)
        offers = suggestions.next_tasks(store, project, emil, now=now, limit=1)
    yield from ("", *summary(shown), "", *commands(offers, folder), "")


def sign_in_link(database: Database, settings: Settings) -> str:
    now = datetime.now(UTC)
    with database.begin() as store:
        maya = people.by_git(store, MAYA.name, MAYA.email, now)
        return signin.make_link(store, maya, now, settings.base_url)


def data_folder(folder: Path) -> Path:
    return folder / "data"


def repository_folder(folder: Path) -> Path:
    """Named as the project is to be called."""
    return folder / "showcase"


def summary(shown: Snapshot) -> Iterator[str]:
    """How far the project is, in a few lines."""
    total, free = progress.tally(shown), progress.free_tasks(shown)
    drift = [found for status in shown.statuses.values() for found in status.drift]
    people = {entry.person_id for entry in shown.credit}
    words = ", ".join(f"{segment.count} {segment.entry.word.lower()}" for segment in total.segments)
    yield f"{shown.title}, commit {shown.commit.short}"
    yield f"  nodes   {total.total}, of them {words}"
    yield f"  drift   {len(drift)}, where the blueprint claims one thing and Lean says another"
    yield from (f"          {d.node}, {d.part}: {d.claim}, but {d.fact}" for d in drift)
    yield f"  tasks   {len(free)} free, {len(progress.held(shown))} claimed"
    yield f"  credit  {len(shown.credit)} entries for {count(len(people), 'person', 'people')}"


def commands(offers: Sequence[Suggested], folder: Path) -> Iterator[str]:
    """What to try, as lines to copy into a shell."""
    chantier = shlex.quote(str(Path(sys.argv[0]).absolute()))
    repository = shlex.quote(str(repository_folder(folder)))
    me = f"--as {shlex.quote(EMIL.name)}"
    yield "Try (in another terminal):"
    yield f"  export CHANTIER_DATA={shlex.quote(str(data_folder(folder)))}"
    if sandbox.without():
        yield f"  export {sandbox.SETTING}=node"
    yield f"  {chantier} say {me} next"
    for offer in offers:
        yield f"  {chantier} say {me} 'claim {offer.task.label}'"
    yield f"  {chantier} status {repository}"
    yield f"  {chantier} report"
    yield f"Then edit a proof in {repository}, commit it, and:"
    yield f"  {chantier} sync {repository}"
