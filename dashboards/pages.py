"""The pages: pure functions from a snapshot and who is looking to HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeVar

from markupsafe import Markup

from blueprint.graph import Node, Part
from dashboards import (
    api_page,
    embedding,
    foreign,
    links,
    node_page,
    progress,
    relations,
)
from dashboards.charts.figures import charted
from dashboards.graph_page import NO_PAST, Past, view
from dashboards.graph_query import DOWN, WHOLE, Query
from dashboards.guidelines import Guidelines
from dashboards.leaderboard import leaderboard
from dashboards.maintaining import Frame
from dashboards.node_page import ALONE, Surroundings
from dashboards.overview import READY_SHOWN, Overview, first_tasks
from dashboards.paging import Page, Turned, listed
from dashboards.people import Doings, RosterQuery, roster, shares
from dashboards.rendering import drawn, project_page, render
from dashboards.report import Report
from dashboards.snapshot import CreditView, Evidence, PersonView, Snapshot, TaskView
from dashboards.viewing import Account, Card, Declaration, Matched, ShownPart, Suggested, Viewer
from lean_project.facts import Fact
from lean_project.statement import fingerprint, prints
from lean_project.status import PartStatus

T = TypeVar("T")
# So much of each list is on the page of work; of one that is leafed through, so much on each of its pages.
MOST_LISTED, A_PAGE = 25, 100


def projects(cards: Sequence[Card], viewer: Viewer) -> str:
    return render("projects.html", viewer, cards=cards)


def overview(
    snapshot: Snapshot, viewer: Viewer, free: Sequence[TaskView], known: Overview, doubted: int = 0
) -> str:
    """`free` are the tasks that can be taken, best first; `doubted` counts nodes to be matched."""
    first = first_tasks(free) if known.newcomer else []
    return project_page(
        "overview.html",
        snapshot,
        viewer,
        "",
        tally=progress.tally(snapshot),
        card=embedding.of_project(snapshot.title, snapshot.statuses),
        chapters=progress.chapters(snapshot),
        known=known,
        free=len(free),
        first=first,
        ready=[task for task in free[: READY_SHOWN + len(first)] if task not in first][:READY_SHOWN],
        held=progress.in_hand(snapshot),
        drift=progress.drift(snapshot),
        active=progress.active_people(snapshot, viewer.now),
        doubted=doubted,
    )


def renames(snapshot: Snapshot, viewer: Viewer, asked: Sequence[Matched], total: int) -> str:
    """The most pressing of `total` questions about nodes that left."""
    return project_page("renames.html", snapshot, viewer, "", asked=asked, total=total)


def graph(snapshot: Snapshot, viewer: Viewer, query: Query = WHOLE, past: Past = NO_PAST) -> str:
    """The part of the graph that the query asks for, with the statuses of today or of a chosen past."""
    return project_page("graph.html", snapshot, viewer, "graph", view=view(snapshot, query, past))


def node(
    snapshot: Snapshot,
    viewer: Viewer,
    id: str,
    *,
    watching: bool = False,
    evidence: Evidence | None = None,
    kinds: Sequence[str] = (),
    options: Mapping[int, Sequence[str]] = MappingProxyType({}),
    around: Surroundings = ALONE,
) -> str:
    """The page of one node. Raises `KeyError` when the snapshot has none of that id.

    `watching` says that the viewer is told of what happens to it; `kinds` are those of credit, and `options`
    what the viewer may say of an entry, by its number.
    """
    facts = relations.by_name(snapshot.facts)
    found = relations.by_id(snapshot)[id]
    status = snapshot.statuses[id]
    tasks = relations.tasks_on(snapshot, id)
    return project_page(
        "node.html",
        snapshot,
        viewer,
        "graph",
        node=found,
        status=status,
        card=embedding.of_node(snapshot.title, found, status),
        evidence=evidence,
        watching=watching,
        agreement=snapshot.agreements.get(id),
        seen=fingerprint(prints(found, facts)),
        holders=[task for task in tasks if task.claims],
        kinds=kinds,
        options=options,
        parts_shown=_parts(snapshot, found, around.branch),
        declarations=_declarations(snapshot, found, facts),
        sources=node_page.steps(snapshot, id, facts),
        around=around,
        above=Query(node=id, focus=id, way=DOWN).address(),
        discussion=links.discussion_link(snapshot.repository_url or snapshot.graph.github, found.discussion),
        dependencies=node_page.dependencies(snapshot, found),
        verdicts=node_page.VERDICTS,
        uses=[(other, parts) for other, parts in relations.uses(found).items() if other in snapshot.statuses],
        used_by=relations.used_by(snapshot, id),
        tasks=tasks,
        contributions=[entry for entry in relations.credit_on(snapshot, id) if _is_shown(entry)],
        regression=relations.regression(snapshot, id),
        history=node_page.happened(snapshot, id, around),
        problems=[problem for problem in snapshot.graph.problems if problem.node == id],
        neighbours=relations.beside(snapshot.graph, id),
    )


def _parts(snapshot: Snapshot, found: Node, branch: str | None) -> list[ShownPart]:
    status = snapshot.statuses[found.id]
    shown = [_part(snapshot, "statement", found.statement, status.statement, branch)]
    if found.proof or status.proof:
        shown.append(_part(snapshot, "proof", found.proof, status.proof, branch))
    return shown


def _part(
    snapshot: Snapshot, key: str, part: Part | None, status: PartStatus | None, branch: str | None
) -> ShownPart:
    if part is None:
        return ShownPart(key, status, Markup(""), "", None, None)
    source = links.source_link(snapshot.repository_url, snapshot.commit.sha, part.place)
    edit = links.edit_link(snapshot.repository_url, branch, part.place)
    html = drawn(snapshot.slug, snapshot.graph, part.html)
    return ShownPart(key, status, html, part.source, part.place, source, edit)


def _declarations(snapshot: Snapshot, found: Node, facts: Mapping[str, Fact]) -> list[Declaration]:
    return [
        Declaration(
            name,
            fact := facts.get(name),
            node_page.source(snapshot, fact),
            node_page.docs(snapshot, fact, name),
        )
        for name in found.lean
    ]


def _is_shown(entry: CreditView) -> bool:
    """Whether it counts, or waits for somebody's word."""
    return entry.held or entry.status in ("proposed", "disputed")


