"""What a node's page says around its statement: edges by word and in Lean, evidence, documentation, steps."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from dashboards import node_page, pages, relations
from dashboards.node_page import Surroundings
from dashboards.snapshot import EventView, Snapshot
from dashboards.viewing import Viewer

from . import sample

NOBODY = Viewer(sample.NOW)


def using(**uses: tuple[str, ...]) -> Snapshot:
    """The sample, in which declarations use others in their proofs."""
    facts = tuple(
        replace(one, value_uses=tuple(f"Num.{name}" for name in uses.get(one.name.removeprefix("Num."), ())))
        for one in sample.FACTS.declarations
    )
    return sample.snapshot(facts=replace(sample.FACTS, declarations=facts))


def verdicts(snapshot: Snapshot, id: str) -> dict[str, tuple[tuple[str, ...], tuple[str, ...], str]]:
    found = node_page.dependencies(snapshot, relations.by_id(snapshot)[id])
    return {one.used: (one.declared, one.real, one.verdict) for one in found}


def test_edges_by_word_and_in_lean() -> None:
    snapshot = using(
        exists_prime_dvd=("Prime", "divides_trans", "Divides"),
        divides_trans=("Divides", "divides_add"),
        Prime=("Divides",),
    )
    both = (("statement",), ("proof",), "both")
    assert verdicts(snapshot, "lem:prime-divisor") == {
        "def:prime": both,
        "lem:divides-trans": (("proof",), ("proof",), "both"),
        "def:divides": ((), ("proof",), "implied"),
    }
    assert verdicts(snapshot, "lem:divides-trans") == {
        "lem:divides-sum": ((), ("proof",), "missing"),
        "def:divides": both,
    }


def test_what_differs_is_first_and_has_its_place() -> None:
    snapshot = using(divides_trans=("divides_add",))
    found = node_page.dependencies(snapshot, relations.by_id(snapshot)["lem:divides-trans"])
    assert [one.verdict for one in found] == ["missing", "superfluous"]
    assert (found[0].source or "").endswith("/Num/Basic.lean#L14")
    assert (found[1].source or "").endswith("/blueprint/src/content.tex#L12")


def test_where_nothing_is_in_lean_the_word_is_all_there_is() -> None:
    assert verdicts(sample.snapshot(), "thm:chebyshev") == {
        "def:sieve": (("statement",), (), "declared"),
        "thm:euclid": (("statement",), (), "declared"),
    }
    assert 'id="dependencies"' not in pages.node(sample.snapshot(), NOBODY, "thm:chebyshev")


def test_declarations_lead_to_their_documentation() -> None:
    graph = replace(sample.GRAPH, dochome="https://num.example.org/docs/")
    facts = tuple(
        replace(one, upstream=one.name == "Num.Prime", file=None if one.name == "Num.Prime" else one.file)
        for one in sample.FACTS.declarations
    )
    snapshot = sample.snapshot(graph, replace(sample.FACTS, declarations=facts))
    own = "https://num.example.org/docs/find/?pattern=Num.Divides#doc"
    library = "https://leanprover-community.github.io/mathlib4_docs/find/?pattern=Num.Prime#doc"
    assert f'href="{own}"' in pages.node(snapshot, NOBODY, "def:divides")
    assert f'href="{library}"' in pages.node(snapshot, NOBODY, "def:prime")
    assert "find/?pattern" not in pages.node(sample.snapshot(), NOBODY, "def:divides")


def test_evidence_is_told_in_full() -> None:
    facts = replace(sample.FACTS, kernels=("nanoda",), reported_by="github-actions", digest="ab" * 32)
    html = pages.node(
        sample.snapshot(facts=facts),
        NOBODY,
        "def:divides",
        around=Surroundings(checked=sample.NOW - timedelta(hours=2)),
    )
    told = html[html.index('id="evidence"') :].split("</section>")[0]
    for words in (sample.SHA[:10], "2 hours ago", "by <code>github-actions</code>, and not here"):
        assert words in told
    for words in ("Lean 4.23.0", "Lean’s own, nanoda", f'title="{"ab" * 32}"'):
        assert words in told


def test_history_has_pages() -> None:
    past = (EventView(sample.NOW, "verified", "def:divides", None, None, "It is verified."),)
    page = "/p/num/nodes/def:divides"
    middle = Surroundings(history=past, before=90, older=70)
    html = pages.node(sample.snapshot(), NOBODY, "def:divides", around=middle)
    assert f'href="{page}#history"' in html
    assert f'href="{page}?before=70#history"' in html
    last = pages.node(
        sample.snapshot(), NOBODY, "def:divides", around=replace(middle, history=(), older=None)
    )
    assert "?before=" not in last
    assert "Nothing happened before that." in last


def test_what_is_around_a_node() -> None:
    nodes = relations.by_id(sample.snapshot())
    around = Surroundings(
        helpers=("Ada", "Mona"),
        ready=(("prove", nodes["thm:euclid"]),),
        resting=3,
        goals=(nodes["thm:dirichlet"],),
        topic="https://chat.example.org/#narrow/channel/7/topic/x",
        branch="dev",
    )
    html = pages.node(sample.snapshot(), NOBODY, "lem:prime-divisor", around=around)
    assert "Could help: Ada and Mona." in html
    assert "3 nodes rest on it and are not verified yet" in html
    assert 'href="https://chat.example.org/#narrow/channel/7/topic/x"' in html
    edit = "https://github.com/example/num/edit/dev/blueprint/src/content.tex#L22"
    assert f'href="{edit}"' in html
