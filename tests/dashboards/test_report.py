"""The report counts what is there, names who did it, and lets nobody's text become markup."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from dashboards import pages
from dashboards.progress import free_tasks
from dashboards.report_markdown import markdown
from dashboards.snapshot import EventView, HoldView, Snapshot
from lean_project.status import Readiness

from . import sample
from .sample import made

WEEK = 7


def text_of(snapshot: Snapshot, days: int) -> str:
    return markdown(made(snapshot, days), snapshot)


def test_what_is_ready_stands_in_the_order_of_the_suggestions() -> None:
    snapshot = sample.snapshot()
    suggested = snapshot.tasks[::-1]
    report = made(snapshot, WEEK, suggested)
    assert report.ready == suggested
    lines = markdown(report, snapshot).split("## Ready to take")[1].split("##")[0]
    assert lines.index(f"#{suggested[0].number}*") < lines.index(f"#{suggested[-1].number}*")


def test_what_is_on_hold_is_told_with_who_why_and_since_when() -> None:
    snapshot = sample.snapshot()
    task, *rest = free_tasks(snapshot)
    held = replace(task, state="held")
    tasks = tuple(held if one is task else one for one in snapshot.tasks)
    hold = HoldView(sample.EMMY, "Emmy Noether", sample.NOW - timedelta(days=3), "[wait](x) for Ada")
    report = made(replace(snapshot, tasks=tasks, holds={task.number: hold}), WEEK)
    assert (report.on_hold, report.ready) == ((held,), tuple(rest))
    assert "1 on hold" in report.work
    text = text_of(replace(snapshot, tasks=tasks, holds={task.number: hold}), WEEK)
    assert "Emmy Noether, since 17 March 2026: \\[wait\\](x) for Ada" in text.split("## On hold")[1]


def test_verified_since_with_those_credited() -> None:
    report = made(sample.snapshot(), WEEK)
    assert [(one.node, one.people) for one in report.verified] == [
        ("lem:divides-sum", ("Emmy Noether",)),
        ("lem:divides-trans", ("Ada Lovelace",)),
    ]
    assert [one.node for one in made(sample.snapshot(), WEEK + 90).verified][-1] == "def:divides"


def test_what_came_undone_is_not_reported_as_verified() -> None:
    facts = tuple(fact for fact in sample.FACTS.declarations if fact.name != "Num.divides_trans")
    report = made(sample.snapshot(facts=replace(sample.FACTS, declarations=facts)), WEEK)
    assert [one.node for one in report.verified] == ["lem:divides-sum"]


def test_totals_ready_held_and_drift() -> None:
    snapshot = sample.snapshot()
    report = made(snapshot, WEEK)
    assert (report.total.verified, report.total.total, report.total.share) == (4, 10, 40)
    assert [task.node for task in report.ready] == ["def:sieve"]
    assert [task.claims[0].person_name for task in report.held] == ["Sophie Germain", "Emmy Noether"]
    assert report.blocked == sum(task.readiness is Readiness.BLOCKED for task in snapshot.tasks)
    assert [drift.node for drift in report.drift] == ["thm:dirichlet"]


def test_goals_are_told_with_what_they_rest_on() -> None:
    plain, viewer = sample.snapshot(), pages.Viewer(sample.NOW)
    assert [goal.node.id for goal in made(plain, WEEK).goals] == ["thm:dirichlet", "conj:goldbach"]
    aimed = replace(plain, graph=replace(plain.graph, goals=("thm:dirichlet", "lem:divides-trans")))
    first, second = made(aimed, WEEK).goals
    assert (first.node.id, second.node.id) == ("thm:dirichlet", "lem:divides-trans")
    assert (second.tally.verified, second.tally.total) == (2, 2)
    assert f"\n- {second.node.caption}: 2 of 2 nodes up to it verified, 100 % of the work\n" in text_of(
        aimed, WEEK
    )
    assert "2 of 2 nodes up to it verified" in pages.report(aimed, viewer, made(aimed, WEEK))


def test_a_shared_task_is_held_once_and_stuck_where_its_holders_say_so() -> None:
    one = sample.snapshot()
    shared = next(task for task in one.tasks if task.claims)
    other = replace(shared.claims[0], person_id=sample.EMMY, person_name="Emmy Noether")
    asking = replace(shared, claims=(shared.claims[0], other), stuck="the last step")
    report = made(replace(one, tasks=tuple(asking if t is shared else t for t in one.tasks)), WEEK)
    assert [task.number for task in report.held].count(shared.number) == 1
    why = {stuck.task.number: stuck.why for stuck in report.stuck}[shared.number]
    assert why == "help was asked for: the last step"


def test_stuck_is_what_ended_or_what_waits_for_it() -> None:
    why = {stuck.task.node: stuck.why for stuck in made(sample.snapshot(), WEEK).stuck}
    assert why == {"lem:prime-divisor": "the claim of Sophie Germain ended yesterday"}
    later = replace(sample.snapshot(), made_at=sample.NOW + timedelta(days=45))
    stuck = {one.task.node: one.why for one in made(later, WEEK).stuck}
    assert stuck["def:sieve"] == "free since 18 March 2026"
    assert stuck["thm:chebyshev"] == "waits for another task in this list"


@pytest.mark.parametrize("kind", ["disclaimed", "expired", "became ready", "regressed"])
def test_free_is_counted_from_when_it_was_last_left(kind: str) -> None:
    left = sample.NOW + timedelta(days=20)
    event = EventView(left, kind, "def:sieve", sample.EMMY, "Emmy Noether", "gave back #11")
    snapshot = replace(sample.snapshot(), events=(event, *sample.EVENTS))
    soon = made(replace(snapshot, made_at=left + timedelta(days=29)), WEEK)
    assert "def:sieve" not in {one.task.node for one in soon.stuck}
    late = made(replace(snapshot, made_at=left + timedelta(days=31)), WEEK)
    assert {one.task.node: one.why for one in late.stuck}["def:sieve"] == "free since 9 April 2026"


def test_free_since_the_first_check_counts_too() -> None:
    events = tuple(event for event in sample.EVENTS if event.kind != "became ready")
    stuck = {one.task.node: one.why for one in made(replace(sample.snapshot(), events=events), WEEK).stuck}
    assert stuck["def:sieve"] == "free since 19 January 2026"


def test_markdown_reads_well() -> None:
    text = text_of(sample.snapshot(), WEEK)
    assert text.startswith("# Elementary number theory\n")
    assert "**2 nodes became verified: 4 of 10 nodes are verified (40 %).**" in text
    assert "- Lemma 1.2 (Transitivity), by Ada Lovelace (16 March 2026)" in text
    assert "- **\\#11** define Definition 2.4 (The sieve) (M), unblocks 3 nodes" in text
    assert "Emmy Noether, until 25 March 2026 (in 5 days)" in text


def test_foreign_text_is_no_markup_and_calls_nobody() -> None:
    bad = "@all\n# Big [x](javascript:1) <b>|**|` ![i](u) https://evil.example www.evil.example"
    snapshot = sample.snapshot()
    snapshot = replace(
        snapshot,
        title=bad,
        tasks=tuple(replace(task, caption=bad) for task in snapshot.tasks),
        credit=tuple(replace(entry, person_name=bad) for entry in snapshot.credit),
    )
    text = text_of(snapshot, WEEK)
    assert "@all" not in text
    assert "\n# Big" not in text
    for markup in ("<b>", "[x]", "![i", "https://", "www.evil"):
        assert markup not in text.replace(f"\\{markup[0]}", "").replace("\\:", "").replace("\\.", ""), markup


def test_what_is_in_review_is_not_held_for_ever() -> None:
    snapshot = sample.snapshot()
    held = made(snapshot, WEEK).held[0]
    claims = tuple(replace(claim, expires=None) for claim in held.claims)
    reviewed = replace(held, state="in review", title="the even case", claims=claims)
    tasks = tuple(reviewed if task is held else task for task in snapshot.tasks)
    text = text_of(replace(snapshot, tasks=tasks), WEEK)
    assert ", in review\n" in text
    assert "with no end" not in text
    assert ": the even case" in text
