"""Who did what, in the formats of others: each a pure function of a project at one moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dashboards.exports import all_contributors, bibtex, cff, dataset, formalization, jats, records, tables
from dashboards.exports.roll import Roll, roll_of
from dashboards.snapshot import Snapshot

# Format -> how it is made, and the name such a file goes by.
FORMATS: Mapping[str, tuple[Callable[[Roll], str], str]] = {
    "cff": (cff.render, "CITATION.cff"),
    "jats": (jats.render, "credit.xml"),
    "bibtex": (bibtex.render, "citation.bib"),
    "all-contributors": (all_contributors.render, ".all-contributorsrc"),
    "formalization": (formalization.render, "formalization.yaml"),
    "csv": (tables.csv_table, "credit.csv"),
    "dataset": (dataset.render, "contributions.jsonl"),
    "json": (records.render, "credit.json"),
    "latex": (tables.latex_table, "credit.tex"),
    "markdown": (tables.markdown_table, "credit.md"),
}


def export(snapshot: Snapshot, form: str) -> str:
    """The credit of a project in one of the `FORMATS`."""
    render, _ = FORMATS[form]
    return render(roll_of(snapshot))
