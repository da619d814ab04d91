"""The nodes of a blueprint as a table, as wide as there is room for."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from blueprint.graph import Graph, Node

WIDE = 110  # columns of a terminal from which Lean names have room
NARROW = 60  # columns below which only what a node is, its id and its claim have room
PAGE = 160  # columns where there is no terminal, so that a name can be searched for


def show(graph: Graph) -> None:
    """Print the table on standard output."""
    console = Console()
    if not console.is_terminal:
        console.width = PAGE
    console.print(table(graph, wide=console.width >= WIDE, narrow=console.width < NARROW))


def table(graph: Graph, *, wide: bool, narrow: bool = False) -> Table:
    """One row a node, in document order. Names are foreign text, so they are never read as markup."""
    out = Table(title=_text(graph.title or "Blueprint"))
    out.add_column("node", no_wrap=wide)
    out.add_column("id", overflow="fold")
    if not narrow:
        out.add_column("title")
        out.add_column("uses", justify="right")
        out.add_column("Lean", overflow="fold", justify="default" if wide else "right")
    out.add_column("claim", no_wrap=True)
    for node in graph.nodes:
        kind = _text(f"{node.kind} {node.number or ''}".strip())
        out.add_row(kind, _text(node.id), *(() if narrow else _details(node, wide)), claim(node))
    return out


def _details(node: Node, wide: bool) -> tuple[Text | str, ...]:
    """Its title, how many nodes it uses, and its declarations or their number."""
    uses = len(dict.fromkeys(node.statement.uses + (node.proof.uses if node.proof else ())))
    names = Text("\n").join(map(_text, node.lean)) if wide else str(len(node.lean) or "")
    return _text(node.title or ""), str(uses or ""), names


def claim(node: Node) -> Text:
    """What the author claims, in a word."""
    flags = node.claimed
    words = (
        (node.mathlibok, "in Mathlib", "green"),
        (node.is_definition and flags.defined, "defined", "green"),
        (flags.fully_proved, "all proved", "green"),
        (flags.proved, "proved", "cyan"),
        (node.notready, "not ready", "red"),
        (flags.can_prove and flags.stated, "to prove", "yellow"),
        (flags.stated, "stated", "yellow"),
        (flags.can_state, "to state", "yellow"),
    )
    word, style = next(((word, style) for holds, word, style in words if holds), ("blocked", "dim"))
    return Text(word, style=style)


def _text(text: str) -> Text:
    return Text("".join(char for char in text if char.isprintable()))
