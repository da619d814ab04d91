"""The graph's door: its page, the data it is drawn from, and the files that can be made of a view."""

from __future__ import annotations

import json
from functools import lru_cache

from flask import Blueprint as Routes
from flask import request
from werkzeug.wrappers import Response

from blueprint.graph import Graph
from blueprint.identity import Same
from dashboards import chart_data, pages
from dashboards.chart import Chart, chart
from dashboards.chart_svg import svg
from dashboards.excerpt import excerpt
from dashboards.graph_page import Past
from dashboards.graph_query import Query, parse
from dashboards.marks import Marks, marks
from dashboards.selection import select
from dashboards.snapshot import Snapshot
from server.files import tagged
from server.house import House, graph_of, project_of, snapshot_of
from server.service import views
from server.viewing import viewer


def add_graph(routes: Routes, house: House) -> None:
    """The graph's page, and the same view as data and as files."""

    @routes.get("/p/<slug>/graph")
    def graph(slug: str) -> str:
        snapshot, past = _with_past(house, slug, query := _asked())
        return pages.graph(snapshot, viewer(house), query, past)

    @routes.get("/p/<slug>/graph.json")
    def graph_data(slug: str) -> Response:
        with house.reading() as store:
            found = graph_of(store, slug)
        return tagged(_drawn(Same(found), slug, _asked().drawing()), "application/json")

    @routes.get("/p/<slug>/graph.svg")
    def graph_picture(slug: str) -> Response:
        drawn, marked, title = _pictured(house, slug)
        return tagged(svg(drawn, marked, title), "image/svg+xml")

    @routes.get("/p/<slug>/graph.dot")
    def graph_dot(slug: str) -> Response:
        drawn, marked, _ = _pictured(house, slug)
        return tagged(chart_data.dot(drawn, marked), "text/vnd.graphviz")


@lru_cache(maxsize=32)
def _drawn(graph: Same[Graph], slug: str, query: Query) -> str:
    """The data of a drawing. It follows from the blueprint alone, so it holds until the next commit."""
    return json.dumps(chart_data.data(chart(graph.value, slug, query)), separators=(",", ":"))


def _asked() -> Query:
    return parse(request.args.to_dict(flat=False))


def _pictured(house: House, slug: str) -> tuple[Chart, Marks, str]:
    """The chart that is asked for, how it looks, and the project's title."""
    snapshot, past = _with_past(house, slug, query := _asked())
    part = excerpt(snapshot.graph, query)
    chosen = select(snapshot, part, query, past.then)
    return chart(snapshot.graph, slug, query), marks(snapshot, part, chosen, query, past.then), snapshot.title


def _with_past(house: House, slug: str, query: Query) -> tuple[Snapshot, Past]:
    with house.reading() as store:
        return snapshot_of(store, slug, house.clock()), views.past(store, project_of(store, slug), query.at)
