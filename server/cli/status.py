"""`chantier status`: what every node is, from the folder alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from pydantic import TypeAdapter
from rich.console import Console
from rich.table import Table
from rich.text import Text

from blueprint.errors import UserError
from blueprint.graph import Node
from dashboards.progress import tally_of
from lean_project.findings import Findings
from lean_project.project import open_project
from lean_project.status import Drift, Formal, NodeStatus, PartStatus, Readiness, Work
from server.cli.steps import step
from server.cli.terminal import printable
from server.inspection import deceptive, inspect, unbuilt

_CODEC: TypeAdapter[NodeStatus] = TypeAdapter(NodeStatus)
_STYLES = {
    Formal.VERIFIED: "green",
    Formal.IN_LIBRARY: "green",
    Formal.PROVED: "cyan",
    Formal.STATED: "blue",
    Formal.SORRY: "yellow",
    Formal.REFUSED: "bold red",
    Formal.DRIFTED: "bold magenta",
    Formal.ABSENT: "dim",
}
# Columns of what goes to a file or another program.
_WIDE = 160


@click.command(short_help="Print what every node is, and where the blueprint's claims are wrong.")
@click.argument("project", type=click.Path(path_type=Path), default=Path())
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def command(project: Path, as_json: bool) -> None:
    """Let Lean check the folder PROJECT (default: here) as it stands and print what every node is.

    No server and no database is needed. Exit status 1 where a module does not build.
    """
    with step("Status") as say:
        findings = inspect(open_project(project), say)
    if as_json:
        click.echo(json.dumps(document(findings), ensure_ascii=False, indent=1))
    else:
        show(findings)
    if why := unbuilt(findings.facts):
        raise UserError(why)


def show(findings: Findings) -> None:
    """Print the table, what did not build, names that deceive, the drift, and one sentence."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = _WIDE
    console.print(table(findings))
    warnings = deceptive(findings.facts)
    said = (*failures(findings), *warnings, *drift_lines(findings), *edge_lines(findings), summary(findings))
    for line in said:
        console.print(Text(printable(line)), soft_wrap=True)


def document(findings: Findings) -> dict[str, Any]:
    """The statuses in document order, as JSON values."""
    return {
        "toolchain": findings.facts.toolchain,
        "failed_modules": list(findings.facts.failed_modules),
        "nodes": [
            {"caption": node.caption, **_CODEC.dump_python(findings.statuses[node.id], mode="json")}
            for node in findings.graph.nodes
        ],
    }


def table(findings: Findings) -> Table:
    """A row a node: what its parts are, and what is to be done."""
    rows = Table(box=None, pad_edge=False)
    rows.add_column("Node", overflow="fold", min_width=16)
    for title in ("", "Statement", "Proof", "Verified"):
        rows.add_column(title, overflow="ellipsis", no_wrap=True)
    rows.add_column("To do", overflow="fold", min_width=16)
    for node in findings.graph.nodes:
        status = findings.statuses[node.id]
        rows.add_row(
            Text(printable(node.id)),
            Text(printable(f"{node.kind.capitalize()} {node.number or ''}")),
            _formal(status.statement),
            _formal(status.proof),
            Text("yes", "green") if status.verified else Text("no", "dim"),
            Text(printable(todo(node, status))),
        )
    return rows


def todo(node: Node, status: NodeStatus) -> str:
    """The first work that is not done, and whether it can be taken up."""
    work = next((work for work in status.work if work.readiness is not Readiness.DONE), None)
    return "" if work is None else f"{work.kind} ({_readiness(node, work)})"


def failures(findings: Findings) -> Iterator[str]:
    if failed := findings.facts.failed_modules:
        yield f"These modules did not build: {', '.join(failed)}."
        errors = [message for message in findings.facts.messages if message.severity == "error"]
        yield from (f"  {m.file}:{m.line}:{m.column}: {' '.join(m.text.split())}" for m in errors[:10])


def drift_lines(findings: Findings) -> Iterator[str]:
    drifts = [drift for node in findings.graph.nodes for drift in findings.statuses[node.id].drift]
    if drifts:
        yield f"Drift, where the blueprint's claims and Lean differ ({len(drifts)}):"
    yield from map(_drift_line, drifts)


def edge_lines(findings: Findings) -> Iterator[str]:
    found = [status.edges for status in findings.statuses.values()]
    missing = sum(len(edges.missing) for edges in found)
    superfluous = sum(len(edges.superfluous) for edges in found)
    if missing or superfluous:
        yield f"Edges: {missing} missing, {superfluous} superfluous; `chantier edges` prints them."


def summary(findings: Findings) -> str:
    return f"{tally_of(findings.statuses.values()).words}. Checked by {findings.facts.toolchain}."


def _drift_line(drift: Drift) -> str:
    return f"  {drift.node}, {drift.part}: the blueprint has {drift.claim}, Lean says {drift.fact}"


def _formal(part: PartStatus | None) -> Text:
    return Text(part.formal, _STYLES[part.formal]) if part else Text("")


def _readiness(node: Node, work: Work) -> str:
    others = [blocker for blocker in work.blocked_by if blocker != node.id]
    return f"waits for {', '.join(others)}" if others else str(work.readiness)
