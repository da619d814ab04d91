"""The leaderboard is off by default, fades, and cannot be raised by anything but verified work."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from blueprint.graph import Graph
from dashboards import pages
from dashboards.leaderboard import HALF_LIFE, leaderboard, weights
from dashboards.snapshot import ClaimView, CreditView, PersonView, Snapshot, TaskView
from lean_project.facts import Facts, Kind
from lean_project.status import Readiness, statuses

from . import sample

ADA, EMMY = 1, 2
TEXT = "Every number greater than one has a prime divisor, as one sees by induction. " * 10


def snapshot(**lines: int) -> Snapshot:
    """Ada proved a theorem for each word, with so many lines of Lean and as much text as `TEXT`."""
    nodes = tuple(node(name, TEXT) for name in lines)
    people = (PersonView(ADA, "Ada"), PersonView(EMMY, "Emmy"))
    credit = tuple(proved(name, ADA) for name in lines)
    return project(nodes, lines, people=people, credit=credit, leaderboard=True)


def node(name, text, *, lean=""):
    made = sample.node(name, "theorem", "1.1", None, "", text, lean=lean or name, proof=text)
    return replace(made, proof=replace(made.proof, source=text))


def project(nodes, lines, **changes):
    facts = Facts("Lean", tuple(fact(name, count) for name, count in lines.items()))
    graph = Graph(tuple(nodes))
    found = statuses(graph, facts, frozenset(), {})
    return replace(sample.snapshot(), graph=graph, facts=facts, statuses=found, **changes)


def fact(name, count):
    return replace(sample.fact(name, Kind.THEOREM, 1, "P"), end_line=count)


def proved(node, person, **changes):
    what = ("proof", "formal proof", "Formal analysis", "lead", ())
    return replace(CreditView(1, person, "Ada", node, *what, sample.NOW), **changes)


def points(found: Snapshot) -> dict[int, float]:
    return {one.person_id: one.points for one in leaderboard(found)}


def test_a_project_shows_none_unless_it_says_so():
    assert leaderboard(replace(snapshot(a=20), leaderboard=False)) == ()
    assert points(snapshot(a=20)) == {ADA: pytest.approx(0.61)}


def test_who_does_not_want_to_be_ranked_is_not():
    found = snapshot(a=20)
    people = tuple(replace(person, ranked=False) for person in found.people)
    assert leaderboard(replace(found, people=people)) == ()


def test_co_authors_share_and_their_number_raises_nothing():
    found = snapshot(a=20)
    both = (proved("a", ADA), proved("a", EMMY, degree="supporting"))
    shared = points(replace(found, credit=both))
    assert shared[ADA] > shared[EMMY]
    assert sum(shared.values()) == pytest.approx(points(found)[ADA], abs=0.01)


def test_points_fade_by_half_in_a_half_life_and_later_work_on_the_node_renews_nothing():
    found = snapshot(a=20)
    old = proved("a", ADA, at=sample.NOW - HALF_LIFE)
    faded = points(replace(found, credit=(old,)))
    assert faded[ADA] == pytest.approx(points(found)[ADA] / 2, abs=0.01)
    again = proved("a", ADA, kind="formal statement", part="statement")
    assert points(replace(found, credit=(again, old))) == faded


def test_what_regressed_counts_nothing():
    found = snapshot(a=20)
    undone = project(found.graph.nodes, {}, people=found.people, credit=found.credit, leaderboard=True)
    assert leaderboard(undone) == ()


@pytest.mark.parametrize("kind", ["example", "review", "informal proof", "formal proof"])
def test_entries_that_people_make_raise_nobody(kind):
    found = snapshot(a=20)
    own = [proved("a", EMMY, kind=kind, checked=False, by_id=ADA, id=n) for n in range(50)]
    assert points(replace(found, credit=(*found.credit, *own))) == points(found)


def test_claiming_raises_nobody():
    found = snapshot(a=20)
    claim = ClaimView(EMMY, "Emmy", sample.NOW, None)
    tasks = [
        TaskView(n, "a", "a", "prove", "claimed", "L", Readiness.READY, claims=(claim,)) for n in range(50)
    ]
    assert points(replace(found, tasks=tuple(tasks))) == points(found)


def test_splitting_raises_nobody():
    """The whole has 40 lines and ten sentences; the pieces have as much together, however it is cut."""
    whole = points(snapshot(a=40))[ADA]
    for pieces in (2, 4, 8):
        names = [f"a{n}" for n in range(pieces)]
        text = TEXT[: len(TEXT) // pieces]
        lines = dict.fromkeys(names, 40 // pieces)
        credit = tuple(proved(name, ADA) for name in names)
        parts = project(
            [node(name, text) for name in names],
            lines,
            people=snapshot().people,
            credit=credit,
            leaderboard=True,
        )
        assert points(parts).get(ADA, 0) <= whole + 0.01


def test_what_was_credited_before_a_rename_or_a_merge_counts_for_what_became_of_it():
    found = snapshot(a=40)
    before = points(found)
    renamed = replace(found, credit=(proved("old", ADA),), ancestors={"a": ("old",)})
    assert points(renamed) == before
    both = (proved("old", ADA), proved("older", EMMY))
    merged = points(replace(found, credit=both, ancestors={"a": ("old", "older")}))
    assert merged == {person: pytest.approx(before[ADA] / 2, abs=0.01) for person in (ADA, EMMY)}


def test_pieces_that_say_the_same_count_once():
    """There is far more Lean than text, so a copy of the text would be worth as much again."""
    whole = points(snapshot(a=400))[ADA]
    for again in (TEXT, f"{TEXT} Now.", TEXT[: len(TEXT) // 2]):
        split = project(
            [node("a", TEXT), node("b", again), node("c", again)],
            dict.fromkeys("abc", 130),
            people=snapshot().people,
            credit=(proved("a", ADA),),
            leaderboard=True,
            ancestors={"b": ("a",), "c": ("a",)},
        )
        assert points(split)[ADA] == pytest.approx(whole, abs=0.02)
        [standing] = leaderboard(split)
        assert standing.nodes == 1


def test_pieces_of_the_text_count_for_whoever_proved_the_whole():
    whole = points(snapshot(a=400))[ADA]
    words = TEXT.split()
    halves = {"a": " ".join(words[::2]), "b": " ".join(words[1::2])}
    split = project(
        [node(name, text) for name, text in halves.items()],
        dict.fromkeys("ab", 200),
        people=snapshot().people,
        credit=(proved("a", ADA),),
        leaderboard=True,
        ancestors={"b": ("a",)},
    )
    assert 0.8 * whole <= points(split)[ADA] <= whole + 0.01


def test_trivial_nodes_raise_nobody():
    found = snapshot(a=20)
    names = [f"t{n}" for n in range(100)]
    nodes = (*found.graph.nodes, *(node(name, TEXT) for name in names))
    credit = (*found.credit, *(proved(name, ADA) for name in names))
    lines = {"a": 20, **dict.fromkeys(names, 1)}
    padded = project(nodes, lines, people=found.people, credit=credit, leaderboard=True)
    assert points(padded) == points(found)


def test_many_nodes_of_one_declaration_count_once():
    found = snapshot(a=20)
    more = tuple(node(f"b{n}", TEXT, lean="a") for n in range(10))
    credit = (*found.credit, *(proved(f"b{n}", ADA) for n in range(10)))
    copied = project(
        (*found.graph.nodes, *more), {"a": 20}, people=found.people, credit=credit, leaderboard=True
    )
    assert points(copied) == points(found)


def test_comments_and_commands_weigh_nothing():
    [light] = weights(snapshot(a=200)).values()
    found = snapshot(a=200)
    padding = "\n% " + "padding " * 1000 + "\n" + r"\textbf{}\mathfrak{}" * 1000
    nodes = (node("a", TEXT + padding),)
    assert list(weights(project(nodes, {"a": 200}, people=found.people)).values()) == [light]


def test_time_in_the_future_is_now():
    found = snapshot(a=20)
    ahead = replace(found, credit=(proved("a", ADA, at=sample.NOW + timedelta(days=9)),))
    assert points(ahead) == points(found)


def test_the_page_of_the_people_has_it_where_the_project_shows_it():
    found, viewer = snapshot(a=20), pages.Viewer(sample.NOW)
    assert "Leaderboard" in pages.people(found, viewer)
    assert "Leaderboard" not in pages.people(replace(found, leaderboard=False), viewer)
