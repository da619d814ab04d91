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
from plasTeX.Base.LaTeX.Accents import Accent
from plasTeX.Base.LaTeX.Math import MathEnvironment

from blueprint.crossrefs import MARKS
from blueprint.draft import LONGEST_LINE
from blueprint.latex.accents import LETTERS, SIGNS, accented
from blueprint.latex.macros import Annotation
from blueprint.latex.math import mathematics
from blueprint.latex.pictures import ENVIRONMENTS, IN_MATHEMATICS
from blueprint.latex.raw import Raw
from blueprint.latex.references import Reference

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
    "quote": "blockquote",
    "quotation": "blockquote",
    "figure": "figure",
    "figure*": "figure",
    "table": "figure",
    "table*": "figure",
    "wrapfigure": "figure",
}
CITING = ("cite", "citep", "citet", "citealp", "citeauthor", "citeyear", "parencite", "textcite", "autocite")
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
TYPED = {"verb", "lstinline", "mintinline"}


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
    if isinstance(node, Annotation) or node.nodeName in SILENT or node.nodeName == "footnote":
        return ""
    if isinstance(node, Reference):
        return node.marked
    found = character(node)
    return "".join(plain(child) for child in node.childNodes) if found is None else found


def character(node: Any) -> str | None:
    """What a macro that stands for a character, or puts an accent on one, is in Unicode."""
    if isinstance(node, Accent) and node.nodeName in SIGNS:
        return accented(node.nodeName, "".join(plain(child) for child in node.childNodes).strip())
    letter = LETTERS.get(node.nodeName)
    return letter or (None if node.str is None else str(node.str))


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
        return formula(mathematics(node))
    if name in ENVIRONMENTS:
        return picture(node.source)
    if isinstance(node, Raw):
        return f"<pre>{escape(node.body)}</pre>"
    if name in TYPED:
        return f"<code>{typed(node).strip()}</code>"
    if name in SPECIAL:
        return SPECIAL[name](node)
    found = character(node)
    if found is not None:
        return escape(found)
    return wrap(WRAPPED.get(name), html(node) if name == "par" else inner(node))


def inner(node: Any) -> str:
    return "".join(element(child) for child in node.childNodes)


def wrap(tag: str | None, content: str) -> str:
    return f"<{tag}>{content}</{tag}>" if tag else content


def paragraph(node: Any) -> str:
    content = inner(node).strip()
    block = any(getattr(child, "blockType", False) for child in node.childNodes)
    return f"<p>{content}</p>" if content and not block else content


def formula(source: str) -> str:
    """Mathematics between delimiters; that which holds a picture is one, and TeX's own delimiters suit it."""
    if IN_MATHEMATICS.search(source):
        return picture(rf"$\displaystyle {source[2:-2].strip()}$")
    return escape(source)


def picture(source: str) -> str:
    """What only a TeX can draw: its source, for `pictures.drawn` to replace."""
    return f'<pre class="picture">{escape(source)}</pre>'


def typed(node: Any) -> str:
    return escape("".join(child.source for child in node.childNodes))


def listing(node: Any) -> str:
    """A list. Where its items have marks of their own these are text, since HTML knows few kinds."""
    items = [child for child in node.childNodes if child.nodeName == "item"]
    tag = "ul" if node.nodeName == "itemize" else "ol"
    if any(mark(child) for child in items):
        rows = (marked(child, "•" if tag == "ul" else f"{getattr(child, 'count', '')}.") for child in items)
        return f'<{tag} class="marked">{"".join(rows)}</{tag}>'
    first = getattr(items[0], "count", 1) if items else 1
    start = f' start="{first}"' if tag == "ol" and first != 1 else ""
    return f"<{tag}{start}>{''.join(f'<li>{inner(child)}</li>' for child in items)}</{tag}>"


def mark(item: Any) -> str:
    term = item.attributes.get("term")
    return escape(getattr(item, "mark", "")) if term is None else inner(term)


