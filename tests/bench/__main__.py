"""`python -m tests.bench`: what reading, graphs and checks cost, and what suggestions are worth."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict, replace
from pathlib import Path

import click
from rich.console import Console

import bootstrap
from blueprint.errors import UserError
from blueprint.graph import digraph

from . import (
    answering,
    checks,
    graphs,
    histories,
    renames,
    rival,
    stores,
    suggest_tables,
    suggesting,
    tables,
    web_pages,
)
from .contest import WIDE, Result, Rules, Say, held
from .crowds import Size
from .measuring import FailedError
from .subjects import real, synthetic, write
from .synthetic import Plan, project
from .volunteers import CONTRARY, USUAL

BLUEPRINTS = bootstrap.ROOT.parent / "shared" / "blueprints"
ONCE = 2000  # nodes from which a size is measured once


class Sizes(click.ParamType[tuple[int, ...]]):
    """Numbers of nodes between commas; `0` or nothing for none."""

    name = "N,N,..."

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, ...]:
        try:
            return tuple(size for size in map(int, str(value).split(",")) if size > 0)
        except ValueError:
            self.fail(f"{value} is no list of numbers such as 1000,10000", param, ctx)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def bench() -> None:
    """Benchmarks of Chantier."""


@bench.command()
@click.option("--repeat", default=3, show_default=True, help="How often each is measured.")
@click.option("--only", help="Only the real blueprint of this name (`none` for none).")
@click.option("--sizes", type=Sizes(), default="1000,10000,50000", show_default=True, help="Synthetic ones.")
@click.option(
    "--rival-sizes", type=Sizes(), default="500,1000,2000", show_default=True, help="For leanblueprint."
)
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write every run there.")
@click.option(
    "--write", "written", type=click.Path(path_type=Path, exists=True), help="Put the tables into this file."
)
def reader(
    repeat: int,
    only: str | None,
    sizes: tuple[int, ...],
    rival_sizes: tuple[int, ...],
    json_file: Path | None,
    written: Path | None,
) -> None:
    """Measure the blueprint reader against leanblueprint, in turns, on this machine."""
    rival.prepare()
    with Console(stderr=True).status("Reading") as status:
        found = [held(real(folder), Rules(repeat), status.update) for folder in _real(only)]
        made = [
            _made(size, size in rival_sizes, repeat, status.update) for size in sorted({*sizes, *rival_sizes})
        ]
    shown = [*tables.comparison(found), *tables.comparison(made), *tables.growth(made)]
    tables.show(shown)
    if json_file:
        json_file.write_text(tables.document([*found, *made]))
    if written:
        tables.write(written, f"{tables.machine()}.\n\n{tables.markdown(shown)}", "reader")


def _real(only: str | None) -> list[Path]:
    """The real blueprints at hand; none beside a checkout that stands alone."""
    folders = sorted(BLUEPRINTS.glob("*/blueprint/src/web.tex"))
    if not folders:
        click.echo(
            f"There are no real blueprints in {BLUEPRINTS}; only synthetic ones are measured.", err=True
        )
    return [web.parents[2] for web in folders if only in (None, web.parents[2].name)]


def _made(size: int, rivals: bool, repeat: int, say: Say) -> Result:
    """A synthetic blueprint; large ones are measured once."""
    rules = Rules(1 if size >= ONCE else repeat, ours=WIDE)
    with synthetic(Plan(size)) as subject:
        return held(subject, rules if rivals else replace(rules, rivals=()), say)


@bench.command()
@click.option("--nodes", default=51_000, show_default=True, help="Three times as many edges, about.")
@click.option("--write", "written", type=click.Path(path_type=Path, exists=True), help="Put the table there.")
def graph(nodes: int, written: Path | None) -> None:
    """Measure the graph algorithms."""
    edges = digraph(graphs.graph(Plan(nodes)))
    seconds = dict(graphs.times(edges))
    shown = tables.questions(f"{len(edges):,} nodes, {edges.number_of_edges():,} edges", seconds)
    tables.show([shown])
    if written:
        tables.write(written, tables.markdown([shown]), "graph")


@bench.command()
@click.option(
    "--repeat", default=3, show_default=True, help="How often a module is edited and checked again."
)
@click.option("--cold", default=1, show_default=True, help="How often each is checked from nothing.")
@click.option("--sizes", type=Sizes(), default="10,50,200", show_default=True, help="Modules; see above.")
@click.option("--showcase/--no-showcase", default=True, help="Whether the showcase is measured too.")
@click.option("--commits", type=Sizes(), default="100,1000,5000", show_default=True, help="Of histories.")
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write every run there.")
@click.option(
    "--write", "written", type=click.Path(path_type=Path, exists=True), help="Put the tables there."
)
def check(
    repeat: int,
    cold: int,
    sizes: tuple[int, ...],
    showcase: bool,
    commits: tuple[int, ...],
    json_file: Path | None,
    written: Path | None,
) -> None:
    """Measure checks of the showcase and of generated projects, cold and with Leans kept warm."""
    with Console(stderr=True).status("Checking") as status:
        found = []
        for size in (*([0] if showcase else []), *sizes):
            with checks.subject(size) as project:
                found.append(checks.measured(project, repeat, cold, status.update))
        status.update("Histories")
        grown = {count: histories.history(count) for count in commits}
    shown = [*tables.checks(found), tables.histories(grown)]
    tables.show(shown)
    if json_file:
        json_file.write_text(json.dumps([asdict(one) for one in found], indent=1))
    if written:
        tables.write(written, f"{tables.machine()}.\n\n{tables.markdown(shown)}", "check")


@bench.command("renames")
@click.option("--seeds", default=10, show_default=True, help="How often each blueprint is edited.")
@click.option("--sizes", type=Sizes(), default="2500,5000,10000,20000", show_default=True, help="Nodes.")
@click.option(
    "--write", "written", type=click.Path(path_type=Path, exists=True), help="Put the tables there."
)
def known_again(seeds: int, sizes: tuple[int, ...], written: Path | None) -> None:
    """Measure how surely nodes are known again in edited copies of the real blueprints, and how fast."""
    with Console(stderr=True).status("Reading"):
        blueprints = renames.blueprints(_real(None))
    with Console(stderr=True).status("Matching"):
        shown = [*renames.found(blueprints, seeds), *renames.thresholds(blueprints, seeds)]
        shown += [renames.likeness(blueprints), renames.times(blueprints, sizes)]
    tables.show(shown)
    if written:
        tables.write(written, f"{tables.machine()}.\n\n{tables.markdown(shown)}", "renames")


@bench.command()
@click.option("--runs", default=24, show_default=True, help="Simulated projects for each case.")
@click.option("--only", help="Only the real blueprint of this name (`none` for none).")
@click.option("--jobs", default=3, show_default=True, help="Processes; they do not change the result.")
@click.option("--nodes", default=10_000, show_default=True, help="In the project in which one is timed.")
@click.option(
    "--write", "written", type=click.Path(path_type=Path, exists=True), help="Put the tables there."
)
def suggest(runs: int, only: str | None, jobs: int, nodes: int, written: Path | None) -> None:
    """Compare the order of suggestions with others, on the real blueprints, and time a suggestion."""
    shown, folders = [], _real(only)
    with Console(stderr=True).status("Simulating") as status:
        for assumed in (USUAL, CONTRARY) if folders else ():
            status.update(f"Simulating, {assumed.name} assumptions")
            shown += suggest_tables.sections(suggesting.compared(folders, assumed, runs, jobs), assumed)
        status.update(f"Timing a suggestion among {nodes:,} nodes")
        timed = [suggest_tables.costs(suggesting.costs(nodes), nodes)]
    tables.show([*shown, *timed])
    if written and shown:
        tables.write(written, tables.markdown(shown), "suggest")
    if written:
        tables.write(written, f"{tables.machine()}.\n\n{tables.markdown(timed)}", "suggest-cost")


@bench.command()
@click.option("--projects", default=100, show_default=True)
@click.option("--nodes", default=10_000, show_default=True, help="In each project.")
@click.option("--people", default=1_000, show_default=True)
@click.option("--backup", is_flag=True, help="Measure a backup, too: it takes some microseconds a row.")
@click.option("--only", type=click.Choice([stores.SQLITE, stores.POSTGRESQL]), help="One engine alone.")
@click.option(
    "--write", "written", type=click.Path(path_type=Path, exists=True), help="Put the tables there."
)
def store(
    projects: int, nodes: int, people: int, only: str | None, backup: bool, written: Path | None
) -> None:
    """Measure the store: syncs, claims and the queries of the pages, on SQLite and on PostgreSQL."""
    size = Size(projects, nodes, people)
    with Console(stderr=True).status("Filling") as status, stores.engines() as urls:
        chosen = {engine: url for engine, url in urls.items() if only in (None, engine)}
        found = [
            stores.measured(engine, url, size, status.update, backup=backup) for engine, url in chosen.items()
        ]
    shown = tables.stores(found)
    tables.show(shown)
    if written:
        tables.write(written, f"{tables.machine()}.\n\n{tables.markdown(shown)}", "store")


@bench.command("graphpage")
@click.option("--sizes", type=Sizes(), default="50,500,5000", show_default=True, help="Nodes.")
@click.option("--repeat", default=5, show_default=True, help="How often each is opened again.")
@click.option("--write", "written", type=click.Path(path_type=Path, exists=True), help="Put the table there.")
def graph_page(sizes: tuple[int, ...], repeat: int, written: Path | None) -> None:
    """Measure the graph's page in a browser: until it is seen, its weight, and how smoothly it moves."""
    from . import graph_pages  # which needs a browser, as nothing else here does

    with Console(stderr=True).status("Opening"):
        shown = tables.graph_pages(graph_pages.measured(sizes, repeat))
    tables.show([shown])
    if written:
        tables.write(written, f"{tables.machine()}.\n\n{tables.markdown([shown])}", "graphpage")


