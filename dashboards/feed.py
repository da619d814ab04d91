"""What happened in a project or to a node, as an Atom feed (RFC 4287)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from blueprint.graph import Node
from dashboards.links import node_path
from dashboards.snapshot import EventView
from dashboards.wording import plain_line, plain_math

MEDIA_TYPE = "application/atom+xml"
_ATOM = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed is of. `page` and `address` are the paths of what it tells about and of the feed itself.

    `begun` is when it was last changed if nothing has happened yet.
    """

    title: str
    slug: str
    page: str
    address: str
    begun: datetime


def atom(feed: Feed, events: Sequence[EventView], nodes: Mapping[str, Node], base_url: str) -> bytes:
    """The feed of `events`, newest first, as UTF-8. `base_url` is the server's address, without a slash."""
    root = Element("feed", xmlns=_ATOM)
    _text(root, "id", base_url + feed.address)
    _text(root, "title", plain_math(feed.title))
    _text(root, "updated", (events[0].at if events else feed.begun).isoformat())
    SubElement(root, "link", rel="self", type=MEDIA_TYPE, href=base_url + feed.address)
    SubElement(root, "link", rel="alternate", type="text/html", href=base_url + feed.page)
    _text(SubElement(root, "author"), "name", "Chantier")
    for event in events:
        _entry(root, feed, event, nodes.get(event.node or ""), base_url)
    indent(root)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def _entry(root: Element, feed: Feed, event: EventView, node: Node | None, base_url: str) -> None:
    entry = SubElement(root, "entry")
    page = node_path(feed.slug, node.id) if node else feed.page
    _text(entry, "id", f"{base_url}/p/{feed.slug}/events/{event.id}")
    _text(entry, "title", sentence(event, node))
    _text(entry, "updated", event.at.isoformat())
    SubElement(entry, "link", rel="alternate", type="text/html", href=base_url + page)
    SubElement(entry, "category", term=event.kind)
    if event.person_name:
        _text(SubElement(entry, "author"), "name", event.person_name)


def sentence(event: EventView, node: Node | None) -> str:
    """What happened, in plain text that says to which node."""
    said = event.text or event.kind.capitalize()
    if event.is_deed:
        said = f"{event.person_name} {said}"
    if node and node.caption not in said:
        said = f"{node.caption}: {said}"
    return plain_math(said).replace("`", "")


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = plain_line(text)
