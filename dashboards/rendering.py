"""How a template becomes a page: what every page knows, and the words and filters that templates have."""

from __future__ import annotations

from functools import lru_cache
from gettext import NullTranslations

from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from blueprint.graph import Graph, nodes_by_id
from blueprint.identity import remembered
from dashboards import (
    assets,
    foreign,
    icons,
    legend,
    links,
    node_page,
    relations,
    script_texts,
    shapes,
    templating,
    texts,
    wording,
)
from dashboards.maintaining import Frame
from dashboards.mathml import with_mathml
from dashboards.snapshot import EventView, Snapshot, TaskView
from dashboards.viewing import Viewer

_FORMULA = "\\("


def project_page(template: str, snapshot: Snapshot, viewer: Viewer, tab: str, **values: object) -> str:
    """A page about a project; `tab` is the one of its parts that is marked as the current one."""
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
    return (
        _environment(texts.catalogue())
        .get_template(template)
        .render(defaults | values, viewer=viewer, now=viewer.now)
    )


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
    return drawn(project.slug, project.graph, html) if project.graph else Markup("")


def drawn(slug: str, graph: Graph, html: str) -> Markup:
    """A text of the blueprint, with its formulas and with links to the nodes that it names."""
    known = nodes_by_id(graph)

    def link(id: str) -> str | None:
        return links.node_path(slug, id) if id in known else None

    return with_mathml(foreign.sanitised(html, link), graph.macros)


@lru_cache(maxsize=1)
def _environment(_spoken: NullTranslations) -> Environment:
    environment = templating.environment()
    environment.globals.update(
        asset=assets.address,
        drawn_icon=lambda *said: Markup(icons.drawn(*said)),  # noqa: S704 - all of it is ours
        between=wording.between,
        due=wording.due,
        left=wording.left,
        share_left=wording.share_left,
        place_link=node_page.place_link,
        entries=legend.ENTRIES,
        entry_of=legend.entry_of,
        legend=legend.LEGEND,
        links=links,
        opened=wording.opened,
        script_texts=script_texts.translated,
        outline=shapes.sample,
        readiness=legend.READINESS,
        states=legend.STATES,
        stopped=legend.STOPPED,
        done=legend.FINISHED,
    )
    environment.filters.update(
        blueprint=_blueprint,
        clock=wording.clock,
        bytes=wording.size_of,
        code=foreign.with_code,
        formulas=_formulas,
        plain_math=wording.plain_math,
    )
    return environment
