"""The simulation: nobody is lost, nothing is begun twice where people claim, and runs can be repeated."""

from __future__ import annotations

from dataclasses import replace

import pytest

from blueprint.graph import Graph

from . import graphs, suggest_tables, suggesting, tables
from .building import Outcome, Plan, built, plan
from .orders import ORDERS
from .suggesting import CREWS, Trial, ratio
from .synthetic import Plan as Synthetic
from .volunteers import CONTRARY, USUAL, crew


@pytest.fixture(scope="module")
def building() -> Plan:
    bare = graphs.graph(Synthetic(40))
    return plan("synthetic", Graph(tuple(replace(node, sections=(node.id[4:5],)) for node in bare.nodes)))


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("assumed", [USUAL, CONTRARY])
def test_where_people_claim_nothing_is_begun_twice_and_all_ends(
    building: Plan, order: str, assumed: object
) -> None:
    found = built(building, ORDERS[order], assumed, 7, seed=1)  # type: ignore[arg-type]
    assert found.double == 0
    assert 0 < found.half < found.days < 5000
    assert 0 <= found.idle < 1


@pytest.mark.parametrize("order", ORDERS)
def test_a_seed_gives_one_story(building: Plan, order: str) -> None:
    first, again, other = (built(building, ORDERS[order], USUAL, 5, seed) for seed in (1, 1, 2))
    assert first == again != other


def test_all_orders_meet_the_same_people(building: Plan) -> None:
    chapters = list(building.chapters.values())
    one, other = (crew(20, chapters, USUAL, 3) for _ in range(2))
    assert [(a.speed, a.home, a.experienced) for a in one] == [
        (b.speed, b.home, b.experienced) for b in other
    ]
    assert [a.random.random() for a in one] == [b.random.random() for b in other]


def test_one_person_alone_needs_the_sum_of_all_work(building: Plan) -> None:
    exact = replace(
        USUAL, speed=0, noise=0, day=1, strange=1, green=1, dropped=0, pause=1e-9, thought=1e-9, landing=0
    )
    work = sum(one.days for one in building.frontier.estimates.values())
    for order in ORDERS.values():
        assert built(building, order, exact, 1, seed=1).days == pytest.approx(work, rel=1e-3)


def test_without_claims_our_order_keeps_people_apart(building: Plan) -> None:
    """Each was offered something else; in the order of the document all begin at its beginning."""
    kept, crowded = (
        sum(built(building, ORDERS[name], USUAL, 10, seed, claims=False).double for seed in range(3))
        for name in ("ours", "first come")
    )
    assert kept < crowded / 2


def test_the_ratio_is_that_of_mean_days() -> None:
    found = [
        Trial("p", people, order, tuple(_outcome(days * factor) for days in (10, 20, 30)), ())
        for people in CREWS
        for order, factor in (("random", 1.0), ("first come", 1.0), ("ours", 0.5))
    ]
    assert ratio(found, 5, "ours") == pytest.approx((0.5, 0.5, 0.5))
    assert ratio(found, 5, "first come") == pytest.approx((1, 1, 1))


def test_the_tables_show_every_crew_and_order(building: Plan) -> None:
    found = [
        Trial("p", people, order, (_outcome(10), _outcome(20)), (_outcome(30), _outcome(40)))
        for people in CREWS
        for order in ORDERS
    ]
    text = tables.markdown(suggest_tables.sections(found, USUAL))
    assert "| 5 | ours | 1.00 (1.00 to 1.00) | 1 | 25% | 3 |" in text
    assert "| p | 100 | 15 (8 to 22) | 15 (8 to 22) | 15 (8 to 22) |" in text
    assert "| p | 20 | 2, 35 | 2, 35 | 2, 35 |" in text


def test_a_suggestion_can_be_timed() -> None:
    assert [words for words, seconds in suggesting.costs(30) if seconds > 0] == [
        "the first after a check",
        "every other",
    ]


def _outcome(days: float) -> Outcome:
    return Outcome(days, half=1, idle=0.25, lost=3, double=2, wasted=0.5)
