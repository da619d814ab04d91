"""`chantier credit import` and `export`: a table kept by hand comes in, other formats go out."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from blueprint.errors import UserError
from dashboards.exports import FORMATS, export
from server.cli.choice import acting_maintainer, chosen_project, open_database
from server.cli.terminal import counted, printable
from server.service import importing, views
from server.service.importing import Plan
from server.settings import load


class _OnlyPlannedError(Exception):
    """Ends a transaction that was to write nothing."""


@click.command("import")
@click.argument("table", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--write", is_flag=True, help="Enter it; without this, only say what would be entered.")
@click.option("--evidence", multiple=True, metavar="URL", help="What backs the rows that have no link.")
@click.option("--new-people", is_flag=True, help="Make people known whose names resemble nobody's.")
@click.option("--as", "name", metavar="PERSON", help="Which maintainer says so, where there are several.")
@click.option("--project", metavar="SLUG", help="Which project; not needed where there is only one.")
def import_command(
    table: Path,
    write: bool,
    evidence: tuple[str, ...],
    new_people: bool,
    name: str | None,
    project: str | None,
) -> None:
    """Take over TABLE, a Markdown file with a table whose header names at least `person` and `kind`.

    What is unsure is not entered, and its rows are printed, to be mended and taken in again; the exit status
    is then 1. What is on the books already is left.
    """
    plan, now, text = None, datetime.now(UTC), _read(table)
    try:
        with open_database(load()).begin() as store:
            where, who = chosen_project(store, project), acting_maintainer(store, name)
            plan = importing.take_in(
                store, where, who, text, evidence=evidence, new_people=new_people, now=now
            )
            if not write:
                raise _OnlyPlannedError
    except _OnlyPlannedError:
        pass
    if plan is not None:
        click.echo("\n".join(printable(line) for line in lines(plan, written=write)))
        sys.exit(1 if plan.unsure else 0)


def lines(plan: Plan, *, written: bool) -> Iterator[str]:
    """What became, or would become, of each row."""
    deed = "entered" if written else "would enter"
    for one in plan.planned:
        word = deed if one.entry else "known" if one.known else "unsure"
        yield f"line {one.row.line}: {word}: {one.words}"
    for column in plan.unknown:
        yield f"The column `{column}` is not taken over."
    known = len(plan.planned) - len(plan.new) - len(plan.unsure)
    done = "entered" if written else "to enter"
    yield f"{counted(len(plan.new), 'contribution')} {done}, {known} known before."
    if plan.left:
        yield f"{len(plan.left)} {'row has' if len(plan.left) == 1 else 'rows have'} something unsure:"
        yield from plan.left


@click.command("export")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), required=True, help="Which format.")
@click.option("--project", metavar="SLUG", help="Which project; not needed where there is only one.")
def export_command(form: str, project: str | None) -> None:
    """Print what counts as credit, in a format of others."""
    with open_database(load()).reading() as store:
        snapshot = views.snapshot(store, chosen_project(store, project), datetime.now(UTC))
    click.echo(export(snapshot, form), nl=False)


def _read(table: Path) -> str:
    try:
        return table.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{table} cannot be read as text: {error}.") from error
