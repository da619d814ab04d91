"""Texts in templates: `_`, `ngettext` and `{% trans %}`. What they say is HTML, with values escaped.

A text without a number is put into its template when that is compiled: to say it costs a page nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from jinja2 import Environment, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from dashboards import texts

_VALUE = re.compile(r"%\((\w+)\)s")
_SAY = ("_", "gettext")


class Templates(Environment):
    """Templates in the language of the pages, of which each needs its own."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.extend(newstyle_gettext=True)
        self.add_extension("jinja2.ext.i18n")
        self.policies["ext.i18n.trimmed"] = True
        self.globals.update(_=_said, gettext=_said, ngettext=_counted, language=texts.language)
        self.filters.update(said=texts.gettext)

    def _generate(self, source: nodes.Template, *where: Any, **options: Any) -> str:
        return super()._generate(_Saying().visit(source), *where, **options)


class _Saying(NodeTransformer):
    """Puts texts into a template. One with values that is not written out at once is said when it is used."""

    def visit_Output(self, node: nodes.Output) -> nodes.Node:  # noqa: N802 - as Jinja calls it
        node.nodes = [piece for each in node.nodes for piece in _pieces(each)]
        return self.generic_visit(node)

    def visit_Call(self, node: nodes.Call) -> nodes.Expr:  # noqa: N802 - as Jinja calls it
        self.generic_visit(node)
        return (
            nodes.Const(_said(_text(node)), lineno=node.lineno) if _says(node) and not node.kwargs else node
        )


def _says(node: nodes.Expr) -> bool:
    return isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in _SAY


def _text(node: nodes.Call) -> str:
    return str(node.args[0].as_const())


def _pieces(node: nodes.Expr) -> Iterator[nodes.Expr]:
    """What a text is made of, if it is one: what stands as it is, and its values."""
    if not (isinstance(node, nodes.Call) and _says(node)):
        yield node
        return
    values = {each.key: each.value for each in node.kwargs}
    for at, piece in enumerate(_VALUE.split(texts.catalogue().gettext(_text(node)))):
        if at % 2:
            yield values[piece]
        elif piece:
            yield nodes.TemplateData(piece.replace("%%", "%"), lineno=node.lineno)


def _said(text: str, /, **values: object) -> Markup:
    # `%%` stands for a per cent sign in every text of a template, whether or not it has values.
    said = texts.catalogue().gettext(text)
    return Markup(said % {name: escape(value) for name, value in values.items()})  # noqa: S704 - ours


def _counted(one: str, many: str, number: int, /, **values: object) -> Markup:
    values["num"] = number
    said = texts.catalogue().ngettext(one, many, number)
    return Markup(said % {name: escape(value) for name, value in values.items()})  # noqa: S704 - ours
