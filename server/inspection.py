"""What there is to find out about a project's folder: its blueprint, what Lean says, what every node is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from blueprint.graph import Graph, declarations
from blueprint.pictures import drawn
from blueprint.reader import read
from lean_project.check import check
from lean_project.facts import Facts
from lean_project.findings import Findings
from lean_project.project import Project
from lean_project.status import statuses

Progress = Callable[[str], None]
# Sentences about names that are shown; who wants to bury a reader in them does not get to.
MOST_WARNINGS = 20


def ignore(_step: str) -> None:
    """For those who do not watch."""


def inspect(project: Project, progress: Progress = ignore) -> Findings:
    """Read the blueprint, let Lean check what it names, and say what every node is.

    Raises `UserError` where the blueprint or the check cannot be had.
    """
    progress("reading the blueprint")
    graph = drawn(blueprint(project))
    progress("letting Lean check it")
    facts = checked(project, declarations(graph), progress)
    return _findings(project, graph, facts)


def given(project: Project, facts: Facts, progress: Progress = ignore) -> Findings:
    """The same with facts that somebody else found out."""
    progress("reading the blueprint")
    return _findings(project, drawn(blueprint(project)), facts)


def _findings(project: Project, graph: Graph, facts: Facts) -> Findings:
    allowed = frozenset(project.allowed_axioms)
    return Findings(graph, facts, statuses(graph, facts, allowed), allowed)


def blueprint(project: Project) -> Graph:
    """The blueprint alone, with the project's goals. Raises `UserError` where it cannot be read."""
    return project.aimed(read(project.web_tex, project.root))


def checked(project: Project, names: Iterable[str], progress: Progress = ignore) -> Facts:
    """What Lean says of the project and of these names. Raises `UserError` where no check can be had."""
    return check(project, names, progress=progress)


def unbuilt(facts: Facts) -> str | None:
    """What keeps the project from building, in a sentence; None when every module was built.

    A module that was not built says nothing of its declarations: they are neither there nor missing.
    """
    if not facts.failed_modules:
        return None
    first, others = facts.failed_modules[0], len(facts.failed_modules) - 1
    which = f"{first} and {others} more" if others else first
    error = next((said for said in facts.messages if said.severity == "error"), None)
    if error is None:
        return f"{which} did not build; build the project and see why."
    lines = error.text.strip().splitlines() or ["error"]
    return f"{which} did not build: {error.file}:{error.line}:{error.column}: {lines[0].rstrip('.')}."


def deceptive(facts: Facts) -> Iterator[str]:
    """A sentence for each declaration whose name may deceive its readers, the first of them."""
    return islice(_deceptive(facts), MOST_WARNINGS)


def _deceptive(facts: Facts) -> Iterator[str]:
    for fact in facts.declarations:
        place = f"{fact.file or fact.module}{f':{fact.line}' if fact.line else ''}"
        yield from (f"{place}: warning: {fact.name}: {text}" for text in fact.warnings)