def marked(item: Any, usual: str) -> str:
    return f'<li><span class="item-mark">{mark(item) or usual}</span> {inner(item)}</li>'


def description(node: Any) -> str:
    items = [child for child in node.childNodes if child.nodeName == "item"]
    return wrap("dl", "".join(f"<dt>{mark(child)}</dt><dd>{inner(child)}</dd>" for child in items))


def table(node: Any) -> str:
    """A table; its first row is the heading where a line parts it from what follows."""
    rows = [row for row in node.childNodes if row.nodeName == "ArrayRow" and not row.isBorderOnly]
    if not rows:
        return ""
    heads = len(rows) > 1 and ruled(rows[1]) and not any(map(ruled, rows[2:]))
    head = f"<thead>{table_row(rows[0], 'th')}</thead>" if heads else ""
    body = "".join(table_row(row, "td") for row in rows[heads:])
    return f"<table>{head}<tbody>{body}</tbody></table>"


def ruled(row: Any) -> bool:
    """Whether a line stands above it."""
    return any("border-top-style" in cell.style for cell in row.childNodes)


def table_row(row: Any, tag: str) -> str:
    return wrap("tr", "".join(table_cell(cell, tag) for cell in row.childNodes))


def table_cell(cell: Any, tag: str) -> str:
    span = cell.attributes.get("colspan") if cell.attributes else None
    across = f' colspan="{int(span)}"' if isinstance(span, int) and 1 < span < 100 else ""
    scope = ' scope="col"' if tag == "th" else ""
    return f"<{tag}{scope}{across}>{inner(cell)}</{tag}>"


def caption(node: Any) -> str:
    number = text(getattr(node, "ref", None))
    kind = str(getattr(node, "counter", None) or "figure").capitalize()
    return f"<figcaption>{escape(f'{kind} {number}'.strip())}: {inner(node)}</figcaption>"


def image(node: Any) -> str:
    name = "".join(str(token) for token in [node.attributes.get("file") or ""])
    return f"<em>[{escape(f'picture {name}'.strip())}]</em>"


def link(node: Any) -> str:
    typed = "".join(str(token.source) for token in node.attributes.get("url") or ())
    url = re.sub(r"\\([%#&_~]) ?", r"\1", typed).strip()
    return f'<a href="{escape(url)}">{inner(node) or escape(url)}</a>'


def footnote(node: Any) -> str:
    return f' <small class="footnote">({inner(node)})</small>'


def labelled(node: Any) -> str:
    """A link whose words are the author's."""
    label = str(node.attributes.get("label") or "") if node.nodeName == "hyperlink" else node.label
    return f'<a href="label:{escape(label)}">{inner(node)}</a>'


def citation(node: Any) -> str:
    """The keys, as there may be no bibliography, and what is said with them."""
    keys = ", ".join(str(key).strip() for key in node.attributes.get("bibkeys") or ())
    said = [node.attributes.get(name) for name in ("text", "text2")]
    notes = "".join(f", {inner(note)}" for note in said if getattr(note, "childNodes", None))
    return f"[{escape(keys)}{notes}]"


SPECIAL: dict[str, Callable[[Any], str]] = {
    "par": paragraph,
    "itemize": listing,
    "enumerate": listing,
    "description": description,
    "tabular": table,
    "tabular*": table,
    "tabularx": table,
    "longtable": table,
    "caption": caption,
    "textsc": lambda node: f'<span class="small-caps">{inner(node)}</span>',
    "center": lambda node: f'<div class="centre">{inner(node)}</div>',
    "href": link,
    "url": link,
    "nolinkurl": link,
    "footnote": footnote,
    **dict.fromkeys(CITING, citation),
    "includegraphics": image,
    "active::~": lambda node: "&nbsp;",
    "\\": lambda node: "<br>",
    "newline": lambda node: "<br>",
    "hyperref": labelled,
    "hyperlink": labelled,
}
