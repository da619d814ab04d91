"""A small project on the books, as a check would have left it, with names that mean harm among the rest."""

from __future__ import annotations

from datetime import UTC, datetime

from blueprint.graph import Flags, Graph, Macro, Node, Part, Place
from lean_project.facts import SORRY, Blame, Fact, Facts, Kind
from lean_project.findings import Findings
from lean_project.status import statuses
from server.records.projects import ProjectRow
from server.service.settlement import Merged, settle
from server.store import Store

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
HOSTILE = "lem:@**all** `x` @**everyone** $$y$$"

_CLAIMED = Flags(False, False, False, False, False, False)
_NODES = (
    ("def:matching", "definition", "1.1", "Matching", "Let $G$ be a graph over $\\R$.", (), "Matching"),
    (
        "lem:alternating",
        "lemma",
        "1.2",
        None,
        "Every path in $G$ alternates.",
        ("def:matching",),
        "alternating",
    ),
    (
        "lem:hall",
        "lemma",
        "1.3",
        "Hall's marriage theorem for $n$ sets",
        "\\label{lem:hall}\\lean{hall}Then \\[ |N(S)| \\ge |S| \\]\nfor each \\emph{finite} $S$.",
        ("def:matching",),
        "hall",
    ),
    (HOSTILE, "lemma", "1.4", "@**all** @_**Ada** @*crew*", "@**all** ```\n@**all**", (), "hostile"),
    ("thm:main", "theorem", "1.5", None, "All is well.", ("lem:hall", "lem:alternating"), "main"),
)


def graph() -> Graph:
    return Graph(tuple(_node(*each) for each in _NODES), macros=(Macro("R", "\\mathbb{R}"),))


def facts() -> Facts:
    """The definition is there; every theorem is stated and waits for its proof."""
    return Facts("a toolchain", tuple(sorted((_fact(each[-1]) for each in _NODES), key=lambda f: f.name)))


def add_project(store: Store, slug: str = "halls", now: datetime = NOW) -> ProjectRow:
    project = store.projects.add(slug, "Marriage", f"/nowhere/{slug}", None, now)
    commit = store.projects.add_commit(project.id, "a" * 40, now, "Ada", "Start", now)
    plan, found = graph(), facts()
    findings = Findings(plan, found, statuses(plan, found))
    store.projects.add_findings(commit, findings, now)
    settle(store, project, findings, Merged({}, "a" * 40, now), now)
    return project


def _node(
    label: str, kind: str, number: str, title: str | None, text: str, uses: tuple[str, ...], lean: str
) -> Node:
    place = Place("web.tex", 1)
    proof = None if kind == "definition" else Part(place, uses=uses)
    return Node(label, kind, Part(place, lean=(lean,), source=text), _CLAIMED, proof, (label,), number, title)


def _fact(name: str) -> Fact:
    if name == "Matching":
        return Fact(
            name,
            Kind.DEFINITION,
            is_prop=False,
            module="Main",
            file="Main.lean",
            line=1,
            statement="Matching : Type",
        )
    return Fact(
        name,
        Kind.THEOREM,
        is_prop=True,
        module="Main",
        file="Main.lean",
        line=3,
        direct_sorry=True,
        axioms=(SORRY,),
        blames=(Blame(SORRY, (name, SORRY), False, "Main.lean", 3),),
        statement=f"{name} : ∀ n, n = n",
    )
