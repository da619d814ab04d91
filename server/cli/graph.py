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


@click.command()
@click.argument("project", type=click.Path(path_type=Path), default=Path())
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def command(project: Path, as_json: bool) -> None:
    """Print the dependency graph of the blueprint in the folder PROJECT (default: here)."""
    graph = read_project(project)
    if as_json:
        click.echo(json.dumps(document(graph), ensure_ascii=False, indent=1))
        return
    Console(soft_wrap=False).print(table(graph))
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


def table(graph: Graph) -> Table:
    """One row a node, in document order. Names are foreign text, so they are never read as markup."""
    out = Table("node", "id", "title", "uses", "Lean", "claim", title=_text(graph.title or "Blueprint"))
    out.columns[1].overflow = out.columns[4].overflow = "fold"
    for node in graph.nodes:
        uses = len(dict.fromkeys(node.statement.uses + (node.proof.uses if node.proof else ())))
        out.add_row(
            _text(f"{node.kind} {node.number or ''}".strip()),
            _text(node.id),
            _text(node.title or ""),
            str(uses or ""),
            _text(", ".join(node.lean)),
            claim(node),
        )
    return out


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
    return (
        f"{len(graph.nodes)} nodes, {edges} uses, {len(graph.lean_decls)} Lean declarations, "
        f"problems (see chantier lint): {len(graph.problems)}"
    )


def _text(text: str) -> Text:
    return Text("".join(char for char in text if char.isprintable()))
