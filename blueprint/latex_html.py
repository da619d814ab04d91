"""A piece of the document as HTML for people. Mathematics stays LaTeX, for MathJax.

The result is not trusted: the reader sanitises it. References are marks (see
`crossrefs`), or links `<a href="label:LABEL">` where the author gives the words.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from typing import Any

from plasTeX import Macro
from plasTeX.Base.LaTeX.Math import MathEnvironment

from blueprint.crossrefs import MARKS
from blueprint.draft import LONGEST_LINE
from blueprint.latex_macros import Annotation
from blueprint.latex_math import mathematics
from blueprint.latex_references import Reference

WRAPPED = {
    "emph": "em",
    "textit": "em",
    "textsl": "em",
    "itshape": "em",
    "it": "em",
    "em": "em",
    "slshape": "em",
    "textbf": "strong",
    "bfseries": "strong",
    "bf": "strong",
    "texttt": "code",
    "ttfamily": "code",
    "tt": "code",
    "underline": "u",
    "textsuperscript": "sup",
    "textsubscript": "sub",
    "itemize": "ul",
    "enumerate": "ol",
    "quote": "blockquote",
    "quotation": "blockquote",
    "tabular": "table",
    "ArrayRow": "tr",
    "ArrayCell": "td",
}
SILENT = {
    "label",
    "index",
    "vspace",
    "hspace",
    "qedhere",
    "qed",
    "noindent",
    "medskip",
    "smallskip",
    "bigskip",
}
VERBATIM = {"verbatim", "lstlisting", "verb", "alltt", "minted"}
PICTURES = {"tikzpicture", "tikzcd", "forest", "pspicture"}


def html(node: Any) -> str:
    """The content of an environment, without its `\\begin` and `\\end`."""
    return encodable("".join(element(child) for child in node.childNodes).strip())


def encodable(text: str) -> str:
    """`text` without halves of characters, which `\\char` can make and JSON cannot carry."""
    return text.encode("utf-8", "replace").decode("utf-8")


def text(fragment: Any) -> str:
    """A title on one line: plain text, mathematics between `\\(` and `\\)`."""
    if fragment is None:
        return ""
    typed = fragment if isinstance(fragment, str) else "".join(plain(child) for child in fragment.childNodes)
    line = "".join(char for char in " ".join(typed.split()) if char.isprintable() or char in MARKS)
    return line[:LONGEST_LINE]


def plain(node: Any) -> str:
    if isinstance(node, MathEnvironment) or node.nodeName == "ensuremath":
        return mathematics(node)
    if node.nodeType == Macro.TEXT_NODE:
        return str(node)
    if isinstance(node, Annotation) or node.nodeName in SILENT:
        return ""
    if isinstance(node, Reference):
        return node.marked
    if node.nodeName == "active::~":
        return " "
    return node.str if node.str is not None else "".join(plain(child) for child in node.childNodes)


def element(node: Any) -> str:
    """One DOM node and all below it."""
    if node.nodeType == Macro.TEXT_NODE:
        return escape(str(node))
    name = node.nodeName
    if isinstance(node, Annotation) or name in SILENT:
        return ""
    if isinstance(node, Reference):
        return escape(node.marked)
    if isinstance(node, MathEnvironment) or name == "ensuremath":
        return escape(mathematics(node))
    if name in PICTURES:
        return f"<pre>{escape(node.source)}</pre>"
    if name in VERBATIM:
        return f"<pre>{escape(''.join(child.source for child in node.childNodes))}</pre>"
    if name in SPECIAL:
        return SPECIAL[name](node)
    if node.str is not None:
        return escape(node.str)
    return wrap(WRAPPED.get(name), html(node) if name == "par" else inner(node))


def inner(node: Any) -> str:
    return "".join(element(child) for child in node.childNodes)


def wrap(tag: str | None, content: str) -> str:
    return f"<{tag}>{content}</{tag}>" if tag else content


def paragraph(node: Any) -> str:
    content = inner(node).strip()
    block = any(getattr(child, "blockType", False) for child in node.childNodes)
    return f"<p>{content}</p>" if content and not block else content


def item(node: Any) -> str:
    term = node.attributes.get("term")
    lead = f"<strong>{inner(term)}</strong> " if getattr(term, "childNodes", None) else ""
    return f"<li>{lead}{inner(node)}</li>"


def description(node: Any) -> str:
    return wrap("ul", inner(node))


def link(node: Any) -> str:
    typed = "".join(str(token.source) for token in node.attributes.get("url") or ())
    url = re.sub(r"\\([%#&_~]) ?", r"\1", typed).strip()
    return f'<a href="{escape(url)}">{inner(node) or escape(url)}</a>'


def footnote(node: Any) -> str:
    return f" ({inner(node)})"


def labelled(node: Any) -> str:
    """A link whose words are the author's."""
    label = str(node.attributes.get("label") or "") if node.nodeName == "hyperlink" else node.label
    return f'<a href="label:{escape(label)}">{inner(node)}</a>'


def citation(node: Any) -> str:
    keys = node.attributes.get("bibkeys") or node.attributes.get("keys") or ()
    return f"[{escape(', '.join(str(key) for key in keys))}]"


SPECIAL: dict[str, Callable[[Any], str]] = {
    "par": paragraph,
    "item": item,
    "description": description,
    "href": link,
    "url": link,
    "footnote": footnote,
    "cite": citation,
    "citep": citation,
    "citet": citation,
    "includegraphics": lambda node: "[picture]",
    "active::~": lambda node: "&nbsp;",
    "\\": lambda node: "<br>",
    "newline": lambda node: "<br>",
    "hyperref": labelled,
    "hyperlink": labelled,
}
