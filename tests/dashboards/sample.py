"""A small project made by hand: two chapters of number theory in every state a node can be in."""

# ruff: noqa: E501 - the rows of these tables are easier to read whole

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from blueprint.graph import Flags, Graph, Macro, Node, Part, Place, Problem
from dashboards import periods, progress
from dashboards.history import Happening, History, followed
from dashboards.overview import Overview
from dashboards.report import Course, Report, figures, gather
from dashboards.snapshot import ClaimView, CommitView, CreditView, EventView, PersonView, Snapshot, TaskView
from lean_project.facts import Blame, Fact, Facts, Kind
from lean_project.findings import Findings
from lean_project.points import point
from lean_project.status import statuses
from server.service.goals import goals

NOW = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)
SHA = "4f1c2d3e5a6b7c8d9e0f11223344556677889900"
_NO_FLAGS = Flags(False, False, False, False, False, False)
DIVISORS, PRIMES = "Divisibility", "Prime numbers"


def node(
    id: str,
    kind: str,
    number: str,
    title: str | None,
    chapter: str,
    html: str,
    *,
    lean: str | None = None,
    uses: tuple[str, ...] = (),
    proof: str | None = None,
    proof_uses: tuple[str, ...] = (),
    leanok: bool = False,
    proof_leanok: bool = False,
    notready: bool = False,
) -> Node:
    line = int(float(number) * 10)
    names = (lean,) if lean else ()
    statement = Part(Place("blueprint/src/content.tex", line), uses, names, leanok, html, html)
    told = (
        Part(Place("blueprint/src/content.tex", line + 5), proof_uses, (), proof_leanok, proof, proof)
        if proof
        else None
    )
    return Node(
        id, kind, statement, _NO_FLAGS, told, (id,), number, title, notready=notready, sections=(chapter,)
    )


def fact(
    name: str, kind: Kind, line: int, statement: str, *, axioms: tuple[str, ...] = (), **more: object
) -> Fact:
    blames = tuple(
        Blame(
            axiom,
            (name, "Num.helper", axiom) if not more.get("direct_sorry") else (name, axiom),
            False,
            "Num/Basic.lean",
            line,
        )
        for axiom in axioms
        if axiom != "propext"
    )
    return Fact(
        name, kind, kind is Kind.THEOREM, "Num.Basic", file="Num/Basic.lean", line=line, end_line=line + 4,
        axioms=axioms, blames=blames, statement=statement, **more,  # type: ignore[arg-type]
    )  # fmt: skip


