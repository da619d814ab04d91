"""The pages: pure functions from a snapshot and who is looking to HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from blueprint.graph import Graph, Macro, Node, Part, Place
from blueprint.identity import remembered
from dashboards import assets, embedding, foreign, legend, links, progress, relations, shapes, wording
from dashboards.graph_page import NO_PAST, Past, view
from dashboards.graph_query import WHOLE, Query
from dashboards.leaderboard import leaderboard
from dashboards.maintaining import Frame
from dashboards.report import Report, drift_words, gather
from dashboards.snapshot import CreditView, EventView, Evidence, PersonView, Snapshot, TaskView
from dashboards.viewing import Account, Declaration, Matched, ShownPart, Suggested, Viewer
from lean_project.facts import Fact
from lean_project.statement import fingerprint, prints
from lean_project.status import PartStatus

_FORMULA = "\\("


def projects(cards: Sequence[Snapshot], viewer: Viewer) -> str:
    return _render("projects.html", viewer, cards=[(card, progress.tally(card)) for card in cards])


def overview(snapshot: Snapshot, viewer: Viewer, suggested: Sequence[Suggested], doubted: int = 0) -> str:
    """`suggested` holds the tasks that can be taken, best first; `doubted` counts nodes to be matched."""
    return _project_page(
        "overview.html",
        snapshot,
        viewer,
        "",
        tally=progress.tally(snapshot),
        card=embedding.of_project(snapshot.title, snapshot.statuses),
        chapters=progress.chapters(snapshot),
        goals=progress.goals(snapshot),
        suggested=suggested,
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
) -> str:
    """The page of one node. Raises `KeyError` when the snapshot has none of that id.

    `watching` says that the viewer is told of what happens to it; `kinds` are those of credit, and `options`
    what the viewer may say of an entry, by its number.
    """
    found = relations.by_id(snapshot)[id]
    status = snapshot.statuses[id]
    order = [other.id for other in snapshot.graph.nodes]
    tasks = [task for task in snapshot.tasks if task.node == id]
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
        seen=fingerprint(prints(found, snapshot.facts.by_name())),
        holders=[task for task in tasks if task.claims],
        kinds=kinds,
        options=options,
        parts_shown=_parts(snapshot, found),
        declarations=_declarations(snapshot, found),
        uses=[(other, parts) for other, parts in relations.uses(found).items() if other in snapshot.statuses],
        used_by=relations.used_by(snapshot, id),
        tasks=tasks,
        contributions=[entry for entry in _shown(snapshot) if entry.node in snapshot.names(id)],
        regression=relations.regression(snapshot, id),
        history=[event for event in snapshot.events if event.node in snapshot.names(id)],
        problems=[problem for problem in snapshot.graph.problems if problem.node == id],
        neighbours=_beside(order, id),
    )


def _beside(order: list[str], id: str) -> tuple[str | None, str | None]:
    at = order.index(id)
    return (order[at - 1] if at else None, order[at + 1] if at + 1 < len(order) else None)


def _parts(snapshot: Snapshot, found: Node) -> list[ShownPart]:
    status = snapshot.statuses[found.id]
    shown = [_part(snapshot, "Statement", found.statement, status.statement)]
    if found.proof or status.proof:
        shown.append(_part(snapshot, "Proof", found.proof, status.proof))
    return shown


def _part(snapshot: Snapshot, name: str, part: Part | None, status: PartStatus | None) -> ShownPart:
    if part is None:
        return ShownPart(name, status, Markup(""), "", None, None)

    def link(id: str) -> str | None:
        return links.node_path(snapshot.slug, id) if id in snapshot.statuses else None

    source = links.source_link(snapshot.repository_url, snapshot.commit.sha, part.place)
    return ShownPart(name, status, foreign.sanitised(part.html, link), part.source, part.place, source)


def _declarations(snapshot: Snapshot, found: Node) -> list[Declaration]:
    facts = snapshot.facts.by_name()
    return [Declaration(name, facts.get(name), _source(snapshot, facts.get(name))) for name in found.lean]


def _source(snapshot: Snapshot, fact: Fact | None) -> str | None:
    if fact is None or fact.file is None or fact.line is None:
        return None
    place = Place(fact.file, fact.line)
    return links.source_link(snapshot.repository_url, snapshot.commit.sha, place, fact.end_line)


def _shown(snapshot: Snapshot) -> tuple[CreditView, ...]:
    """Contributions that count, and those that wait for somebody's word."""
    known = snapshot.contributions or snapshot.credit
    return tuple(entry for entry in known if entry.held or entry.status in ("proposed", "disputed"))


