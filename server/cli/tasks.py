"""`chantier tasks`: what is to be done in a project, and in whose hands it is."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import click

from dashboards import documents
from dashboards.snapshot import TaskView
from server.cli.choice import chosen_project, open_database
from server.cli.terminal import printable
from server.service import board
from server.service.wording import claim_words, task_name
from server.settings import load


@click.command(short_help="Print the tasks of a project, and who holds them.")
@click.option("--state", metavar="STATE", help="Only those that are so, such as open or `in review`.")
@click.option("--all", "done", is_flag=True, help="Also those that are done.")
@click.option("--json", "as_json", is_flag=True, help="As the API has them.")
@click.option("--project", metavar="SLUG", help="Which project; not needed where there is only one.")
def command(state: str | None, done: bool, as_json: bool, project: str | None) -> None:
    """Print the tasks of a project that are not done, by number."""
    with open_database(load()).reading() as store:
        tasks = board.load(store, chosen_project(store, project), datetime.now(UTC)).tasks
    shown = [task for task in tasks if _wanted(task, state, done)]
    if as_json:
        click.echo(json.dumps([documents.task(task) for task in shown], indent=2))
        return
    for task in shown:
        click.echo(printable(_line(task)))


def _wanted(task: TaskView, state: str | None, done: bool) -> bool:
    if state is not None:
        return task.state == state.strip().lower()
    return done or task.readiness.value != "done"


def _line(task: TaskView) -> str:
    """`#5 (prove Lemma 1.3): in review, held by Ada and Ben until 2026-12-06 (UTC)`"""
    names = " and ".join(claim.person_name for claim in task.claims)
    held = f", held by {names}{claim_words(task.claims[0])}" if task.claims else ""
    stage = task.readiness.value if task.state in ("open", "regressed") else task.state
    return f"{task_name(task)}: {stage}{held}{'; stuck' if task.stuck else ''}"
