"""Blueprints that try to get out, or never to end."""

from __future__ import annotations

import os
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from blueprint import reader
from blueprint.errors import UserError
from blueprint.graph import Graph
from blueprint.reader import Limits, read

LEMMA = r"\begin{lemma}\label{a} Text. %s \end{lemma}"
SECRET = "the secret outside"
QUICK = Limits(seconds=3)


def codes(graph: Graph) -> set[str]:
    return {problem.code for problem in graph.problems}


def everything(graph: Graph) -> str:
    return repr(graph)


@pytest.fixture
def outside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file outside every project."""
    path = tmp_path_factory.mktemp("outside") / "secret.tex"
    path.write_text(SECRET)
    return path


@pytest.mark.parametrize(
    "body",
    [
        r"\def\x{\x}\x",
        r"\def\x{a\x}\x",
        "\\newcommand{\\y}{\\y z}\nfine\n\n" + LEMMA % r"$\y$",
        r"\expandafter\def\csname a\endcsname{\csname a\endcsname}\a",
        r"\def\a{\b}\def\b{\a}\begin{lemma}\a\end{lemma}",
    ],
)
def test_endless_macro_is_one_sentence_with_a_place(graph_of, body: str) -> None:
    with pytest.raises(UserError) as error:
        graph_of(body, limits=QUICK)
    assert "calls itself" in str(error.value)
    assert "blueprint/src/web.tex:" in str(error.value)
    assert "\n" not in str(error.value)


def test_exploding_macro(graph_of) -> None:
    doubling = "".join(rf"\def\{b}{{\{a}\{a}\{a}\{a}}}" for a, b in pairwise("abcdefghijklmn"))
    with pytest.raises(UserError, match="macro that"):
        graph_of(rf"\def\a{{xxxxxxxx}}{doubling}\n", limits=QUICK)


def test_file_that_inputs_itself(graph_of) -> None:
    with pytest.raises(UserError, match=r"opens more than \d+ files; look for a file that \\inputs itself"):
        graph_of(r"\input{web}", limits=Limits(files=50))


def test_huge_file(graph_of) -> None:
    with pytest.raises(UserError, match=r"big\.tex, which is larger than 1 MB"):
        graph_of(
            r"\input{big}",
            files={"blueprint/src/big.tex": "word " * 300_000},
            limits=Limits(file=1 << 20),
        )


@pytest.mark.parametrize(("open_", "close"), [("{", "}"), (r"\emph{", "}"), (r"\begin{itemize}\item ", "")])
def test_deep_nesting_is_read_or_refused_in_a_sentence(graph_of, open_: str, close: str) -> None:
    depth = 300
    try:
        graph = graph_of(LEMMA % (open_ * depth + "deep" + close * depth), limits=QUICK)
    except UserError as error:
        assert "\n" not in str(error)  # noqa: PT017
    else:
        assert [node.id for node in graph.nodes] == ["a"]


@pytest.mark.parametrize(
    "command",
    [
        r"\input{%s}",
        r"\input %s ",
        r"\include{%s}",
        r"\verbatiminput{%s}",
        r"\VerbatimInput{%s}",
        r"\lstinputlisting{%s}",
        r"\includegraphics{%s}",
        r"\includegraphics[width=3cm]{%s}",
        r"\bibliography{%s}",
        r"\externaldocument{%s}",
        r"\openin5=%s \read5 to \x \x",
    ],
)
@pytest.mark.parametrize("spelling", ["absolute", "climbing", "symlink"])
def test_nothing_outside_the_project_is_read(write, outside: Path, command: str, spelling: str) -> None:
    packages = r"\usepackage{verbatim,fancyvrb,listings,graphicx,xr}"
    root = write("placeholder", preamble=packages)
    link = root / "blueprint/src/link.tex"
    link.symlink_to(outside)
    climbing = os.path.relpath(outside, root / "blueprint/src")
    name = {"absolute": str(outside), "climbing": climbing, "symlink": "link"}[spelling]
    write(LEMMA % (command % name), preamble=packages)
    graph = read(root / "blueprint/src/web.tex", root)
    assert SECRET not in everything(graph)
    assert [node.id for node in graph.nodes] == ["a"]


@pytest.mark.parametrize("name", ["../../.git/config", ".hidden/notes", "link"])
def test_nothing_hidden_is_read(write, name: str) -> None:
    hidden = dict.fromkeys((".git/config", "blueprint/src/.hidden/notes.tex"), SECRET)
    root = write(LEMMA % rf"\input{{{name}}}", files=hidden)
    (root / "blueprint/src/link.tex").symlink_to("../../.git/config")
    graph = read(root / "blueprint/src/web.tex", root)
    assert SECRET not in everything(graph)
    assert codes(graph) == {"missing-input"}


def test_a_project_may_lie_in_a_hidden_folder(write, tmp_path: Path) -> None:
    root = write(LEMMA % "").rename(tmp_path.parent / f".{tmp_path.name}")
    assert [node.id for node in read(root / "blueprint/src/web.tex", root).nodes] == ["a"]


def test_package_and_class_outside_the_project(write, outside: Path) -> None:
    package = outside.with_suffix("")
    outside.with_suffix(".sty").write_text(rf"\newcommand{{\leak}}{{{SECRET}}}")
    root = write(LEMMA % r"\leak", preamble=rf"\usepackage{{{package}}}")
    assert SECRET not in everything(read(root / "blueprint/src/web.tex", root))


def test_main_file_that_leads_outside(tmp_path: Path, outside: Path) -> None:
    source = tmp_path / "blueprint/src"
    source.mkdir(parents=True)
    (source / "web.tex").symlink_to(outside)
    with pytest.raises(UserError, match="leads outside the project folder"):
        read(source / "web.tex", tmp_path)


def test_pipe_and_device_are_no_files(graph_of, write) -> None:
    os.mkfifo(write("x") / "blueprint/src/pipe.tex")
    graph = graph_of(LEMMA % r"\input{pipe}\input{/dev/zero}")
    assert codes(graph) == {"missing-input"}


@pytest.mark.parametrize(
    "command",
    [
        r"\write18{touch %s}",
        r"\immediate\write18{touch %s}",
        r'\input{|"touch %s"}',
        r"\newwrite\f\immediate\openout\f=%s \write\f{x}\closeout\f",
        r"\newwrite\f\openout\f %s \immediate\write\f{x}",
    ],
)
def test_nothing_is_run_or_written(graph_of, tmp_path: Path, command: str) -> None:
    proof = tmp_path / "written"
    graph = graph_of(LEMMA % (command % proof))
    assert not proof.exists()
    assert [node.id for node in graph.nodes] == ["a"]


def test_main_file_that_leads_to_itself(tmp_path: Path) -> None:
    (tmp_path / "web.tex").symlink_to("web.tex")
    with pytest.raises(UserError, match="does not exist"):
        read(tmp_path / "web.tex", tmp_path)


@pytest.mark.parametrize("name", ["a\nb", "a\x1b[2Jb", "a\u202eb", os.fsdecode(b"a\xff")])
def test_names_that_cannot_be_shown(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name / "web.tex").write_text(LEMMA % "")
    with pytest.raises(UserError, match="has a name that cannot be shown") as error:
        read(tmp_path / name / "web.tex", tmp_path)
    assert str(error.value).isprintable()


def test_one_that_had_to_be_killed_has_said_where_it_was(write, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine the time of day may be over before the processor time is."""
    monkeypatch.setattr(reader, "PATIENCE", 0.1)
    root = write(r"\def\x{\x}\x")
    with pytest.raises(UserError, match=r"30 seconds.*last seen at blueprint/src/web\.tex:\d"):
        read(root / "blueprint/src/web.tex", root, Limits(seconds=30))


