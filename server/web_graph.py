"""The graph's door: its page, the data it is drawn from, and the files that can be made of a view."""

from __future__ import annotations

import json
from functools import lru_cache

from flask import Blueprint as Routes
from flask import request
from flask_limiter import Limiter
from werkzeug.wrappers import Response

from blueprint.identity import Same, remembered
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
from server.limits import costly
from server.service import views
from server.viewing import viewer


def add_graph(routes: Routes, house: House, limiter: Limiter) -> None:
    """The graph's page, and the same view as data and as files."""

    @routes.get("/p/<slug>/graph")
    def graph(slug: str) -> str:
        snapshot, past = _with_past(house, slug, query := _asked())
        return pages.graph(snapshot, viewer(house), query, past)

    @routes.get("/p/<slug>/graph.json")
    @costly(house, limiter, is_costly=_is_part)
    def graph_data(slug: str) -> Response:
        with house.reading() as store:
            found = graph_of(store, slug)
        drawn = chart(found, slug, query := _asked())
        text = _text_of_part if query.is_part else _text_of_whole
        return tagged(text(drawn), "application/json")

    @routes.get("/p/<slug>/graph.svg")
    @costly(house, limiter)
    def graph_picture(slug: str) -> Response:
        return tagged(_svg(*_pictured(house, slug)), "image/svg+xml")

    @routes.get("/p/<slug>/graph.dot")
    @costly(house, limiter)
    def graph_dot(slug: str) -> Response:
        drawn, marked, _ = _pictured(house, slug)
        return tagged(chart_data.dot(drawn.value, marked), "text/vnd.graphviz")


def _text(drawn: Chart) -> str:
    return json.dumps(chart_data.data(drawn), separators=(",", ":"))


# As with the charts themselves.
_text_of_whole, _text_of_part = remembered(16)(_text), remembered(16)(_text)


@lru_cache(maxsize=4)
def _svg(drawn: Same[Chart], marked: Marks, title: str) -> str:
    return svg(drawn.value, marked, title)


def _asked() -> Query:
    return parse(request.args.to_dict(flat=False))


def _is_part() -> bool:
    return _asked().is_part


def _pictured(house: House, slug: str) -> tuple[Same[Chart], Marks, str]:
    """The chart that is asked for, how it looks, and the project's title."""
    snapshot, past = _with_past(house, slug, query := _asked())
    part = excerpt(snapshot.graph, query)
    chosen = select(snapshot, part, query, past.then)
    drawn = chart(snapshot.graph, slug, query)
    return Same(drawn), marks(snapshot, part, chosen, query, past.then), snapshot.title


def _with_past(house: House, slug: str, query: Query) -> tuple[Snapshot, Past]:
    with house.reading() as store:
        return snapshot_of(store, slug, house.clock()), views.past(store, project_of(store, slug), query.at)
