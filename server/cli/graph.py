"""`chantier graph`: the dependency graph of a blueprint."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from blueprint.graph import Graph, Node
from blueprint.reader import read
from lean_project.project import open_project


@click.command()
@click.argument("project", type=click.Path(path_type=Path), default=Path())
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def command(project: Path, as_json: bool) -> None:
    """Print the dependency graph of the blueprint in the folder PROJECT (default: here)."""
    opened = open_project(project)
    graph = read(opened.web_tex, opened.root)
    if as_json:
        click.echo(json.dumps(document(graph), ensure_ascii=False, indent=1))


def document(graph: Graph) -> dict[str, Any]:
    """The graph as other programs read it: nodes, declarations, problems; `place` as `file` and `line`."""
    return {
        "nodes": [node_document(node) for node in graph.nodes],
        "lean_decls": list(graph.lean_decls),
        "problems": [],
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
