"""The pages: pure functions from a snapshot and who is looking to HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from blueprint.graph import Graph, Node, Part
from blueprint.identity import remembered
from dashboards import (
    api_page,
    assets,
    embedding,
    foreign,
    icons,
    legend,
    links,
    node_page,
    progress,
    relations,
    shapes,
    wording,
)
from dashboards.charts.figures import charted
from dashboards.graph_page import NO_PAST, Past, view
from dashboards.graph_query import DOWN, WHOLE, Query
from dashboards.guidelines import Guidelines
from dashboards.leaderboard import leaderboard
from dashboards.maintaining import Frame
from dashboards.mathml import with_mathml
from dashboards.node_page import ALONE, Around
from dashboards.overview import Overview, first_tasks
from dashboards.people import Asked, Doings, roster, shares
from dashboards.report import Report, drift_words
from dashboards.snapshot import CreditView, EventView, Evidence, PersonView, Snapshot, TaskView
from dashboards.viewing import Account, Card, Declaration, Matched, ShownPart, Suggested, Viewer
from lean_project.facts import Fact
from lean_project.statement import fingerprint, prints
from lean_project.status import PartStatus

_FORMULA = "\\("
# So much of each list is on the page of work, unless one asks for all of it.
MOST_LISTED = 25


def projects(cards: Sequence[Card], viewer: Viewer) -> str:
    return render("projects.html", viewer, cards=cards)


def overview(
    snapshot: Snapshot, viewer: Viewer, suggested: Sequence[Suggested], known: Overview, doubted: int = 0
) -> str:
    """`suggested` holds the tasks that can be taken, best first; `doubted` counts nodes to be matched."""
    return _project_page(
        "overview.html",
        snapshot,
        viewer,
        "",
        tally=progress.tally(snapshot),
        card=embedding.of_project(snapshot.title, snapshot.statuses),
        chapters=progress.chapters(snapshot),
        known=known,
        suggested=suggested,
        first=first_tasks(suggested),
        held=progress.in_hand(snapshot),
        drift=progress.drift(snapshot),
        active=progress.active_people(snapshot, viewer.now),
        doubted=doubted,
    )


def renames(snapshot: Snapshot, viewer: Viewer, asked: Sequence[Matched], total: int) -> str:
    """The most pressing of `total` questions about nodes that left."""
    return _project_page("renames.html", snapshot, viewer, "", asked=asked, total=total)


def graph(snapshot: Snapshot, viewer: Viewer, query: Query = WHOLE, past: Past = NO_PAST) -> str:
    """The part of the graph that the query asks for, with the statuses of today or of a chosen past."""
    return _project_page("graph.html", snapshot, viewer, "graph", view=view(snapshot, query, past))


def node(
    snapshot: Snapshot,
    viewer: Viewer,
    id: str,
    *,
    watching: bool = False,
    evidence: Evidence | None = None,
    kinds: Sequence[str] = (),
    options: Mapping[int, Sequence[str]] = MappingProxyType({}),
    around: Around = ALONE,
) -> str:
    """The page of one node. Raises `KeyError` when the snapshot has none of that id.

    `watching` says that the viewer is told of what happens to it; `kinds` are those of credit, and `options`
    what the viewer may say of an entry, by its number.
    """
    facts = relations.by_name(snapshot.facts)
    found = relations.by_id(snapshot)[id]
    status = snapshot.statuses[id]
    tasks = relations.tasks_on(snapshot, id)
    return _project_page(
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
    shown = [_part(snapshot, "Statement", found.statement, status.statement, branch)]
    if found.proof or status.proof:
        shown.append(_part(snapshot, "Proof", found.proof, status.proof, branch))
    return shown


def _part(
    snapshot: Snapshot, name: str, part: Part | None, status: PartStatus | None, branch: str | None
) -> ShownPart:
    if part is None:
        return ShownPart(name, status, Markup(""), "", None, None)
    source = links.source_link(snapshot.repository_url, snapshot.commit.sha, part.place)
    edit = links.edit_link(snapshot.repository_url, branch, part.place)
    html = _drawn(snapshot.slug, snapshot.graph, part.html)
    return ShownPart(name, status, html, part.source, part.place, source, edit)


def _drawn(slug: str, graph: Graph, html: str) -> Markup:
    """A text of the blueprint, with its formulas and with links to the nodes that it names."""
    known = relations.nodes_of(graph)

    def link(id: str) -> str | None:
        return links.node_path(slug, id) if id in known else None

    return with_mathml(foreign.sanitised(html, link), graph.macros)


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
    *,
    whole: bool = False,
) -> str:
    """`suggested` has the tasks that can be taken, best first; `waiting` what credit waits for the viewer.

    `watched` are labels of nodes. Of long lists only the beginning is shown, unless the `whole` is wanted.
    """
    held = progress.held(snapshot)
    mine = [pair for pair in held if pair[1].person_id == viewer.person]
    own = {task.number for task, _ in mine}
    return _project_page(
        "work.html",
        snapshot,
        viewer,
        "work",
        suggested=suggested,
        mine=mine,
        others=[task for task in progress.in_hand(snapshot) if task.number not in own],
        asked=[task for task in progress.asked(snapshot) if _asked(task, viewer)],
        waiting=waiting,
        watched=[id for id in watched if id in snapshot.statuses],
        on_hold=progress.on_hold(snapshot),
        blocked=progress.blocked(snapshot),
        most=None if whole else MOST_LISTED,
    )


def _asked(task: TaskView, viewer: Viewer) -> bool:
    """Whether somebody waits for the viewer's answer about the task."""
    holds = any(claim.person_id == viewer.person for claim in task.claims)
    return viewer.person is not None and any(
        ask.to_id == viewer.person or (ask.kind == "asked" and holds) for ask in task.requests
    )


