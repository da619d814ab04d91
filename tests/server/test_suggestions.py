"""Which tasks are suggested, in which order, and what is said for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blueprint.goals import with_goals
from blueprint.graph import Flags, Graph, Node, Part, Place
from dashboards.snapshot import ClaimView, TaskView
from lean_project.facts import Facts
from lean_project.findings import Findings
from lean_project.status import Drift, Formal, NodeStatus, PartStatus, Readiness, TaskKind, statuses
from server.work.efforts import ENOUGH, Finished, estimate, paces, size
from server.work.frontier import frontier, node_of, piece
from server.work.ground import Known, ground, known, likeness
from server.work.leases import Size
from server.work.reasons import suggest
from server.work.suggestions import (
    Asker,
    Helper,
    Setting,
    Worths,
    is_in_doubt,
    listing,
    nearest,
    order,
)

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
CLAIMED = Flags(False, False, False, False, False, False)
PLACE = Place("web.tex", 1)


def node(
    name: str,
    *uses: str,
    needs: tuple[str, ...] = (),
    text: str = "",
    proof: str = "",
    sections: tuple[str, ...] = (),
) -> Node:
    """A lemma whose proof `uses` others, and whose statement `needs` some."""
    statement = Part(PLACE, uses=needs, lean=(name,), source=text)
    return Node(
        name,
        "lemma",
        statement,
        CLAIMED,
        Part(PLACE, uses=uses, source=proof),
        number=name,
        sections=sections,
    )


def findings(*nodes: Node) -> Findings:
    """A project of which nothing is in Lean."""
    graph, facts = Graph(nodes), Facts("test")
    return Findings(graph, facts, statuses(graph, facts))


def setting(*nodes: Node, **changes: object) -> Setting:
    found = findings(*nodes)
    unverified = frozenset(node.id for node in nodes)
    made = Setting(frontier(found), ground(found.graph), unverified=unverified)
    return replace(made, **changes)  # type: ignore[arg-type]


def task(number: int, name: str, **changes: object) -> TaskView:
    made = TaskView(number, name, f"Lemma {name}", "prove", "open", "S", Readiness.READY)
    return replace(made, **changes)  # type: ignore[arg-type]


def numbers(tasks: list[TaskView], here: Setting) -> list[int]:
    return [task.number for task in order(tasks, here)]


# What can be offered


@pytest.mark.parametrize(
    "changes",
    [
        {"claims": (ClaimView(1, "Ana", NOW, None),)},
        {"readiness": Readiness.BLOCKED},
        {"readiness": Readiness.NOT_READY},
        {"readiness": Readiness.DONE},
        *(
            {"state": state}
            for state in ("offered", "held", "paused", "in review", "awaiting author", "landed")
        ),
    ],
)
def test_what_is_taken_held_or_waits_is_never_suggested(changes: Mapping[str, object]) -> None:
    assert numbers([task(1, "a", **changes), task(2, "b")], setting(node("a"), node("b"))) == [2]


def test_what_regressed_is_suggested() -> None:
    [found] = suggest([task(1, "a", state="regressed")], setting(node("a")))
    assert "It was verified before and has come undone." in found.reasons


def test_a_node_in_doubt_is_never_suggested() -> None:
    here = setting(node("a"), node("b"), doubtful={"a"})
    assert numbers([task(1, "a"), task(2, "b")], here) == [2]


def _status(formal: Formal = Formal.STATED, *drift: Drift) -> NodeStatus:
    return NodeStatus("a", PartStatus(formal), None, False, False, (), CLAIMED, drift)


def test_a_statement_is_in_doubt_when_it_moved_or_is_less_than_claimed() -> None:
    assert is_in_doubt(_status(Formal.DRIFTED))
    assert is_in_doubt(_status(Formal.ABSENT, Drift("a", "statement", "\\leanok", "absent")))
    assert is_in_doubt(_status(Formal.STATED, Drift("a", "statement", "\\mathlibok", "stated")))
    assert not is_in_doubt(_status(Formal.STATED, Drift("a", "statement", "no \\leanok", "stated")))
    assert not is_in_doubt(_status(Formal.STATED, Drift("a", "proof", "\\leanok", "sorry")))


# The order


def test_what_a_long_chain_waits_for_comes_first() -> None:
    nodes = [node("a"), node("b"), node("c", needs=("b",)), node("d", needs=("c",))]
    tasks = [task(1, "a", kind="state"), task(2, "b", kind="state")]
    assert numbers(tasks, setting(*nodes)) == [2, 1]


def test_a_proof_waits_for_statements_only_so_the_longest_comes_first() -> None:
    nodes = [node("a", proof="So. " * 30), node("b", "a", proof="And so it goes. " * 200)]
    assert numbers([task(1, "a"), task(2, "b", size="L")], setting(*nodes)) == [2, 1]


def test_of_two_alike_what_more_rests_on_comes_first() -> None:
    here = setting(node("a"), node("b"), node("c", "b"))
    assert numbers([task(1, "a"), task(2, "b", unblocks=1)], here) == [2, 1]


def test_known_ground_comes_before_strange_ground() -> None:
    nodes = [node(name, sections=(name.upper(),)) for name in "abc"] + [node("d", sections=("C",))]
    here = setting(*nodes)
    asker = Asker(known(here.ground, {"d"}))
    assert numbers([task(1, "a"), task(2, "c")], replace(here, asker=asker)) == [2, 1]


def test_with_few_people_home_counts_more_than_with_many() -> None:
    """Few people finish when the work is done, many when the longest chain is."""
    nodes = [node("a", proof="So. " * 900), node("b", proof="So. " * 300, sections=("B",))]
    others = [node(f"x{n}", proof="So. " * 1000) for n in range(20)]
    home = node("h", sections=("B",))
    here = setting(*nodes, *others, home, asker=Asker(known(ground(Graph((*nodes, home))), {"h"})))
    tasks = [task(1, "a"), task(2, "b")]
    assert numbers(tasks, replace(here, crew=1)) == [2, 1]
    assert numbers(tasks, replace(here, crew=100)) == [1, 2]


def test_a_newcomer_gets_the_short_ones_first() -> None:
    nodes = [node("a", proof="So. " * 900), node("b", proof="So. " * 300), node("c")]
    tasks = [task(1, "a", size="L"), task(2, "b", size="M"), task(3, "c")]
    assert numbers(tasks, setting(*nodes)) == [1, 2, 3]
    assert numbers(tasks, setting(*nodes, asker=Asker(newcomer=True))) == [3, 2, 1]


def test_what_others_were_offered_comes_last_but_for_a_newcomer_not_after_something_long() -> None:
    tasks = [task(1, "a"), task(2, "b", size="L"), task(3, "c")]
    here = setting(node("a"), node("b"), node("c"), reserved={1})
    assert numbers(tasks, here)[-1] == 1
    assert numbers(tasks, replace(here, asker=Asker(newcomer=True))) == [3, 1, 2]


@given(st.permutations(range(8)), st.sets(st.integers(1, 8)), st.booleans())
def test_the_order_is_the_same_however_the_board_is_read(
    places: list[int], reserved: set[int], newcomer: bool
) -> None:
    names = "abcd"
    here = setting(*map(node, names), reserved=reserved, asker=Asker(newcomer=newcomer))
    tasks = [task(n + 1, names[n % 4], unblocks=n % 3, size="SML"[n % 3]) for n in range(8)]
    mixed = suggest([tasks[place] for place in places], here)
    assert tuple(mixed) == tuple(suggest(tasks, here))


@given(st.integers(1, 5), st.integers(1, 12))
def test_people_who_ask_one_after_the_other_are_offered_different_tasks(people: int, free: int) -> None:
    """As long as there are enough: each is offered three, and others are offered those last."""
    tasks = [task(number, f"n{number}") for number in range(1, free + 1)]
    here, reserved, offered = setting(*(node(one.node) for one in tasks)), set[int](), []
    for _ in range(people):
        own = numbers(tasks, replace(here, reserved=frozenset(reserved)))[:3]
        reserved.update(own)
        offered.append(own)
    for one, other in combinations(offered[: free // 3], 2):
        assert not set(one) & set(other)


def test_on_a_piece_hangs_what_hangs_on_the_whole() -> None:
    nodes = [node("a"), node("b", proof="So. " * 900)]
    whole = task(2, "b", readiness=Readiness.DONE, size="L")
    pieces = [task(1, "a"), whole, task(3, "b", kind="piece 1", parent=2)]
    assert numbers(pieces, setting(*nodes)) == [3, 1]


# The frontier


@pytest.fixture
def chained() -> Findings:
    """d is proved with c, whose statement needs that of b, whose statement needs that of a."""
    return findings(node("a"), node("b", needs=("a",)), node("c", needs=("b",)), node("d", "c"), node("e"))


def test_statements_wait_for_statements_and_proofs_for_both(chained: Findings) -> None:
    front = frontier(chained)
    assert set(front.follows[piece("a", "state")]) == {
        piece("a", "prove"),
        piece("b", "state"),
        piece("b", "prove"),
    }
    assert front.waiting[piece("c", "state")] == 2  # its own proof and that of d
    assert front.waiting[piece("c", "prove")] == 0
    assert front.chains[piece("a", "state")] == pytest.approx(4 * 0.5)


def test_the_critical_path_ends_in_a_goal(chained: Findings) -> None:
    """A goal uses others and nothing uses it; e stands alone and is nobody's."""
    goals = frontier(chained).goals
    assert set(goals.values()) == {"d"}
    assert [node_of(name) for name in goals if name.startswith("state")] == ["c", "b", "a"]


