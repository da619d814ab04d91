"""`chantier check`: what Lean says of the declarations that a blueprint names."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from blueprint.errors import UserError
from blueprint.graph import Problem, declarations
from lean_project.facts import SORRY, Fact, Facts, Message
from lean_project.findings import Findings
from lean_project.objections import failing, objections
from lean_project.project import Project, open_project
from lean_project.topics import DEFAULT, Topic, read_policy
from server.cli import check_reports
from server.cli.check_formats import FORMATS, formatted
from server.cli.lint_formats import located
from server.cli.steps import step
from server.cli.terminal import printable
from server.inspection import deceptive, inspect, unbuilt

MAX_MESSAGES = 100
_STYLES = {"ok": "green", "sorry": "yellow", "axiom": "red", "refused": "bold red", "missing": "dim"}


@dataclass(frozen=True, slots=True)
class Line:
    """What is printed of one declaration."""

    name: str
    verdict: str
    kind: str
    place: str
    problem: str = ""


@click.command(short_help="Let Lean check every declaration the blueprint names.")
@click.argument("folder", type=click.Path(path_type=Path), default=Path())
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", help="How to print it.")
@click.option("--json", "form", flag_value="json", help="The same as --format json: the facts.")
@click.option(
    "--fail-on", default=",".join(sorted(DEFAULT)), show_default=True, help="What makes the exit status 1."
)
@click.option("--against", type=click.Path(path_type=Path), help="An earlier report: what it had must stay.")
@click.option("--report", type=click.Path(path_type=Path), help="Write a report for a server to this file.")
@click.option(
    "--project", "name", metavar="SLUG", help="Which project of that server, where --post does not say it."
)
@click.option("--post", "url", help="Post the report to this address of the server.")
def command(
    folder: Path, form: str, fail_on: str, against: Path | None, report: Path | None, name: str | None,
    url: str | None,
) -> None:  # fmt: skip
    """Let Lean build and judge the project in FOLDER (default: here) and print a verdict on each declaration
    that its blueprint names.

    Exit status 1 where something is found that --fail-on names, or the check could not run; docs/ci.md lists
    the words. A report is about a commit, so the folder must be as it was committed.
    """
    policy, opened = read_policy(fail_on), open_project(folder)
    known = check_reports.read(against).verified if against else ()
    subject = _subject(opened.root, report, name, url)
    with step("Check") as say:
        findings = inspect(opened, say)
    problems = objections(findings, known)
    failed = failing(problems, policy)
    _print(form, opened, findings, problems, policy)
    if report and subject:
        body = check_reports.write(check_reports.make(findings, *subject, policy, failed), report)
        if url:
            click.echo(check_reports.post(url, body), err=True)
    if Topic.UNBUILT in failed and (why := unbuilt(findings.facts)):
        raise UserError(why)
    if failed:
        raise UserError(f"The check fails by its policy: {', '.join(failed)}.")


def _subject(root: Path, report: Path | None, name: str | None, url: str | None) -> tuple[str, str] | None:
    """The project's name and the commit of a report, found out before anything takes long."""
    if report is None:
        if url or name:
            raise UserError("Where should the report be written? Give --report FILE as well.")
        return None
    if url is None and name is None:
        raise UserError("Whose report is it? Give `--project`, its name on the server, or `--post`.")
    return (check_reports.project_at(url) if url else name or ""), check_reports.committed(root)


def _print(
    form: str, project: Project, findings: Findings, problems: tuple[Problem, ...], policy: frozenset[Topic]
) -> None:
    if form != "text":
        click.echo(formatted(form, findings, problems, policy, located(project.root, Path.cwd())))
        return
    found = list(lines(findings.facts, declarations(findings.graph), project.allowed_axioms))
    show(findings.facts, found)
    for problem in problems:
        if problem.code == Topic.REGRESSED:
            click.echo(printable(f"regressed: {problem.message}"))


def lines(facts: Facts, names: Collection[str], allowed: Collection[str]) -> Iterator[Line]:
    """A line for each declaration that is asked about."""
    known = facts.by_name()
    for name in names:
        fact = known.get(name)
        if fact is None:
            yield Line(name, "missing", "", "", "no module that was built has it")
        else:
            verdict, problem = judgement(fact, allowed)
            yield Line(name, verdict, fact.kind.value, place(fact), problem)


def judgement(fact: Fact, allowed: Collection[str]) -> tuple[str, str]:
    """A word for the declaration, and what is wrong with it."""
    troubles = [axiom for axiom in fact.axioms if axiom not in allowed]
    if fact.refusal:
        return "refused", "; ".join([*(blame(fact, one) for one in troubles if one != SORRY), fact.refusal])
    if not troubles:
        return "ok", ""
    first = SORRY if SORRY in troubles else troubles[0]
    return "sorry" if first == SORRY else "axiom", blame(fact, first)


def blame(fact: Fact, axiom: str) -> str:
    """The way to the axiom in words."""
    found = next((blame for blame in fact.blames if blame.axiom == axiom), None)
    if found is None:
        return f"is the axiom {axiom}"
    where = f" ({found.file}:{found.line})" if found.file else ""
    part = "statement: " if found.through_statement else ""
    return f"{part}{' → '.join(found.path)}{where}"


def place(fact: Fact) -> str:
    if fact.file is None:
        return fact.module
    return fact.file if fact.line is None else f"{fact.file}:{fact.line}"


def show(facts: Facts, found: list[Line]) -> None:
    """Print a line or two for each declaration, what Lean complained of, and one sentence."""
    console = Console(highlight=False)
    width = max((len(line.verdict) for line in found), default=0)
    for line in found:
        word = Text(f"{line.verdict:{width}}", _STYLES[line.verdict])
        where = Text(f"  {' '.join(filter(None, (line.kind, line.place)))}", "dim")
        console.print(word, Text(printable(line.name)) + where, soft_wrap=True)
        if line.problem:
            console.print(Text(f"{'':{width}} {printable(line.problem)}"), soft_wrap=True)
    warnings = map(printable, deceptive(facts))
    for text in (*complaints(facts.messages), *warnings, summary(facts, found)):
        console.print(Text(text), soft_wrap=True)


def complaints(messages: Collection[Message]) -> Iterator[str]:
    """Lean's errors, and what was not tried, in the form that editors understand."""
    serious = [said for said in messages if said.severity == "error" or said.text.startswith("not tried")]
    for message in serious[:MAX_MESSAGES]:
        text = "\n".join(map(printable, message.text.split("\n")))
        yield f"{printable(message.file)}:{message.line}:{message.column}: {message.severity}: {text}"
    if len(serious) > MAX_MESSAGES:
        yield f"... and {len(serious) - MAX_MESSAGES} more"


def summary(facts: Facts, found: list[Line]) -> str:
    good = sum(line.verdict == "ok" for line in found)
    failed = f"; {len(facts.failed_modules)} modules did not build" if facts.failed_modules else ""
    confined = f", confined by {facts.confinement}" if facts.confinement else ""
    others = f"; {' and '.join(facts.kernels)} accepted it too" if facts.kernels else ""
    return f"{good} of {len(found)} declarations pass{failed}, says {facts.toolchain}{confined}{others}."
