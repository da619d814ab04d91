"""`chantier lint`: the mistakes of a blueprint, each with its place."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

import click

from blueprint.graph import Problem
from server.cli.graph import problem_document, read_project
from server.cli.terminal import printable

SEVERITIES = ("error", "warning", "info")


@click.command()
@click.argument("project", type=click.Path(path_type=Path), default=Path())
@click.option("--json", "as_json", is_flag=True, help="Print the problems as JSON.")
@click.option("--quiet", "-q", is_flag=True, help="Leave out what is merely worth knowing (info).")
def command(project: Path, as_json: bool, quiet: bool) -> None:
    """Print the mistakes of the blueprint in the folder PROJECT (default: here); exit 1 on an error."""
    problems = read_project(project).problems
    if as_json:
        click.echo(
            json.dumps([problem_document(problem) for problem in problems], ensure_ascii=False, indent=1)
        )
    else:
        for problem in problems:
            if not (quiet and problem.severity == "info"):
                click.echo(line(problem))
        click.echo(summary(problems))
    sys.exit(any(problem.severity == "error" for problem in problems))


def line(problem: Problem) -> str:
    """`file:line: severity code: message (hint)`, as editors and CI understand it."""
    where = f"{problem.place.file}:{problem.place.line}" if problem.place else "blueprint"
    hint = f" ({problem.hint})" if problem.hint else ""
    return printable(f"{where}: {problem.severity} {problem.code}: {problem.message}{hint}")


def summary(problems: tuple[Problem, ...]) -> str:
    """`2 errors, 1 warning`, or that there are none."""
    counts = Counter(problem.severity for problem in problems)
    parts = [f"{counts[name]} {name}{'s' * (counts[name] > 1 and name != 'info')}" for name in SEVERITIES]
    return ", ".join(part for part in parts if not part.startswith("0 ")) or "No problems."