def test_the_goals_are_those_that_the_project_names(chained: Findings) -> None:
    """Here one in the middle of the chain, and one that stands alone."""
    graph = with_goals(chained.graph, ["c", "e", "thm:gone"], Place("chantier.toml", 1))
    assert graph.goals == ("c", "e")
    [problem] = graph.problems
    assert (problem.code, problem.severity, problem.about) == ("unknown-goal", "warning", ("thm:gone",))
    assert set(frontier(replace(chained, graph=graph)).goals.values()) == {"c", "e"}


def test_work_below_a_goal_can_be_critical_though_no_chain_leads_there() -> None:
    found = findings(node("long", proof="So. " * 900), node("goal", "long"))
    assert frontier(found).goals[piece("long", "prove")] == "goal"


def test_circles_are_survived() -> None:
    found = findings(node("a", needs=("b",)), node("b", needs=("a",)), node("c", "a"))
    front = frontier(found)
    assert front.waiting[piece("a", "state")] == front.waiting[piece("b", "state")] == 4
    assert front.longest > 0


def test_what_a_crew_needs_at_least() -> None:
    front = frontier(findings(node("a", proof="So. " * 900), node("b"), node("c")))
    assert front.horizon(100) == front.longest
    assert front.horizon(1) == front.total


@given(st.sets(st.tuples(st.integers(0, 6), st.integers(0, 6))))
def test_chains_add_up(edges: set[tuple[int, int]]) -> None:
    """A piece of work takes its own time and that of the longest chain after it, whatever the graph."""
    uses = {n: tuple(str(a) for a, b in sorted(edges) if a < b == n) for n in range(7)}
    front = frontier(findings(*(node(str(n), needs=uses[n]) for n in range(7))))
    for name, own in front.estimates.items():
        after = max((front.chains[later] for later in front.follows[name]), default=0)
        assert front.chains[name] == pytest.approx(own.days + after)
    assert front.longest == max(front.chains.values())


