"""Who did what as tables: CSV for a spreadsheet, Markdown and LaTeX for the end of a paper."""

from __future__ import annotations

import csv
import io

from dashboards.exports.latex_text import latex
from dashboards.exports.roll import Roll, summary
from dashboards.snapshot import CreditView
from dashboards.wording import markdown_text, plain_line

COLUMNS = (
    "number", "date", "person", "person number", "node", "part", "kind", "role", "degree", "method", "tools",
    "evidence", "said by",
)  # fmt: skip
# A spreadsheet takes what begins like this for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_table(roll: Roll) -> str:
    """A row for each contribution that counts, oldest first. Tools and evidence are divided by spaces."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    names = {one.id: one.shown for one in roll.contributors}
    for entry in roll.credit:
        writer.writerow([cell(value) for value in _row(entry, names[entry.person_id])])
    return out.getvalue()


def _row(entry: CreditView, name: str) -> tuple[str, ...]:
    about = (entry.node, entry.part, entry.kind, entry.role, entry.degree, entry.method or "")
    tools, evidence = "; ".join(entry.tools), " ".join(entry.evidence)
    who = (str(entry.id), f"{entry.at:%Y-%m-%d}", name, str(entry.person_id))
    return (*who, *about, tools, evidence, entry.by_name or "the check")


def cell(text: str) -> str:
    """The text on one line, and so that no spreadsheet takes it for a formula."""
    line = plain_line(text)
    return f"'{line}" if line.startswith(_FORMULA) else line


def markdown_table(roll: Roll) -> str:
    rows = [f"| {markdown_text(one.shown)} | {markdown_text(summary(one))} |" for one in roll.contributors]
    return "\n".join(["| Contributor | Contributions |", "|---|---|", *rows]) + "\n"


def latex_table(roll: Roll) -> str:
    """For `\\input`, in a paper that uses `longtable`, which comes with every LaTeX."""
    rows = [f"  {{{latex(one.shown)}}} & {latex(summary(one))} \\\\" for one in roll.contributors]
    head = r"  \textbf{Contributor} & \textbf{Contributions} \\ \hline \endhead"
    columns = r"@{}p{0.25\linewidth}p{0.7\linewidth}@{}"
    begin = f"\\begin{{longtable}}{{{columns}}}"
    return "\n".join([r"% Needs \usepackage{longtable}.", begin, head, *rows, r"\end{longtable}"]) + "\n"