GRAPH = Graph(
    nodes=(
        node("def:divides", "definition", "1.1", "Divisibility", DIVISORS,
             r"<p>Let \(a, b \in \NN\). We say that \(a\) <em>divides</em> \(b\), written \(a \mid b\), if there is "
             r"\(k \in \NN\) with \[ b = k \cdot a. \]</p>", lean="Num.Divides", leanok=True),
        node("lem:divides-trans", "lemma", "1.2", "Transitivity", DIVISORS,
             r"<p>If \(a \mid b\) and \(b \mid c\), then \(a \mid c\).</p>", lean="Num.divides_trans",
             uses=("def:divides",), leanok=True, proof=r"<p>Write \(b = k a\) and \(c = l b\); then \(c = (lk)a\).</p>",
             proof_leanok=True),
        node("lem:divides-sum", "lemma", "1.3", None, DIVISORS,
             r"<p>If \(a \mid b\) and \(a \mid c\), then \(a \mid b + c\).</p>", lean="Num.divides_add",
             uses=("def:divides",), leanok=True, proof=r"<p>Add the witnesses.</p>", proof_leanok=True),
        node("def:prime", "definition", "2.1", "Prime number", PRIMES,
             r"<p>A number \(p \ge 2\) is <em>prime</em> if its only divisors are \(1\) and \(p\).</p>",
             lean="Num.Prime", uses=("def:divides",), leanok=True),
        node("lem:prime-divisor", "lemma", "2.2", "Every number has a prime divisor", PRIMES,
             r"<p>For every \(n \ge 2\) there is a prime \(p\) with \(p \mid n\).</p>", lean="Num.exists_prime_dvd",
             uses=("def:prime",), leanok=True,
             proof=r'<p>By strong induction, with <a href="node:lem:divides-trans">Lemma 1.2</a>.</p>',
             proof_uses=("lem:divides-trans",), proof_leanok=True),
        node("thm:euclid", "theorem", "2.3", "Euclid", PRIMES,
             r"<p>There are infinitely many primes: for every \(n\) there is a prime \(p > n\).</p>",
             lean="Num.exists_infinite_primes", uses=("def:prime",), leanok=True,
             proof=r"<p>Take a prime divisor of \(n! + 1\).</p>",
             proof_uses=("lem:prime-divisor", "lem:divides-sum")),
        node("def:sieve", "definition", "2.4", "The sieve", PRIMES,
             r"<p>Let \(S(n) = \{ p \le n : p \text{ prime} \}\).</p>", uses=("def:prime",)),
        node("thm:chebyshev", "theorem", "2.5", "Chebyshev’s bound", PRIMES,
             r"<p>There are constants \(0 < c < C\) with \[ c \, \frac{n}{\log n} \le \abs{S(n)} \le C \, \frac{n}{\log n}. \]</p>",
             uses=("def:sieve", "thm:euclid"), proof=r"<p>Consider \(\binom{2n}{n}\).</p>"),
        node("thm:dirichlet", "theorem", "2.6", "Primes in progressions", PRIMES,
             r"<p>If \(\gcd(a, m) = 1\), infinitely many primes are congruent to \(a\) modulo \(m\).</p>",
             lean="Num.dirichlet", uses=("def:prime",), leanok=True, proof=r"<p>Later.</p>", proof_leanok=True,
             proof_uses=("thm:chebyshev",)),
        node("conj:goldbach", "conjecture", "2.7", "Goldbach", PRIMES,
             r"<p>Every even \(n > 2\) is a sum of two primes.</p>", uses=("def:prime",), notready=True,
             proof=r"<p>Open.</p>"),
    ),
    problems=(
        Problem("uses-twice", "warning", "Two `\\uses` in one environment: the first is meant to count too.",
                "Write one `\\uses{a, b}`.", Place("blueprint/src/content.tex", 61), "thm:euclid"),
    ),
    macros=(Macro("NN", r"\mathbb{N}"), Macro("abs", r"\lvert #1 \rvert", 1)),
    title="Elementary number theory",
)  # fmt: skip

FACTS = Facts(
    "Lean 4.23.0",
    (
        fact("Num.Divides", Kind.DEFINITION, 8, "def Num.Divides (a b : Nat) : Prop"),
        fact("Num.Prime", Kind.DEFINITION, 40, "def Num.Prime (p : Nat) : Prop"),
        fact("Num.dirichlet", Kind.THEOREM, 90, "theorem Num.dirichlet : …", axioms=("Num.cheat",)),
        fact("Num.divides_add", Kind.THEOREM, 20, "theorem Num.divides_add {a b c : Nat} : Divides a b → Divides a c → Divides a (b + c)", axioms=("propext",)),
        fact("Num.divides_trans", Kind.THEOREM, 14, "theorem Num.divides_trans {a b c : Nat} : Divides a b → Divides b c → Divides a c"),
        fact("Num.exists_infinite_primes", Kind.THEOREM, 70, "theorem Num.exists_infinite_primes (n : Nat) : ∃ p, n < p ∧ Prime p", axioms=("sorryAx",), direct_sorry=True),
        fact("Num.exists_prime_dvd", Kind.THEOREM, 52, "theorem Num.exists_prime_dvd {n : Nat} (h : 2 ≤ n) : ∃ p, Prime p ∧ Divides p n", axioms=("sorryAx",)),
    ),
    digest="0" * 64,
)  # fmt: skip

ADA, EMMY, SOPHIE = 1, 2, 3
PEOPLE = (
    PersonView(ADA, "Ada Lovelace", "maintainer", 2, 0),
    PersonView(EMMY, "Emmy Noether", "contributor", 1, 1),
    PersonView(SOPHIE, "Sophie Germain", "contributor", 0, 1),
)