# Estimates


def test_what_work_took_here_counts_once_there_is_enough_of_it() -> None:
    graph = Graph(tuple(node(str(n), proof="So. " * 300) for n in range(ENOUGH + 1)))
    done = [Finished(str(n), TaskKind.PROVE, 20.0 + n) for n in range(ENOUGH)]
    assert paces(graph, done[1:]) == ()
    assert paces(graph, [*done[1:], Finished("gone", TaskKind.PROVE, 1)]) == ()
    [pace] = paces(graph, done)
    assert (pace.kind, pace.size, pace.count, pace.days) == ("prove", "M", ENOUGH, 21.0)
    by_rule, by_pace = (estimate(graph.nodes[-1], TaskKind.PROVE, known) for known in ((), (pace,)))
    assert by_pace.days == pytest.approx(21.0)
    assert by_rule.pace is None
    assert by_rule.days < 21


def test_statements_are_not_judged_by_proofs() -> None:
    graph = Graph(tuple(node(str(n)) for n in range(4)))
    found = paces(graph, [Finished(str(n), TaskKind.PROVE, 9.0) for n in range(3)])
    assert estimate(graph.nodes[3], TaskKind.STATE, found).pace is None


# Likeness


def test_words_of_the_trade_do_not_count_and_neither_does_mathematics() -> None:
    texts = ["Every lemma has $entropy$."] * 40 + ["The lemma of \\ref{entropy}.", *["A Ruzsa covering."] * 2]
    nodes = [node(str(n), text=text) for n, text in enumerate(texts)]
    on = ground(Graph(tuple(nodes)))
    assert on.words["0"] == frozenset()
    assert likeness(on, "42", known(on, {"41"})).words == ("covering", "ruzsa")


