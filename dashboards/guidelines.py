"""A project's guidelines, which strangers wrote in Markdown, as HTML that is fit for a page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from dashboards import links
from lean_project.introductions import Introduction

# No pictures: they would load something from elsewhere. No HTML: what looks like it stays text.
_TAGS = {
    *("p", "br", "hr", "blockquote", "pre", "code", "em", "strong", "s", "a", "ul", "ol", "li"),
    *("h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
_DEEPEST = 12  # of what stands in what


@dataclass(frozen=True, slots=True)
class Guidelines:
    """The text as HTML, its first words, and where it stands on the forge, if that is known."""

    html: Markup
    lead: str
    file: str
    source: str | None


def guidelines(said: Introduction, repository: str | None, sha: str) -> Guidelines | None:
    """None where the project has none."""
    if not said.guidelines:
        return None
    html, lead = _rendered(said.guidelines)
    return Guidelines(html, lead, said.file, links.file_link(repository, sha, said.file))


@lru_cache(maxsize=64)
def _rendered(text: str) -> tuple[Markup, str]:
    reader = (
        MarkdownIt("commonmark", {"html": False, "maxNesting": _DEEPEST}).enable("table").disable("image")
    )
    tokens = reader.parse(text)
    _settle_headings(tokens)
    html = reader.renderer.render(tokens, reader.options, {})
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https"},
        attribute_filter=_attribute,
        link_rel="noopener nofollow",
    )
    return Markup(clean), _lead(tokens)  # noqa: S704 - nh3 has just cleaned it


def _settle_headings(tokens: list[Token]) -> None:
    """They begin below that of the page, and none is more than one deeper than the one before."""
    depth, first = 1, 0
    for token in tokens:
        if token.type == "heading_open":
            level = int(token.tag[1])
            first = first or level
            depth = min(6, depth + 1, max(2, level - first + 2))
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{depth}"


def _attribute(tag: str, name: str, value: str) -> str | None:
    """A link leads to another site or nowhere: relative ones are about the repository, not this site."""
    return links.web_address(value) if name == "href" else value


def _lead(tokens: list[Token]) -> str:
    """The words of the first paragraph."""
    for before, token in pairwise(tokens):
        if before.type == "paragraph_open" and token.type == "inline":
            parts = token.children or ()
            return "".join(" " if part.type.endswith("break") else part.content for part in parts).strip()
    return ""
