"""What others fetch: feeds, badges, oEmbed, and what search engines read."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from flask import Blueprint as Routes
from flask import jsonify, request
from werkzeug.exceptions import NotImplemented as NotOffered
from werkzeug.wrappers import Response

from blueprint.graph import Graph, Node, nodes_by_id
from blueprint.identity import remembered
from dashboards import badge, embedding, feed, links, sitemap
from dashboards.embedding import Preview
from dashboards.feed import Feed
from lean_project.findings import Findings
from server.files import tagged
from server.house import House, NotHereError, findings_of, project_of
from server.records.projects import ProjectRow
from server.service import news, projects

SVG, XML = "image/svg+xml", "application/xml"


def add_public(routes: Routes, house: House) -> None:
    """The routes for those who read a project from elsewhere."""
    _feeds(routes, house)
    _badges(routes, house)
    _embedding(routes, house)
    _search_engines(routes, house)


def _feeds(routes: Routes, house: House) -> None:
    base = house.settings.base_url

    @routes.get("/p/<slug>/feed.atom")
    def feed_of_project(slug: str) -> Response:
        with house.reading() as store:
            project, graph = project_of(store, slug), findings_of(store, slug).graph
            events = news.of_project(store, project)
        page, address = links.project_path(slug), links.project_path(slug, "feed.atom")
        of = Feed(project.title, slug, page, address, project.created)
        return tagged(feed.atom(of, events, nodes_by_id(graph), base), feed.MEDIA_TYPE)

    @routes.get("/p/<slug>/nodes/<segment>/feed.atom")
    def feed_of_node(slug: str, segment: str) -> Response:
        with house.reading() as store:
            project, graph = project_of(store, slug), findings_of(store, slug).graph
            node = _node(graph, segment)
            events = news.of_node(store, project, node.id)
        page = links.node_path(slug, node.id)
        of = Feed(f"{node.caption} · {project.title}", slug, page, f"{page}/feed.atom", project.created)
        return tagged(feed.atom(of, events, nodes_by_id(graph), base), feed.MEDIA_TYPE)


def _badges(routes: Routes, house: House) -> None:
    @routes.get("/p/<slug>/badge.svg")
    def badge_of_project(slug: str) -> Response:
        return _picture(badge.progress(_checked(house, slug)[1].statuses.values()))

    @routes.get("/p/<slug>/nodes/<segment>/badge.svg")
    def badge_of_node(slug: str, segment: str) -> Response:
        _, findings = _checked(house, slug)
        node = _node(findings.graph, segment)
        return _picture(badge.standing(node, findings.statuses[node.id]))


def _embedding(routes: Routes, house: House) -> None:
    base = house.settings.base_url

    @routes.get("/p/<slug>/oembed")
    def oembed(slug: str) -> Response:
        """About the page of the project whose address is in `url`; each page says that this is here."""
        if request.args.get("format", "json") != "json":
            raise NotOffered
        url = request.args.get("url", "")
        card = _card(*_checked(house, slug), url.removeprefix(base))
        return jsonify(embedding.oembed(card, url, base))


def _card(project: ProjectRow, findings: Findings, path: str) -> Preview:
    """Of the node whose page the path is, else of the project. Raises `NotHereError` for any other path."""
    home = links.project_path(project.slug)
    if not path.startswith(home):
        raise NotHereError("`url` must be the address of a page of this project.")
    page, _, segment = urlsplit(path).path.removeprefix(home).partition("/")
    if page != "nodes":
        return embedding.of_project(project.title, findings.statuses)
    node = _node(findings.graph, unquote(segment))
    return embedding.of_node(project.title, node, findings.statuses[node.id])


def _search_engines(routes: Routes, house: House) -> None:
    base = house.settings.base_url

    @routes.get("/robots.txt")
    def robots() -> Response:
        return tagged(sitemap.robots(base), "text/plain")

    @routes.get("/sitemap.xml")
    def sitemaps() -> Response:
        with house.reading() as store:
            slugs = [project.slug for project in projects.every(store)]
        return tagged(sitemap.index(slugs, base), XML)

    @routes.get("/p/<slug>/sitemap.xml")
    def sitemap_of_project(slug: str) -> Response:
        with house.reading() as store:
            project, graph = project_of(store, slug), findings_of(store, slug).graph
            changed = news.changed(store, project)
        return tagged(_sitemap(graph, slug, changed.isoformat(), base), XML)


@remembered(8)
def _sitemap(graph: Graph, slug: str, changed: str, base: str) -> bytes:
    return sitemap.pages(slug, [node.id for node in graph.nodes], changed, base)


def _checked(house: House, slug: str) -> tuple[ProjectRow, Findings]:
    with house.reading() as store:
        return project_of(store, slug), findings_of(store, slug)


def _node(graph: Graph, segment: str) -> Node:
    """The node of an address. Raises `NotHereError`."""
    found = nodes_by_id(graph).get(links.node_from(segment))
    if found is None:
        raise NotHereError("There is no such node in this project.")
    return found


def _picture(svg: str) -> Response:
    """A badge, which other sites may show."""
    response = tagged(svg, SVG)
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
