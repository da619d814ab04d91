"""Mending: what is meant changes, and nothing else."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blueprint.graph import Graph, Node, Part
from blueprint.mending import SAFE, UNSAFE, Edit, applied, mends
from blueprint.mending.effects import surprise
from blueprint.reader import read
from server.cli import lint, lint_fixes

Writer = Callable[..., Path]
PREAMBLE = r"""\documentclass{report}
\usepackage{amsmath, amsthm, blueprint}
\newtheorem{theorem}{Theorem}[chapter]
"""
NAMES = [f"thm:{letter}" for letter in "abcd"]
MAIN = "blueprint/src/web.tex"


def fixed(root: Path, *options: str) -> Result:
    return CliRunner().invoke(lint.command, [str(root), "--fix", "--yes", *options])


def graph_of(root: Path) -> Graph:
    return read(root / MAIN, root)


def meaning(graph: Graph) -> list[Node]:
    """The nodes without their places and texts."""
    return [
        replace(node, statement=bare(node.statement), proof=bare(node.proof) if node.proof else None)
        for node in graph.nodes
    ]


def bare(part: Part) -> Part:
    return replace(part, place=replace(part.place, line=1, column=1), source="", html="")


# Sloppy documents: what people type, in every order and layout.
blanks = st.sampled_from(["", " ", "\n", "\n  ", " % why\n"])
labels = st.sampled_from([*NAMES, "thm:e", "thm:A", "", "thm:a,", "eq:x"])
names = st.sampled_from(["A.b", "A.\n  c", "A. d", "x\\_y", "", "A.b, A.b"])
lists = st.tuples(st.lists(labels, max_size=4), st.sampled_from([",", ", ", ",\n   ", " ,"])).map(
    lambda drawn: drawn[1].join(drawn[0])
)
annotations = st.one_of(
    lists.map(lambda text: f"\\uses{{{text}}}"),
    names.map(lambda text: f"\\lean{{{text}}}"),
    st.sampled_from(
        [
            "\\leanok",
            "\\notready",
            "\\label{}",
            "\\discussion{}",
            "% \\uses{thm:a}\n",
            "\\verb|\\uses{thm:a}|",
            "\\begin{itemize}\\item \\uses{thm:b} \\leanok\\end{itemize}",
            "As \\ref{thm:a} says.",
            "\\begin{equation}\\label{eq:x} 1 \\end{equation}",
        ]
    ),
)
bodies = st.lists(st.tuples(annotations, blanks), max_size=6).map(
    lambda drawn: "".join(piece + blank for piece, blank in drawn)
)


@st.composite
def documents(draw: st.DrawFn) -> str:
    pieces = []
    for name in NAMES:
        label = "" if draw(st.integers(0, 9)) == 0 else f"\\label{{{name}}}"
        pieces.append(
            f"\\begin{{theorem}}{label}{draw(blanks)}{draw(bodies)} Text.\\end{{theorem}}{draw(blanks)}"
        )
        if draw(st.booleans()):
            pieces.append(f"\\begin{{proof}}{draw(blanks)}{draw(bodies)} Text.\\end{{proof}}\n")
    return "".join(pieces)


def written(folder: str, body: str) -> Path:
    """A project in that folder, which is new for each example: a fixture would serve them all."""
    root = Path(folder).resolve()
    (root / MAIN).parent.mkdir(parents=True)
    (root / MAIN).write_text(f"{PREAMBLE}\\begin{{document}}\n{body}\n\\end{{document}}\n")
    return root


@given(documents())
@settings(max_examples=12, suppress_health_check=list(HealthCheck))
def test_a_safe_fix_leaves_the_graph_as_it_is_and_is_done_at_once(body: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = written(folder, body)
        before = graph_of(root)
        fix = lint_fixes.prepared(before, root, SAFE)
        lint_fixes.write(fix)
        after = graph_of(root)
        assert meaning(after) == meaning(before)
        assert surprise(before, after, ()) is None
        assert not lint_fixes.prepared(after, root, SAFE).texts
        assert comments((root / MAIN).read_text()) == comments(body)


def comments(text: str) -> list[str]:
    """What must not be touched."""
    return [line.partition("%")[2] for line in text.splitlines() if "%" in line] + ["verb"] * text.count(
        "\\verb|"
    )


@given(documents())
@settings(max_examples=8, suppress_health_check=list(HealthCheck))
def test_an_unsafe_fix_only_moves_and_adds_dependencies(body: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = written(folder, body)
        before = graph_of(root)
        fix = lint_fixes.prepared(before, root, SAFE | UNSAFE)
        lint_fixes.write(fix)
        assert surprise(before, graph_of(root), fix.nodes) is None


THEOREM = (
    "\\begin{theorem}\\label{thm:a}\n%s\nA.\n\\end{theorem}\n"
    "\\begin{theorem}\\label{thm:bb} B. \\end{theorem}"
)


@pytest.mark.parametrize(
    ("typed", "mended"),
    [
        ("\\uses{thm:bb}\n\\uses{thm:bb}", "\\uses{thm:bb}"),
        ("\\uses{}\\leanok", "\\leanok"),
        ("\\leanok\\uses{}x", "\\leanok x"),
        ("\\uses{\n  thm:bb,\n  thm:bb,,\n}", "\\uses{\n  thm:bb}"),
        ("\\leanok\\lean{A} \\leanok % said", "\\leanok\\lean{A} % said"),
        ("\\lean{A.\nb}", "\\lean{A.b}"),
        ("\\lean{A\\_b}", "\\lean{A_b}"),
        ("\\uses{% not touched\n thm:bb,, thm:bb}", "\\uses{% not touched\n thm:bb,, thm:bb}"),
    ],
)
def test_layout_is_kept(write: Writer, typed: str, mended: str) -> None:
    root = write(THEOREM % typed)
    before = (root / MAIN).read_text()
    fixed(root)
    assert (root / MAIN).read_text() == before.replace(typed, mended)


@pytest.mark.parametrize(("mark", "end"), [(b"\xef\xbb\xbf", "\r\n"), (b"", "\r\n"), (b"\xef\xbb\xbf", "\n")])
def test_line_ends_and_byte_order_marks_are_kept(write: Writer, mark: bytes, end: str) -> None:
    chapter = (THEOREM % "\\uses{thm:bb}\n\\uses{}\nNaïve.").replace("\n", end)
    root = write("\\input{chapter}", files={"blueprint/src/chapter.tex": mark + chapter.encode()})
    fixed(root)
    expected = (THEOREM % "\\uses{thm:bb}\nNaïve.").replace("\n", end)
    assert (root / "blueprint/src/chapter.tex").read_bytes() == mark + expected.encode()


def test_mixed_line_ends_and_links_are_left_alone(write: Writer) -> None:
    chapter = (THEOREM % "\\uses{thm:bb}\r\n\\uses{}").encode()
    root = write("\\input{chapter}\\input{link}", files={"blueprint/src/chapter.tex": chapter})
    other = root / "other.tex"
    other.write_text("\\begin{theorem}\\label{thm:x}\\uses{} X. \\end{theorem}")
    (root / "blueprint/src/link.tex").symlink_to(other)
    fix = lint_fixes.prepared(graph_of(root), root, SAFE)
    assert "blueprint/src/chapter.tex" not in fix.texts
    assert "blueprint/src/link.tex" not in fix.files


def test_the_mode_of_a_file_is_kept(write: Writer) -> None:
    root = write(THEOREM % "\\uses{}")
    (root / MAIN).chmod(0o664)
    fixed(root)
    assert (root / MAIN).stat().st_mode & 0o777 == 0o664


def test_nobody_to_ask_means_nothing_written(write: Writer) -> None:
    root = write(THEOREM % "\\uses{}")
    before = (root / MAIN).read_bytes()
    result = CliRunner().invoke(lint.command, [str(root), "--fix"])
    assert "--yes" in str(result.exception)
    assert (root / MAIN).read_bytes() == before


def test_diff_writes_nothing(write: Writer) -> None:
    root = write(THEOREM % "\\uses{}")
    before = (root / MAIN).read_bytes()
    result = CliRunner().invoke(lint.command, [str(root), "--diff"])
    assert "-\\uses{}" in result.output.splitlines()
    assert result.exit_code == 0
    assert (root / MAIN).read_bytes() == before


def test_a_file_that_changed_meanwhile_is_not_overwritten(write: Writer) -> None:
    root = write(THEOREM % "\\uses{}")
    fix = lint_fixes.prepared(graph_of(root), root, SAFE)
    (root / MAIN).write_text("Something else.")
    with pytest.raises(Exception, match="changed in the meantime"):
        lint_fixes.write(fix)
    assert (root / MAIN).read_text() == "Something else."


def test_a_surprise_is_taken_back(write: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    root = write(THEOREM % "\\uses{}")
    before = (root / MAIN).read_bytes()
    monkeypatch.setattr(lint, "surprise", lambda *_: "it would change everything")
    result = fixed(root)
    assert "taken back" in str(result.exception)
    assert (root / MAIN).read_bytes() == before


def test_only_what_is_selected_is_mended(write: Writer) -> None:
    root = write(THEOREM % "\\uses{}\n\\leanok\\leanok")
    fixed(root, "--select", "repeated-flag")
    text = (root / MAIN).read_text()
    assert "\\uses{}" in text
    assert text.count("\\leanok") == 1


def test_a_short_label_has_no_near_one(write: Writer) -> None:
    root = write(
        "\\begin{theorem}\\label{ab} A. \\end{theorem}\\begin{theorem}\\label{c}\\uses{ac} C. \\end{theorem}"
    )
    assert not lint_fixes.prepared(graph_of(root), root, UNSAFE).texts


def test_edits_must_not_overlap() -> None:
    assert applied("abcd", [Edit("f", 2, 3, ""), Edit("f", 0, 1, "xy")]) == "xybd"
    with pytest.raises(ValueError, match="overlap"):
        applied("abcd", [Edit("f", 0, 2, ""), Edit("f", 1, 3, "")])


def test_a_place_that_is_not_in_the_text_is_no_site(write: Writer) -> None:
    root = write(THEOREM % "\\uses{}")
    assert mends(graph_of(root), {MAIN: "short"}, SAFE) == ()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_one_sentence(write: Writer) -> None:
    root = write(THEOREM % "\\uses{}")
    (root / MAIN).parent.chmod(0o555)
    result = fixed(root)
    assert "cannot be written" in str(result.exception)


def test_a_fix_never_closes_a_cycle(write: Writer) -> None:
    """Each of two nodes cites the other: one edge may be added, not both; nor one of a node to itself."""
    body = (
        "\\begin{theorem}\\label{thm:aa} A. \\end{theorem}\\begin{proof} By \\ref{thm:bb}. \\end{proof}\n"
        "\\begin{theorem}\\label{thm:bb} B. \\end{theorem}\\begin{proof} By \\ref{thm:aa}. \\end{proof}\n"
        "\\begin{theorem}\\label{thm:self}\\uses{thm:sell} C. \\end{theorem}"
    )
    root = write(body)
    fixed(root, "--unsafe-fixes")
    assert (root / MAIN).read_text().count("\\uses{thm:bb}") == 1
    assert "\\uses{thm:aa}" not in (root / MAIN).read_text()
    assert "\\uses{thm:sell}" in (root / MAIN).read_text()


@pytest.mark.parametrize("option", ["--yes", "--unsafe-fixes"])
def test_how_to_mend_needs_something_to_do(write: Writer, option: str) -> None:
    result = CliRunner().invoke(lint.command, [str(write(THEOREM % "")), option])
    assert "add --fix" in str(result.exception)


def test_what_was_written_is_said(write: Writer) -> None:
    assert f"Wrote 1 file: {MAIN}." in fixed(write(THEOREM % "\\uses{}")).stderr
