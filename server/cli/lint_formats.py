"""Problems as people, editors and other programs read them. Pure: each format is a function to a text."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click

from blueprint.graph import Problem
from blueprint.review.codes import CODES
from lean_project import objections
from server.cli.graph import problem_document
from server.cli.terminal import counted, printable

SEVERITIES = ("error", "warning", "info")
GITHUB = {"error": "error", "warning": "warning", "info": "notice"}
SARIF = {"error": "error", "warning": "warning", "info": "note"}
COLOURS = {"error": "red", "warning": "yellow", "info": "cyan"}
SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

Locate = Callable[[str], str]
Problems = tuple[Problem, ...]


def located(root: Path, here: Path) -> Locate:
    """From a file of the project to what is shown: relative to `here` inside it, else the whole path."""

    def shown(file: str) -> str:
        path = Path(os.path.normpath(root / file))
        return (path.relative_to(here) if path.is_relative_to(here) else path).as_posix()

    return shown


def text(problems: Problems, locate: Locate) -> str:
    """One line each, then how many there are."""
    return "\n".join([*(line(problem, locate) for problem in problems), summary(problems)])


def line(problem: Problem, locate: Locate = str) -> str:
    """`file:line:column: severity code: message (hint)`, as editors and CI understand it.

    The severity has a colour, which is for terminals only: `click.echo` leaves it out elsewhere.
    """
    place = problem.place
    where = f"{locate(place.file)}:{place.line}:{place.column}" if place else "blueprint"
    severity = click.style(problem.severity, COLOURS[problem.severity])
    hint = f" ({problem.hint})" if problem.hint else ""
    return f"{printable(where)}: {severity} {printable(f'{problem.code}: {problem.message}{hint}')}"


def summary(problems: Iterable[Problem]) -> str:
    """`2 errors, 1 warning`, or that there are none."""
    counts = Counter(problem.severity for problem in problems)
    parts = [counted(counts[name], name) for name in SEVERITIES if counts[name]]
    return ", ".join(parts) or "No problems."


def as_json(problems: Problems, locate: Locate) -> str:
    """A list of objects; `file` counts from the project folder, as in `chantier graph --json`."""
    return json.dumps([problem_document(problem) for problem in problems], ensure_ascii=False, indent=1)


def github(problems: Problems, locate: Locate) -> str:
    """Workflow commands of GitHub Actions, which annotate the lines of a pull request."""
    return "\n".join(_annotation(problem, locate) for problem in problems)


def _annotation(problem: Problem, locate: Locate) -> str:
    place = problem.place
    where = {"file": locate(place.file), "line": str(place.line), "col": str(place.column)} if place else {}
    properties = {**where, "title": problem.code}
    told = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{GITHUB[problem.severity]} {told}::{_data(sentence(problem))}"


def _data(value: str) -> str:
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")


def sentence(problem: Problem) -> str:
    """What is wrong, and what to type."""
    return f"{problem.message} {problem.hint}".strip()


def sarif(problems: Problems, locate: Locate) -> str:
    """SARIF 2.1.0 (OASIS), for code scanning."""
    rules = sorted({problem.code for problem in problems})
    driver = {
        "name": "chantier",
        "semanticVersion": version("chantier"),
        "rules": [_rule(code) for code in rules],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(problem, rules, locate) for problem in problems],
    }
    return json.dumps({"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1)


def _rule(name: str) -> dict[str, Any]:
    code = CODES.get(name) or objections.CODES.get(name)
    if code is None:
        return {"id": name}
    return {
        "id": name,
        "shortDescription": {"text": f"{code.title}."},
        "fullDescription": {"text": code.meaning},
        "defaultConfiguration": {"level": SARIF[code.severity]},
    }


def _result(problem: Problem, rules: list[str], locate: Locate) -> dict[str, Any]:
    node = {"logicalLocations": [{"name": problem.node, "kind": "element"}]} if problem.node else {}
    place = problem.place
    file = (
        {
            "physicalLocation": {
                "artifactLocation": {"uri": _uri(locate(place.file))},
                "region": {"startLine": place.line, "startColumn": place.column},
            }
        }
        if place
        else {}
    )
    return {
        "ruleId": problem.code,
        "ruleIndex": rules.index(problem.code),
        "level": SARIF[problem.severity],
        "message": {"text": sentence(problem)},
        **({"locations": [{**file, **node}]} if file or node else {}),
    }


def _uri(path: str) -> str:
    return f"file://{quote(path)}" if path.startswith("/") else quote(path)


FORMATS: dict[str, Callable[[Problems, Locate], str]] = {
    "text": text,
    "json": as_json,
    "github": github,
    "sarif": sarif,
}
