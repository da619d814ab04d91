"""What follows for tasks from what happens to a pull request: by the same services as from a command.

A pull request is for a task where its author wrote that it is, or where they hold the task and its name
agrees. Nobody's claim moves by what somebody else writes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from blueprint.errors import UserError
from blueprint.graph import Node, nodes_by_id
from server.forges.events import Proposal, PullRequest, Standing, Turn, Verdict
from server.forges.references import Named, as_branch, named
from server.records.forges import Delivery, PullRequestRow
from server.records.people import Person
from server.records.projects import ProjectRow
from server.records.tasks import TaskRow
from server.service import board, claims, reviewing
from server.service.progress import activity
from server.service.telling import tell
from server.service.tending import expire
from server.store import Store
from server.work.tasks import State, Task, TaskEvent, What
from server.work.transitions import FREE, TRANSITIONS

_MOST_CHECKS = 50
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class _Case:
    """A pull request in a project, whose lock is held; `author` and `by` where they are known here."""

    store: Store
    project: ProjectRow
    request: PullRequest
    link: str
    author: Person | None
    by: Person | None
    now: datetime

    def task(self, row: TaskRow) -> Task:
        return self.store.tasks.task(row.id)

    def tell(self, people: Iterable[int], row: TaskRow, kind: str, text: str) -> None:
        for person_id in dict.fromkeys(people):
            tell(self.store, self.project, person_id, kind, text, self.now, row.node)

    def attempt(self, person: Person, row: TaskRow, kind: str, deed: Callable[[], object]) -> bool:
        """Do it, or tell the person whose pull request it is why not; whether it was done."""
        try:
            with self.store.attempt():
                deed()
        except UserError as error:
            text = f"{self.link} is for {row.name}, but nothing came of it: {error}"
            self.tell((person.id,), row, kind, text)
            return False
        return True


def follow(
    store: Store,
    project: ProjectRow,
    told: Proposal,
    author: Person | None,
    by: Person | None,
    delivery: Delivery,
    now: datetime,
) -> None:
    """Let tasks follow a pull request; what is older than what is known of it changes nothing.

    Forges say whole seconds: of one moment what came here later counts.
    """
    store.projects.lock(project.id)
    expire(store, project, now)
    request, link = told.request, reviewing.link_of(store, project, told.request.subject.link)
    was = store.pull_requests.get(project.id, link)
    if was is not None and (was.standing is Standing.MERGED or _is_older(request, delivery, was)):
        return
    about = (request.standing, request.sha, request.at, delivery.id)
    row = store.pull_requests.put(project.id, link, *about)
    case = _Case(store, project, request, link, author, by, now)
    fresh = {task.id for task in _meant(case) if store.pull_requests.link(row.id, task.id)}
    known = store.tasks.by_ids({*row.tasks, *fresh}).values()
    tasks = sorted(known, key=lambda task: task.number)
    _advance(case, was, tasks, fresh)
    _take_turns(case, told, tasks)


def _is_older(request: PullRequest, delivery: Delivery, was: PullRequestRow) -> bool:
    return (request.at, delivery.id) < (was.at, was.delivery)


def note_verdict(store: Store, project: ProjectRow, verdict: Verdict, delivery: Delivery) -> None:
    """Write down how a check of a commit ended, also where its pull request is told later. No claim ends."""
    store.projects.lock(project.id)
    short = replace(verdict, name=verdict.name[:_LONGEST])
    store.verdicts.note(project.id, short, verdict.at or delivery.received, delivery.id, _MOST_CHECKS)


def of_node(store: Store, project: ProjectRow, node: str) -> dict[int, tuple[PullRequestRow, ...]]:
    """What webhooks told of the pull requests for the tasks of a node, by the numbers of these tasks."""
    numbers = {row.id: row.number for row in store.tasks.of_nodes(project.id, [node])}
    return {numbers[id]: found for id, found in store.pull_requests.of_tasks(numbers.keys()).items()}


def _meant(case: _Case) -> list[TaskRow]:
    """The tasks that it is surely for: as its author wrote, or as somebody proposed it."""
    store, names = case.store, named(case.request.subject)
    told = (store.tasks.numbered(case.project.id, number) for number in names.tasks)
    hinted = _hinted(case, names)
    linked = store.tasks.linked(case.project.id, case.link)
    found = {row.id: row for row in (*told, *hinted, *linked) if row}
    return list(found.values())


def _hinted(case: _Case, names: Named) -> list[TaskRow]:
    """Of what the author holds, what the pull request seems to be about."""
    if case.author is None:
        return []
    try:
        graph = board.checked(case.store, case.project).graph
        held = claims.mine(case.store, case.project, case.author, case.now)
    except UserError:  # nothing is checked yet, so nothing is held
        return []
    nodes = nodes_by_id(graph)
    about = (
        task.number for task in held if task.number in names.numbers or _is_named(nodes[task.node], names)
    )
    rows = (case.store.tasks.numbered(case.project.id, number) for number in about)
    return [row for row in rows if row]


def _is_named(node: Node, names: Named) -> bool:
    own = {node.id, *node.labels, *node.lean}
    branch = as_branch(names.branch)
    return bool(own.intersection(names.nodes)) or (bool(branch) and branch in map(as_branch, own))


def _advance(case: _Case, was: PullRequestRow | None, tasks: list[TaskRow], fresh: set[int]) -> None:
    """Bring the tasks in line with what the pull request is now, where that is news to them."""
    standing, before = case.request.standing, was.standing if was else None
    news = tasks if standing is not before else [task for task in tasks if task.id in fresh]
    for task in news:
        if standing is Standing.OPEN:
            _propose(case, task)
        elif standing is Standing.DRAFT and before is Standing.OPEN:
            _take_back_to_work(case, task)
        elif standing is Standing.DRAFT:
            _begin(case, task)
        elif standing is Standing.CLOSED:
            _withdraw(case, task)
        else:
            _merged(case, task)
    if standing is Standing.MERGED:
        case.store.wanted_syncs.ask(case.project.id, case.now)


def _propose(case: _Case, row: TaskRow) -> None:
    if _is_holder(case, row) and case.author:
        deed = partial(
            reviewing.propose, *_place(case, case.author), f"#{row.number}", case.link, now=case.now
        )
        if case.attempt(case.author, row, What.PROPOSED, deed):
            text = f"{case.link} is proposed for {row.name}, which is in review; its clock stands still."
            case.tell((case.author.id,), row, What.PROPOSED, text)


def _begin(case: _Case, row: TaskRow) -> None:
    if _is_holder(case, row) and case.author:
        activity(*_place(case, case.author), row.number, f"drafted {case.link}", case.now)


def _is_holder(case: _Case, row: TaskRow) -> bool:
    """Whether the author holds the task, by now: who writes that they are at a free one takes it."""
    task, author = case.task(row), case.author
    if author is not None and author.id in task.crew:
        return True
    if author is None or row.number not in named(case.request.subject).tasks or task.state not in FREE:
        _tell_holders(case, row, task)
        return False
    deed = partial(claims.claim, *_place(case, author), f"#{row.number}", until=None, now=case.now)
    return case.attempt(author, row, What.CLAIMED, deed)


def _tell_holders(case: _Case, row: TaskRow, task: Task) -> None:
    """That somebody else is at it; and them, that it is not theirs."""
    who = case.author.mention if case.author else "Somebody"
    text = f"{who} opened {case.link} for {row.name}, which you hold."
    case.tell(task.crew, row, What.PROGRESSED, text)
    if case.author is not None and task.crew:
        text = (
            f"{case.link} is for {row.name}, which others hold; `join #{row.number}` asks them to share it."
        )
        case.tell((case.author.id,), row, What.PROPOSED, text)


def _take_back_to_work(case: _Case, row: TaskRow) -> None:
    """It is a draft again."""
    if case.author is not None and _is_in_review(case, row):
        deed = partial(reviewing.await_author, *_place(case, case.author), f"#{row.number}", now=case.now)
        case.attempt(case.author, row, What.AWAITING_AUTHOR, deed)


def _withdraw(case: _Case, row: TaskRow) -> None:
    """It was closed, by whomever; that is written down as its author's doing, or else as the holder's."""
    task = case.task(row)
    if case.link not in task.links or (task.state, What.WITHDRAWN) not in TRANSITIONS:
        return
    author = case.author
    holder = author.id if author and author.id in task.crew else task.crew[0]
    after = case.store.tasks.append(row.id, TaskEvent(What.WITHDRAWN, case.now, holder, link=case.link))
    text = f"{case.link} was closed, so it is not proposed for {row.name} any more"
    _log(case, What.WITHDRAWN, f"{text}.", row)
    clock = "; your clock goes on" if after.expires else ""
    case.tell(task.crew, row, What.WITHDRAWN, f"{text}{clock}.")


def _merged(case: _Case, row: TaskRow) -> None:
    """What passes is for the check to say."""
    _log(case, "merged", f"{case.link}, which is for {row.name}, was merged.", row)
    text = f"{case.link} was merged. {row.name} is done when a check finds that it is."
    case.tell(case.task(row).crew, row, What.FINISHED, text)


def _take_turns(case: _Case, told: Proposal, tasks: list[TaskRow]) -> None:
    for row in tasks:
        if told.turn is Turn.PUSHED and (who := case.by or case.author):
            activity(*_place(case, who), row.number, f"pushed to {case.link}", case.now)
        elif told.turn is Turn.REVIEW_ASKED:
            _ask_review(case, row)
        elif told.turn is Turn.CHANGES_ASKED and _is_in_review(case, row):
            _ask_changes(case, row, vouched=told.vouched)


def _ask_review(case: _Case, row: TaskRow) -> None:
    task = case.task(row)
    waits = task.state in (State.AWAITING_AUTHOR, State.IN_PROGRESS) and case.link in task.links
    if waits and case.request.standing is Standing.OPEN and case.by:
        deed = partial(reviewing.await_review, *_place(case, case.by), f"#{row.number}", now=case.now)
        case.attempt(case.by, row, What.AWAITING_REVIEW, deed)


def _ask_changes(case: _Case, row: TaskRow, *, vouched: bool) -> None:
    """By a maintainer who is known here, or by somebody whose reviews count on the forge."""
    if case.by is not None:
        try:
            with case.store.attempt():
                reviewing.await_author(*_place(case, case.by), f"#{row.number}", now=case.now)
            return
        except UserError:  # no maintainer, but perhaps somebody who may review there
            pass
    if vouched:
        case.store.tasks.append(row.id, TaskEvent(What.AWAITING_AUTHOR, case.now))
        text = f"The review of {case.link} asks for changes, so {row.name} waits for its holders."
        _log(case, What.AWAITING_AUTHOR, text, row)
        case.tell(case.task(row).crew, row, What.AWAITING_AUTHOR, text)


def _is_in_review(case: _Case, row: TaskRow) -> bool:
    task = case.task(row)
    return task.state is State.IN_REVIEW and case.link in task.links


def _place(case: _Case, person: Person) -> tuple[Store, ProjectRow, Person]:
    return case.store, case.project, person


def _log(case: _Case, kind: str, text: str, row: TaskRow) -> None:
    case.store.log.record(case.project.id, kind, text, case.now, node=row.node)