def snapshot(
    graph: Graph = GRAPH, facts: Facts = FACTS, repository_url: str | None = "https://github.com/example/num"
) -> Snapshot:
    found = statuses(graph, facts)
    by_node = {one.id: one for one in graph.nodes}
    tasks: list[TaskView] = []
    for name, status in found.items():
        for work in status.work:
            tasks.append(
                TaskView(
                    len(tasks) + 1, name, by_node[name].caption, work.kind, "open", "M", work.readiness,
                    work.blocked_by, unblocks=len(graph.nodes) - 1 - list(found).index(name),
                )
            )  # fmt: skip
    return Snapshot(
        slug="num",
        title=graph.title or "Untitled",
        commit=CommitView(SHA, NOW - timedelta(hours=3), "Ada Lovelace", "Prove transitivity"),
        made_at=NOW,
        graph=graph,
        facts=facts,
        statuses=found,
        tasks=tuple(_claimed(task) for task in tasks),
        people=PEOPLE,
        credit=CREDIT,
        events=EVENTS,
        repository_url=repository_url,
    )


def _claimed(task: TaskView) -> TaskView:
    if task.node == "thm:euclid" and task.kind == "prove":
        claim = ClaimView(EMMY, "Emmy Noether", NOW - timedelta(days=9), NOW + timedelta(days=5))
        return replace(task, claims=(claim,), state="claimed")
    if task.node == "lem:prime-divisor" and task.kind == "prove":
        claim = ClaimView(SOPHIE, "Sophie Germain", NOW - timedelta(days=40), NOW - timedelta(days=1))
        return replace(task, claims=(claim,), state="claimed")
    return task


CREDIT = (
    CreditView(3, EMMY, "Emmy Noether", "lem:divides-sum", "proof", "formal proof", "Formal analysis", "lead",
               (SHA,), NOW - timedelta(days=2)),
    CreditView(2, ADA, "Ada Lovelace", "lem:divides-trans", "proof", "formal proof", "Formal analysis", "lead",
               ("https://github.com/example/num/pull/4",), NOW - timedelta(days=4)),
    CreditView(1, ADA, "Ada Lovelace", "def:divides", "statement", "formal definition", "Software", "lead",
               (SHA,), NOW - timedelta(days=60)),
)  # fmt: skip

EVENTS = (
    EventView(NOW - timedelta(hours=3), "verified", "lem:divides-sum", EMMY, "Emmy Noether", "Lemma 1.3 is verified."),
    EventView(NOW - timedelta(days=1), "drift", "thm:dirichlet", None, None,
              "Theorem 2.6 (Primes in progressions) claims \\leanok, and Lean refuses it."),
    EventView(NOW - timedelta(days=2), "became ready", "def:sieve", None, None, "Definition 2.4 (The sieve) can be defined."),
    EventView(NOW - timedelta(days=4), "verified", "lem:divides-trans", ADA, "Ada Lovelace", "Lemma 1.2 (Transitivity) is verified."),
    EventView(NOW - timedelta(days=9), "claimed", "thm:euclid", EMMY, "Emmy Noether", "claimed #9 “prove Theorem 2.3 (Euclid)”"),
    EventView(NOW - timedelta(days=60), "verified", "def:divides", ADA, "Ada Lovelace", "Definition 1.1 (Divisibility) is verified."),
)  # fmt: skip


def course(snapshot: Snapshot) -> Course:
    """What the books would say of the events of a snapshot."""
    events = snapshot.events[::-1]
    happened = [Happening(e.at, e.kind, _number(snapshot, e.node), e.person_id) for e in events]
    points = (point(snapshot.statuses.values(), events[0].at),) if events else ()
    known = followed(History(points), happened, {})
    labels = [node.id for node in snapshot.graph.nodes]
    return Course(
        known,
        tuple(event for event in snapshot.events if event.kind in ("verified", "regressed")),
        {labels[number]: since for number, since in known.free},
        goals=goals(Findings(snapshot.graph, snapshot.facts, dict(snapshot.statuses))),
    )


def _number(snapshot: Snapshot, label: str | None) -> int | None:
    labels = [node.id for node in snapshot.graph.nodes]
    return labels.index(label) if label in labels else None


def made(snapshot: Snapshot, days: int = 7, ready: Sequence[TaskView] | None = None) -> Report:
    """The report of the last days before the snapshot was made."""
    known, span = course(snapshot), periods.last(days, snapshot.made_at)
    news = tuple(event for event in known.news if event.at >= span.since)
    return gather(
        snapshot, span, progress.free_tasks(snapshot) if ready is None else ready, replace(known, news=news)
    )


def overview(snapshot: Snapshot) -> Overview:
    known, week = course(snapshot), periods.last(7, snapshot.made_at)
    return Overview(figures(known.history, week), goals=known.goals)
