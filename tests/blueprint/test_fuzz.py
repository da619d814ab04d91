"""Documents that nobody would write. What `make fuzz-reader` finds stays in `hostile/`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blueprint.errors import UserError
from blueprint.graph import encode
from blueprint.reader import Limits, read

sys.path.insert(0, str(Path(__file__).parents[1] / "fuzz"))

from soundness import violations

FUZZ = Path(__file__).parents[1] / "fuzz"
SHARED = Path(__file__).parents[2].parent / "shared" / "blueprints"
HOSTILE = sorted((Path(__file__).parent / "hostile").glob("*.tex"))
QUICK = Limits(seconds=10)  # of processor time; a busy machine takes many times as long

names = st.sampled_from(
    ("a", "b", "c d", "é,", "x_1", r"x\_1", "'", "", "a,b", "\u202ea", "<b>", "#1", "%", "A.b")
)
kinds = st.sampled_from(("lemma", "theorem", "definition", "remark", "proof"))
words = st.text(st.characters(codec="utf-8"), max_size=12)
ALONE = """
    leanok notready mathlibok item par relax fi else iftrue iffalse begingroup endgroup bgroup egroup
    noindent expandafter the csname endcsname string number romannumeral begin end left right over vspace nu
"""
TAKING = """
    label uses lean proves discussion alsoIn ref cref Cref eqref cite emph textbf footnote text mbox section
    url href title input include begin end newtheorem newcommand setcounter addtocounter vspace
"""
commands = st.sampled_from(ALONE.split())
takers = st.sampled_from(TAKING.split())
around = st.sampled_from(
    ("itemize", "enumerate", "align", "equation*", "verbatim", "tikzcd", "tabular", "quote", "center")
)
definitions = st.sampled_from(
    (
        r"\newcommand{\x}[1]{#1#1}",
        r"\def\x#1.{\emph{#1}}",
        r"\let\x\leanok",
        r"\newenvironment{y}{\begin{lemma}}{\end{lemma}}",
        r"\renewcommand{\thetheorem}{\arabic{theorem}\x{}}",
        r"\catcode`\%=12 ",
        r"\newtheorem{z}[lemma]{Z}",
        r"\begin{y}\x{a}\end{y}",
        r"\begin{z}\x a.\end{z}",
    )
)
leaves = st.one_of(
    words,
    definitions,
    commands.map(lambda name: f"\\{name} "),
    st.tuples(takers, names).map(lambda it: f"\\{it[0]}{{{it[1]}}}"),
    st.tuples(takers, names, words).map(lambda it: f"\\{it[0]}[{it[1]}]{{{it[2]}}}"),
    names.map(lambda name: f"${name}^2_{{{name}}}$"),
)


def environment(pieces: tuple[str, str, str]) -> str:
    kind, start, body = pieces
    return f"\\begin{{{kind}}}{start}{body}\\end{{{kind}}}\n"


def built(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    several = st.lists(inner, max_size=5).map("".join)
    return st.one_of(
        several,
        several.map(lambda text: f"{{{text}}}"),
        several.map(lambda text: f"\\[{text}\\]"),
        several.map(lambda text: f"\\footnote{{{text}}}"),
        st.tuples(kinds, names.map("[{}]".format), several).map(environment),
        st.tuples(kinds, names.map("\\label{{{}}}".format), several).map(environment),
        st.tuples(around, st.just(""), several).map(environment),
    )


LONGEST = 5000  # characters: a failure prints them
documents = (
    st.lists(st.recursive(leaves, built, max_leaves=25), max_size=6)
    .map("".join)
    .filter(lambda text: len(text) <= LONGEST)
)


@pytest.fixture(autouse=True)
def no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHANTIER_CACHE", os.devnull)


def check(root: Path) -> None:
    """The text is read or refused in one sentence, and the same again."""
    main = root / "blueprint/src/web.tex"
    try:
        graph = read(main, root, QUICK)
    except UserError as error:
        assert str(error).isprintable()  # noqa: PT017
        assert "last seen at blueprint/src/web.tex:" in str(error)  # noqa: PT017
    else:
        assert list(violations(graph, root)) == []
        assert encode(read(main, root, QUICK)) == encode(graph)


@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(documents)
def test_any_document_is_read_or_refused(write, body: str) -> None:
    check(write(body))


@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: path.stem)
def test_what_was_found(tmp_path: Path, path: Path) -> None:
    (tmp_path / "blueprint/src").mkdir(parents=True)
    shutil.copy(path, tmp_path / "blueprint/src/web.tex")
    check(tmp_path)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the folder `shared` is not beside the repository")
def test_the_campaign_reads_what_it_breaks(tmp_path: Path) -> None:
    options = ("--seconds", "1", "--seed", "1", "--keep", str(tmp_path))
    command = [sys.executable, str(FUZZ / "campaign.py"), *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert (done.returncode, done.stdout.split(" ")[:2]) == (0, ["seed", "1:"]), done.stdout + done.stderr
