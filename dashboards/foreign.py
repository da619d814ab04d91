"""Text written by strangers, made fit for a page."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import nh3
from markupsafe import Markup, escape

from blueprint.graph import Macro
from blueprint.mathematics import inert, is_active
from blueprint.sanitising import ATTRIBUTES, CLASSES, TAGS
from dashboards.links import web_address

_TAGS = {*TAGS, "img", "b", "i", "s", "hr", "h4", "h5", "h6"}
_ATTRIBUTES = {**ATTRIBUTES, "img": {"src", "alt", "width", "height"}}
# An image holds its data itself. Being an image, nothing in it runs or loads anything.
_PICTURE = re.compile(r"data:image/svg\+xml;base64,[A-Za-z0-9+/]+=*")
_EMPTY = re.compile(r'<img(?: (?!src=)\w+="[^"]*")*>')
_COMMAND = re.compile(r"[A-Za-z]+|[^A-Za-z]")
_CODE = re.compile(r"`([^`]*)`")
_DATE = re.compile(r"(?<![\w-])([0-9]{4}-[0-9]{2}-[0-9]{2})(?![\w-])")
_MACRO_LIMIT = 2000


def sanitised(html: str, link: Callable[[str], str | None]) -> Markup:
    """HTML that came from LaTeX, cleaned again at the border.

    `link` gives the address of the node that `node:ID` names, or None, which takes the link away.
    """

    def attribute(tag: str, name: str, value: str) -> str | None:
        if name == "src":
            return value if _PICTURE.fullmatch(value) else None
        if name != "href":
            return value
        return link(value.removeprefix("node:")) if value.startswith("node:") else web_address(value)

    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        allowed_classes=CLASSES,
        url_schemes={"http", "https", "node", "data"},
        attribute_filter=attribute,
        link_rel="noopener nofollow",
    )
    return Markup(inert(_EMPTY.sub("", clean)))  # noqa: S704 - nh3 has just cleaned it


def with_code(text: str) -> Markup:
    """A sentence of ours that names declarations between backticks; its dates stay on one line."""
    return Markup("").join(
        Markup("<code>{}</code>").format(piece) if odd % 2 else _with_dates(piece)
        for odd, piece in enumerate(_CODE.split(text))
    )


def _with_dates(text: str) -> Markup:
    return Markup("").join(
        Markup('<span class="date">{}</span>').format(piece) if odd % 2 else escape(piece)
        for odd, piece in enumerate(_DATE.split(text))
    )


def mathjax_macros(macros: tuple[Macro, ...]) -> Mapping[str, object]:
    """The project's macros in MathJax's form.

    Names that MathJax would not take are left out, and those of commands that reach past mathematics: the
    pages do not load these, and a macro may not bring them back.
    """
    out: dict[str, object] = {}
    for macro in macros:
        if _COMMAND.fullmatch(macro.name) and not is_active(macro.name) and len(macro.body) <= _MACRO_LIMIT:
            out[macro.name] = _definition(macro)
    return out


def _definition(macro: Macro) -> object:
    if macro.default is not None:
        return [macro.body, macro.arity, macro.default]
    return [macro.body, macro.arity] if macro.arity else macro.body
