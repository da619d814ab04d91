"""Blueprints of any size, made up but like real ones: the same plan gives the same text, always.

The lengths, the number of `\\uses` and the kinds are those of the real blueprints at hand, which have
some 1,000 characters a node with the text between nodes, and two or three `\\uses`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

NEAR = 25  # how far back a nearby result stands
KINDS = ("lemma",) * 11 + ("definition",) * 4 + ("theorem",) * 3 + ("proposition",) * 2 + ("corollary",)
SENTENCES = (
    "Let {a} be as above, and assume that {b}.",
    "Given {a} there is a $\\delta > 0$ with {b}.",
    "By the triangle inequality and {b}, the claim holds for {a}.",
    "Suppose that {a} satisfies {b}; then the \\emph{{natural map}} is injective.",
    "It suffices to consider {a}, because {b} is invariant under the action of $G$.",
    "We argue by induction on the dimension, the case of {a} being clear from {b}.",
    "Summing over all {a}, we conclude that {b}.",
)
TERMS = (
    "$x \\in \\bbR^{n}$",
    "$f \\colon X_{i} \\to Y$",
    "$\\|T_{k} f\\|_{2} \\le C^{m}$",
    "a finite set $A \\subseteq G$",
    "$\\ent{X_{i}} + \\ent{Y} \\ge 0$",
    "a measurable $E \\subset \\bbR$",
    "$\\frac{\\d[A + A]}{|A|} < K^{i}$",
    "$\\mathcal{F}_{n}$",
    "$\\alpha \\in \\{0, 1, \\dots, k\\}$",
)
DISPLAYS = (
    "\\[ \\sum_{j=0}^{INDEX} \\ent{X_j} \\le \\int_{\\bbR} |f(t)|^2 \\, dt + \\frac{1}{INDEX + 1}. \\]",
    "$$ \\bbP[X = s] \\geq \\exp(-\\ent{X}) \\quad \\text{for all } s \\in S_{INDEX}. $$",
    "\\begin{align*}\n  a_{INDEX} &= \\sup_{n} \\d[A_n] \\\\\n  &\\le 2^{INDEX} \\cdot K.\n\\end{align*}",
    "\\begin{equation}\\label{eq:INDEX}\n  \\d[X; Y] = \\ent{X + Y} - \\tfrac{1}{2}\\ent{X}\n\\end{equation}",
)
LIST = "\\begin{enumerate}\n  \\item %s\n  \\item %s\n\\end{enumerate}"

MACROS = r"""\newcommand{\bbR}{\mathbb{R}}
\newcommand{\bbP}{\mathbb{P}}
\newcommand{\ent}[1]{\mathbb{H}[#1]}
\renewcommand{\d}[1][A]{d[#1]}
\theoremstyle{plain}
\newtheorem{theorem}{Theorem}[chapter]
\newtheorem{proposition}[theorem]{Proposition}
\newtheorem{lemma}[theorem]{Lemma}
\newtheorem{corollary}[theorem]{Corollary}
\theoremstyle{definition}
\newtheorem{definition}[theorem]{Definition}
"""
MAIN = r"""\documentclass{report}
\usepackage{amsmath, amsthm, amssymb}
\usepackage{hyperref}
\usepackage[capitalize]{cleveref}
\usepackage[showmore, dep_graph]{blueprint}
\input{macros}
\home{https://example.org}
\github{https://example.org/synthetic}
\dochome{https://example.org/docs}
\title{A synthetic blueprint}
\author{Nobody}
\begin{document}
\maketitle
\input{content}
\end{document}
"""
CONFIGURATION = """[general]
renderer=HTML5
copy-theme-extras=yes
plugins=plastexdepgraph plastexshowmore leanblueprint

[document]
toc-depth=3
toc-non-files=True

[files]
directory=../web/
split-level=0

[html5]
localtoc-level=0
mathjax-dollars=False
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """How large a blueprint is: `uses` edges end in a node, on average."""

    nodes: int
    seed: int = 1
    uses: int = 3
    in_chapter: int = 40
    in_section: int = 10


def project(plan: Plan) -> Iterator[tuple[str, str]]:
    """Every file of a project: its path and its text."""
    numbers = range(0, plan.nodes, plan.in_chapter)
    names = [f"chapters/chapter{position}" for position in range(1, len(numbers) + 1)]
    yield "blueprint/src/plastex.cfg", CONFIGURATION
    yield "blueprint/src/web.tex", MAIN
    yield "blueprint/src/macros.tex", MACROS
    yield "blueprint/src/content.tex", "".join(f"\\input{{{name}}}\n" for name in names)
    for name, first in zip(names, numbers, strict=True):
        yield f"blueprint/src/{name}.tex", "\n".join(_chapter(plan, first))


def used_by(plan: Plan, node: int) -> tuple[int, ...]:
    """What a node uses, all of it before the node: mostly what stands near, a third from anywhere."""
    random = Random(f"{plan.seed} uses {node}")
    count = min(node, random.randint(0, 2 * plan.uses))
    near = (random.randint(max(0, node - NEAR), node - 1) for _ in range(count))
    return tuple(sorted({random.randrange(node) if random.random() < 1 / 3 else one for one in near}))


def label(node: int) -> str:
    return f"res:{node}"


def _chapter(plan: Plan, first: int) -> Iterator[str]:
    yield f"\\chapter{{On the matter of {first // plan.in_chapter + 1}}}\\label{{chap:{first}}}\n"
    for node in range(first, min(first + plan.in_chapter, plan.nodes)):
        random = Random(f"{plan.seed} text {node}")
        if (node - first) % plan.in_section == 0:
            yield f"\\section{{Step {node}}}\n\n{prose(random, 3)}\n"
        yield from _node(plan, node, random)


def _node(plan: Plan, node: int, random: Random) -> Iterator[str]:
    kind = random.choice(KINDS)
    used = used_by(plan, node)
    half = len(used) // 2 if kind != "definition" else len(used)
    done = random.random() < 0.5
    yield f"\\begin{{{kind}}}[Result {node}]\\label{{{label(node)}}}"
    yield f"  \\lean{{Synthetic.result_{node}}}" + ("\\leanok" if done else "")
    yield from _uses(used[:half])
    yield f"{prose(random, 2)}{_cited(used[:half])}\n{_display(random, node)}\n\\end{{{kind}}}\n"
    if kind != "definition":
        yield "\\begin{proof}" + ("\\leanok" if done and random.random() < 0.7 else "")
        yield from _uses(used[half:])
        yield f"{prose(random, random.randint(1, 7))}{_cited(used[half:])}"
        yield f"{_ending(random)}\\end{{proof}}\n"


def _uses(used: tuple[int, ...]) -> Iterator[str]:
    if used:
        yield f"  \\uses{{{', '.join(map(label, used))}}}"


def _cited(used: tuple[int, ...]) -> str:
    return f" This follows from \\cref{{{label(used[-1])}}}." if used else ""


def _ending(random: Random) -> str:
    return LIST % (prose(random, 1), prose(random, 1)) + "\n" if random.random() < 0.15 else ""


def prose(random: Random, sentences: int) -> str:
    return " ".join(
        random.choice(SENTENCES).format(a=random.choice(TERMS), b=random.choice(TERMS))
        for _ in range(sentences)
    )


def _display(random: Random, node: int) -> str:
    return random.choice(DISPLAYS).replace("INDEX", str(node))
