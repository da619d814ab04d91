"""HTML for people: lists, tables, notes, quotes; and nothing in it that acts, whatever the LaTeX says."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blueprint.errors import UserError
from blueprint.latex.lists import begun, marked
from blueprint.reader import Limits
from blueprint.sanitising import ATTRIBUTES, TAGS
from dashboards import foreign

PREAMBLE = r"\usepackage{enumitem, booktabs, xcolor, graphicx, fancyvrb}"


@pytest.fixture
def html_of(graph_of, only):
    def of(body: str) -> str:
        node = only(graph_of(rf"\begin{{lemma}}\label{{a}} {body} \end{{lemma}}", preamble=PREAMBLE))
        return re.sub(r' rel="[^"]*"', "", node.statement.html)

    return of


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (r"``a'' -- b --- `c'", "“a” – b — ‘c’"),
        (r"\emph{a} \textbf{b} \texttt{c}", "<em>a</em> <strong>b</strong> <code>c</code>"),
        (r"\textsc{a} \textcolor{red}{b}", '<span class="small-caps">a</span> b'),
        (r"\verb|a_b<c|", "<code>a_b&lt;c</code>"),
        (r"\url{https://a.b/c_d}", '<a href="https://a.b/c_d">https://a.b/c_d</a>'),
        (r"\href{ftp://a.b}{c} \href{javascript:x}{d}", "c d"),
        (r"\'e \"o \H{o} \c{c} \ss{} \TeX{} 5\,\% \S 3", "é ö ő ç ß TeX"),
        (r"a\footnote{b}", '<small class="footnote">(b)</small>'),
        (r"\cite{k, l} \cite[p.~3]{m}", "[k, l] [m, p.&nbsp;3]"),
        (r"\nosuchmacro{kept \emph{whole}}", "kept <em>whole</em>"),
        (r"\begin{itemize}\item a\item b\end{itemize}", "<ul><li><p>a</p></li><li><p>b</p></li></ul>"),
        (r"\begin{enumerate}\item a\end{enumerate}", "<ol><li><p>a</p></li></ol>"),
        (
            r"\begin{enumerate}[label=(\roman*)]\item a\item b\end{enumerate}",
            '<li><span class="item-mark">(ii)</span> <p>b</p></li>',
        ),
        (
            r"\begin{enumerate}\item a\end{enumerate}\begin{enumerate}[resume]\item b\end{enumerate}",
            '<ol start="2"><li><p>b</p></li></ol>',
        ),
        (
            r"\begin{enumerate}[(a)]\item\label{i} a\item[(*)] b\end{enumerate} \ref{i}",
            '<span class="item-mark">(*)</span> <p>b</p></li></ol><p><a href="node:a">(a)</a>',
        ),
        (r"\begin{description}\item[A] a\end{description}", "<dl><dt>A</dt><dd><p>a</p></dd></dl>"),
        (
            r"\begin{tabular}{lr} \toprule A & B \\ \midrule c & d \\ \bottomrule \end{tabular}",
            '<table><thead><tr><th scope="col"><p>A</p></th><th scope="col"><p>B</p></th></tr></thead>'
            "<tbody><tr><td><p>c</p></td><td><p>d</p></td></tr></tbody></table>",
        ),
        (r"\begin{tabular}{l} c \\ d \end{tabular}", "<table><tbody><tr><td>"),
        (r"\begin{center}a\end{center}", '<div class="centre">a</div>'),
        (
            r"\begin{figure}\includegraphics[width=2cm]{b/c.png}\caption{d}\end{figure}",
            "<em>[picture b/c.png]</em></p><figcaption>Figure 1: d</figcaption></figure>",
        ),
    ],
)
def test_what_people_see(html_of, typed: str, shown: str) -> None:
    assert shown in html_of(typed)


@pytest.mark.parametrize(
    ("option", "marks"),
    [
        (r"label=(\roman*)", ("(i)", "(iv)")),
        (r"label=\textbf{Step \arabic*:}, leftmargin=2em", ("Step 1:", "Step 4:")),
        (r"label={(\alph*)}, ref=\alph*", ("(a)", "(d)")),
        (r"label=\emph{\Roman{enumi}}.", ("I.", "IV.")),
        ("(i)", ("(i)", "(iv)")),
        ("{Claim} A.", ("Claim A.", "Claim D.")),
        ("1)", ("1)", "4)")),
        ("noitemsep", ("", "")),
        ("", ("", "")),
        (r"label=$\bullet$", ("", "")),
    ],
)
def test_marks_of_items(option: str, marks: tuple[str, str]) -> None:
    form, before = begun(option, 7)
    assert before == 0
    assert (marked(form, 1), marked(form, 4)) == marks


def test_where_counting_begins() -> None:
    assert begun("start=5", 0)[1] == 4
    assert begun("resume, label=(\\roman*)", 7)[1] == 7


HOSTILE = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '"><svg onload=alert(1)>', "javascript:a()",
    "data:text/html,<script>x</script>", "</p><style>*{}</style>", "&lt;script&gt;", "' onmouseover='x",
    r"\href{javascript:x}{y}", r"\href{JaVaScript:x}{y}", r"\url{data:text/html,x}", r"\unicode{x3c}",
    r"$\class{x}{y}$", r"$\cssId{x}{y}$", r"$\style{position:fixed}{y}$", r"$\require{html}$",
    r"$\href{javascript:x}{y}$", r"$\data{x=y}{z}$", r"$\bbox[url(x)]{y}$", r"$\mmlToken{mi}[onclick=x]{y}$",
    r"\def\z{\href}$\z{javascript:x}{y}$", r"\let\z\style$\z{x}{y}$", r"\newcommand{\z}{\cssId}$\z{x}{y}$",
    r"$\csname href\endcsname{javascript:x}{y}$", r"\(\hr", r"ef{javascript:x}{y}\)", r"\[", r"\]", "$", "%",
    r"\ref{", r"\ref{\"><script>}", r"\cref{a,<b onclick=x>}", r"\hyperref[a\" onclick=x]{y}", r"\label{<i>}",
    r"\verb|<script>|", r"\cite{<script>}", r"\footnote{<script>}", r"\textcolor{red;url(x)}{y}",
    r"\begin{tikzpicture}</pre><script>\end{tikzpicture}", r"\begin{verbatim}</pre><script>\end{verbatim}",
    r"\includegraphics{\"><script>}", r"\item[<script>]", "\ufdd0ref\ufdd2<script>\ufdd3",
    "\ufdd1tag\ufdd2a\ufdd3", r"\char60 script\char62 ", r"\char`\<script>", "{", "}", " ", "\n\n", "x",
)  # fmt: skip
PLACES = (
    r"\begin{lemma}\label{a} %s \end{lemma}",
    r"\begin{lemma}[%s]\label{a} x \end{lemma}",
    r"\begin{lemma}\label{a} $%s$ \[%s\] \end{lemma}",
    r"\begin{lemma}\label{a%s} \ref{a%s} \cref{%s} \end{lemma}",
    r"\begin{lemma}\label{a} \href{%s}{%s} \url{%s} \end{lemma}",
    r"\section{%s}\begin{lemma}\label{a} \begin{enumerate}[label=%s]\item[%s] x\end{enumerate}\end{lemma}",
    r"\begin{lemma}\label{a} \begin{equation}\label{%s} x \tag{%s}\end{equation} \eqref{%s} \end{lemma}",
)
ACTIVE = re.compile(
    r"\\(?:href|url|require|style|class|cssId|data|bbox|mmlToken|unicode|html\w*)(?![A-Za-z])"
)


class Seen(HTMLParser):
    """Fails at the first tag or attribute that is not ours."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS
        for name, value in attrs:
            assert name in {"class", "rel", *ATTRIBUTES.get(tag, ())}
            if name == "href":
                assert (value or "").startswith(("node:", "https://", "http://", "/n"))


@given(st.sampled_from(PLACES), st.lists(st.sampled_from(HOSTILE), min_size=1, max_size=3).map("".join))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_acts_whatever_the_latex_says(graph_of, place: str, hostile: str) -> None:
    try:
        graph = graph_of(place.replace("%s", hostile), limits=Limits(seconds=5))
    except UserError:
        return
    for node in graph.nodes:
        for part in filter(None, (node.statement, node.proof)):
            page = str(foreign.sanitised(part.html, lambda _: "/n"))
            for html in (part.html, page):
                Seen(convert_charrefs=True).feed(html)
                assert not ACTIVE.search(html)
        assert not ACTIVE.search(repr((node.title, node.sections, node.number)))
    for name, definition in foreign.mathjax_macros(graph.macros).items():
        assert not ACTIVE.search(rf"\{name} {definition}")
