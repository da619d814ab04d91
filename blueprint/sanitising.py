"""HTML from the LaTeX process, made safe to show: a short list of tags, links to nodes and to the web."""

from __future__ import annotations

import re
from collections.abc import Callable

import nh3

from blueprint.mathematics import inert

TAGS = {
    "a", "p", "br", "em", "strong", "code", "pre", "u", "sup", "sub", "small", "span", "div",
    "ul", "ol", "li", "dl", "dt", "dd", "blockquote",
    "table", "thead", "tbody", "tr", "th", "td", "figure", "figcaption",
}  # fmt: skip
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}, "th": {"scope", "colspan"}, "td": {"colspan"}}
# Names for the pages' style sheet.
CLASSES = {
    "ol": {"marked"},
    "ul": {"marked"},
    "span": {"item-mark", "small-caps"},
    "div": {"centre"},
    "small": {"footnote"},
    "pre": {"picture"},
}
NO_LINK = re.compile(r'<a(?: rel="[^"]*")?>(.*?)</a>', re.DOTALL)
SCHEMES = {"http", "https", "label", "node"}


def sanitiser(node_of: Callable[[str], str | None]) -> Callable[[str], str]:
    """What leaves only `TAGS` of HTML; a link to a label becomes `node:ID`, or none if there is no node."""

    def attribute(tag: str, name: str, value: str) -> str | None:
        if name != "href":
            return value
        if value.startswith("label:"):
            node = node_of(value.removeprefix("label:"))
            return f"node:{node}" if node else None
        return value if value.startswith(("http://", "https://")) else None

    cleaner = nh3.Cleaner(  # which takes as long to make as to use
        tags=TAGS,
        attributes=ATTRIBUTES,
        allowed_classes=CLASSES,
        url_schemes=SCHEMES,
        attribute_filter=attribute,
        link_rel="noopener noreferrer nofollow",
    )

    def sanitise(html: str) -> str:
        # The mathematics last, because a tag or a character reference that goes could have hidden a command.
        return inert(NO_LINK.sub(r"\1", cleaner.clean(html)))

    return sanitise
