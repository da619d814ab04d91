"""Reading in stretches gives what plasTeX gives, a character at a time and with the whole tree kept."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

HERE = Path(__file__).parent
SHARED = HERE.parents[2] / "shared" / "blueprints"
PROJECTS = [
    *(path for path in sorted((HERE / "golden").iterdir()) if path.is_dir()),
    *(path for path in sorted(SHARED.glob("*")) if (path / "blueprint").is_dir()),
]
# Reads a project in this process, twice if so told: as it is always read, and with nothing but plasTeX.
PROGRAM = """
import json, os, signal, sys, threading
from pathlib import Path
from blueprint.latex import __main__ as latex
from blueprint.latex import engine as latex_engine
from blueprint.latex.desk import Desk
from blueprint.draft import Answer, Limits, encoded
from blueprint.sources import SourceFolder

def plain():
    latex_engine.Engine.usual_source = lambda self: None
    latex_engine.harvest = lambda node: None

def read(web):
    main = Path(web)
    return latex._read(main, Desk(SourceFolder(Path(sys.argv[2]), main.parent, Limits())))

def work():
    if sys.argv[1] == "plain":
        plain()
    for web in sys.argv[3:]:  # each in a process of its own: plasTeX keeps things in its classes
        if os.fork() == 0:
            signal.alarm(20)
            try:
                line = encoded(Answer(read(web)))
            except Exception as error:
                line = json.dumps({"draft": type(error).__name__}).encode()
            sys.stdout.buffer.write(line + b"\\n")
            sys.stdout.flush()
            os._exit(0)
        if os.wait()[1]:
            sys.stdout.buffer.write(b'{"draft": "without end"}\\n')
            sys.stdout.flush()

sys.setrecursionlimit(latex.RECURSION)
threading.stack_size(latex.STACK)
worker = threading.Thread(target=work)
worker.start()
worker.join()
"""


def drafts(how: str, root: Path, *files: Path) -> list[Any]:
    command = [sys.executable, "-c", PROGRAM, how, str(root.resolve()), *map(str, files)]
    done = subprocess.run(command, capture_output=True, check=True, timeout=250)
    return [json.loads(line)["draft"] for line in done.stdout.splitlines()]


def same(draft: Any) -> Any:
    """A draft without what may differ: blanks and braces in formulas, where plasTeX makes quotes."""
    if isinstance(draft, list):
        return [same(item) for item in draft]
    if isinstance(draft, dict):
        return {key: shown(item) if key in ("html", "source") else same(item) for key, item in draft.items()}
    return draft


TYPED = {"“": "``", "”": "''", "‘": "`", "’": "'", "—": "---", "–": "--", "&#x27;": "'"}


def shown(html: str) -> str:
    for made, typed in TYPED.items():
        html = html.replace(made, typed)
    return re.sub(r"[\s{}]", "", html)


# Known and right: plasTeX turns a length in a table into points, and closes a group around no argument.
ODDITIES = (("vskip11.0pt", "vskip1em"), (r"\frac1N", r"\frac1N"))


@pytest.mark.parametrize("project", PROJECTS, ids=lambda path: path.name)
def test_real_blueprints(project: Path) -> None:
    web = next(project.rglob("web.tex")).resolve()
    fast, slow = (
        json.dumps(same(drafts("fast", project, web))),
        json.dumps(same(drafts("plain", project, web))),
    )
    for theirs, ours in ODDITIES:
        slow = slow.replace(theirs, ours)
    assert json.loads(fast) == json.loads(slow)


WORDS = r"""a b1 x_i^2 \alpha \R \two{a}{b} \half \emph{so} ``quoted'' it's -- --- %%no $ $$ \( \) \[ \] { }
    \{ \} ~ \, \\ & # \frac{a}{b} \frac12 \sqrt[3]{x} \text{if~$x$} \text{so} \mathbb{R} \label{eq} \ref{eq}
    \tag{1} \begin{align} \end{align} \begin{cases} \end{cases} \begin{equation} \end{equation}
    \begin{itemize}\item \end{itemize} \begin{lemma}\label{l} \end{lemma}
    \begin{proof} \end{proof} \uses{l} \lean{A} \leanok
    \left( \right) \big[ \Bigr\} \left< \bigl\| \left\alpha \ . ' ^
    \two{\two{x}{\alpha}}{y} \two{\R}b \two{a}{\mathbf} \wide{xy} \wide{\half} \wide{\begin} \two\R{a}
    \wide{{x}{y}} \opt[2]{x} \opt{x} \shown{a} \shown{$b$} \acts{l} _ é \bf \section{S}
    \verb|x| \unknown \unknown{a} \footnote{f~$y$} \def\R{Q}
    \let\half\R < > \& \# $a$ $\R$ \(\half\) \[x\] $x'$ $\text{a}$ $$y$$ \item
    \opt [2] {l} \uses \cref * \section \begin \end {lemma} \let\bra[ \bra""".split()  # noqa: SIM905
# One of these alone may leave a formula open, or open an environment inside one: anything is shown then.
OPEN = re.compile(
    r"[${}]|\\[()\[\]]|\\(begin|end|left|right|wide{\\begin)\b.*|\\(def|let)\b.*|&|#|\\\\|\\item"
)
WHOLE = [word for word in WORDS if not OPEN.fullmatch(word.replace("$$", "$"))]
BLANKS = ["", " ", "  ", "\n", "\n\n", "\n  \n", " \n ", "\t", "%\n", "% comment\n  "]
DOCUMENT = r"""\documentclass{report}\usepackage{amsmath,amsthm}\usepackage{blueprint}
\newcommand{\R}{\mathbb{R}}\newcommand{\two}[2]{#1+#2}\newcommand{\half}{\frac{1}{2}}
\newcommand{\wide}[1]{\frac#1\bar{#1}_#1}\newcommand{\opt}[2][3]{#1#2}\newcommand{\shown}[1]{\text{is #1}}
\newcommand{\acts}[1]{\label{#1}}
\newtheorem{lemma}{Lemma}[chapter]
\begin{document}
\begin{lemma}%s\end{lemma}
\end{document}
"""


def bodies(words: list[str]) -> st.SearchStrategy[list[str]]:
    parts = st.lists(st.tuples(st.sampled_from(words), st.sampled_from(BLANKS)).map("".join), max_size=25)
    return st.lists(parts.map("".join), min_size=25, max_size=25)


@settings(max_examples=3, derandomize=True)
@given(texts=bodies(WHOLE))
def test_made_up_text(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    for text, fast, slow in read_both(tmp_path_factory.mktemp("made-up"), texts):
        assert same(fast) == same(slow), text


@settings(max_examples=3, derandomize=True)
@given(texts=bodies(WORDS))
def test_broken_text(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    for text, fast, slow in read_both(tmp_path_factory.mktemp("made-up"), texts):
        assert bare(fast) == bare(slow), text


def read_both(folder: Path, texts: list[str]) -> Iterator[tuple[str, Any, Any]]:
    files = [folder / f"{number}.tex" for number in range(len(texts))]
    for file, text in zip(files, texts, strict=True):
        file.write_text(DOCUMENT.replace("%s", text))
    yield from zip(texts, drafts("fast", folder, *files), drafts("plain", folder, *files), strict=True)


def bare(draft: Any) -> Any:
    """A draft without what is shown."""
    if isinstance(draft, list):
        return [bare(item) for item in draft]
    if isinstance(draft, dict):
        return {key: bare(item) for key, item in draft.items() if key not in ("html", "source", "title")}
    return draft
