"""docs/problems.md says what the code says of each kind of problem, and its examples are what they claim."""

from __future__ import annotations

import ast
import posixpath
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from blueprint.graph import Graph
from blueprint.review.codes import CODES, Mend
from lean_project.project import open_project
from server.cli import lint
from server.inspection import blueprint

ROOT = Path(__file__).parents[2]
MANUAL = (ROOT / "docs/problems.md").read_text("utf-8")
SECTION = re.compile(
    r"^## (?P<code>\S+)\n\n(?P<told>.+?)\n\nFound at (?P<places>[^\n]+?)(?:, beside (?P<beside>[^\n]+))?:\n\n"
    r"```(?P<language>\w+)\n(?P<example>.*?)\n```\n\nMended:\n\n```\w+\n(?P<mend>.*?)\n```\n",
    re.MULTILINE | re.DOTALL,
)
HOW = {
    Mend.BY_HAND: "Mended by hand.",
    Mend.SAFE: "`chantier lint --fix` mends it.",
    Mend.UNSAFE: "`chantier lint --fix --unsafe-fixes` mends it where it is sure.",
}
MAIN = r"""\documentclass{report}
\usepackage{amsmath, amsthm, hyperref, cleveref}
\usepackage{blueprint}
\newtheorem{theorem}{Theorem}[chapter]
\newtheorem{lemma}[theorem]{Lemma}
\newtheorem{definition}[theorem]{Definition}
\newtheorem{remark}[theorem]{Remark}
\begin{document}
\input{example}

\end{document}
"""
FILES = {"latex": "example.tex", "tex": "web.tex", "ini": "plastex.cfg", "toml": "../../chantier.toml"}
THEOREM = "\\begin{theorem}\\label{thm:main} It holds. \\end{theorem}"
BY_SYNC = {"picture-not-drawn"}  # which reading alone does not find
ENCODINGS = {"not-utf8": "latin-1"}  # of the example, not of its mend


@dataclass(frozen=True)
class Section:
    """What the manual says of one code: the lines and columns, and other codes that are found beside it."""

    code: str
    told: str
    places: list[tuple[int, int]]
    beside: list[str]
    file: str
    example: str
    mend: str


def section(match: re.Match[str]) -> Section:
    places = [(int(line), int(column)) for line, column in re.findall(r"(\d+):(\d+)", match["places"])]
    beside = match["beside"].split(", ") if match["beside"] else []
    file = FILES[match["language"]]
    return Section(match["code"], match["told"], places, beside, file, match["example"], match["mend"])


SECTIONS = [section(match) for match in SECTION.finditer(MANUAL)]


def project(root: Path, one: Section, text: str, encoding: str = "utf-8") -> Path:
    source = root / "blueprint/src"
    source.mkdir(parents=True, exist_ok=True)
    files = {"web.tex": MAIN, "chapter.tex": "A chapter.\n", "example.tex": "", one.file: f"{text}\n"}
    if one.file == FILES["toml"]:
        files["example.tex"] = THEOREM
    for name, contents in files.items():
        (source / name).write_bytes(contents.encode(encoding if name == one.file else "utf-8"))
    return root


def graph_of(root: Path) -> Graph:
    return blueprint(open_project(root))


def each(*mends: Mend) -> list[object]:
    chosen = [one for one in SECTIONS if CODES[one.code].mend in mends]
    return [pytest.param(one, id=one.code) for one in chosen]


def test_every_code_has_its_section_in_the_order_of_the_table() -> None:
    assert re.findall(r"^## (\S+)$", MANUAL, re.MULTILINE) == list(CODES)
    assert [one.code for one in SECTIONS] == list(CODES)


@pytest.mark.parametrize("one", each(*Mend))
def test_a_section_says_what_the_table_says(one: Section) -> None:
    code = CODES[one.code]
    assert one.told == f"{code.title}: {code.severity}. {HOW[code.mend]}\n{code.meaning}"


@pytest.mark.parametrize("one", each(*Mend))
def test_an_example_has_its_mistake_where_it_is_said(one: Section, tmp_path: Path) -> None:
    graph = graph_of(project(tmp_path, one, one.example, ENCODINGS.get(one.code, "utf-8")))
    found = [problem.place for problem in graph.problems if problem.code == one.code]
    assert [(place.line, place.column) for place in found if place] == (
        [] if one.code in BY_SYNC else one.places
    )
    assert {place.file for place in found if place} <= {posixpath.normpath(f"blueprint/src/{one.file}")}
    assert {problem.code for problem in graph.problems} - {one.code} == set(one.beside)


@pytest.mark.parametrize("one", each(*Mend))
def test_a_mended_example_has_no_mistake(one: Section, tmp_path: Path) -> None:
    assert graph_of(project(tmp_path, one, one.mend)).problems == ()


@pytest.mark.parametrize("one", each(Mend.SAFE, Mend.UNSAFE))
def test_the_program_mends_an_example_as_the_manual_does(one: Section, tmp_path: Path) -> None:
    root = project(tmp_path, one, one.example)
    unsafe = ["--unsafe-fixes"] if CODES[one.code].mend == Mend.UNSAFE else []
    result = CliRunner().invoke(lint.command, [str(root), "--fix", "--yes", *unsafe])
    assert (result.exit_code, result.exception) == (0, None) or isinstance(result.exception, SystemExit)
    assert (root / "blueprint/src" / one.file).read_text("utf-8") == f"{one.mend}\n"


def test_a_file_in_another_encoding_is_not_mended(tmp_path: Path) -> None:
    one = next(one for one in SECTIONS if one.code == "repeated-annotation")
    root = project(tmp_path, one, f"% naïve\n{one.example}", "latin-1")
    before = (root / "blueprint/src/example.tex").read_bytes()
    CliRunner().invoke(lint.command, [str(root), "--fix", "--yes"])
    assert (root / "blueprint/src/example.tex").read_bytes() == before


def emitted() -> set[tuple[str, str | None]]:
    """Every code that the sources give to a problem or a remark, with the severity where it is said there."""
    found: set[tuple[str, str | None]] = set()
    for file in (ROOT / "blueprint").rglob("*.py"):
        for call in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(call, ast.Call) and _name(call.func) in (
                "problem",
                "Remark",
                "remark",
                "_wrong_side",
                "of_notes",
                "of_labels",
            ):
                said = [arg.value for arg in call.args[:2] if isinstance(arg, ast.Constant)]
                if said:
                    severity = said[1] if _name(call.func) in ("Remark", "remark") and len(said) > 1 else None
                    found.add((said[0], severity))
    return found


def _name(func: ast.expr) -> str:
    return func.id if isinstance(func, ast.Name) else func.attr if isinstance(func, ast.Attribute) else ""


def test_every_code_that_is_emitted_is_in_the_table_and_the_reverse() -> None:
    by_command = {"unresolved-uses", "unresolved-proves"}  # one call, by the name of the command
    assert {code for code, _ in emitted()} | by_command == set(CODES)


def test_what_the_latex_side_remarks_has_the_severity_of_the_table() -> None:
    said = {(code, severity) for code, severity in emitted() if severity is not None}
    assert said
    assert [(code, severity) for code, severity in said if CODES[code].severity != severity] == []