def work(
    snapshot: Snapshot,
    viewer: Viewer,
    suggested: Sequence[Suggested],
    waiting: Sequence[CreditView] = (),
    watched: Sequence[str] = (),
    turned: Turned = Turned(),  # noqa: B008 - frozen
) -> str:
    """`suggested` has the tasks that can be taken, best first; `waiting` what credit waits for the viewer.

    `watched` are labels of nodes. Of long lists only the beginning is shown, or a page of the one `turned`.
    """

    def part(name: str, items: Sequence[T]) -> Page[T]:
        return listed(name, items, turned, MOST_LISTED, A_PAGE)

    held = progress.held(snapshot)
    mine = [pair for pair in held if pair[1].person_id == viewer.person]
    own = {task.number for task, _ in mine}
    return project_page(
        "work.html",
        snapshot,
        viewer,
        "work",
        turned=turned,
        suggested=part("free", suggested),
        mine=mine,
        others=part("others", [task for task in progress.in_hand(snapshot) if task.number not in own]),
        asked=[task for task in progress.asked(snapshot) if _asked(task, viewer)],
        waiting=waiting,
        watched=part("watched", [id for id in watched if id in snapshot.statuses]),
        on_hold=part("on-hold", progress.on_hold(snapshot)),
        blocked=part("blocked", progress.blocked(snapshot)),
    )


def _asked(task: TaskView, viewer: Viewer) -> bool:
    """Whether somebody waits for the viewer's answer about the task."""
    holds = any(claim.person_id == viewer.person for claim in task.claims)
    return viewer.person is not None and any(
        ask.to_id == viewer.person or (ask.kind == "asked" and holds) for ask in task.requests
    )


def people(snapshot: Snapshot, viewer: Viewer, asked: RosterQuery = RosterQuery()) -> str:  # noqa: B008 - frozen
    shown, leaders = roster(snapshot, asked), leaderboard(snapshot)
    return project_page("people.html", snapshot, viewer, "people", roster=shown, leaders=leaders)


def person(snapshot: Snapshot, viewer: Viewer, found: PersonView, doings: Doings = Doings()) -> str:  # noqa: B008
    theirs = [entry for entry in snapshot.credit if entry.person_id == found.id]
    return project_page(
        "person.html",
        snapshot,
        viewer,
        "people",
        person=found,
        shares=shares(theirs),
        held=[pair for pair in progress.held(snapshot) if pair[1].person_id == found.id],
        doings=doings,
    )


def report(snapshot: Snapshot, viewer: Viewer, made: Report, preset: str = "") -> str:
    """`made` from the snapshot; `preset` is the name of its period, where it has one."""
    figures = charted(made)
    return project_page(
        "report.html", snapshot, viewer, "report", report=made, preset=preset, figures=figures
    )


def guidelines(snapshot: Snapshot, viewer: Viewer, text: Guidelines) -> str:
    return project_page("guidelines.html", snapshot, viewer, "", text=text)


def maintain(page: str, frame: Frame, viewer: Viewer, **values: object) -> str:
    """A page for maintainers, `maintain_PAGE.html`; a queue has mathematics in it."""
    return render(
        f"maintain_{page}.html",
        viewer,
        project=frame,
        tab="maintain",
        page=page,
        nodes={},
        maths=page == "queue",
        macros=foreign.mathjax_macros(frame.graph.macros if frame.graph else ()),
        **values,
    )


def api(document: Mapping[str, Any], viewer: Viewer) -> str:
    """What the API's description, in OpenAPI, says."""
    return render("api.html", viewer, api=api_page.view(document))


def account(viewer: Viewer, known: Account) -> str:
    """The viewer's own page."""
    return render("account.html", viewer, account=known)


def error(viewer: Viewer, status: int, title: str, text: str, near: Sequence[tuple[str, str]] = ()) -> str:
    """`near` holds addresses of what may be meant, and what to call them."""
    return render("error.html", viewer, status=status, title=title, text=text, near=near)