def test_a_section_counts_more_than_its_chapter() -> None:
    places = [("A", "1"), ("A", "2"), ("A", "1"), ("B",), ("B",)]
    on = ground(Graph(tuple(node(str(n), sections=place) for n, place in enumerate(places))))
    same, chapter, whole = (
        likeness(on, asked, known(on, {mine})) for asked, mine in (("2", "0"), ("1", "0"), ("4", "3"))
    )
    assert (same.section, chapter.section) == ("1", "A")
    assert same.strength == whole.strength > chapter.strength > 0


def test_nobody_is_at_home_anywhere_at_first_and_never_more_than_entirely() -> None:
    on = ground(Graph((node("a", text="Ruzsa covering entropy", sections=("A", "1")), node("b", "a"))))
    assert likeness(on, "a", Known()).strength == 0
    assert likeness(on, "a", known(on, {"a", "b"}, ["x"]), ["x"]).strength == 1


# The reasons


def test_all_that_speaks_for_a_task_is_said_in_words() -> None:
    text = "A Ruzsa covering."
    nodes = [
        node("a", needs=(), text=text, sections=("Sums",)),
        node("b", needs=("a",), text=text, sections=("Sums",)),
        node("c", "b"),
    ]
    here = setting(*nodes)
    here = replace(
        here,
        asker=Asker(known(here.ground, {"b"}, ["analysis"])),
        helpers={"b": [Helper(7, "Ana")]},
        reserved={1},
    )
    [found] = suggest([task(1, "a", kind="state", unblocks=2, tags=("analysis",))], here)
    assert found.reasons == (
        "4 tasks wait for it: its own proof, Lemma b and 2 more.",
        "It is on the critical path to Lemma c: about 2 days from here on.",
        "You worked on Lemma b, next to it.",
        "It is tagged like what you worked on: analysis.",
        "It shares words with what you worked on: covering and ruzsa.",
        "It looks small (size S): 17 characters of informal statement, no results used.",
        "Ana worked on Lemma b, next to it, and may help.",
        "It was offered to somebody else a short while ago, who may take it.",
    )


