"""`chantier graph`: the dependency graph of a blueprint."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from blueprint.graph import Graph, Node, Problem
from blueprint.reader import read
from lean_project.project import open_project
from server.cli.terminal import counted, waiting


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
    from server.cli import node_table  # which takes longer to load than a graph that is known

    node_table.show(graph)
    click.echo(summary(graph))


def read_project(folder: Path) -> Graph:
    """The graph of the project in `folder`; says on a terminal that it is being read."""
    project = open_project(folder)
    with waiting("Reading the blueprint"):
        return project.aimed(read(project.web_tex, project.root))


def document(graph: Graph) -> dict[str, Any]:
    """The graph as other programs read it: nodes, declarations, problems; a place is `file` and `line`."""
    return {
        "title": graph.title,
        "nodes": [node_document(node) for node in graph.nodes],
        "lean_decls": list(graph.lean_decls),
        "goals": list(graph.goals),
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
