"""What nodes use according to Lean, against what `\\uses` says."""

from __future__ import annotations

import random
from dataclasses import replace

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blueprint.graph import Flags, Graph, Node, Part, Place
from lean_project.edges import Dependencies, dependencies
from lean_project.facts import Fact, Facts, Kind

NO_FLAGS = Flags(False, False, False, False, False, False)


def node(
    id: str,
    uses: str = "",
    proof_uses: str = "",
    *,
    kind: str = "theorem",
    lean: str | None = None,
    proof_lean: str = "",
) -> Node:
    names = tuple((id if lean is None else lean).split())
    statement = Part(Place("web.tex", 10), tuple(uses.split()), names)
    proof = Part(Place("web.tex", 20), tuple(proof_uses.split()), tuple(proof_lean.split()))
    return Node(id, kind, statement, NO_FLAGS, None if kind == "definition" else proof)


def fact(
    name: str, type_uses: str = "", value_uses: str = "", *, sorry: bool = False, **more: object
) -> Fact:
    fields: dict[str, object] = {"is_prop": True, "module": "M", "file": "M.lean", "line": 3}
    axioms = ("sorryAx",) if sorry else ()
    uses = {"type_uses": tuple(type_uses.split()), "value_uses": tuple(value_uses.split())}
    return Fact(name, Kind.THEOREM, axioms=axioms, **(fields | uses | more))  # type: ignore[arg-type]


def definition(name: str, type_uses: str = "", value_uses: str = "", **more: object) -> Fact:
    return replace(fact(name, type_uses, value_uses, **more), kind=Kind.DEFINITION, is_prop=False)


def asked(nodes: list[Node], *facts: Fact) -> dict[str, Dependencies]:
    return dependencies(Graph(tuple(nodes)), Facts("test", facts))


def missing(found: Dependencies) -> list[tuple[str, str]]:
    return [(edge.used, edge.part) for edge in found.missing]


def superfluous(found: Dependencies) -> list[tuple[str, str]]:
    return [(edge.used, edge.part) for edge in found.superfluous]


MISMATCH = (
    definition("d"),
    fact("a", "d", "d"),
    fact("b", "d", "d"),
    fact("h", "d", "b", line=8),
    fact("main", "d", "h", line=9),
)


@pytest.mark.parametrize("below", ["", "d"], ids=["bare", "a uses d"])
def test_an_edge_that_lean_has_not_implies_nothing(below: str) -> None:
    """The statement needs d, the proof b by way of h; what is said is a."""
    nodes = [node("d", kind="definition"), node("a", below), node("b", "d"), node("main", "a")]
    main = asked(nodes, *MISMATCH)["main"]
    assert (main.statement, main.proof) == (("d",), ("d", "b"))
    assert missing(main) == [("d", "statement"), ("b", "proof")]
    assert superfluous(main) == [("a", "statement")]
    through = main.missing[1]
    assert (through.path, through.declaration, through.file, through.line) == (
        ("main", "h", "b"),
        "h",
        "M.lean",
        8,
    )
    [said] = main.superfluous
    assert (said.declaration, said.file, said.line) == ("main", "web.tex", 10)


def test_the_sentences() -> None:
    nodes = [node("d", kind="definition"), node("a"), node("b", "d"), node("main", "a")]
    main = asked(nodes, *MISMATCH)["main"]
    assert [edge.text for edge in (*main.missing, *main.superfluous)] == [
        "The statement of `main` uses `d` of `d`, but its `\\uses` does not say so.",
        "The proof of `main` uses `b` of `b` through `h`, but its `\\uses` does not say so.",
        "`\\uses` names `a`, but the Lean of `main` never gets to it.",
    ]


def test_what_longer_ways_imply_is_not_missing() -> None:
    nodes = [node("d", kind="definition"), node("b", "d"), node("main", "b")]
    facts = (definition("d"), fact("b", "d"), fact("main", "b", "d"))
    assert asked(nodes, *facts)["main"] == Dependencies(("b",), ("d",))


def test_a_statement_is_not_helped_by_what_a_proof_below_uses() -> None:
    nodes = [node("d", kind="definition"), node("b", "", "d"), node("main", "b")]
    facts = (definition("d"), fact("b", "", "d"), fact("main", "b d", ""))
    assert missing(asked(nodes, *facts)["main"]) == [("d", "statement")]


def test_what_a_proof_shares_with_its_statement_is_said_once() -> None:
    nodes = [node("d", kind="definition"), node("main")]
    assert missing(asked(nodes, definition("d"), fact("main", "d", "d"))["main"]) == [("d", "statement")]


def test_said_of_the_statement_and_used_by_the_proof_is_fine() -> None:
    nodes = [node("b"), node("main", "b")]
    assert asked(nodes, fact("b"), fact("main", "", "b"))["main"] == Dependencies((), ("b",))


def test_what_is_reached_only_through_another_node_is_not_superfluous() -> None:
    nodes = [node("c"), node("b", "", "c"), node("main", "", "b c")]
    found = asked(nodes, fact("c"), fact("b", "", "c"), fact("main", "", "b"))
    assert found["main"] == Dependencies((), ("b",))


