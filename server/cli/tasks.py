"""`chantier tasks`: what is to be done in a project, and in whose hands it is."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import click

from dashboards.documents.tasks import task_document
from dashboards.snapshot import TaskView
from lean_project.status import Readiness
from server.cli.choice import chosen_project, open_database
from server.cli.terminal import printable
from server.service import board
from server.service.wording import claim_words, task_name
from server.settings import load
from server.work.transitions import State

_ON_HOLD = "on hold"  # what the state `held` is called beside the word for whoever holds a task
STATES = tuple(str(state) for state in (*State, *Readiness, _ON_HOLD))


@click.command(short_help="Print the tasks of a project, and who holds them.")
@click.option(
    "--state",
    type=click.Choice(STATES, case_sensitive=False),
    metavar="STATE",
    help="Only those that are so, such as ready, blocked or `in review`.",
)
@click.option("--all", "done", is_flag=True, help="Also those that are done.")
@click.option("--json", "as_json", is_flag=True, help="As the API has them.")
@click.option("--project", metavar="SLUG", help="Which project; not needed where there is only one.")
def command(state: str | None, done: bool, as_json: bool, project: str | None) -> None:
    """Print the tasks of a project that are not done, by number."""
    with open_database(load()).reading() as store:
        tasks = board.load(store, chosen_project(store, project), datetime.now(UTC)).tasks
    shown = [task for task in tasks if wanted(task, state, done)]
    if as_json:
        click.echo(json.dumps([task_document(task) for task in shown], indent=2))
        return
    for task in shown:
        click.echo(printable(line(task)))


def wanted(task: TaskView, state: str | None, done: bool) -> bool:
    """Whether the list has it, where one asks for a state, or for those that are done too."""
    if state is not None:
        return state in (task.state, _stage(task))
    return done or task.readiness.value != "done"


def line(task: TaskView) -> str:
    """`#5 “prove Lemma 1.3”: in review, held by Ada and Ben until 2026-12-06 (UTC)`"""
    names = " and ".join(claim.person_name for claim in task.claims)
    held = f", held by {names}{claim_words(task.claims[0])}" if task.claims else ""
    return f"{task_name(task)}: {_stage(task)}{held}{'; stuck' if task.stuck else ''}"


def _stage(task: TaskView) -> str:
    """Where it stands, as the list says it."""
    if task.state in ("open", "regressed"):
        return task.readiness.value
    return _ON_HOLD if task.state == "held" else task.state
