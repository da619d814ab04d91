"""A table of credit that somebody kept by hand, in Markdown: text -> rows. Pure; nothing is looked up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

from blueprint.errors import UserError

LONGEST = 1_000_000

# What a column may be called -> what it holds.
COLUMNS: Mapping[str, str] = {
    **dict.fromkeys(("person", "people", "who", "name", "contributor", "contributors", "author"), "person"),
    **dict.fromkeys(("kind", "what", "contribution", "contributions", "type", "role"), "kind"),
    **dict.fromkeys(("node", "label", "on", "for", "where", "result", "statement"), "node"),
    **dict.fromkeys(("evidence", "link", "links", "url", "source", "commit", "pr", "proof"), "evidence"),
    **dict.fromkeys(("degree", "share"), "degree"),
    **dict.fromkeys(("method", "how"), "method"),
    **dict.fromkeys(("tools", "tool", "ai", "with"), "tools"),
}
# As Markdown counts lines; Python would also end one at characters that stand within a line.
_LINE_END = re.compile(r"\r\n|[\r\n]")
_NEEDED = ("person", "kind")
_AND = re.compile(r"\s*(?:[,;&]|\band\b)\s*")


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell: its text, and the addresses that it links to."""

    text: str = ""
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its line in the file (from 1), the line itself, and its cells by what they hold."""

    line: int
    source: str
    cells: Mapping[str, Cell]

    def cell(self, name: str) -> Cell:
        return self.cells.get(name, Cell())


@dataclass(frozen=True, slots=True)
class CreditTable:
    """The rows of all tables of credit in a text, and the columns that mean nothing to us."""

    rows: tuple[Row, ...]
    unknown: tuple[str, ...]


def parse(text: str) -> CreditTable:
    """The rows of every table that has columns for a person and a kind. `UserError` when there is none."""
    if len(text) > LONGEST:
        raise UserError(f"The table has more than {LONGEST} characters; cut it into several.")
    tokens, lines = MarkdownIt("commonmark").enable("table").parse(text), _LINE_END.split(text)
    rows: list[Row] = []
    unknown: list[str] = []
    found = False
    for head, *body in _tables(tokens):
        names = [COLUMNS.get(_word(cell.text)) for _, cell in head]
        if not set(_NEEDED) <= set(names):
            continue
        found = True
        unknown += [cell.text for (_, cell), name in zip(head, names, strict=True) if name is None]
        rows += [_row(cells, names, lines) for cells in body]
    if not found:
        raise UserError("There is no table of credit in it; its header names at least `person` and `kind`.")
    return CreditTable(tuple(rows), tuple(dict.fromkeys(unknown)))


def several(text: str) -> tuple[str, ...]:
    """`Ana, Ben and Cleo` is three."""
    return tuple(part for part in _AND.split(text.strip()) if part)


_Cells = list[tuple[int, Cell]]


def _tables(tokens: Sequence[Token]) -> Iterator[list[_Cells]]:
    """The rows of each table, the header first; each cell with the line it is on, from 0."""
    table: list[_Cells] = []
    for at, token in enumerate(tokens):
        if token.type == "table_open":
            table = []
        elif token.type == "tr_open":
            table.append([])
        elif token.type in {"th_open", "td_open"}:
            place = tokens[at + 1].map
            table[-1].append((place[0] if place else 0, _cell(tokens[at + 1])))
        elif token.type == "table_close":
            yield table


def _cell(inline: Token) -> Cell:
    pieces = inline.children or []
    text = " ".join("".join(_shown(piece) for piece in pieces).split())
    links = tuple(str(piece.attrs["href"]) for piece in pieces if piece.type == "link_open")
    return Cell(text, links)


def _shown(piece: Token) -> str:
    return " " if piece.type in {"softbreak", "hardbreak"} else piece.content


def _row(cells: _Cells, names: Iterable[str | None], lines: Sequence[str]) -> Row:
    line = cells[0][0]
    held: dict[str, Cell] = {}
    for name, (_, cell) in zip(names, cells, strict=False):
        if name is not None:
            before = held.get(name, Cell())
            both = f"{before.text} {cell.text}".strip()
            held[name] = Cell(both, (*before.links, *cell.links))
    return Row(line + 1, lines[line] if line < len(lines) else "", held)


def _word(text: str) -> str:
    return text.casefold().strip(" *_:?")
