"""`chantier compare`: what a proposed change does to the nodes of a project."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click
from pydantic import TypeAdapter

from dashboards import proposal
from lean_project.comparison import Comparison
from lean_project.repository import Repository
from lean_project.topics import DEFAULT, read_policy
from server.cli.steps import step
from server.cli.terminal import printable
from server.proposals import compared

_CODEC: TypeAdapter[Comparison] = TypeAdapter(Comparison)


def as_json(comparison: Comparison) -> str:
    return json.dumps(document(comparison), ensure_ascii=False, indent=1)


def document(comparison: Comparison) -> dict[str, Any]:
    """The comparison as JSON values."""
    values: dict[str, Any] = _CODEC.dump_python(comparison, mode="json")
    return values


def as_text(comparison: Comparison) -> str:
    return "\n".join(map(printable, proposal.text(comparison).split("\n")))


FORMATS = {"text": as_text, "json": as_json, "markdown": proposal.markdown}


@click.command(short_help="Print what a proposed change does to the nodes.")
@click.argument("base")
@click.argument("head", default="HEAD")
@click.option(
    "--folder", type=click.Path(path_type=Path), default=Path(), help="The repository; by default here."
)
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", help="How to print it.")
@click.option(
    "--fail-on", default=",".join(sorted(DEFAULT)), show_default=True, help="What makes the exit status 1."
)
def command(base: str, head: str, folder: Path, form: str, fail_on: str) -> None:
    """Check the commits BASE and HEAD and print what is gained, lost, moved and new between them.

    Both are read from git as they were committed. The blueprint, the settings, the build files and the
    toolchain of BASE are those that count.
    """
    failing = read_policy(fail_on)
    with Repository.open(folder) as repository, step("Compare") as say:
        found = compared(repository, repository.resolve(base), repository.resolve(head), say)
    click.echo(FORMATS[form](found))
    sys.exit(any(change.topic in failing for change in found.changes))