@bench.command("web")
@click.option("--projects", default=100, show_default=True)
@click.option("--nodes", default=10_000, show_default=True, help="In each project.")
@click.option("--people", default=1_000, show_default=True)
@click.option("--hot", default=5, show_default=True, help="Projects whose pages are asked for.")
@click.option("--rate", default=50, show_default=True, help="Requests a second.")
@click.option("--seconds", default=60, show_default=True)
@click.option("--processes", default=1, show_default=True, help="So many answer.")
@click.option("--write", "written", type=click.Path(path_type=Path, exists=True), help="Put the table there.")
def web_pages_cost(
    projects: int,
    nodes: int,
    people: int,
    hot: int,
    rate: int,
    seconds: int,
    processes: int,
    written: Path | None,
) -> None:
    """Measure how soon the pages of a big store are answered, beside a file, while others write."""
    with Console(stderr=True).status("Filling") as status:
        size = Size(projects, nodes, people)
        found = web_pages.measured(size, hot, rate, seconds, processes, status.update)
    shown = [tables.web_pages(found)]
    tables.show(shown)
    if written:
        load = f"{processes} processes answer. Load of the machine: {os.getloadavg()[0]:.1f}."
        tables.write(written, f"{tables.machine()}. {load}\n\n{tables.markdown(shown)}", "web")


