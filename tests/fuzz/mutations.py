"""Real LaTeX, broken at random."""

# ruff: noqa: E501
from __future__ import annotations

from collections.abc import Callable
from random import Random

Mutation = Callable[[Random, str, str], str]

# What a hand or an attacker might put anywhere.
PIECES = (
    "{", "}", "{}", "[", "]", "$", "$$", "%", "&", "#", "#1", "^", "_", "~", "\\", "\\\\", "\n", "\n\n", "\r", "^^M",
    "\0", "\x1b[31m", "\u202e", "\u2028", "\ufeff", "\ufffd", "\U0001f4a3", "é", "«", "»", "'", '"', "`", "<b>", "&lt;",
    "\\begin{lemma}", "\\end{lemma}", "\\begin{proof}", "\\end{proof}", "\\begin{theorem}[", "\\begin{itemize}",
    "\\item ", "\\item[", "\\end{itemize}", "\\begin{align}", "\\end{align}", "\\begin{equation}", "\\begin{verbatim}",
    "\\end{verbatim}", "\\begin{document}", "\\end{document}", "\\begin{tikzcd}", "\\begin{", "\\end{",
    "\\label{", "\\label{a}", "\\label{,}", "\\label", "\\uses{", "\\uses{a,a,,b}", "\\uses", "\\lean{", "\\lean{A.b c}",
    "\\leanok", "\\notready", "\\mathlibok", "\\proves{", "\\proves{a}", "\\discussion{#1}", "\\alsoIn{a}", "\\ref{a}",
    "\\cref{a,b}", "\\eqref{", "\\cite[", "\\footnote{", "\\section{", "\\chapter", "\\verb|", "\\verb", "\\(", "\\]",
    "\\def\\x{", "\\def\\x#1{\\x}", "\\let\\end\\relax", "\\let\\begin=", "\\newcommand{\\x}[2][", "\\renewcommand",
    "\\newtheorem{x}", "\\newtheorem*{lemma}{L}", "\\newenvironment{x}{", "\\input{", "\\input web ", "\\include{/dev/zero}",
    "\\csname ", "\\endcsname", "\\expandafter", "\\noexpand", "\\the", "\\number", "\\romannumeral", "\\ifx", "\\iffalse",
    "\\iftrue", "\\else", "\\fi", "\\loop", "\\repeat", "\\catcode`\\%=12 ", "\\catcode`", "\\char", "\\char\"D800 ",
    "\\relax", "\\par", "\\bgroup", "\\egroup", "\\begingroup", "\\endgroup", "\\global", "\\edef\\x{", "\\setcounter{",
    "\\addtocounter{theorem}{999999999999}", "\\newcounter{", "\\ensuremath{", "\\text{", "\\mbox{", "\\href{", "\\url{",
    "\\hspace{", "\\vspace*{", "\\rule{", "\\parbox{", "\\tag{", "\\left(", "\\right", "\\frac", "\\sqrt[", "\\overset{",
    "\\makeatletter", "\\makeatother", "\\usepackage{", "\\documentclass{", "\\inputleannode{", "\\inputleanmodule{",
)  # fmt: skip


def mutated(random: Random, text: str, other: str) -> str:
    """`text` after a few random mutations; `other` is what pieces are taken from."""
    for _ in range(random.choice((1, 1, 2, 3, 5, 10))):
        text = random.choice(MUTATIONS)(random, text, other)
    return text


def insert_piece(random: Random, text: str, other: str) -> str:
    at = random.randint(0, len(text))
    return text[:at] + random.choice(PIECES) + text[at:]


def repeat_piece(random: Random, text: str, other: str) -> str:
    at = random.randint(0, len(text))
    return text[:at] + random.choice(PIECES) * random.randint(2, 60) + text[at:]


def delete_span(random: Random, text: str, other: str) -> str:
    start, end = _span(random, text)
    return text[:start] + text[end:]


def double_span(random: Random, text: str, other: str) -> str:
    start, end = _span(random, text)
    return text[:end] + text[start:end] + text[end:]


def splice(random: Random, text: str, other: str) -> str:
    start, end = _span(random, other)
    at = random.randint(0, len(text))
    return text[:at] + other[start:end] + text[at:]


def delete_sign(random: Random, text: str, other: str) -> str:
    """One sign that TeX gives a meaning goes."""
    places = [at for at, sign in enumerate(text) if sign in "{}[]$\\%&#^_~\n,"]
    if not places:
        return text
    at = random.choice(places)
    return text[:at] + text[at + 1 :]


def swap_lines(random: Random, text: str, other: str) -> str:
    lines = text.split("\n")
    one, two = random.randrange(len(lines)), random.randrange(len(lines))
    lines[one], lines[two] = lines[two], lines[one]
    return "\n".join(lines)


def delete_line(random: Random, text: str, other: str) -> str:
    lines = text.split("\n")
    del lines[random.randrange(len(lines))]
    return "\n".join(lines)


def double_line(random: Random, text: str, other: str) -> str:
    lines = text.split("\n")
    at = random.randrange(len(lines))
    return "\n".join([*lines[:at], lines[at], *lines[at:]])


def cut_off(random: Random, text: str, other: str) -> str:
    return text[: random.randint(0, len(text))]


def _span(random: Random, text: str) -> tuple[int, int]:
    start = random.randint(0, len(text))
    return start, min(len(text), start + random.choice((1, 2, 5, 20, 100, 1000)))


MUTATIONS: tuple[Mutation, ...] = (
    insert_piece, insert_piece, insert_piece, repeat_piece, delete_span, double_span, splice, splice,
    delete_sign, delete_sign, delete_sign, swap_lines, delete_line, double_line, cut_off,
)  # fmt: skip
