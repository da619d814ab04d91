"""`chantier lint`: the mistakes of a blueprint, each with its place, and the mending of some."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import click

from blueprint.errors import UserError
from blueprint.graph import Graph, Problem
from blueprint.mending import SAFE, UNSAFE
from blueprint.mending.effects import surprise
from blueprint.review.codes import CODES
from blueprint.review.wording import did_you_mean
from lean_project.project import open_project
from server.cli import lint_fixes
from server.cli.graph import read_project
from server.cli.lint_formats import FORMATS, located
from server.cli.terminal import counted, in_colour, printable


@click.command()
@click.argument("project", type=click.Path(path_type=Path), default=Path())
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", help="How to print them.")
@click.option("--json", "form", flag_value="json", help="The same as --format json.")
@click.option("--quiet", "-q", is_flag=True, help="Leave out what is merely worth knowing (info).")
@click.option("--select", multiple=True, metavar="CODES", help="Only these, with commas between them.")
@click.option("--ignore", multiple=True, metavar="CODES", help="All but these.")
@click.option("--diff", is_flag=True, help="Print how the mechanical ones would be mended; change nothing.")
@click.option("--fix", is_flag=True, help="Mend them: show the changes, ask, then write.")
@click.option("--unsafe-fixes", is_flag=True, help="Mend also what changes the graph.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask before writing.")
def command(
    project: Path, form: str, quiet: bool, select: tuple[str, ...], ignore: tuple[str, ...], **how: bool
) -> None:
    """Print the mistakes of the blueprint in the folder PROJECT (default: here); exit 1 on an error.

    docs/problems.md explains each code, with an example and its mend.
    """
    wanted = Wanted(frozenset(_codes(select) or CODES), frozenset(_codes(ignore)), quiet)
    mending = Mending(**how)
    graph = read_project(project)
    root = open_project(project).root
    if mending.diff or mending.fix:
        fix = lint_fixes.prepared(graph, root, mending.codes & wanted.codes)
        click.echo(fix.diff() or "Nothing to mend.", err=not mending.diff)
        if mending.diff:
            return
        graph = _mended(project, graph, fix, mending.yes) if fix.texts else graph
    problems = tuple(filter(wanted.has, graph.problems))
    click.echo(FORMATS[form](problems, located(root, Path.cwd())), color=in_colour())
    sys.exit(any(problem.severity == "error" for problem in problems))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which problems are asked for."""

    selected: frozenset[str]
    ignored: frozenset[str]
    quiet: bool

    @property
    def codes(self) -> frozenset[str]:
        return self.selected - self.ignored

    def has(self, problem: Problem) -> bool:
        hidden = self.quiet and problem.severity == "info"
        return problem.code in self.codes and not hidden


@dataclass(frozen=True, slots=True)
class Mending:
    """What is to be done about them. Raises `UserError` where it would be nothing."""

    diff: bool
    fix: bool
    unsafe_fixes: bool
    yes: bool

    def __post_init__(self) -> None:
        if (self.unsafe_fixes or self.yes) and not (self.diff or self.fix):
            raise UserError(
                "--unsafe-fixes and --yes only say how to mend; add --fix, or --diff to look first."
            )

    @property
    def codes(self) -> frozenset[str]:
        return SAFE | UNSAFE if self.unsafe_fixes else SAFE


def _codes(given: tuple[str, ...]) -> set[str]:
    """The codes of an option that may be given several times, each time with commas."""
    codes = {code.strip() for text in given for code in text.split(",") if code.strip()}
    for code in sorted(codes - CODES.keys()):
        hint = did_you_mean(code, CODES) or "docs/problems.md lists them all."
        raise UserError(f"`{code}` is no code of a problem. {hint}")
    return codes


def _mended(project: Path, graph: Graph, mend: lint_fixes.Fix, yes: bool) -> Graph:
    """The graph after the fix was written; unless it is as it should be, everything is put back."""
    if not yes and not sys.stdin.isatty():
        raise UserError("Nobody can be asked here, so nothing was written; look with --diff, then add --yes.")
    if not yes and not click.confirm(f"Write this to {counted(len(mend.texts), 'file')}?", err=True):
        return graph
    lint_fixes.write(mend)
    try:
        after = read_project(project)
        wrong = surprise(graph, after, mend.nodes)
    except BaseException:
        lint_fixes.take_back(mend)
        raise
    if wrong:
        lint_fixes.take_back(mend)
        raise UserError(f"The fix was taken back, because {wrong}; mend that place by hand first.")
    names = ", ".join(map(printable, sorted(mend.texts)))
    click.echo(f"Wrote {counted(len(mend.texts), 'file')}: {names}.", err=True)
    return after
