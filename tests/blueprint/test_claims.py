"""leanblueprint's flags, against a plain restatement of the rules on random graphs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from blueprint.claims import NONE, flagged, naively_proved
from blueprint.graph import Graph, Node, Part, Place

PLACE = Place("web.tex", 1)


def part(uses: list[str], leanok: bool, source: str = "text") -> Part:
    return Part(PLACE, tuple(dict.fromkeys(uses)), leanok=leanok, source=source)


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Any graph, cycles included."""
    names = [f"n{index}" for index in range(draw(st.integers(1, 8)))]
    some = st.lists(st.sampled_from(names), max_size=3)
    nodes = [
        Node(
            id=name,
            kind=draw(st.sampled_from(["definition", "lemma"])),
            statement=part(draw(some), draw(st.booleans())),
            proof=part(draw(some), draw(st.booleans())) if draw(st.booleans()) else None,
            notready=draw(st.booleans()),
            mathlibok=draw(st.booleans()),
            claimed=NONE,
        )
        for name in names
    ]
    return Graph(tuple(nodes))


def all_uses(node: Node) -> tuple[str, ...]:
    return node.statement.uses + (node.proof.uses if node.proof else ())


def below(nodes: dict[str, Node], name: str) -> set[str]:
    """The node and everything it rests on."""
    seen = {name}
    while True:
        more = {used for one in seen for used in all_uses(nodes[one])} - seen
        if not more:
            return seen
        seen |= more


@given(graphs())
def test_flags_follow_the_rules(graph: Graph) -> None:
    nodes = {node.id: node for node in graph.nodes}
    proved = {name: n.mathlibok or bool(n.proof and n.proof.leanok) for name, n in nodes.items()}
    written = {name: proved[name] or (n.is_definition and n.statement.leanok) for name, n in nodes.items()}
    sound = {name: written[name] or (n.statement.leanok and n.proof is None) for name, n in nodes.items()}
    for node in flagged(graph).nodes:
        flags = node.claimed
        stated = all(nodes[used].statement.leanok for used in node.statement.uses)
        assert flags.stated == node.statement.leanok
        assert flags.can_state == (stated and not node.notready)
        assert flags.proved == proved[node.id]
        whole = written[node.id] and all(sound[name] for name in below(nodes, node.id))
        assert flags.fully_proved == whole
        assert flags.defined == (node.kind == "definition" and node.statement.leanok)
        if flags.can_prove:
            assert node.proof is not None
            assert all(nodes[used].statement.leanok for used in all_uses(node))


@given(graphs())
def test_where_all_proofs_are_written_we_call_no_more_proved_than_leanblueprint(graph: Graph) -> None:
    ours = {node.id for node in flagged(graph).nodes if node.claimed.fully_proved}
    if not any(node.statement.leanok and node.proof is None for node in graph.nodes):
        assert ours <= naively_proved(graph)


def test_a_theorem_whose_proof_is_only_in_lean_stops_nothing_above_it() -> None:
    below = Node("a", "theorem", part([], True), NONE)
    above = Node("b", "theorem", part(["a"], True), NONE, part([], True))
    a, b = flagged(Graph((below, above))).nodes
    assert not a.claimed.fully_proved
    assert b.claimed.fully_proved


def test_an_empty_proof_can_not_be_proved() -> None:
    empty = Node("a", "lemma", part([], True), NONE, proof=part([], False, source=" \n"))
    assert not flagged(Graph((empty,))).nodes[0].claimed.can_prove


def test_a_long_chain_needs_no_recursion() -> None:
    chain = [Node("0", "lemma", part([], False), NONE)]
    chain += [Node(str(i), "lemma", part([str(i - 1)], True), NONE, part([], True)) for i in range(1, 20_000)]
    assert not any(node.claimed.fully_proved for node in flagged(Graph(tuple(chain))).nodes)
