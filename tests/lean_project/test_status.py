"""The status rule: a truth table, and what must hold of any graph and any facts."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blueprint.graph import Flags, Graph, Node, Part, Place
from lean_project.facts import Blame, Fact, Facts, Kind
from lean_project.status import Code, Formal, NodeStatus, Readiness, Reason, statuses

HERE = Place("blueprint/src/content.tex", 1)
NO_FLAGS = Flags(False, False, False, False, False, False)


def part(uses: tuple[str, ...] = (), lean: tuple[str, ...] = (), leanok: bool = False) -> Part:
    return Part(HERE, uses=uses, lean=lean, leanok=leanok)


def node(
    id: str,
    *,
    kind: str = "theorem",
    lean: tuple[str, ...] | None = None,
    uses: tuple[str, ...] = (),
    proof_uses: tuple[str, ...] = (),
    leanok: bool = False,
    proof_leanok: bool = False,
    notready: bool = False,
    mathlibok: bool = False,
) -> Node:
    proof = None if kind == "definition" else part(proof_uses, leanok=proof_leanok)
    names = (f"N.{id}",) if lean is None else lean
    return Node(
        id,
        kind,
        part(uses, names, leanok),
        NO_FLAGS,
        proof=proof,
        labels=(id,),
        notready=notready,
        mathlibok=mathlibok,
    )


def fact(id: str, *, kind: Kind = Kind.THEOREM, axioms: tuple[str, ...] = (), **more: object) -> Fact:
    fields = {"is_prop": kind is Kind.THEOREM, "module": "M", "file": "M.lean", "line": 3, "end_line": 4}
    return Fact(f"N.{id}", kind, axioms=axioms, **(fields | more))  # type: ignore[arg-type]


def status_of(subject: Node, *facts: Fact, others: tuple[Node, ...] = ()) -> NodeStatus:
    return statuses(Graph((*others, subject)), Facts("test", facts))[subject.id]


SORRY = ("sorryAx",)
THROUGH = Blame("sorryAx", ("N.a", "N.helper", "sorryAx"), through_statement=False)
TRUTH_TABLE = [
    # what Lean says of a theorem `a`                               statement        proof            passes
    ([], Formal.ABSENT, Formal.ABSENT, False),
    ([fact("a")], Formal.STATED, Formal.VERIFIED, True),
    ([fact("a", axioms=("propext", "Quot.sound"))], Formal.STATED, Formal.VERIFIED, True),
    ([fact("a", axioms=SORRY, direct_sorry=True)], Formal.STATED, Formal.SORRY, False),
    ([fact("a", axioms=SORRY)], Formal.STATED, Formal.PROVED, False),
    ([fact("a", axioms=SORRY, statement_axioms=SORRY)], Formal.SORRY, Formal.PROVED, False),
    ([fact("a", axioms=("N.cheat",))], Formal.STATED, Formal.REFUSED, False),
    (
        [fact("a", axioms=("N.cheat",), statement_axioms=("N.cheat",))],
        Formal.REFUSED,
        Formal.REFUSED,
        False,
    ),
    ([fact("a", axioms=("Lean.ofReduceBool",))], Formal.STATED, Formal.REFUSED, False),
    ([fact("a", refusal="type mismatch")], Formal.REFUSED, Formal.REFUSED, False),
    ([fact("a", kind=Kind.DEFINITION)], Formal.REFUSED, Formal.REFUSED, False),
    ([fact("a", kind=Kind.AXIOM, is_prop=True, axioms=("N.a",))], Formal.STATED, Formal.REFUSED, False),
    ([fact("a", upstream=True)], Formal.IN_LIBRARY, Formal.IN_LIBRARY, True),
]


@pytest.mark.parametrize(("facts", "statement", "proof", "passes"), TRUTH_TABLE)
def test_theorem_truth_table(facts: list[Fact], statement: Formal, proof: Formal, passes: bool) -> None:
    status = status_of(node("a"), *facts)
    assert status.proof is not None
    assert (status.statement.formal, status.proof.formal, status.passes) == (statement, proof, passes)
    assert status.passes or status.reasons, "whatever is refused says why"


@pytest.mark.parametrize(
    ("facts", "formal", "passes"),
    [
        ([], Formal.ABSENT, False),
        ([fact("d", kind=Kind.DEFINITION)], Formal.VERIFIED, True),
        ([fact("d", kind=Kind.INDUCTIVE)], Formal.VERIFIED, True),
        ([fact("d", kind=Kind.DEFINITION, axioms=SORRY, direct_sorry=True)], Formal.SORRY, False),
        ([fact("d", kind=Kind.DEFINITION, axioms=SORRY)], Formal.SORRY, False),
        ([fact("d", kind=Kind.DEFINITION, axioms=("N.cheat",))], Formal.REFUSED, False),
        ([fact("d", kind=Kind.THEOREM)], Formal.REFUSED, False),
        ([fact("d", kind=Kind.DEFINITION, upstream=True)], Formal.IN_LIBRARY, True),
    ],
)
def test_definition_truth_table(facts: list[Fact], formal: Formal, passes: bool) -> None:
    status = status_of(node("d", kind="definition"), *facts)
    assert (status.statement.formal, status.proof, status.passes) == (formal, None, passes)


@pytest.mark.parametrize(
    ("subject", "known", "codes"),
    [
        (node("a"), [], [Code.MISSING, Code.MISSING]),
        (node("a", lean=()), [], [Code.UNNAMED, Code.UNNAMED]),
        (node("a"), [fact("a", refusal="type mismatch")], [Code.KERNEL, Code.KERNEL]),
        (
            node("a"),
            [fact("a", refusal="unknown", axioms=("N.cheat",))],
            [Code.KERNEL, Code.AXIOM, Code.KERNEL],
        ),
        (node("a"), [fact("a", kind=Kind.DEFINITION)], [Code.WRONG_KIND, Code.WRONG_KIND]),
        (node("a", kind="definition"), [fact("a")], [Code.WRONG_KIND]),
        (node("a"), [fact("a", axioms=("N.cheat",))], [Code.AXIOM]),
        (node("a"), [fact("a", axioms=SORRY, direct_sorry=True)], [Code.SORRY]),
        (node("a"), [fact("a", axioms=SORRY, blames=(THROUGH,))], [Code.SORRY_BELOW]),
        (node("a", uses=("b",)), [fact("a")], [Code.NODE_BELOW]),
        (node("a"), [fact("a")], []),
    ],
)
def test_each_reason_has_a_word_for_programs(subject: Node, known: list[Fact], codes: list[Code]) -> None:
    status = status_of(subject, *known, others=(node("b"),))
    assert [reason.code for reason in status.reasons] == codes


def test_every_declaration_counts() -> None:
    status = status_of(node("a", lean=("N.a", "N.b")), fact("a"))
    assert status.statement.formal is Formal.ABSENT
    assert [reason.declaration for reason in status.statement.reasons] == ["N.b"]


def test_the_statement_is_judged_apart_from_what_the_proof_names() -> None:
    subject = node("a")
    subject = replace(subject, proof=part(lean=("N.b",)))
    status = status_of(subject, fact("a", axioms=SORRY, direct_sorry=True))
    assert status.statement.formal is Formal.STATED
    assert status.proof is not None
    assert status.proof.formal is Formal.ABSENT
    assert status.formal is Formal.STATED
    assert [work.readiness for work in status.work] == [Readiness.DONE, Readiness.READY]


def test_what_the_library_has_stays_there_whatever_the_blueprint_says_it_uses() -> None:
    subject = node("a", mathlibok=True, uses=("b",))
    status = status_of(subject, fact("a", upstream=True), others=(node("b"),))
    assert (status.formal, status.passes, status.verified, status.drift) == (
        Formal.IN_LIBRARY,
        True,
        False,
        (),
    )


def test_an_axiom_may_be_allowed_by_setting() -> None:
    graph, facts = Graph((node("a"),)), Facts("test", (fact("a", axioms=("N.choice",)),))
    assert not statuses(graph, facts)["a"].passes
    assert statuses(graph, facts, frozenset({"N.choice"}))["a"].passes


def test_the_reason_carries_the_blame_path_and_its_place() -> None:
    blame = Blame("sorryAx", ("N.a", "N.helper", "sorryAx"), False, "M.lean", 17)
    status = status_of(node("a"), fact("a", axioms=SORRY, blames=(blame,)))
    (reason,) = status.reasons
    assert (reason.path, reason.file, reason.line) == (blame.path, "M.lean", 17)
    assert "through `N.helper`" in reason.text


def test_verified_needs_everything_below() -> None:
    below = node("b")
    status = status_of(node("a", proof_uses=("b",)), fact("a"), others=(below,))
    assert status.passes
    assert not status.verified
    assert status.formal is Formal.PROVED
    assert status_of(node("a", proof_uses=("b",)), fact("a"), fact("b"), others=(below,)).verified


def test_readiness_follows_what_is_stated() -> None:
    blocked = status_of(node("a", uses=("b",)), others=(node("b"),))
    assert [(work.readiness, work.blocked_by) for work in blocked.work] == [
        (Readiness.BLOCKED, ("b",)),
        (Readiness.BLOCKED, ("b", "a")),
    ]
    sorry = fact("a", axioms=SORRY, direct_sorry=True)
    stated = status_of(node("a", uses=("b",)), sorry, fact("b"), others=(node("b"),))
    assert [work.readiness for work in stated.work] == [Readiness.DONE, Readiness.READY]
    assert status_of(node("a", notready=True)).readiness is Readiness.NOT_READY


def test_a_proof_that_rests_on_another_nodes_sorry_waits_for_that_node() -> None:
    """There is nothing to do on the node itself: the work is where the `sorry` is."""
    blame = Blame("sorryAx", ("N.a", "N.helper", "N.b", "sorryAx"), False)
    resting = fact("a", axioms=SORRY, blames=(blame,))
    sorry = fact("b", axioms=SORRY, direct_sorry=True)
    status = status_of(node("a"), resting, sorry, others=(node("b"),))
    assert [(work.readiness, work.blocked_by) for work in status.work] == [
        (Readiness.DONE, ()),
        (Readiness.BLOCKED, ("b",)),
    ]
    alone = status_of(
        node("a"), replace(resting, blames=(Blame("sorryAx", ("N.a", "N.h", "sorryAx"), False),))
    )
    assert alone.readiness is Readiness.READY, "no node has the `sorry`: it is part of this one's work"


@pytest.mark.parametrize(
    ("subject", "facts", "drift"),
    [
        (node("a", leanok=True, proof_leanok=True), [fact("a")], []),
        (node("a", leanok=True), [fact("a")], [("proof", "no \\leanok", "verified")]),
        (node("a"), [], []),
        (
            node("a", leanok=True, proof_leanok=True),
            [fact("a", axioms=SORRY, direct_sorry=True)],
            [("proof", "\\leanok", "sorry")],
        ),
        (node("a", leanok=True, proof_leanok=True), [fact("a", axioms=SORRY)], []),
        (node("a", leanok=True), [], [("statement", "\\leanok", "absent")]),
        (node("a", mathlibok=True), [fact("a", upstream=True)], []),
        (node("a", mathlibok=True), [fact("a")], [("statement", "\\mathlibok", "stated")]),
        (
            node("a", notready=True, leanok=True, proof_leanok=True),
            [fact("a")],
            [("statement", "\\notready", "verified")],
        ),
    ],
)
def test_drift(subject: Node, facts: list[Fact], drift: list[tuple[str, str, str]]) -> None:
    found = [(item.part, item.claim, item.fact) for item in status_of(subject, *facts).drift]
    assert found == drift


IDS = [f"n{i}" for i in range(7)]


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Any graph on seven nodes: cycles, loops and definitions included."""
    some = st.lists(st.sampled_from(IDS), max_size=3, unique=True).map(tuple)
    return Graph(
        tuple(
            node(
                id,
                kind=draw(st.sampled_from(["theorem", "definition"])),
                uses=draw(some),
                proof_uses=draw(some),
                leanok=draw(st.booleans()),
                notready=draw(st.booleans()),
            )
            for id in IDS
        )
    )


