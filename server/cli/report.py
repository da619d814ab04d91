"""`chantier report`: what happened lately and how things stand, as Markdown, HTML or an e-mail."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import click

from blueprint.errors import UserError
from dashboards import periods, report_letter
from dashboards.history import Span
from dashboards.report import Report
from dashboards.report_document import document
from dashboards.report_markdown import markdown
from dashboards.snapshot import Snapshot
from server.cli.choice import chosen_project, open_database
from server.service import retrospect, suggestions, views
from server.settings import load

_LENGTH = re.compile(r"(\d{1,4})([dw])")
_DAYS = {"d": 1, "w": 7}
_FORMATS = ("markdown", "html", "email", "json")


@click.command(short_help="Print a progress report (Markdown, HTML, e-mail).")
@click.option("--project", metavar="SLUG", help="Which project; not needed where there is only one.")
@click.option("--since", metavar="WHEN", help="How far back (7d, 2w), or the first day, such as 2026-03-01.")
@click.option("--until", metavar="DAY", help="The last day; today where it is not given.")
@click.option("--period", type=click.Choice([*periods.PRESETS, periods.ALL]), help="Instead of days.")
@click.option(
    "--format",
    "form",
    type=click.Choice(_FORMATS),
    default="markdown",
    show_default=True,
    help="`html` is one file for mail programs, `email` a whole message (.eml).",
)
def command(project: str | None, since: str | None, until: str | None, period: str | None, form: str) -> None:
    """Print what happened in a project lately and how it stands; without options, of the last month.

    Days are those of UTC.
    """
    settings = load()
    database, now = open_database(settings), datetime.now(UTC)
    with database.reading() as store:
        chosen = chosen_project(store, project)
        snapshot, ready = views.snapshot(store, chosen, now), suggestions.tasks(store, chosen, None, now=now)
        span = _span(since or "", until or "", period or "", retrospect.begun(store, chosen), now)
        made = retrospect.report(store, chosen, snapshot, ready, span)
    click.echo(_written(made, snapshot, form, settings.base_url), nl=form == "json")


def _written(made: Report, snapshot: Snapshot, form: str, base_url: str) -> str | bytes:
    if form == "html":
        return report_letter.html(made, base_url)
    if form == "email":
        return report_letter.letter(made, snapshot, base_url)
    if form == "json":
        return json.dumps(document(made), ensure_ascii=False, indent=2)
    return markdown(made, snapshot)


def _span(since: str, until: str, period: str, begun: datetime | None, now: datetime) -> Span:
    """`UserError` where it is no period, or two."""
    if period and (since or until):
        raise UserError("Give either --period, or days by --since and --until.")
    if found := _LENGTH.fullmatch(since.strip().lower()):
        if until:
            raise UserError("With --until, give the first day of the period as a date.")
        return periods.last(max(1, int(found[1]) * _DAYS[found[2]]), now)
    asked = {"period": period, "since": since, "until": until}
    return periods.chosen(asked, begun, now)
