"""A language that marks what is translated, each text in ⟦brackets⟧: what is outside is no text of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from babel.messages.catalog import Catalog

LANGUAGE = "en_XA"
_INNERMOST = re.compile(r"⟦[^⟦⟧]*⟧")
_SHOWN = ("title", "aria-label", "aria-valuetext", "placeholder", "alt", "data-name")
# What holds code or mathematics: statements and titles of the blueprint, too.
_SILENT = {"script", "style", "code", "pre", "datalist"}
_FOREIGN = {"math", "tex", "doc", "quoted"}
_EMPTY = {"input", "link", "meta", "img", "br"}


def translated(catalogue: Catalog) -> Catalog:
    """Each text of the catalogue in brackets."""
    made = Catalog(locale="en", fuzzy=False)
    for message in catalogue:
        if message.id:
            ids = message.id if isinstance(message.id, tuple) else (message.id,)
            said = tuple(f"⟦{text}⟧" for text in ids)
            made.add(message.id, said if len(said) > 1 else said[0], context=message.context)
    return made


def outside(html: str) -> Iterator[str]:
    """What can be read on a page, or heard, and stands in no brackets; code and formulas left out."""
    reader = _Reader()
    reader.feed(html)
    for text in ("".join(reader.texts), *reader.attributes):
        for piece in re.split(r"[\n·|]", _without(text)):
            if re.search(r"[^\W\d_]{2}", piece):
                yield " ".join(piece.split())


def _without(text: str) -> str:
    while (less := _INNERMOST.sub("", text)) != text:
        text = less
    return text


class _Reader(HTMLParser):
    """Its texts, with a line's end wherever an element begins or ends, and its attributes that are shown."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.attributes: list[str] = []
        self._open: list[tuple[str, bool]] = []  # each open element, and whether it is silent

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.texts.append("\n")
        self.attributes += [value for name, value in attrs if name in _SHOWN and value]
        if tag not in _EMPTY:
            classes = set((dict(attrs).get("class") or "").split())
            self._open.append((tag, tag in _SILENT or tag == "math" or not classes.isdisjoint(_FOREIGN)))

    def handle_endtag(self, tag: str) -> None:
        self.texts.append("\n")
        while self._open and self._open.pop()[0] != tag:
            pass  # some need no end

    def handle_data(self, data: str) -> None:
        self.texts.append(re.sub("[^⟦⟧]", "", data) if any(silent for _, silent in self._open) else data)
