"""Mistakes, one at a time."""

from __future__ import annotations

import pytest

from blueprint.review.wording import did_you_mean

DEFINITION = r"\begin{definition}\label{def:d}\lean{D}\leanok D. \end{definition}"
LEMMA = r"\begin{lemma}\label{%s}\uses{%s}\lean{L}\leanok L. \end{lemma}"


def found(graph) -> list[tuple[str, str, str | None]]:
    return [(problem.severity, problem.code, problem.node) for problem in graph.problems]


def test_a_clean_blueprint_has_no_problems(graph_of) -> None:
    assert (
        found(graph_of(DEFINITION + LEMMA % ("a", "def:d") + r"\begin{proof}\leanok By D.\end{proof}")) == []
    )


def test_the_last_uses_does_not_win(graph_of) -> None:
    graph = graph_of(DEFINITION + LEMMA % ("a", "") + LEMMA % ("b", r"def:d}\uses{a}\uses{a"))
    assert graph.nodes[2].statement.uses == ("def:d", "a")
    repeated = [one for one in found(graph) if "repeated" in one[1]]
    assert repeated == [("warning", "repeated-annotation", "b")] * 2


def test_cycle_through_proofs_names_its_path(graph_of) -> None:
    proof = r"\begin{proof}\uses{%s} P.\end{proof}"
    body = "\n".join(LEMMA % (a, "") + proof % b for a, b in (("a", "b"), ("b", "c"), ("c", "a"), ("d", "a")))
    problem = next(problem for problem in graph_of(body).problems if problem.code == "cycle")
    assert "a -> c -> b -> a" in problem.message
    assert problem.severity == "error"
    assert problem.node == "a"


def test_a_large_knot_is_one_problem(graph_of) -> None:
    names = [f"n{index}" for index in range(12)]
    body = "\n\n".join(LEMMA % (name, ",".join(other for other in names if other != name)) for name in names)
    cycles = [problem for problem in graph_of(body).problems if problem.code == "cycle"]
    assert len(cycles) == 1
    assert "in a knot of 12" in cycles[0].message


def test_duplicate_label_keeps_the_first(graph_of) -> None:
    graph = graph_of(LEMMA % ("a", "") + LEMMA % ("a", "") + LEMMA % ("b", "a"))
    first, second, third = graph.nodes
    assert first.id == "a"
    assert second.id not in ("a", "")
    assert third.statement.uses == ("a",)
    assert ("error", "duplicate-label", second.id) in found(graph)


def test_the_same_label_twice_on_one_node_is_no_duplicate(graph_of) -> None:
    assert found(graph_of(LEMMA % (r"a}\label{a", ""))) == [("warning", "empty-argument", "a")]


def test_several_labels_all_lead_to_the_node(graph_of) -> None:
    graph = graph_of(DEFINITION + LEMMA % (r"old}\label{new", "def:d") + LEMMA % ("b", "old, new"))
    assert graph.nodes[1].id == "new"
    assert graph.nodes[1].labels == ("old", "new")
    assert graph.nodes[2].statement.uses == ("new",)


def test_false_dark_green(graph_of) -> None:
    body = r"\begin{definition}\label{d} Not in Lean. \end{definition}"
    graph = graph_of(body + LEMMA % ("a", "d") + r"\begin{proof}\leanok P.\end{proof}")
    assert [node.claimed.fully_proved for node in graph.nodes] == [False, False]
    assert found(graph) == [("info", "false-dark-green", "d"), ("warning", "false-dark-green", "a")]


def test_a_proof_after_a_remark_is_of_the_theorem_before(graph_of) -> None:
    graph = graph_of(LEMMA % ("a", "") + r"\begin{remark} R. \end{remark}\begin{proof}\leanok P.\end{proof}")
    assert graph.nodes[0].proof is not None
    assert ("warning", "proof-after-remark", "a") in found(graph)


