"""`chantier check`: what Lean says of the declarations that a blueprint names."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from blueprint.errors import UserError
from blueprint.graph import declarations
from lean_project import facts as codec
from lean_project.facts import SORRY, Fact, Facts, Message
from lean_project.project import open_project
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
@click.argument("project", type=click.Path(path_type=Path), default=Path())
@click.option("--json", "as_json", is_flag=True, help="Print the facts as JSON.")
def command(project: Path, as_json: bool) -> None:
    """Let Lean build and judge the folder PROJECT (default: here) and print a verdict on each declaration
    that its blueprint names.

    Exit status 0 when every module was built, whatever was found in them; 1 when one was not, or the check
    could not run.
    """
    opened = open_project(project)
    with step("Check") as say:
        findings = inspect(opened, say)
    if as_json:
        click.echo(json.dumps(json.loads(codec.encode(findings.facts)), ensure_ascii=False, indent=1))
    else:
        found = lines(findings.facts, declarations(findings.graph), opened.allowed_axioms)
        show(findings.facts, list(found))
    if why := unbuilt(findings.facts):
        raise UserError(why)


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
    if fact.refusal:
        return "refused", fact.refusal
    troubles = [axiom for axiom in fact.axioms if axiom not in allowed]
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
    return f"{good} of {len(found)} declarations pass{failed}, says {facts.toolchain}{confined}."
