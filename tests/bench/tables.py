"""Results as people read them: on a terminal, in Markdown, as JSON."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from blueprint.errors import UserError

from .answering import Waits
from .checks import LAKE, LAKE_LEAF, LEAF, ROOT, WARM, Checks
from .checks import WAYS as CHECK_WAYS
from .contest import COLD, EDITED, FLOOR, PLAIN, REPAIRED, UNCHANGED, Result
from .stores import Measured
from .web_pages import Asked as Pages

if TYPE_CHECKING:
    from .graph_pages import Opened

BEGIN, END = "<!-- {} begins -->", "<!-- {} ends -->"
WAYS = (PLAIN, REPAIRED, COLD, UNCHANGED, EDITED)
HEAD = ("", *WAYS)
WIDTH = 130
GROWTH = ("", "wall", "a node", "memory", "a node")

Rows = Sequence[Sequence[str]]
Section = tuple[str, Rows]  # a caption and a table, whose first row is its head


def comparison(results: Sequence[Result]) -> list[Section]:
    """What each blueprint costs, in four tables."""
    tables = (
        ("Wall time: median (fastest)", (*HEAD, FLOOR, "text edited"), _times),
        ("Times as much as ours, cold: wall (processor)", ("", PLAIN, REPAIRED, UNCHANGED, EDITED), _ratios),
        ("Processor time, children included", HEAD, _processor),
        ("Memory at the peak, all processes together", HEAD, _memory),
    )
    return [(caption, [head, *map(row, results)]) for caption, head, row in tables if results]


def growth(results: Sequence[Result]) -> list[Section]:
    """What a node costs as blueprints grow, in a table for each way."""
    ways = (way for way in (PLAIN, REPAIRED, COLD) if any(way in result.samples for result in results))
    return [(f"Growth: {way}", [GROWTH, *_grown(results, way)]) for way in ways]


def questions(caption: str, seconds: Mapping[str, float]) -> Section:
    """A row for each question, and their sum."""
    rows = [(question, short(took)) for question, took in seconds.items()]
    return caption, [("question", "time"), *rows, ("all together", short(sum(seconds.values())))]


def checks(found: Sequence[Checks]) -> list[Section]:
    """What checks cost, how often faster that is than from nothing, and what Lean was asked."""
    ways = (*CHECK_WAYS, *(way for way in (LAKE, LAKE_LEAF) if any(way in one.runs for one in found)))
    times = [(one.name, *(_or_none(one.seconds(way)) for way in ways)) for one in found]
    ratios = [(one.name, *(_faster(one, way) for way in CHECK_WAYS[1:])) for one in found]
    asked = [(one.name, str(one.modules), *(_asked(one, way) for way in (WARM, LEAF, ROOT))) for one in found]
    return [
        ("Seconds on the clock, median", [("", *ways), *times]),
        ("Times as fast as cold", [("", *CHECK_WAYS[1:]), *ratios]),
        (
            "Asked of Lean: modules built, lines to the judge (seconds of the judge)",
            [("", "modules", WARM, LEAF, ROOT), *asked],
        ),
    ]


def _or_none(seconds: float | None) -> str:
    return "" if seconds is None else short(seconds)


def _faster(one: Checks, way: str) -> str:
    cold, other = one.seconds(COLD), one.seconds(way)
    return f"{cold / other:.1f}" if cold and other else ""


def _asked(one: Checks, way: str) -> str:
    built, lines, took = (one.count(way, what) for what in ("built", "lines", "lines_seconds"))
    return "" if lines is None else f"{built:.0f}, {lines:,.0f} ({took:.1f} s)"


def stores(found: Sequence[Measured]) -> list[Section]:
    """What was done and how long it took; of each page, the slowest query and all there is to it."""
    engines = [one.engine for one in found]
    size = found[0].size
    of = f"{size.projects:,} projects of {size.nodes:,} nodes, {size.people:,} people"
    acts = [(what, *(short(one.seconds[what]) for one in found)) for what in found[0].seconds]
    rates = [(what, *(f"{one.rates[what]:.1f}" for one in found)) for what in found[0].rates]
    pages = [
        (page, *(text for one in found for text in map(short, one.slowest[page][:2])))
        for page in found[0].slowest
    ]
    heads = [text for engine in engines for text in (f"{engine}: slowest query", "all, with Python")]
    return [(of, [("", *engines), *acts, *rates]), ("Queries", [("", *heads), *pages])]


def web_pages(found: Sequence[Pages]) -> Section:
    """Times as much as the floor, a file of the same server, in brackets."""
    floor, *pages = found
    rows = [
        (
            one.page,
            f"{short(one.typical)} ({one.typical / floor.typical:.1f})",
            f"{short(one.slow)} ({one.slow / floor.slow:.1f})",
            f"{one.plain / 1000:,.0f} kB",
            f"{one.compressed / 1000:,.0f} kB",
        )
        for one in (floor, *sorted(pages, key=lambda one: one.page))
    ]
    return "Pages", [("", "median", "95 of 100 within", "bytes", "compressed"), *rows]


def histories(seconds: Mapping[int, float]) -> Section:
    rows = [
        (f"{commits:,}", short(took), f"{took / commits * 1e6:.0f} µs") for commits, took in seconds.items()
    ]
    return "The authors of a file of 400 lines", [("commits", "time", "a commit"), *rows]


def graph_pages(found: Sequence[Opened]) -> Section:
    """Times as much as the floor in brackets."""
    head = ("nodes", "first time", "again", "blank page", "compressed", "panning", "zooming")
    rows = [
        (
            f"{one.nodes:,}",
            *(f"{short(took / 1000)} ({took / one.floor:.1f})" for took in (one.first, one.later)),
            short(one.floor / 1000),
            f"{one.weight / 1000:.0f} kB",
            f"{one.pan:.0f}/s",
            f"{one.zoom:.0f}/s",
        )
        for one in found
    ]
    return "Until the graph is seen (times a blank page), weight, and frames", [head, *rows]


def answers(found: Sequence[Waits]) -> Section:
    """How long people wait, and how much longer than for the floor, which comes first."""
    least, *_ = found
    rows = [
        (
            one.subject,
            f"{len(one.seconds):,} of {one.asked:,}",
            *(short(took) for took in (one.median, one.slow, max(one.seconds))),
            short(one.processor / one.asked),
            *("" if one is least else f"{ours / theirs:.1f}" for ours, theirs in _beside(one, least)),
        )
        for one in found
    ]
    head = (
        "",
        "answered",
        "median",
        "p95",
        "longest",
        "processor a command",
        "median: times the floor's",
        "p95",
    )
    return "From a message to its answer", [head, *rows]


def _beside(one: Waits, other: Waits) -> tuple[tuple[float, float], ...]:
    return (one.median, other.median), (one.slow, other.slow)


def machine() -> str:
    system = f"{platform.system()} {platform.machine()}"
    return f"Python {platform.python_version()}, {system}, {os.cpu_count()} cores"


def show(found: Sequence[Section]) -> None:
    for caption, (head, *rows) in found:
        table = Table(*head, title=caption, title_justify="left")
        for column in table.columns[1:]:
            column.justify = "right"
        for row in rows:
            table.add_row(*row)
        Console(width=WIDTH).print(table)


def markdown(found: Sequence[Section]) -> str:
    out = []
    for caption, (head, *rows) in found:
        rule = ["---", *["---:"] * (len(head) - 1)]
        lines = [f"| {' | '.join(row)} |" for row in (head, rule, *rows)]
        out.append("\n".join([f"**{caption}**", "", *lines]))
    return "\n\n".join(out)


def write(file: Path, text: str, name: str) -> None:
    """Put `text` between the two marks that `file` has for `name`."""
    begin, end = BEGIN.format(name), END.format(name)
    before, found, rest = file.read_text().partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise UserError(f"{file} has no place for the tables: it needs the lines {begin} and {end}.")
    file.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}")


def document(results: Sequence[Result]) -> str:
    """Every single run, as JSON."""
    return json.dumps([_record(result) for result in results], indent=1)


def _record(result: Result) -> dict[str, Any]:
    return asdict(result) | {"ratios": {way: result.times(way) for way in result.samples}}


def _name(result: Result) -> str:
    return f"{result.name} ({result.nodes:,})"


def _times(result: Result) -> tuple[str, ...]:
    shown = [_seconds(result, way) for way in (*WAYS, FLOOR)]
    return (_name(result), *shown, f"{result.share:.0%}")


def _seconds(result: Result, way: str) -> str:
    if (sample := result.samples.get(way)) is None:
        return result.failures.get(way, "")
    if sample.typical < 0.1:
        return f"{sample.typical * 1000:.1f} ({sample.fastest * 1000:.1f}) ms"
    return f"{sample.typical:.2f} ({sample.fastest:.2f}) s"


def short(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds < 0.1 else f"{seconds:.2f} s"


def _ratios(result: Result) -> tuple[str, ...]:
    ratios = [(result.times(way), result.work(way)) for way in (PLAIN, REPAIRED, UNCHANGED, EDITED)]
    return (result.name, *(f"{wall:.2f} ({work:.2f})" if wall and work else "" for wall, work in ratios))


def _processor(result: Result) -> tuple[str, ...]:
    samples = [result.samples.get(way) for way in WAYS]
    return (result.name, *("" if sample is None else short(sample.cpu) for sample in samples))


def _memory(result: Result) -> tuple[str, ...]:
    samples = [result.samples.get(way) for way in WAYS]
    return (result.name, *("" if sample is None else f"{sample.memory / 2**20:.0f} MB" for sample in samples))


def _grown(results: Sequence[Result], way: str) -> Iterator[tuple[str, ...]]:
    for result in results:
        if sample := result.samples.get(way):
            yield (
                result.name,
                short(sample.typical),
                f"{sample.typical / result.nodes * 1000:.2f} ms",
                f"{sample.memory / 2**20:.0f} MB",
                f"{sample.memory / result.nodes / 1024:.0f} KB",
            )
        elif way in result.failures:
            yield (result.name, result.failures[way], "", "", "")