@pytest.mark.parametrize(
    "facts",
    [
        (fact("a"), fact("main", sorry=True)),
        (fact("a"), fact("main", refusal="no")),
        (fact("a"), fact("main", upstream=True)),
        (fact("a", upstream=True), fact("main")),
        (fact("main"),),
        (fact("a"),),
    ],
    ids=["sorry", "refused", "in the library", "uses the library's", "used is missing", "missing"],
)
def test_where_lean_cannot_tell_nothing_is_superfluous(facts: tuple[Fact, ...]) -> None:
    assert asked([node("a"), node("main", "a", "a")], *facts)["main"] == Dependencies()


def test_a_statement_means_only_the_type_of_a_proof_that_it_mentions() -> None:
    nodes = [node("b"), node("main")]
    facts = (fact("b"), fact("h", "", "b"), fact("main", "h", ""))
    assert asked(nodes, *facts)["main"] == Dependencies()
    assert missing(asked(nodes, fact("b"), definition("h", "", "b"), fact("main", "h"))["main"]) == [
        ("b", "statement")
    ]


def test_a_definition_is_one_part() -> None:
    nodes = [node("b"), node("d", kind="definition", lean="d d_spec")]
    facts = (fact("b"), definition("d"), fact("d_spec", "d", "b"))
    assert missing(asked(nodes, *facts)["d"]) == [("b", "statement")]


def test_what_only_the_proof_names_belongs_to_the_proof() -> None:
    nodes = [node("b"), node("main", proof_lean="key")]
    facts = (fact("b"), fact("key", "b"), fact("main"))
    assert missing(asked(nodes, *facts)["main"]) == [("b", "proof")]


def test_a_declaration_of_two_nodes_is_the_one_that_is_said() -> None:
    nodes = [node("one", lean="x"), node("two", lean="x"), node("main", "two")]
    assert asked(nodes, fact("x"), fact("main", "x"))["main"] == Dependencies(("two",))


def test_helpers_that_use_each_other_end() -> None:
    nodes = [node("b"), node("main")]
    facts = (fact("b"), fact("h", "", "k h"), fact("k", "", "h b"), fact("main", "", "h"))
    assert asked(nodes, *facts)["main"].missing[0].path == ("main", "h", "k", "b")


def test_a_circle_of_nodes_ends() -> None:
    nodes = [node("a", "b"), node("b", "a")]
    found = asked(nodes, fact("a", "b"), fact("b"))
    assert [superfluous(found[id]) for id in "ab"] == [[], [("a", "statement")]]


@given(st.randoms(use_true_random=False), st.integers(2, 14))
def test_it_agrees_with_walking_from_every_node(chance: random.Random, size: int) -> None:
    """Against the definition, spelled out: all ways through declarations that no node names."""
    names = [f"n{number}" for number in range(size)]
    owned = [name for name in names if chance.random() < 0.5]
    uses = {name: [chance.choice(names) for _ in range(chance.randrange(3))] for name in names}
    said = {name: [other for other in owned if other != name and chance.random() < 0.3] for name in owned}
    nodes = [node(name, "", " ".join(said[name])) for name in owned]
    found = asked(nodes, *(fact(name, "", " ".join(uses[name])) for name in names))
    whole = nx.DiGraph([(name, used) for name in names for used in uses[name]])
    for name in owned:
        kept = nx.DiGraph((a, b) for a, b in whole.edges if a == name or a not in owned)
        first = nx.descendants(kept, name) & set(owned) if name in kept else set()
        assert set(found[name].proof) == first - {name}
        everything = nx.descendants(whole, name) if name in whole else set()
        extra = [edge.used for edge in found[name].superfluous]
        assert extra == [used for used in said[name] if used not in everything]
    true = nx.DiGraph()
    true.add_nodes_from(owned)
    true.add_edges_from(
        (name, used)
        for name in owned
        for used in said[name]
        if used not in [edge.used for edge in found[name].superfluous]
    )
    for name in owned:
        below = nx.descendants(true, name)
        assert {edge.used for edge in found[name].missing} == set(found[name].proof) - below


def test_it_grows_in_step_with_the_facts() -> None:
    """A thousand nodes that share three thousand helpers in a row: walking from each would be millions."""
    helpers = [fact(f"h{n}", "", f"h{n + 1}" if n < 2999 else "end") for n in range(3000)]
    nodes = [node("end"), *(node(f"m{n}", "end") for n in range(1000))]
    found = asked(nodes, fact("end"), *helpers, *(fact(f"m{n}", "h0") for n in range(1000)))
    assert all(not found[one.id].missing for one in nodes)
    assert found["m7"].proof == ()


def test_of_a_very_long_way_the_ends_are_given() -> None:
    helpers = [fact(f"h{n}", "", f"h{n + 1}" if n < 2999 else "end") for n in range(3000)]
    nodes = [node("end"), *(node(f"m{n}") for n in range(300))]
    found = asked(nodes, fact("end"), *helpers, *(fact(f"m{n}", "", "h0") for n in range(300)))
    assert found["m9"].missing[0].path == ("m9", "end")
