"""Commands in comments on a forge: read and carried out as in the chat, and answered by a notice."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from blueprint.errors import UserError
from server.commands.deeds import Claim, Disclaim, Propose, Withdraw
from server.commands.parser import parse
from server.deeds import Actor, do
from server.forges.events import Comment
from server.forges.references import named
from server.records.people import Person
from server.records.projects import ProjectRow
from server.service import nodes, reviewing, visiting
from server.service.hooks import KEPT
from server.service.people import zone_of
from server.service.telling import tell
from server.service.visiting import Manners
from server.store import Store
from server.work.sentences import quoted

KIND = "comment"
_VERBS = re.compile(r"\s*(?:claim|disclaim|propose|withdraw)\b", re.IGNORECASE)
# GitLab writes its merge requests so.
_REQUEST = re.compile(r"!(?=[0-9]{1,9}\s*$)")
_HERE = "#0"  # no task has that number
_ABOUT_TASKS = Claim | Disclaim | Propose | Withdraw


def answer(
    store: Store, project: ProjectRow, comment: Comment, person: Person, manners: Manners, now: datetime
) -> None:
    """Do what a comment asks for, if it is a command and the project wants that; the person is told."""
    command = _command(comment.text, now.astimezone(zone_of(person)))
    if command is None or not project.forge_comments or comment.at < now - KEPT:
        return
    wait = visiting.admit(store, f"forge:{person.id}", manners, now)
    if wait is not None:
        if wait.first:
            text = f"You are very fast; I hear your comments again in {wait.seconds} seconds."
            tell(store, project, person.id, KIND, text, now, None)
        return
    try:
        with store.attempt():
            said = do(Actor(store, project, person, now), _about(store, project, comment, command)).text
    except UserError as error:
        said = str(error)
    text = f"You wrote {quoted(comment.text.split(maxsplit=1)[0].lower())} at {comment.about.link}: {said}"
    tell(store, project, person.id, KIND, text, now, None)


def _command(text: str, now: datetime) -> _ABOUT_TASKS | None:
    """What the first line says, where it is one of these and nothing else; whatever else is talk."""
    first, _, rest = text.lstrip().replace("\r\n", "\n").partition("\n")
    if not _VERBS.match(first):
        return None
    try:
        command = parse(f"{_REQUEST.sub('#', first)}\n{rest}", now, _HERE)
    except UserError:
        return None
    if not isinstance(command, _ABOUT_TASKS) or command.ref != _HERE:
        return None
    return None if isinstance(command, Propose | Withdraw) and not command.change else command


def _about(store: Store, project: ProjectRow, comment: Comment, command: _ABOUT_TASKS) -> _ABOUT_TASKS:
    """The command about the task that the issue or pull request is about."""
    found = list(dict.fromkeys(_refs(store, project, comment)))
    if len(found) == 1:
        return replace(command, ref=found[0])
    if isinstance(command, Propose | Withdraw):
        return replace(command, ref=None)
    which = "several tasks" if found else "no task"
    raise UserError(
        f"It names {which}; write `Task: #12` into its description, with the task that it is about."
    )


def _refs(store: Store, project: ProjectRow, comment: Comment) -> Iterable[str]:
    """Tasks by their numbers; where none is named, the node whose name stands in the title."""
    names = named(comment.about)
    known = store.pull_requests.get(project.id, reviewing.link_of(store, project, comment.about.link))
    numbers = {*names.tasks, *store.tasks.numbers(known.tasks if known else ()).values()}
    if numbers:
        yield from (f"#{number}" for number in sorted(numbers))
        return
    for name in names.nodes:
        try:
            yield nodes.resolve(store, project, name)
        except UserError:  # it is just a word
            continue