@bench.command()
@click.option("--sizes", type=Sizes(), default=f"{answering.SHOWCASE},1000", show_default=True, help="Nodes.")
@click.option("--rate", default=50, show_default=True, help="Commands a second.")
@click.option("--seconds", default=60, show_default=True)
@click.option("--people", default=200, show_default=True)
@click.option("--write", "written", type=click.Path(path_type=Path, exists=True), help="Put the table there.")
def bot(sizes: tuple[int, ...], rate: int, seconds: int, people: int, written: Path | None) -> None:
    """Measure how soon the Zulip bot answers, beside one that answers everything with a word."""
    load = answering.Load(rate, seconds, people)
    with Console(stderr=True).status("The floor") as status:
        found = [answering.floor(load), *(answering.bot(nodes, load, status.update) for nodes in sizes)]
    shown = [tables.answers(found)]
    tables.show(shown)
    if written:
        tables.write(written, f"{tables.machine()}.\n\n{tables.markdown(shown)}", "bot")


@bench.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--nodes", default=1000, show_default=True)
@click.option("--seed", default=1, show_default=True)
def generate(folder: Path, nodes: int, seed: int) -> None:
    """Write a synthetic blueprint into FOLDER."""
    write(project(Plan(nodes, seed)), folder)


if __name__ == "__main__":
    try:
        bench(prog_name="bench")
    except (UserError, FailedError, bootstrap.SetUpError) as error:
        click.echo(f"bench: {error}", err=True)
        sys.exit(1)