@st.composite
def some_facts(draw: st.DrawFn) -> tuple[Fact, ...]:
    found = []
    for id in draw(st.lists(st.sampled_from(IDS), unique=True)):
        axioms = tuple(draw(st.lists(st.sampled_from(["sorryAx", "propext", "N.bad"]), unique=True)))
        kind = draw(st.sampled_from([Kind.THEOREM, Kind.DEFINITION]))
        direct = "sorryAx" in axioms and draw(st.booleans())
        found.append(fact(id, kind=kind, axioms=axioms, direct_sorry=direct))
    return tuple(found)


def below(graph: Graph, start: str) -> set[str]:
    uses = {n.id: {*n.statement.uses, *(n.proof.uses if n.proof else ())} for n in graph.nodes}
    seen: set[str] = set()
    todo = list(uses[start])
    while todo:
        if (id := todo.pop()) not in seen:
            seen.add(id)
            todo += uses[id]
    return seen


@given(graphs(), some_facts())
def test_verified_only_if_everything_below_is(graph: Graph, facts: tuple[Fact, ...]) -> None:
    result = statuses(graph, Facts("test", facts))
    for id, status in result.items():
        if status.verified:
            assert status.passes
            assert id not in below(graph, id)
            assert all(result[other].verified for other in below(graph, id))


