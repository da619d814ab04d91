"""Where a graph's nodes stand: above their users, apart, in few crossings, and the same every time."""

from __future__ import annotations

from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.layers import GAP, Drawing, drawn
from dashboards.layout import HEADING, HEIGHT, PADDING, Plan, laid_out

EDGES = st.lists(st.tuples(st.integers(0, 14), st.integers(0, 14)), max_size=40)


def laid(edges: list[tuple[int, int]], width: float = 100.0) -> Drawing:
    names = {f"n{at}": (width, HEIGHT) for at in range(15)}
    pairs = list(dict.fromkeys((f"n{a}", f"n{b}") for a, b in edges if a != b))
    return drawn(names, pairs, 50.0)


@given(EDGES)
def test_boxes_are_apart_whatever_the_edges(edges: list[tuple[int, int]]) -> None:
    centres = laid(edges).centres.values()
    assert len(centres) == 15
    for (x, y), (other_x, other_y) in combinations(centres, 2):
        assert abs(y - other_y) >= HEIGHT or abs(x - other_x) >= 100 + GAP - 1e-6


@given(EDGES)
def test_what_is_used_stands_above(edges: list[tuple[int, int]]) -> None:
    forward = [(min(pair), max(pair)) for pair in edges if pair[0] != pair[1]]
    found = laid(forward)
    for used, user in forward:
        assert found.centres[f"n{used}"][1] < found.centres[f"n{user}"][1]
    for (used, user), bends in found.bends.items():
        levels = [found.centres[used][1], *(y for _, y in bends), found.centres[user][1]]
        assert levels == sorted(set(levels))


def test_a_tree_has_no_crossing() -> None:
    names = [f"n{at}" for at in range(31)]
    edges = [(f"n{(at - 1) // 2}", f"n{at}") for at in range(1, 31)]
    Random(3).shuffle(names)
    centres = drawn(dict.fromkeys(names, (60.0, HEIGHT)), edges, 50.0).centres
    for (a, b), (c, d) in combinations(edges, 2):
        if centres[a][1] == centres[c][1] and centres[b][1] == centres[d][1]:
            assert (centres[a][0] - centres[c][0]) * (centres[b][0] - centres[d][0]) >= 0


def test_a_chain_is_straight() -> None:
    edges = [(at, at + 1) for at in range(14)]
    assert len({round(x) for x, _ in laid(edges).centres.values()}) == 1


def test_chapters_keep_their_nodes_within_frames_that_are_apart() -> None:
    boxes = tuple((f"n{at}", 90.0, f"chapter {at % 7}") for at in range(70))
    edges = tuple((f"n{at}", f"n{at + 9}") for at in range(60))
    layout = laid_out(Plan(boxes, edges))
    frames = {frame.group: frame for frame in layout.frames}
    assert [frame.group for frame in layout.frames] == [f"chapter {at}" for at in range(7)]
    for id, width, group in boxes:
        frame, (x, y) = frames[group], layout.centres[id]
        assert frame.x + PADDING <= x - width / 2 + 1e-6
        assert x + width / 2 <= frame.x + frame.width - PADDING + 1e-6
        assert frame.y + HEADING <= y - HEIGHT / 2 + 1e-6
        assert y + HEIGHT / 2 <= frame.y + frame.height
    for one, other in combinations(layout.frames, 2):
        beside = one.x + one.width <= other.x or other.x + other.width <= one.x
        assert beside or one.y + one.height <= other.y or other.y + other.height <= one.y
    assert sum(layout.between.values()) == sum(1 for a, b in edges if int(a[1:]) % 7 != int(b[1:]) % 7)


def test_the_same_plan_is_laid_out_once() -> None:
    plans = [Plan((("a", 50.0, ""), ("b", float(60), "")), (("a", "b"),)) for _ in range(2)]
    assert plans[0] is not plans[1]
    assert laid_out(plans[0]) is laid_out(plans[1])


@pytest.mark.parametrize("boxes", [(), (("a", 50.0, ""),), (("a", 50.0, "only"),)])
def test_next_to_nothing_is_laid_out_too(boxes: tuple[tuple[str, float, str], ...]) -> None:
    assert len(laid_out(Plan(boxes, ())).centres) == len(boxes)