def test_what_rests_on_a_proof_is_named_though_it_need_not_wait() -> None:
    [found] = suggest([task(1, "a", unblocks=2)], setting(node("a"), node("b", "a"), node("c", "b")))
    assert found.reasons[0] == "2 nodes rest on it: Lemma b and 1 more."


def test_a_goal_is_not_said_to_lead_to_itself() -> None:
    [found] = suggest([task(1, "b")], setting(node("a"), node("b", "a")))
    assert found.reasons[0].startswith("It is itself a goal: about ")


def test_the_size_says_what_it_was_judged_by() -> None:
    nodes = [node(str(n), proof="So. " * 300) for n in range(4)]
    done = [Finished(str(n), TaskKind.PROVE, 9.0) for n in range(3)]
    found = findings(*nodes)
    here = replace(setting(*nodes), frontier=frontier(found, paces(found.graph, done)))
    [one] = suggest([task(1, "3", size=size(nodes[3], TaskKind.PROVE))], here)
    measured = "1200 characters of informal proof, no results used, and 3 like it took about 9 days here"
    assert f"It looks medium (size M): {measured}." in one.reasons


def test_what_a_maintainer_says_of_the_size_is_not_explained_by_the_text() -> None:
    [one] = suggest([task(1, "a", size="L")], setting(node("a")))
    assert one.reasons == ("A maintainer calls it large (size L).",)


def test_who_knows_most_around_a_node_is_asked_and_a_newcomer_has_somebody_in_any_case() -> None:
    ana, ben, host = Helper(1, "Ana"), Helper(2, "Ben"), Helper(3, "Mia")
    here = setting(node("a"), node("b", "a"), node("c", "a"), hosts=[host], asker=Asker(newcomer=True))
    [alone] = suggest([task(1, "a")], here)
    assert alone.reasons[-1] == "Mia helps if you get stuck."
    [known_by] = suggest([task(1, "a")], replace(here, helpers={"b": [ana, ben], "c": [ben]}))
    assert known_by.reasons[-1] == "Ben worked on Lemma b, next to it, and may help."
    [expert] = suggest([task(1, "a")], replace(here, asker=Asker()))
    assert "stuck" not in expert.reasons[-1]


def test_hosts_take_turns() -> None:
    here = setting(node("a"), asker=Asker(newcomer=True), hosts=[Helper(1, "Ana"), Helper(2, "Ben")])
    said = [suggest([task(number, "a")], here)[0].reasons[-1][:3] for number in (1, 2, 3)]
    assert said == ["Ben", "Ana", "Ben"]


def test_listing_names_three_and_counts_the_rest() -> None:
    assert [listing("abcde"[:n], n) for n in range(6)] == [
        "", "a", "a and b", "a, b and c", "a, b, c and 1 more", "a, b, c and 2 more",
    ]  # fmt: skip


def test_the_nearest_free_tasks_stand_next_in_the_document() -> None:
    graph = Graph(tuple(chain(map(node, "abcd"))))
    tasks = [task(1, "a"), task(2, "b", readiness=Readiness.DONE), task(3, "c"), task(4, "d")]
    assert [one.number for one in nearest(tasks, graph, "d")] == [4, 3, 1]


def test_sizes_are_as_before() -> None:
    assert size(node("a", proof="So. " * 900), TaskKind.PROVE) is Size.L


def test_only_tasks_that_changed_are_judged_anew():
    here, worths, judged = setting(node("a"), node("b", "a")), Worths(), []
    tasks = [task(1, "a"), task(2, "b")]
    assert order(tasks, here, worths) == order(tasks, here)
    tasks[1] = replace(tasks[1], unblocks=100)
    assert order(tasks, here, worths) == order(tasks, here) == tasks[::-1]
    worths.of(tasks[0], tasks[0], lambda *pair: judged.append(pair) or 0.0)
    worths.of(replace(tasks[0]), tasks[0], lambda *pair: judged.append(pair) or 0.0)
    assert len(judged) == 1