@given(graphs(), some_facts(), st.randoms(use_true_random=False))
def test_the_order_of_input_does_not_matter(
    graph: Graph, facts: tuple[Fact, ...], rng: random.Random
) -> None:
    shuffled = list(graph.nodes)
    rng.shuffle(shuffled)
    mixed = list(facts)
    rng.shuffle(mixed)
    one = statuses(graph, Facts("test", facts))
    two = statuses(Graph(tuple(shuffled)), Facts("test", tuple(mixed)))
    for id, status in one.items():
        other = two[id]
        assert (status.formal, status.passes, status.verified, status.checked, status.drift) == (
            other.formal,
            other.passes,
            other.verified,
            other.checked,
            other.drift,
        )
        assert [(w.kind, w.readiness, set(w.blocked_by)) for w in status.work] == [
            (w.kind, w.readiness, set(w.blocked_by)) for w in other.work
        ]


RANK = {Readiness.DONE: 3, Readiness.READY: 2, Readiness.BLOCKED: 1, Readiness.NOT_READY: 0}


@given(graphs(), some_facts(), st.sampled_from(IDS), some_facts())
def test_adding_a_fact_never_makes_another_node_worse(
    graph: Graph, facts: tuple[Fact, ...], new: str, pool: tuple[Fact, ...]
) -> None:
    before = [f for f in facts if f.name != f"N.{new}"]
    added = next((f for f in pool if f.name == f"N.{new}"), fact(new))
    old = statuses(graph, Facts("test", tuple(before)))
    now = statuses(graph, Facts("test", (*before, added)))
    for id in IDS:
        if id == new:
            continue
        assert now[id].passes == old[id].passes
        assert now[id].verified >= old[id].verified
        pairs = zip(old[id].work, now[id].work, strict=True)
        assert all(RANK[after.readiness] >= RANK[before.readiness] for before, after in pairs)
        assert now[id].statement == old[id].statement or now[id].passes


