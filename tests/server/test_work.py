"""The rules of leases, sizes, suggestions and credit."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blueprint.errors import UserError
from blueprint.graph import Flags, Graph, Node, Part, Place
from lean_project.facts import Fact, Facts, Kind
from lean_project.findings import Findings
from lean_project.status import TaskKind, statuses
from server.work.changes import ChangeKind, compare, newly_done
from server.work.efforts import size
from server.work.frontier import waiting
from server.work.leases import Policy, Size, expiry, is_over
from server.work.ledger import Entry, degrees, first_break, seal

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)
CLAIMED = Flags(False, False, False, False, False, False)
PLACE = Place("web.tex", 1)


def node(name, *uses, kind="lemma", lean=None, text="", proof=""):
    statement = Part(PLACE, lean=(lean or name,), source=text)
    return Node(name, kind, statement, CLAIMED, Part(PLACE, uses=uses, source=proof), number=name)


def fact(name, print_="p"):
    return Fact(name, Kind.THEOREM, is_prop=True, module="M", file="M.lean", fingerprint=print_)


def findings(nodes, *facts):
    graph, found = Graph(tuple(nodes)), Facts("test", tuple(facts))
    return Findings(graph, found, statuses(graph, found))


# Leases


@pytest.mark.parametrize(("of", "days"), [("S", 7), ("M", 14), ("L", 30)])
def test_a_lease_lasts_by_size(of, days):
    assert expiry(Policy(), Size(of), None, NOW) == NOW + days * DAY


def test_a_date_counts_to_its_end():
    assert expiry(Policy(), Size.S, date(2026, 3, 2), NOW) == datetime(2026, 3, 2, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize("until", [90 * DAY, date(2026, 5, 31)])
def test_ninety_days_are_allowed(until):
    assert expiry(Policy(), Size.S, until, NOW) <= NOW + 91 * DAY


@pytest.mark.parametrize("until", [91 * DAY, date(2026, 6, 2), date.max, timedelta.max])
def test_more_than_ninety_days_are_not(until):
    with pytest.raises(UserError, match="at most 90 days"):
        expiry(Policy(), Size.S, until, NOW)


@pytest.mark.parametrize("until", [timedelta(0), -DAY, date(2026, 3, 1), date.min, timedelta.min])
def test_a_lease_ends_in_the_future(until):
    with pytest.raises(UserError):
        expiry(Policy(), Size.S, until, NOW)


def test_a_lease_is_over_after_three_days_of_grace():
    ends = NOW + DAY
    assert not is_over(Policy(), ends, ends + 3 * DAY - timedelta(seconds=1))
    assert is_over(Policy(), ends, ends + 3 * DAY)


def test_leases_can_be_switched_off():
    assert expiry(Policy(leases=False), Size.S, 5 * DAY, NOW) is None
    assert not is_over(Policy(), None, NOW + 9999 * DAY)


# The frontier


def chain(*names):
    return [
        node(name, *([before] if before else [])) for before, name in zip(("", *names), names, strict=False)
    ]


def test_what_waits_for_a_node_is_all_above_it_that_is_not_verified():
    found = findings([*chain("a", "b", "c"), node("d", "a")], fact("a"), fact("d"))
    assert waiting(found.graph, found.statuses) == {"a": 2, "b": 1, "c": 0, "d": 0}


def test_a_cycle_is_counted_once_and_ends():
    found = findings([node("a", "b"), node("b", "a"), node("c", "b")])
    assert waiting(found.graph, found.statuses) == {"a": 2, "b": 2, "c": 0}


@given(st.sets(st.tuples(st.integers(0, 7), st.integers(0, 7))))
def test_waiting_agrees_with_walking_the_graph(edges):
    below = {n: [str(a) for a, b in edges if b == n] for n in range(8)}
    found = findings([node(str(n), *sorted(below[n])) for n in range(8)])

    def above(start):
        seen, todo = set(), [start]
        while todo:
            new = {b for a, b in edges if a == todo[-1]} - seen
            todo[-1:] = sorted(new)
            seen |= new
        return seen - {start}

    assert waiting(found.graph, found.statuses) == {str(n): len(above(n)) for n in range(8)}


def test_a_long_proof_is_a_large_task_and_its_statement_a_small_one():
    long = node("a", text="A line.", proof="So it goes. " * 400)
    assert size(long, TaskKind.PROVE) is Size.L
    assert size(long, TaskKind.STATE) is Size.S
    assert size(node("b", proof="So it goes. " * 100), TaskKind.PROVE) is Size.M


@given(st.text(max_size=3000), st.text(max_size=300))
def test_more_text_never_makes_a_smaller_task(text, more):
    sizes = [size(node("a", proof=words), TaskKind.PROVE) for words in (text, text + " " + more)]
    assert sorted(sizes, key=list(Size).index) == sizes


# Changes


def test_compare_names_what_changed():
    before = findings(chain("a", "b"), fact("a", "old"))
    after = findings([*chain("a", "b"), node("c")], fact("a", "new"), fact("b"))
    kinds = [(change.kind, change.node) for change in compare(before, after) if change.kind != "drift"]
    assert kinds == [
        (ChangeKind.STATEMENT, "a"),
        (ChangeKind.VERIFIED, "b"),
        (ChangeKind.READY, "c"),
    ]
    assert compare(after, after) == ()
    assert {(done.node, done.kind) for done in newly_done(before, after)} == {("b", "state"), ("b", "prove")}


def test_a_rename_is_no_change():
    before = findings([node("old", lean="x")], fact("x"))
    after = findings([node("new", lean="x")], fact("x"))
    assert compare(before, after) == ()


def test_a_label_that_is_used_again_is_another_node():
    before = findings([node("main", lean="foo")], fact("foo"))
    after = findings([node("aux", lean="foo"), node("main", lean="bar")], fact("foo"), fact("bar"))
    assert {change.node for change in compare(before, after)} == {"main"}
    assert {done.node for done in newly_done(before, after)} == {"main"}


# Credit


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ({}, {}),
        ({1: 5}, {1: "lead"}),
        ({1: 10, 2: 8}, {1: "equal", 2: "equal"}),
        ({1: 10, 2: 7, 3: 1}, {1: "lead", 2: "supporting", 3: "supporting"}),
    ],
)
def test_degrees(lines, expected):
    assert degrees(lines) == expected


def entries():
    texts = st.text(max_size=10)
    return st.builds(
        Entry,
        st.integers(1),
        texts,
        texts,
        texts,
        texts,
        texts,
        st.tuples(texts),
        st.datetimes(timezones=st.just(UTC)),
    )


@given(st.lists(entries(), min_size=1, max_size=5), st.data())
def test_any_change_to_any_entry_breaks_the_chain(kept, data):
    chained, prev = [], "0" * 64
    for entry in kept:
        chained.append((entry, prev, seal(prev, entry)))
        prev = chained[-1][2]
    assert first_break(chained) is None
    place = data.draw(st.integers(0, len(kept) - 1))
    entry, before, own = chained[place]
    chained[place] = (replace(entry, degree=entry.degree + "!"), before, own)
    assert first_break(chained) == place
