"""References to other places of the document: marked while LaTeX is read, put into words when all is known.

What a reference shows depends on text far away from it. So the LaTeX side writes a mark that holds only
what was typed, and the reader replaces it by words: a link in HTML, `\\textrm{...}` in mathematics.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape, unescape
from itertools import groupby

from blueprint.draft import Label, Wording
from blueprint.names import resolve

# Code points that Unicode keeps out of texts. Whoever types them anyway has typed a reference.
IN_TEXT, IN_MATHEMATICS, NEXT, END = "\ufdd0", "\ufdd1", "\ufdd2", "\ufdd3"
MARKS = {IN_TEXT, IN_MATHEMATICS, NEXT, END}
MARK = re.compile(f"([{IN_TEXT}{IN_MATHEMATICS}])([A-Za-z]+)((?:{NEXT}[^{IN_TEXT}-{END}]*)+){END}")
STRAY = re.compile(f"[{IN_TEXT}-{END}]")

# What cleveref calls things that are no theorems: one, several, and the same without abbreviation.
NAMES = {
    "equation": ("eq.", "eqs.", "equation", "equations"),
    "figure": ("fig.", "figs.", "figure", "figures"),
    "table": ("table", "tables", "table", "tables"),
    "item": ("item", "items", "item", "items"),
    "section": ("section", "sections", "section", "sections"),
    "chapter": ("chapter", "chapters", "chapter", "chapters"),
    "part": ("part", "parts", "part", "parts"),
    "appendix": ("appendix", "appendices", "appendix", "appendices"),
    "footnote": ("footnote", "footnotes", "footnote", "footnotes"),
}
AUTOREF_CAPITALS = {"equation", "figure", "table"}
BARE = {"ref", "pageref", "labelcref"}
SINGLE = {*BARE, "eqref", "nameref", "autoref", "namecref", "nameCref", "lcnamecref"}


def mark(style: str, *typed: str, mathematics: bool = False) -> str:
    """A reference made with the macro `style`, whose arguments are `typed`."""
    start = IN_MATHEMATICS if mathematics else IN_TEXT
    return f"{start}{style}{''.join(NEXT + STRAY.sub('', argument) for argument in typed)}{END}"


@dataclass(frozen=True, slots=True)
class Form:
    """How words become a `link` to a label, and how a label that nothing has is shown."""

    link: Callable[[str, str], str]
    lost: Callable[[str], str]


def _link(label: str, words: str) -> str:
    return f'<a href="label:{escape(label)}">{escape(words, quote=False)}</a>'


def _lost(label: str) -> str:
    return f"<strong>??</strong> <code>{escape(label, quote=False)}</code>"


HTML = Form(_link, _lost)
WORDS = Form(lambda label, words: words, lambda label: "??")


@dataclass(frozen=True, slots=True)
class Crossrefs:
    """Every label of the document, of two equal ones the first, and how the document words references."""

    labels: dict[str, Label]
    wording: Wording

    @classmethod
    def of(cls, labels: Iterable[Label], wording: Wording) -> Crossrefs:
        first: dict[str, Label] = {}
        for label in labels:
            first.setdefault(label.name, label)
        return cls(first, wording)

    def in_html(self, html: str) -> str:
        """`html` with its marks as links to labels; a mark in mathematics becomes text there."""

        def show(found: re.Match[str]) -> str:
            typed = [unescape(argument) for argument in found[3].split(NEXT)[1:]]
            if found[1] == IN_TEXT:
                return self._shown(found[2], typed, HTML)
            return escape(self._mathematics(found[2], typed), quote=False)

        return _without_marks(html, show)

    def in_text(self, text: str) -> str:
        """`text`, which is no HTML, with the words alone."""

        def show(found: re.Match[str]) -> str:
            typed = found[3].split(NEXT)[1:]
            if found[1] == IN_TEXT:
                return self._shown(found[2], typed, WORDS)
            return self._mathematics(found[2], typed)

        return _without_marks(text, show)

    def _mathematics(self, style: str, typed: list[str]) -> str:
        if style == "tag":
            label = self.labels.get(typed[0])
            return rf"\tag{{{label.number}}}" if label and label.number else ""
        return rf"\textrm{{{self._shown(style, typed, WORDS)}}}"  # which may also stand in text

    def _shown(self, style: str, typed: list[str], form: Form) -> str:
        if style.lower() == "crefrange":
            return self._range(style, typed, form)
        known, unknown = ((typed[0],), ()) if typed[0] in self.labels else resolve(typed[0], self.labels)
        labels = [self.labels[name] for name in known]
        return _listed([*self._pieces(style, labels, form), *map(form.lost, unknown)])

    def _pieces(self, style: str, labels: list[Label], form: Form) -> list[str]:
        """One for each label; cleveref has one for each run of a kind: `lemmas 1 and 2`, `theorem 3`."""
        if style in SINGLE:
            return [form.link(label.name, self._single(style, label)) for label in labels]
        return [self._group(style, list(group), form) for _, group in groupby(labels, _kind)]

    def _single(self, style: str, label: Label) -> str:
        if style in BARE:
            return label.number or _instead(label)
        if style == "eqref":
            return f"({label.number or _instead(label)})"
        if style == "nameref":
            return label.title or f"{label.called} {label.number}".strip() or label.name
        if style == "autoref":
            return f"{self._autoref(label)} {label.number}".strip()
        return self._name(style, label, several=False)

    def _autoref(self, label: Label) -> str:
        kind = _kind(label)
        name = label.called or NAMES.get(kind, (kind,) * 4)[2]
        return _capital(name) if kind in AUTOREF_CAPITALS else name

    def _group(self, style: str, labels: list[Label], form: Form) -> str:
        shape = self.wording.formats.get(_kind(labels[0]))
        if shape is not None:
            return _listed([form.link(label.name, _shaped(shape, label)) for label in labels])
        name = self._name(style, labels[0], several=len(labels) > 1)
        if len(labels) == 1:
            return form.link(labels[0].name, f"{name} {_number(labels[0])}".strip())
        return f"{name} {_listed([form.link(label.name, _number(label)) for label in labels])}".strip()

    def _range(self, style: str, typed: list[str], form: Form) -> str:
        labels = [self.labels[name] for name in typed if name in self.labels]
        ends = [
            form.link(name, _number(self.labels[name])) if name in self.labels else form.lost(name)
            for name in typed
        ]
        name = self._name(style, labels[0], several=True) if labels else ""
        return f"{name} {' to '.join(ends)}".strip()

    def _name(self, style: str, label: Label, *, several: bool) -> str:
        kind, given, capital = _kind(label), self.wording, "C" in style
        if capital and kind in given.capital_names:
            return given.capital_names[kind][several]
        if kind in given.names:
            name = given.names[kind][several]
        else:
            name = self._usual(label, several, capital)
            capital = capital or given.capitals
        if style.startswith("lc"):
            return name[:1].lower() + name[1:]
        return _capital(name) if capital else name

    def _usual(self, label: Label, several: bool, whole: bool) -> str:
        kind = _kind(label)
        if kind in NAMES:
            return NAMES[kind][several + 2 * (whole or not self.wording.abbreviates)]
        name = label.called[:1].lower() + label.called[1:]
        return _plural(name) if several else name


def _without_marks(text: str, show: Callable[[re.Match[str]], str]) -> str:
    """`text` with what `show` makes of its marks; few have any, and searching for one of many is slow."""
    if not any(part in text for part in MARKS):
        return text
    return STRAY.sub("", MARK.sub(show, text))


def _kind(label: Label) -> str:
    """What cleveref takes it for: levels of sections and of lists are one."""
    kind = label.kind
    if kind.startswith("enum"):
        return "item"
    return "section" if kind in ("subsection", "subsubsection", "paragraph") else kind


def _number(label: Label) -> str:
    if not label.number:
        return _instead(label)
    return f"({label.number})" if _kind(label) == "equation" else label.number


def _instead(label: Label) -> str:
    """What to show of something that has no number."""
    return label.title or label.called or label.name


def _shaped(shape: str, label: Label) -> str:
    return shape.replace("#2", "").replace("#3", "").replace("#1", label.number, 1)


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def _plural(name: str) -> str:
    if name.endswith("y") and name[-2:-1] not in tuple("aeiou"):
        return f"{name[:-1]}ies"
    return f"{name[:-2]}es" if name.endswith("is") else f"{name}s" if name else ""


def _listed(pieces: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join(part for part in (", ".join(pieces[:-1]), *pieces[-1:]) if part)
