"""What search engines are told: which pages there are, and which are not for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from dashboards.links import node_path, project_path

_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
# The most that one file may list (sitemaps.org).
MOST = 50_000
_PAGES = ("", "graph", "work", "people", "report")
_CLOSED = (
    *("/account", "/api/", "/sign-in", "/p/*/graph.", "/p/*/graph?", "/p/*/report.", "/p/*/report?"),
    *("/p/*/work?", "/p/*/people?", "/p/*/nodes/*?"),
)


def robots(base_url: str) -> str:
    closed = "".join(f"Disallow: {path}\n" for path in _CLOSED)
    return f"User-agent: *\n{closed}\nSitemap: {base_url}/sitemap.xml\n"


def index(slugs: Iterable[str], base_url: str) -> bytes:
    """Where the list of each project's pages is."""
    root = Element("sitemapindex", xmlns=_SITEMAP)
    for slug in list(slugs)[:MOST]:
        place = SubElement(root, "sitemap")
        SubElement(place, "loc").text = base_url + project_path(slug, "sitemap.xml")
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def pages(slug: str, nodes: Sequence[str], changed: str, base_url: str) -> bytes:
    """The pages of a project: the tabs, then the nodes in document order, as many as one file may list.

    `changed` is when the blueprint was, in ISO 8601.
    """
    paths = [project_path(slug, page) for page in _PAGES] + [node_path(slug, node) for node in nodes]
    root = Element("urlset", xmlns=_SITEMAP)
    for path in paths[:MOST]:
        place = SubElement(root, "url")
        SubElement(place, "loc").text = base_url + path
        SubElement(place, "lastmod").text = changed
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))