def test_a_remark_after_a_proof_may_have_its_own(graph_of) -> None:
    remark = r"\begin{proof} P. \end{proof}\begin{remark} R. \end{remark}\begin{proof}\leanok Q.\end{proof}"
    graph = graph_of(LEMMA % ("a", "") + remark)
    assert "P" in graph.nodes[0].proof.source
    assert ("warning", "annotation-outside-graph", None) in found(graph)


def test_a_proof_in_the_next_section_needs_proves(graph_of) -> None:
    body = LEMMA % ("a", "") + r"\section{Next}\begin{proof}%s\leanok P.\end{proof}"
    assert ("warning", "proof-of-nothing", None) in found(graph_of(body % ""))
    assert graph_of(body % r"\proves{a}").nodes[0].proof is not None


def test_missing_end_shows(graph_of) -> None:
    graph = graph_of(r"\begin{lemma}\label{a} A." + "\n\n" + LEMMA % ("b", "a"))
    assert "nested-node" in {problem.code for problem in graph.problems}


@pytest.mark.parametrize("argument", ["", ",", "def:d,,def:d"])
def test_empty_items(graph_of, argument: str) -> None:
    assert ("warning", "empty-argument", "a") in found(graph_of(DEFINITION + LEMMA % ("a", argument)))


def test_place_is_where_it_was_typed(graph_of) -> None:
    graph = graph_of("\\input{part}", files={"blueprint/src/part.tex": "\n\n" + LEMMA % ("a", "nobody")})
    problem = graph.problems[0]
    assert (problem.place.file, problem.place.line) == ("blueprint/src/part.tex", 3)
    assert problem.hint


def codes(graph) -> list[str]:
    return [problem.code for problem in graph.problems]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (r"\begin{lemma}\label{a}\lean{A. b-c} A. \end{lemma}", ["bad-name"]),
        (r"\begin{proof}\leanok\uses{} P. \end{proof}", ["empty-argument", "proof-of-nothing"]),
        (
            DEFINITION + r"\begin{lemma}\label{a}\uses{def:d} A. {\uses{def:d}} \end{lemma}",
            ["nested-annotation"],
        ),
    ],
)
def test_one_mistake_is_told_once(graph_of, body: str, expected: list[str]) -> None:
    assert sorted(set(codes(graph_of(body))) - {"unused-node"}) == expected


@pytest.mark.parametrize(
    ("typed", "by"), [("Foo.\nbar", "a blank or a new line"), (r"Foo.bar\_baz", "a backslash")]
)
def test_it_is_said_what_breaks_a_name(graph_of, typed: str, by: str) -> None:
    body = r"\begin{theorem}\label{a}\lean{TYPED} A. \end{theorem}"
    problems = graph_of(body.replace("TYPED", typed)).problems
    (message,) = (problem.message for problem in problems if problem.code == "broken-name")
    assert f"is broken by {by};" in message


def test_the_equation_of_a_node_is_no_other_node(graph_of) -> None:
    body = r"\begin{theorem}\label{b}\uses{eq} \begin{equation}\label{eq} x \end{equation} \end{theorem}"
    graph = graph_of(body)
    (problem,) = (problem for problem in graph.problems if problem.code == "uses-part")
    assert problem.hint == r"Remove it from \uses."
    assert graph.nodes[0].statement.uses == ()


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("nix", ""),
        ("lem:mian", "`lem:main`"),
        ("LEM:MAIN", "`lem:main`"),
        ("N", "`n`"),
        ("lem:pain", "`lem:main`"),
    ],
)
def test_only_what_is_near_is_meant(typed: str, hint: str) -> None:
    assert did_you_mean(typed, ["n", "lem:main", "x"]) == (hint and f"Did you mean {hint}?")


@pytest.mark.parametrize("typed", [r"\github{javascript:alert(1)}", r"\home{https://a b}"])
def test_an_address_that_is_left_out_is_told(graph_of, typed: str) -> None:
    graph = graph_of("", preamble=typed)
    assert (graph.github, graph.home) == (None, None)
    assert found(graph) == [("warning", "refused-address", None)]