def work(
    snapshot: Snapshot, viewer: Viewer, suggested: Sequence[Suggested], waiting: Sequence[CreditView] = ()
) -> str:
    """`suggested` has the tasks that can be taken, best first; `waiting` what credit waits for the viewer."""
    held = progress.held(snapshot)
    mine = [pair for pair in held if pair[1].person_id == viewer.person]
    others = [task for task in progress.in_hand(snapshot) if task not in [mine_task for mine_task, _ in mine]]
    return _project_page(
        "work.html",
        snapshot,
        viewer,
        "work",
        suggested=suggested,
        mine=mine,
        others=others,
        asked=[task for task in snapshot.tasks if _asked(task, viewer)],
        waiting=waiting,
        on_hold=progress.on_hold(snapshot),
        blocked=progress.blocked(snapshot),
    )


def _asked(task: TaskView, viewer: Viewer) -> bool:
    """Whether somebody waits for the viewer's answer about the task."""
    holds = any(claim.person_id == viewer.person for claim in task.claims)
    return viewer.person is not None and any(
        ask.to_id == viewer.person or (ask.kind == "asked" and holds) for ask in task.requests
    )


def people(snapshot: Snapshot, viewer: Viewer) -> str:
    order = sorted(snapshot.people, key=lambda person: person.name.casefold())
    leaders = leaderboard(snapshot)
    return _project_page("people.html", snapshot, viewer, "people", people=order, leaders=leaders)


def person(snapshot: Snapshot, viewer: Viewer, found: PersonView) -> str:
    return _project_page(
        "person.html",
        snapshot,
        viewer,
        "people",
        person=found,
        credit=[entry for entry in snapshot.credit if entry.person_id == found.id],
        held=[pair for pair in progress.held(snapshot) if pair[1].person_id == found.id],
        history=[event for event in snapshot.events if event.person_id == found.id],
    )


def report(snapshot: Snapshot, viewer: Viewer, since: datetime, suggested: Sequence[Suggested]) -> str:
    ready = [one.task for one in suggested]
    made: Report = gather(replace(snapshot, made_at=viewer.now), since, ready)
    return _project_page("report.html", snapshot, viewer, "report", report=made)


def maintain(page: str, frame: Frame, viewer: Viewer, **values: object) -> str:
    """A page for maintainers, `maintain_PAGE.html`; where `macros` are among the values, with mathematics."""
    macros = cast(tuple[Macro, ...] | None, values.pop("macros", None))
    return _render(
        f"maintain_{page}.html",
        viewer,
        project=frame,
        tab="maintain",
        page=page,
        nodes={},
        maths=macros is not None,
        macros=foreign.mathjax_macros(macros or ()),
        **values,
    )


def sign_in(viewer: Viewer, chat: str = "") -> str:
    """How one signs in; `chat` is the address of the Zulip where the bot listens, if there is one."""
    return _render("signin.html", viewer, chat=chat)


def account(viewer: Viewer, known: Account) -> str:
    """The viewer's own page."""
    return _render("account.html", viewer, account=known)


def login(viewer: Viewer, token: str) -> str:
    """The page behind a one-time link: looking at it redeems nothing."""
    return _render("login.html", viewer, token=token)


def error(viewer: Viewer, status: int, title: str, text: str, near: Sequence[tuple[str, str]] = ()) -> str:
    """`near` holds addresses of what may be meant, and what to call them."""
    return _render("error.html", viewer, status=status, title=title, text=text, near=near)


def _project_page(template: str, snapshot: Snapshot, viewer: Viewer, tab: str, **values: object) -> str:
    return _render(
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


def _render(template: str, viewer: Viewer, **values: object) -> str:
    defaults: dict[str, object] = {"project": None, "tab": None, "maths": False, "card": None}
    return _environment().get_template(template).render(defaults | values, viewer=viewer, now=viewer.now)


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
        due=wording.due,
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
        clock=wording.clock,
        bytes=wording.size_of,
        date=wording.date,
        code=foreign.with_code,
        join_words=wording.join,
        plain_math=wording.plain_math,
    )
    return environment
