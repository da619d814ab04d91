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
from lean_project.findings import Findings
from lean_project.history import NOTHING_KNOWN, Lines, Story, story
from lean_project.project import open_project
from lean_project.repository import Repository
from server.cli.steps import step
from server.cli.terminal import printable
from server.inspection import Progress, inspect, unbuilt


@dataclass(frozen=True, slots=True)
class Past:
    """A declaration's story and its authors, most lines first; `problem` says why there is none.

    `passes` is what Lean says of it today; the story knows only whether a `sorry` stands in the text.
    """

    name: str
    passes: bool = False
    story: Story = NOTHING_KNOWN
    authors: tuple[Authorship, ...] = ()
    problem: str | None = None


@click.command(short_help="Print who wrote what Lean has, and with which commits.")
@click.argument("project", type=click.Path(path_type=Path), default=Path())
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def command(project: Path, as_json: bool) -> None:
    """Print, for every declaration that the blueprint names in the newest commit of the repository PROJECT
    (default: here), the commit that brought it in, the one that made it pass, and its authors by their share
    of the lines that stand.

    Exit status 1 where a module does not build: of its declarations nothing is known.
    """
    with Repository.open(project) as repository, step("Authors") as say:
        sha = repository.head().sha
        findings = _findings(repository, sha, say)
        say("asking git who wrote it")
        found = tuple(pasts(repository, sha, findings))
    if as_json:
        click.echo(json.dumps([asdict(past) for past in found], ensure_ascii=False, indent=1))
    else:
        for past in found:
            click.echo(printable(line(past)))
    if why := unbuilt(findings.facts):
        raise UserError(why)


def _findings(repository: Repository, sha: str, progress: Progress) -> Findings:
    with tempfile.TemporaryDirectory(prefix="chantier-authors-") as scratch:
        repository.export(sha, Path(scratch) / "tree")
        return inspect(open_project(Path(scratch) / "tree"), progress)


def pasts(repository: Repository, sha: str, findings: Findings) -> Iterator[Past]:
    """The past of each declaration, in the order of the blueprint; nothing of what the project has not."""
    known = findings.facts.by_name()
    for name in declarations(findings.graph):
        if (fact := known.get(name)) and fact.file and fact.line and fact.end_line:
            passes = not fact.refusal and findings.allowed.issuperset(fact.axioms)
            yield _past(repository, fact, Lines(sha, fact.file, fact.line, fact.end_line), passes=passes)


def _past(repository: Repository, fact: Fact, at: Lines, *, passes: bool) -> Past:
    try:
        people = authors(repository, at.sha, at.file, at.first, at.last)
        return Past(fact.name, passes, story(repository, at, fact.name), people)
    except UserError as error:
        return Past(fact.name, passes, problem=str(error))


def line(past: Past) -> str:
    if past.problem:
        return f"{past.name}: {past.problem}"
    whole = sum(author.lines for author in past.authors)
    people = ", ".join(f"{one.name} {percent(one.lines, whole)} %" for one in past.authors) or "nobody known"
    came, passed = ((sha or "")[:10] for sha in (past.story.introduced, past.story.passed))
    since = f"came with {came}" if came else "older than this clone"
    how = "passes" if past.passes else "has no `sorry` of its own"
    return f"{past.name}: {since}, {f'{how} since {passed}' if passed else 'never passed'}; {people}"