@pytest.mark.parametrize("entry", ["link", "pipe", "folder", "depths"])
def test_an_entry_of_the_cache_that_nobody_wrote(write, tmp_path: Path, monkeypatch, entry: str) -> None:
    monkeypatch.setenv("CHANTIER_CACHE", str(tmp_path / "cache"))
    root = write(LEMMA % "")
    main = root / "blueprint/src/web.tex"
    first = read(main, root)
    (kept,) = (tmp_path / "cache/blueprints").iterdir()
    data = kept.read_bytes()
    kept.unlink()
    if entry == "link":
        (tmp_path / "forged").write_bytes(data.replace(b"Text.", b"Forged."))
        kept.symlink_to(tmp_path / "forged")
    elif entry == "pipe":
        os.mkfifo(kept)
    elif entry == "folder":
        kept.mkdir()
    else:
        kept.write_bytes(b"[" * 1_000_000)
    assert read(main, root) == first


EVIL = "import pathlib; pathlib.Path({mark!r}).touch()\n"


def test_python_in_the_project_is_never_loaded(
    write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Packages, a plasTeX of its own, our own name, plugins and configuration, and the environment."""
    mark = tmp_path / "loaded"
    evil = EVIL.format(mark=str(mark))
    names = (
        "blueprint/__init__.py",
        "blueprint/latex/__main__.py",
        "plasTeX/__init__.py",
        "json.py",
        "evil.py",
    )
    shadows = dict.fromkeys(names, evil) | {f"blueprint/src/{name}": evil for name in names}
    settings = "[general]\nplugins=evil\npackages-dirs=.\nrenderer=evil\n"
    root = write(
        LEMMA % "",
        preamble=r"\usepackage{evil}\usepackage{json}\documentclass{evil}",
        files={**shadows, "blueprint/src/plastex.cfg": settings, "sitecustomize.py": evil},
    )
    monkeypatch.chdir(root)
    monkeypatch.setenv("PYTHONPATH", str(root))
    monkeypatch.setenv("TEXINPUTS", "/etc:")
    graph = read(Path("blueprint/src/web.tex"), Path())
    assert [node.id for node in graph.nodes] == ["a"]
    assert not mark.exists()
    assert str(root) not in sys.path


@pytest.mark.parametrize(
    "body",
    [
        r"\catcode`\%=12 " + LEMMA % "100% of it",
        r"\catcode`\\=12 \catcode`\{=12 " + LEMMA % "",
        r"\catcode`\{=13 \catcode`\}=13 " + LEMMA % "",
        r"\catcode`\^^M=13 " + LEMMA % "",
        LEMMA % "{{{",
        LEMMA % "}}}",
        r"\let\begin\undefined" + LEMMA % "",
        r"\def\lean#1{\lean{#1}#1}" + LEMMA % "",
        r"\begin{lemma}\uses",
        r"\begin{lemma}\begin{align} a & b \\ \end{lemma}\end{align}",
        r"\end{lemma}\end{proof}\end{document}\end{document}",
        r"$\begin{lemma}\label{x}$\end{lemma}",
        "^^",
        "a^^",
        r"\def\a#1#2\a",
        r"\begin{lemma}[",
        r"\iffalse \begin{lemma}",
        r"\newcommand{\b}[99]{#99}\b",
        r"\newtheorem{lemma}{Lemma}\newtheorem{proof}{Proof}\begin{proof}\leanok\end{proof}",
        "\0\x01\x02",
        "",
    ],
)
def test_malformed_text_gives_a_graph_or_a_sentence(graph_of, body: str) -> None:
    try:
        assert isinstance(graph_of(body, limits=QUICK), Graph)
    except UserError as error:
        assert str(error).startswith("The blueprint blueprint/src/web.tex")  # noqa: PT017
        assert "\n" not in str(error)  # noqa: PT017


def test_html_cannot_carry_scripts(graph_of, only) -> None:
    node = only(
        graph_of(
            LEMMA
            % r"""<script>alert(1)</script> <img src=x onerror=alert(2)>
            \href{javascript:alert(3)}{click} \url{data:text/html,4} \href{" onclick="alert(5)}{q}
            $<b>x</b>$ \begin{verbatim}<svg onload=alert(6)>\end{verbatim} \ref{"><i>}"""
        )
    )
    html = node.statement.html
    for tag in ("<script", "<img", "<svg", "<b>", "<i>", "onclick", "javascript:", 'href="data:'):
        assert tag not in html
    assert "&lt;script&gt;" in html


