"""`chantier edges`: where the blueprint's `\\uses` and what Lean uses differ."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click

from blueprint.errors import UserError
from dashboards.documents.edges import edges_document
from lean_project.edges import Edge
from lean_project.findings import Findings
from lean_project.project import open_project
from server.cli.steps import step
from server.cli.terminal import printable
from server.inspection import inspect, unbuilt


@click.command(short_help="Print where `\\uses` and what Lean uses differ.")
@click.argument("project", type=click.Path(path_type=Path), default=Path())
@click.option("--json", "as_json", is_flag=True, help="Print what every node uses as JSON.")
def command(project: Path, as_json: bool) -> None:
    """Let Lean check the folder PROJECT (default: here) and print which edges its blueprint lacks, and which
    it has for nothing, each with the declaration and the line that make it.

    Exit status 1 where a module does not build.
    """
    with step("Edges") as say:
        findings = inspect(open_project(project), say)
    if as_json:
        found = {id: edges_document(status.edges) for id, status in findings.statuses.items()}
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join(printable(line) for line in lines(findings)))
    if why := unbuilt(findings.facts):
        raise UserError(why)


def lines(findings: Findings) -> Iterator[str]:
    """A line for each difference, by node in document order, and one sentence."""
    missing = superfluous = 0
    for id, status in findings.statuses.items():
        missing += len(status.edges.missing)
        superfluous += len(status.edges.superfluous)
        yield from (_line(id, "misses", edge) for edge in status.edges.missing)
        yield from (_line(id, "need not use", edge) for edge in status.edges.superfluous)
    yield f"{missing} edges are missing and {superfluous} superfluous, says {findings.facts.toolchain}."


def _line(id: str, verb: str, edge: Edge) -> str:
    place = f"{edge.file}:{edge.line}: " if edge.file else ""
    return f"{place}{id} {verb} {edge.used}: {edge.text}"
