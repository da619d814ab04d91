"""`chantier authors`: the past of every declaration that a blueprint names."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from blueprint.errors import UserError
from blueprint.graph import declarations
from dashboards.wording import percent
from lean_project.attribution import Authorship, authors
from lean_project.facts import Fact
from lean_project.history import NOTHING_KNOWN, Lines, Story, story
from lean_project.project import open_project
from lean_project.repository import Repository
from server.cli.steps import step
from server.cli.terminal import printable
from server.inspection import Progress, inspect


@dataclass(frozen=True, slots=True)
class Past:
    """A declaration's story and its authors, most lines first; `problem` says why there is none."""

    name: str
    story: Story = NOTHING_KNOWN
    authors: tuple[Authorship, ...] = ()
    problem: str | None = None


@click.command(short_help="Print who wrote what Lean has, and with which commits.")
@click.argument("project", type=click.Path(path_type=Path), default=Path())
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def command(project: Path, as_json: bool) -> None:
    """Print, for every declaration that the blueprint names in the newest commit of the repository PROJECT
    (default: here), the commit that brought it in, the one that made it pass, and its authors by their share
    of the lines that stand."""
    with Repository.open(project) as repository, step("Authors") as say:
        found = tuple(pasts(repository, say))
    if as_json:
        click.echo(json.dumps([asdict(past) for past in found], ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join(printable(line(past)) for past in found))


def pasts(repository: Repository, progress: Progress) -> Iterator[Past]:
    """The past of each declaration, in the order of the blueprint; nothing of what the project has not."""
    sha = repository.head().sha
    with tempfile.TemporaryDirectory(prefix="chantier-authors-") as scratch:
        repository.export(sha, Path(scratch) / "tree")
        findings = inspect(open_project(Path(scratch) / "tree"), progress)
    known = findings.facts.by_name()
    progress("asking git who wrote it")
    for name in declarations(findings.graph):
        if (fact := known.get(name)) and fact.file and fact.line and fact.end_line:
            yield _past(repository, fact, Lines(sha, fact.file, fact.line, fact.end_line))


def _past(repository: Repository, fact: Fact, at: Lines) -> Past:
    try:
        people = authors(repository, at.sha, at.file, at.first, at.last)
        return Past(fact.name, story(repository, at, fact.name), people)
    except UserError as error:
        return Past(fact.name, problem=str(error))


def line(past: Past) -> str:
    if past.problem:
        return f"{past.name}: {past.problem}"
    whole = sum(author.lines for author in past.authors)
    people = ", ".join(f"{one.name} {percent(one.lines, whole)} %" for one in past.authors) or "nobody known"
    came, passed = ((sha or "")[:10] for sha in (past.story.introduced, past.story.passed))
    since = f"came with {came}" if came else "older than this clone"
    return f"{past.name}: {since}, {f'passes since {passed}' if passed else 'never passed'}; {people}"
