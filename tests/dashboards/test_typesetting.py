"""What the reader leaves to MathJax, typeset by the MathJax of the pages."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path

import pytest

from blueprint.graph import Graph
from blueprint.reader import read
from dashboards.foreign import mathjax_macros

ROOT = Path(__file__).parents[2]
FRONTEND = ROOT / "dashboards/frontend"
FORMULA = re.compile(r"\\\((.*?)\\\)|\\\[(.*?)\\\]", re.DOTALL)
NODE = shutil.which("node")

pytestmark = pytest.mark.skipif(
    NODE is None or not (FRONTEND / "node_modules/mathjax").is_dir(),
    reason="MathJax or Node is not installed: run `python -m dashboards.build`",
)

PREAMBLE = r"""\documentclass{report}
\usepackage{amsmath, amsthm, amssymb, mathtools, bm, cleveref}
\usepackage{blueprint}
\newtheorem{lemma}{Lemma}
\newcommand{\NN}{\mathbb{N}}
\newcommand{\ball}[2][1]{B_{#1}(#2)}
\newcommand*{\norm}[1]{\left\lVert#1\right\rVert}
\providecommand{\F}{\mathcal{F}}
\renewcommand{\phi}{\varphi}
\newcommand{\R}{\ensuremath{\mathbb{R}}}
\DeclareMathOperator{\rank}{rank}
\DeclareMathOperator*{\argmax}{arg\,max}
\def\pair#1#2{\langle #1, #2\rangle}
\def\upto#1.{[0,#1]}
\let\eps\varepsilon
\NewDocumentCommand{\set}{m}{\{#1\}}
\NewDocumentCommand{\opt}{O{x} m}{#1_{#2}}
\DeclarePairedDelimiter{\abs}{\lvert}{\rvert}
\DeclarePairedDelimiter\ceil\lceil\rceil
\DeclarePairedDelimiterX{\inner}[2]{\langle}{\rangle}{#1 \,\delimsize\vert\, #2}
\DeclarePairedDelimiterXPP{\prob}[1]{\mathbb{P}}{(}{)}{}{#1}
\newenvironment{mymatrix}{\begin{pmatrix}}{\end{pmatrix}}
\begin{document}
\begin{lemma}[On $\NN$ and \R]\label{a}
"""
FORMULAS = (
    r"$\NN, \ball{x}, \ball[2]{x}, \norm{x}, \F, \phi, \R$",
    r"$\rank A, \argmax_x f, \pair{a}{b}, \upto n., \eps$",
    r"$\set{x \mid y}, \opt{n}, \opt[z]{n}$",
    r"$\abs{x}, \abs*{\frac12}, \abs[\big]{x}, \ceil{x}$",
    r"$\inner{x}{y}, \inner*{x}{y}, \prob{X}, \prob*{X}$",
    r"\begin{equation*}\begin{mymatrix} 1 & 2 \\ 3 & 4 \end{mymatrix}\end{equation*}",
    r"$\text{if $x < y$ and \emph{so} \textbf{b}}, \mbox{for $n$}$",
    r"$\bm{x}, \mathbbm{1}, \mathscr{F}, \llbracket x \rrbracket, \vspace{1em} \textcolor{red}{x}$",
    r"\begin{align} a &= b \label{e} \\ &\quad \text{by \eqref{e} and \cref{a}} \nonumber \end{align}",
    r"\begin{align*} a &= b \\ c &= d \end{align*}",
    r"\begin{multline} a \\ b \label{m} \end{multline}",
    r"\begin{gather*} a \\ b \end{gather*}",
    r"\begin{alignat}{2} a &= b &\quad c &= d \label{t} \end{alignat}",
    r"\begin{equation} \begin{split} a &= b \\ &= c \end{split} \label{s} \end{equation}",
    r"\begin{equation} \begin{cases} a & \text{if } b \\ c \end{cases} \tag{$*$}\label{g} \end{equation}",
    r"\begin{subequations}\begin{align} a &= b \label{u} \\ c &= d \label{v} \end{align}\end{subequations}",
    r"\begin{eqnarray} a &=& b \\ c &=& d \end{eqnarray}",
    r"\[ \begin{array}{c|c} a & b \\ \hline c & d \end{array} \]",
    r"\[ \begin{CD} A @>>> B \end{CD} \]",
    r"\[ \substack{a \\ b} \xrightarrow[b]{a} \binom{n}{k} \stackrel{a}{b} \underbrace{a}_{b} \pmod{p} \]",
    r"\[ \left\{ x \middle| y \right\} \bigl( \Bigr) \| y \| \]",
)


def errors(graph: Graph) -> list[tuple[str, str]]:
    """Every formula that MathJax complains of, with its complaint."""
    parts = [part for node in graph.nodes for part in (node.statement, node.proof) if part is not None]
    texts = [*(unescape(part.html) for part in parts), *(node.title or "" for node in graph.nodes)]
    found = [
        (inline or display, bool(display)) for text in texts for inline, display in FORMULA.findall(text)
    ]
    request = {"frontend": str(FRONTEND), "macros": dict(mathjax_macros(graph.macros)), "formulas": found}
    done = subprocess.run(
        [str(NODE), str(Path(__file__).parent / "typeset.cjs")],
        input=json.dumps(request).encode(),
        capture_output=True,
        check=True,
        timeout=300,
    )
    complaints = json.loads(done.stdout)
    assert len(complaints) == len(found) > 0
    return [(tex, complaint) for (tex, _), complaint in zip(found, complaints, strict=True) if complaint]


def project(folder: Path, body: str) -> Graph:
    source = folder / "web.tex"
    source.write_text(f"{PREAMBLE}{body}\n\\end{{lemma}}\n\\end{{document}}\n")
    return read(source, folder)


def test_definitions_and_displays_are_typeset(tmp_path: Path) -> None:
    assert errors(project(tmp_path, "\n".join(FORMULAS))) == []


def test_what_mathjax_does_not_know_is_seen(tmp_path: Path) -> None:
    found = errors(project(tmp_path, r"$\nosuchcommand$"))
    assert [complaint for _, complaint in found] == [r"Undefined control sequence \nosuchcommand"]


@pytest.mark.parametrize(
    "name", ["pfr", "sphere-eversion", "flt-regular", "carleson", "con-nf", "FormalBook"]
)
def test_real_blueprints_are_typeset(name: str) -> None:
    root = ROOT.parent / "shared/blueprints" / name
    if not root.is_dir():
        pytest.skip("the folder `shared` is not beside the repository")
    assert len(errors(read(root / "blueprint/src/web.tex", root))) <= (1 if name == "FormalBook" else 0)