def test_a_cycle_is_never_verified() -> None:
    graph = Graph((node("a", uses=("b",)), node("b", proof_uses=("a",)), node("c", uses=("c",))))
    result = statuses(graph, Facts("test", (fact("a"), fact("b"), fact("c"))))
    assert [status.passes for status in result.values()] == [True] * 3
    assert [status.verified for status in result.values()] == [False] * 3


def test_a_long_chain_does_not_recurse() -> None:
    ids = [f"n{i}" for i in range(3000)]
    chain = [node(id, uses=(ids[i - 1],) if i else (), lean=(f"N.{id}",)) for i, id in enumerate(ids)]
    result = statuses(Graph(tuple(chain)), Facts("test", tuple(fact(id) for id in ids)))
    assert result[ids[-1]].verified


MOVED = Reason(Code.DRIFTED, "It moved.", "N.d", (), "M.lean", 3)


def drifting(d: Fact, *, b: tuple[str, ...] = SORRY, kind: str = "definition") -> dict[str, NodeStatus]:
    """b uses d in its statement, c uses b in its proof; the agreed statement of d moved."""
    nodes = (node("d", kind=kind), node("b", uses=("d",)), node("c", proof_uses=("b",)), node("free"))
    facts = (d, fact("b", axioms=b), fact("c", axioms=SORRY), fact("free", axioms=SORRY))
    return statuses(Graph(nodes), Facts("test", facts), drifted={"d": MOVED})


