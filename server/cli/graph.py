"""`chantier graph`: the dependency graph of a blueprint."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from blueprint.graph import Graph, Node, Problem
from blueprint.reader import read
from lean_project.project import open_project
from server.cli.terminal import counted

WIDE = 110  # columns of a terminal from which Lean names have room
NARROW = 60  # columns below which only what a node is, its id and its claim have room
PAGE = 160  # columns where there is no terminal, so that a name can be searched for


@click.command()
@click.argument("project", type=click.Path(path_type=Path), default=Path())
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def command(project: Path, as_json: bool) -> None:
    """Print the nodes of the blueprint in the folder PROJECT (default: here).

    Each with how many nodes it uses, its Lean declarations (on a narrow terminal: how many) and what its
    author claims of it. --json has everything, the edges too.
    """
    graph = read_project(project)
    if as_json:
        click.echo(json.dumps(document(graph), ensure_ascii=False, indent=1))
        return
    console = Console()
    if not console.is_terminal:
        console.width = PAGE
    console.print(table(graph, wide=console.width >= WIDE, narrow=console.width < NARROW))
    click.echo(summary(graph))


def read_project(folder: Path) -> Graph:
    """The graph of the project in `folder`; says on a terminal that it is being read."""
    project = open_project(folder)
    with Console(stderr=True).status("Reading the blueprint"):
        return read(project.web_tex, project.root)


def document(graph: Graph) -> dict[str, Any]:
    """The graph as other programs read it: nodes, declarations, problems; a place is `file` and `line`."""
    return {
        "title": graph.title,
        "nodes": [node_document(node) for node in graph.nodes],
        "lean_decls": list(graph.lean_decls),
        "problems": [problem_document(problem) for problem in graph.problems],
    }


def node_document(node: Node) -> dict[str, Any]:
    proof = node.proof
    return {
        "id": node.id,
        "labels": node.labels,
        "kind": node.kind,
        "number": node.number,
        "title": node.title,
        "lean": node.lean,
        "leanok": node.statement.leanok,
        "notready": node.notready,
        "mathlibok": node.mathlibok,
        "discussion": node.discussion,
        "also_in": node.also_in,
        "has_proof": proof is not None,
        "proof_leanok": proof is not None and proof.leanok,
        "uses": node.statement.uses,
        "proof_uses": proof.uses if proof else (),
        "file": node.statement.place.file,
        "line": node.statement.place.line,
        "claimed": asdict(node.claimed),
    }


def problem_document(problem: Problem) -> dict[str, Any]:
    place = problem.place
    return {
        "code": problem.code,
        "severity": problem.severity,
        "file": place.file if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
        "node": problem.node,
        "message": problem.message,
        "hint": problem.hint,
    }


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


def summary(graph: Graph) -> str:
    """One line below the table."""
    edges = sum(len(part.uses) for node in graph.nodes for part in (node.statement, node.proof) if part)
    counts = (
        counted(len(graph.nodes), "node"),
        counted(edges, "use"),
        counted(len(graph.lean_decls), "Lean declaration"),
        f"{counted(len(graph.problems), 'problem')} (chantier lint shows them)",
    )
    return ", ".join(counts if graph.problems else (*counts[:3], "no problems"))


def _text(text: str) -> Text:
    return Text("".join(char for char in text if char.isprintable()))