def test_bytes_that_are_not_utf8(graph_of, only, write) -> None:
    graph = graph_of(r"\input{old}", files={"blueprint/src/old.tex": (LEMMA % "café").encode("latin-1")})
    assert "caf\N{REPLACEMENT CHARACTER}" in only(graph).statement.html
    assert codes(graph) == {"not-utf8"}


def test_addresses_lead_to_the_web_only(graph_of) -> None:
    graph = graph_of("", preamble=r"\home{javascript:alert(1)}\github{https://a.b/c}\dochome{/etc/passwd}")
    assert (graph.home, graph.github, graph.dochome) == (None, "https://a.b/c", None)


def test_control_characters_never_get_into_names(graph_of, only) -> None:
    node = only(
        graph_of("\\begin{lemma}[ti\x1b[31m\u202etle]\\label{a\x1b\u202eb}\\lean{x\x07y} L. \\end{lemma}")
    )
    assert node.id == "ab"
    assert node.lean == ("xy",)
    assert (node.title or "").isprintable()


def test_an_environment_that_plastex_cannot_take_in_costs_no_other(graph_of) -> None:
    table = r"\begin{tabular}{l}a\\ \cline{2}\end{tabular}"
    graph = graph_of((LEMMA % table) + "\n" + r"\begin{lemma}\label{b} Text. \end{lemma}")
    assert [node.id for node in graph.nodes] == ["a", "b"]
    assert "unreadable-macro" in codes(graph)


def test_many_environments_on_one_line_are_read_in_time(graph_of) -> None:
    lemmas = "".join(rf"\begin{{lemma}}\label{{l{number}}} x \end{{lemma}} " for number in range(4000))
    assert len(graph_of(lemmas, limits=Limits(seconds=10)).nodes) == 4000


def test_a_long_title_is_put_into_words_once(graph_of) -> None:
    title = r"a $x$ \emph{b} " * 7000
    lemmas = r"\begin{lemma} x \end{lemma} " * 200
    assert len(graph_of(rf"\section{{{title}}} {lemmas}", limits=Limits(seconds=10)).nodes) == 200