def waits(status: NodeStatus) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(work.kind, work.readiness, work.blocked_by) for work in status.work]


def test_a_drifted_statement_is_not_verified_and_what_rests_on_it_waits() -> None:
    found = drifting(fact("d", kind=Kind.DEFINITION))
    assert (found["d"].formal, found["d"].passes, found["d"].verified) == (Formal.DRIFTED, True, False)
    assert found["d"].reasons == (MOVED,)
    assert waits(found["d"]) == [("define", "done", ())]
    assert waits(found["b"]) == [("state", "done", ()), ("prove", "blocked", ("d",))]
    assert waits(found["c"]) == [("state", "done", ()), ("prove", "blocked", ("d",))]
    assert waits(found["free"]) == [("state", "done", ()), ("prove", "ready", ())]


def test_what_is_proved_above_a_drifted_statement_stays_done_but_is_not_verified() -> None:
    found = drifting(fact("d", kind=Kind.DEFINITION), b=())
    assert waits(found["b"])[1] == ("prove", "done", ())
    assert (found["b"].formal, found["b"].verified) == (Formal.PROVED, False)


def test_the_proof_of_a_drifted_statement_waits_but_its_statement_may_be_put_right() -> None:
    found = drifting(fact("d", axioms=SORRY), kind="theorem")
    assert waits(found["d"]) == [("state", "done", ()), ("prove", "blocked", ("d",))]
    gone = drifting(fact("other"), kind="theorem")
    assert waits(gone["d"]) == [("state", "ready", ()), ("prove", "blocked", ("d",))]
    proved = drifting(fact("d"), kind="theorem")["d"]
    assert (proved.formal, proved.proof and proved.proof.formal) == (Formal.DRIFTED, Formal.PROVED)


@given(st.randoms(use_true_random=False), st.integers(2, 9))
def test_a_drift_touches_only_what_rests_on_it(chance: random.Random, size: int) -> None:
    names = [f"n{number}" for number in range(size)]
    uses = {name: tuple(n for n in names[:at] if chance.random() < 0.4) for at, name in enumerate(names)}
    graph = Graph(tuple(node(name, proof_uses=uses[name]) for name in names))
    facts = Facts("test", tuple(fact(n, axioms=SORRY if chance.random() < 0.5 else ()) for n in names))
    moved = chance.choice(names)
    before, after = statuses(graph, facts), statuses(graph, facts, drifted={moved: MOVED})
    above = {moved}
    for name in names:
        above |= {name} if above.intersection(uses[name]) else set()
    for name in names:
        if name not in above:
            assert after[name] == before[name]
        else:
            assert not after[name].verified
            assert [w.kind for w in after[name].work if w.readiness is Readiness.DONE] == [
                w.kind for w in before[name].work if w.readiness is Readiness.DONE
            ]
            waiting = [w.blocked_by for w in after[name].work if w.readiness is not Readiness.DONE]
            assert all(moved in blockers for blockers in waiting)