def people(snapshot: Snapshot, viewer: Viewer, asked: Asked = Asked()) -> str:  # noqa: B008 - frozen
    shown, leaders = roster(snapshot, asked), leaderboard(snapshot)
    return _project_page("people.html", snapshot, viewer, "people", roster=shown, leaders=leaders)


def person(snapshot: Snapshot, viewer: Viewer, found: PersonView, doings: Doings = Doings()) -> str:  # noqa: B008
    theirs = [entry for entry in snapshot.credit if entry.person_id == found.id]
    return _project_page(
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
    return _project_page(
        "report.html", snapshot, viewer, "report", report=made, preset=preset, figures=figures
    )


def guidelines(snapshot: Snapshot, viewer: Viewer, text: Guidelines) -> str:
    return _project_page("guidelines.html", snapshot, viewer, "", text=text)


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


def _project_page(template: str, snapshot: Snapshot, viewer: Viewer, tab: str, **values: object) -> str:
    return render(
        template,
        viewer,
        project=snapshot,
        tab=tab,
        maths=template == "node.html" or _has_formulas(snapshot),
        macros=foreign.mathjax_macros(snapshot.graph.macros),
        nodes=relations.by_id(snapshot),
        **values,
    )


def _has_formulas(snapshot: Snapshot) -> bool:
    """Whether anything may have formulas in it, other than statements and proofs."""
    return _titles(snapshot.graph) or _told(snapshot.events) or _stuck(snapshot.tasks)


@remembered(8)
def _titles(graph: Graph) -> bool:
    return any(_FORMULA in text for one in graph.nodes for text in (one.title or "", *one.sections))


@remembered(8)
def _told(events: tuple[EventView, ...]) -> bool:
    return any(_FORMULA in event.text for event in events)


@remembered(8)
def _stuck(tasks: tuple[TaskView, ...]) -> bool:
    return any(_FORMULA in (task.stuck or "") for task in tasks)


def render(template: str, viewer: Viewer, **values: object) -> str:
    """A page that belongs to no project."""
    defaults: dict[str, object] = {"project": None, "tab": None, "maths": False, "card": None}
    return _environment().get_template(template).render(defaults | values, viewer=viewer, now=viewer.now)


@pass_context
def _formulas(context: Context, text: str | Markup) -> Markup:
    """A text in which a formula may stand, with the macros of the project that the page is about."""
    project = context.get("project")
    graph = project.graph if isinstance(project, Snapshot | Frame) else None
    return with_mathml(escape(text), graph.macros if graph else ())


@pass_context
def _blueprint(context: Context, html: str) -> Markup:
    """A text of the blueprint of the project that the page is about."""
    project: Snapshot | Frame = context["project"]
    return _drawn(project.slug, project.graph, html) if project.graph else Markup("")


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(assets.FOLDER.parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        asset=assets.address,
        count=wording.count,
        drift_words=drift_words,
        drawn_icon=lambda *said: Markup(icons.drawn(*said)),  # noqa: S704 - all of it is ours
        due=wording.due,
        left=wording.left,
        share_left=wording.share_left,
        place_link=node_page.place_link,
        entries=legend.ENTRIES,
        entry_of=legend.entry_of,
        legend=legend.LEGEND,
        links=links,
        outline=shapes.sample,
        readiness=legend.READINESS,
        states=legend.STATES,
        stopped=legend.STOPPED,
        done=legend.FINISHED,
    )
    environment.filters.update(
        ago=wording.ago,
        blueprint=_blueprint,
        clock=wording.clock,
        bytes=wording.size_of,
        date=wording.date,
        code=foreign.with_code,
        formulas=_formulas,
        join_words=wording.join,
        plain_math=wording.plain_math,
    )
    return environment
