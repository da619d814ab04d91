"""The shape of a graph, against networkx and against plain restatements, on random graphs."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blueprint import structure as module
from blueprint.structure import downstream, grounded, implied, knots, ready, structure

NODES = 12
PAIRS = st.tuples(st.integers(0, NODES - 1), st.integers(0, NODES - 1))


def digraph(pairs: set[tuple[int, int]]) -> nx.DiGraph[str]:
    edges: nx.DiGraph[str] = nx.DiGraph()
    edges.add_nodes_from(map(str, range(NODES)))
    edges.add_edges_from((str(used), str(user)) for used, user in pairs)
    return edges


any_graph = st.sets(PAIRS, max_size=40).map(digraph)
acyclic = st.sets(PAIRS, max_size=40).map(
    lambda pairs: digraph({(min(p), max(p)) for p in pairs if p[0] != p[1]})
)
block_sizes = st.sampled_from([1, 3, 8192])  # tables in many blocks, and in one
some_nodes = st.sets(st.integers(0, NODES - 1).map(str))


@given(any_graph)
def test_every_group_uses_only_groups_before_it(edges: nx.DiGraph[str]) -> None:
    found = structure(edges)
    home = {name: position for position, group in enumerate(found.groups) for name in group}
    assert {frozenset(group) for group in found.groups} == set(
        map(frozenset, nx.strongly_connected_components(edges))
    )
    between = {(home[used], home[user]) for used, user in edges.edges if home[used] != home[user]}
    assert between == {(used, user) for user, uses in enumerate(found.uses) for used in uses}
    assert all(used < user for used, user in between)


@given(acyclic)
def test_levels_are_those_of_networkx(edges: nx.DiGraph[str]) -> None:
    generations = enumerate(nx.topological_generations(edges))
    assert structure(edges).levels() == {name: level for level, names in generations for name in names}


@given(any_graph, some_nodes, block_sizes)
def test_counts_are_those_of_walking(edges: nx.DiGraph[str], counted: set[str], size: int) -> None:
    found = structure(edges)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_BLOCK", size)
        below, above = found.counts(), found.turned().counts(counted)
    assert below == {name: len(nx.ancestors(edges, name)) for name in edges}
    assert above == {name: len(nx.descendants(edges, name) & counted) for name in edges}


@given(acyclic, block_sizes)
def test_implied_edges_are_what_the_transitive_reduction_leaves_out(
    edges: nx.DiGraph[str], size: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_BLOCK", size)
        found = implied(edges)
    assert found == set(edges.edges) - set(nx.transitive_reduction(edges).edges)


@given(any_graph)
def test_without_the_implied_edges_everything_is_reached_as_before(edges: nx.DiGraph[str]) -> None:
    kept = edges.copy()
    kept.remove_edges_from(implied(edges))
    assert all(nx.descendants(kept, name) == nx.descendants(edges, name) for name in edges)


@given(any_graph, st.sets(st.tuples(st.integers(0, NODES - 1).map(str), st.integers(0, NODES - 1).map(str))))
def test_who_rests_on_whom(edges: nx.DiGraph[str], pairs: set[tuple[str, str]]) -> None:
    apart = {pair for pair in pairs if pair[0] != pair[1]}
    assert structure(edges).resting(apart) == {pair for pair in apart if nx.has_path(edges, *pair)}


@given(acyclic, st.dictionaries(st.sampled_from([*map(str, range(NODES))]), st.integers(1, 9)))
def test_the_critical_path_weighs_as_much_as_any(edges: nx.DiGraph[str], weights: dict[str, int]) -> None:
    path = structure(edges).heaviest(weights)
    for used, user in edges.edges:
        edges.edges[used, user]["weight"] = weights.get(user, 0)
    source = "start"
    edges.add_edges_from((source, name, {"weight": weights.get(name, 0)}) for name in [*edges])
    assert sum(map(weights.__getitem__, path)) == nx.dag_longest_path_length(edges)
    assert all(nx.has_path(edges, used, user) for used, user in pairwise(path))


@given(acyclic, st.integers(0, NODES - 1).map(str))
def test_the_critical_path_to_a_goal_ends_there(edges: nx.DiGraph[str], goal: str) -> None:
    path = structure(edges).heaviest(dict.fromkeys(edges, 1), goal)
    assert path[-1] == goal
    assert len(path) == structure(edges).levels()[goal] + 1


@given(any_graph, st.dictionaries(st.sampled_from([*map(str, range(NODES))]), st.integers(1, 9)))
def test_the_chain_to_each_node_is_the_critical_path_to_it(
    edges: nx.DiGraph[str], weights: dict[str, int]
) -> None:
    whole = structure(edges)
    total, before = whole.chains(weights)
    home = whole.positions()
    for name in edges:
        assert total[name] == sum(map(weights.__getitem__, whole.heaviest(weights, name)))
        own = sum(weights.get(other, 0) for other in edges if home[other] == home[name])
        last = before[name]
        assert total[name] == own + (total[last] if last is not None else 0)
        assert last is None or nx.has_path(edges, last, name)


@given(any_graph)
def test_knots_are_shown_by_a_shortest_way_around(edges: nx.DiGraph[str]) -> None:
    found = knots(edges)
    tied = [group for group in nx.strongly_connected_components(edges) if len(group) > 1]
    alone = [
        {name} for name in edges if edges.has_edge(name, name) and not any(name in group for group in tied)
    ]
    assert {frozenset(knot.nodes) for knot in found} == set(map(frozenset, tied + alone))
    for knot in found:
        start, *_ = knot.nodes
        assert start == min(knot.nodes, key=int)
        assert knot.way[0] == start
        assert all(edges.has_edge(*step) for step in pairwise((*knot.way, start)))
        back = min(
            nx.shortest_path_length(edges, start, last) for last in edges.pred[start] if last in knot.nodes
        )
        assert len(knot.way) == back + 1


@given(any_graph, some_nodes)
def test_what_rests_on_others(edges: nx.DiGraph[str], done: set[str]) -> None:
    above = {name: nx.descendants(edges, name) | {name} for name in edges}
    below = {name: nx.ancestors(edges, name) | {name} for name in edges}
    assert downstream(edges, done) == set().union(*(above[name] for name in done))
    assert grounded(edges, done) == {name for name in edges if below[name] <= done}
    assert ready(edges, done) == [
        name for name in edges if name not in done and set(edges.pred[name]) <= done
    ]


def test_nothing_is_below_and_above_nothing() -> None:
    empty: nx.DiGraph[str] = nx.DiGraph()
    assert structure(empty).levels() == structure(empty).counts() == {}
    assert structure(empty).heaviest({}) == ()
    assert not knots(empty)
    assert not ready(empty, ())


def test_a_chain_and_a_ring_of_many_nodes_need_no_recursion() -> None:
    names = [str(position) for position in range(30_000)]
    chain: nx.DiGraph[str] = nx.DiGraph(pairwise(names))
    assert structure(chain).levels()[names[-1]] == structure(chain).counts()[names[-1]] == 29_999
    assert structure(chain).heaviest(dict.fromkeys(names, 1)) == tuple(names)
    chain.add_edge(names[-1], names[0])
    assert [knot.way for knot in knots(chain)] == [tuple(names)]
