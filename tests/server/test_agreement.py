"""Agreeing on a statement: the rule, the books on every database, and what a change brings about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from alembic import command
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from blueprint.errors import UserError
from lean_project.statement import Print, fingerprint
from server.service import agreement, claims, people, projects, tending, views, watching
from server.sync import sync
from server.work.agreement import (
    STEPS,
    Agreement,
    AgreementEvent,
    ImpossibleStepError,
    Standing,
    Step,
    advance,
    due,
    fold,
)
from server.work.permissions import Role

from .migrating import migrate

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)


# The rule


@pytest.mark.parametrize("standing", Standing)
@pytest.mark.parametrize("what", Step)
def test_only_what_the_table_allows_can_happen(standing, what):
    event = AgreementEvent(what, NOW, "a" * 40)
    if (standing, what) in STEPS:
        assert advance(Agreement(standing), event).standing is STEPS[standing, what]
    else:
        with pytest.raises(ImpossibleStepError):
            advance(Agreement(standing), event)


class Agreements(RuleBasedStateMachine):
    """A statement that moves at will, a maintainer who agrees and withdraws, and syncs in between."""

    def __init__(self):
        super().__init__()
        self.events, self.now, self.agreed = [], (Print("a", "1", "1"),), None

    @property
    def agreement(self):
        return fold(self.events)

    def write(self, step):
        self.events.append(AgreementEvent(step, NOW, "c", self.now))

    @rule(print_=st.sampled_from("123"), deep=st.sampled_from("12"), name=st.sampled_from("ab"))
    def an_author_works_and_a_sync_looks(self, print_, deep, name):
        self.now = (Print(name, print_, deep),)
        step = due(self.agreement, self.now)
        if step:
            self.write(step)
        assert due(self.agreement, self.now) is None  # what is written down once is not said again

    @rule()
    def a_maintainer_agrees(self):
        if self.agreement.standing is not Standing.AGREED:
            self.write(Step.AGREED)
            self.agreed = self.now

    @rule()
    def a_maintainer_withdraws(self):
        if self.agreement.standing is not Standing.NONE:
            self.write(Step.WITHDRAWN)
            self.agreed = None

    @invariant()
    def drifted_exactly_while_the_statement_is_another(self):
        if self.agreed is None:
            assert self.agreement.standing is Standing.NONE
            assert self.agreement.agreed is self.agreement.seen is None
        else:
            other = fingerprint(self.agreed) != fingerprint(self.now)
            assert self.agreement.standing is (Standing.DRIFTED if other else Standing.AGREED)
            assert self.agreement.agreed.prints == self.agreed
        assert self.agreement.version == len(self.events)


TestAgreements = Agreements.TestCase
TestAgreements.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)


# The books


def test_the_migration_goes_down_and_up_again(any_database, database_url, agreed):
    engine = create_engine(database_url)
    migrate(database_url, "0001", command.downgrade)
    assert "agreement_events" not in inspect(engine).get_table_names()
    assert "paused" not in {column["name"] for column in inspect(engine).get_columns("claims")}
    migrate(database_url, "head", command.upgrade)
    engine.dispose()
    with any_database.begin() as store:
        project = projects.find(store, "village")
        assert store.agreements.of_project(project.id) == {}
        assert agreement.agree(store, project, agreed, "def:d", now=NOW).changed


@pytest.mark.parametrize("change", ["UPDATE {} SET at = at", "DELETE FROM {}", "INSERT OR REPLACE"])
def test_what_was_agreed_cannot_be_rewritten(database_url, agreed, change):
    table = "agreement_events"
    if change.startswith("INSERT"):
        if not database_url.startswith("sqlite"):
            pytest.skip("PostgreSQL replaces by UPDATE only, which is refused")
        change += f" INTO {table} SELECT * FROM {table}"
    engine = create_engine(database_url)
    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text(change.format(table)))
    engine.dispose()


# What a change brings about


def lines(d="1", ground="", **proofs):
    proofs = {"d": "rfl", "b": "sorry", "c": "sorry", "free": "sorry"} | proofs
    statements = {"d": "D", "b": "B D", "c": "C", "free": "F"}
    return [f"def D := {d}", f"ground {ground}"] + [
        f"theorem {name} : {statements[name]} := {proof}" for name, proof in proofs.items()
    ]


@pytest.fixture
def nodes(village):
    """b uses d, c uses b in its proof, and one stands by itself."""
    return [
        village.node("def:d", kind="definition-like", lean="d"),
        village.node("thm:b", "def:d"),
        village.node("thm:c", "thm:b"),
        village.node("thm:free"),
    ]


@pytest.fixture
def agreed(any_database, village, nodes):
    """The project on the books, Dora claims the proof of c and Emil that of free; d is agreed upon."""
    nodes[0] = village.node("def:d", kind="theorem", lean="d")
    village.commit(village.ana, nodes, *lines())
    sync(any_database, village.folder, NOW)
    with any_database.begin() as store:
        project = projects.find(store, "village")
        mona = people.add(store, "Mona", Role.MAINTAINER, NOW)
        for name, ref in (("Dora", "thm:c"), ("Emil", "thm:free")):
            person = people.add(store, name, Role.CONTRIBUTOR, NOW)
            claims.claim(store, project, person, ref, until=10 * DAY, now=NOW)
        outcome = agreement.agree(store, project, mona, "def:d", now=NOW)
        assert (outcome.agreed, outcome.changed) == (True, True)
    return mona


def snapshot(database, now=NOW):
    with database.reading() as store:
        return views.snapshot(store, projects.every(store)[0], now)


def claim_of(database, name, now=NOW):
    return next(
        (task, claim)
        for task in snapshot(database, now).tasks
        for claim in task.claims
        if claim.person_name == name
    )


def told(database, name):
    """Everything the person was told, oldest first."""
    with database.reading() as store:
        [person] = store.people.named(name)
        return [notice.text for notice in reversed(watching.notices(store, person, NOW))]


def kinds(database):
    return [event.kind for event in reversed(snapshot(database).events)]


def move(database, village, nodes, now, **change):
    sha = village.commit(village.ben, nodes, *lines(**change))
    return sha, sync(database, village.folder, now)


def test_a_change_of_meaning_is_told_with_culprit_and_commits(any_database, village, nodes, agreed):
    first = snapshot(any_database).commit.sha
    sha, result = move(any_database, village, nodes, NOW + DAY, d="2")
    status = snapshot(any_database).statuses["def:d"]
    assert (status.formal, status.verified, status.passes) == ("drifted", False, True)
    [reason] = status.reasons
    assert reason.text == (
        f"The agreed statement of Theorem d moved: `D` is not at commit {sha[:10]} "
        f"what was agreed upon at commit {first[:10]}."
    )
    assert ("regressed", "def:d") in [(change.kind, change.node) for change in result.changes]
    assert "moved" in kinds(any_database)
    [asked] = [text for text in told(any_database, "Mona") if text.startswith("The agreed")]
    assert asked == f"{reason.text} Agree anew with `agree def:d`, or have it put back."


def test_claims_on_what_depends_on_it_are_paused_others_are_not(any_database, village, nodes, agreed):
    move(any_database, village, nodes, NOW + DAY, d="2")
    task, claim = claim_of(any_database, "Dora", NOW + DAY)
    assert (task.state, claim.paused, claim.expires, claim.acknowledged) == ("paused", NOW + DAY, None, None)
    assert task.blocked_by == ("def:d",)
    [words] = told(any_database, "Dora")
    assert words.startswith("Your claim on #6 “prove thm:c” is paused")
    assert words.count(".") == 1
    task, claim = claim_of(any_database, "Emil", NOW + DAY)
    assert (task.state, claim.paused, claim.expires) == ("claimed", None, NOW + 10 * DAY)
    assert told(any_database, "Emil") == []


def test_a_paused_claim_does_not_run_out_and_nobody_else_gets_it(any_database, village, nodes, agreed):
    move(any_database, village, nodes, NOW + DAY, d="2")
    with any_database.begin() as store:
        tending.tend(store, NOW + 60 * DAY)
        project, [emil] = projects.find(store, "village"), store.people.named("Emil")
        with pytest.raises(UserError, match="Dora holds"):
            claims.claim(store, project, emil, "thm:c", until=None, now=NOW + 60 * DAY)
    assert claim_of(any_database, "Dora", NOW + 60 * DAY)[0].state == "paused"


def test_the_holder_acknowledges_by_claiming_again(any_database, village, nodes, agreed):
    move(any_database, village, nodes, NOW + DAY, d="2")
    with any_database.begin() as store:
        project, [dora] = projects.find(store, "village"), store.people.named("Dora")
        outcome = claims.claim(store, project, dora, "thm:c", until=None, now=NOW + 2 * DAY)
    assert outcome.renewed
    claim = claim_of(any_database, "Dora")[1]
    assert (claim.paused, claim.acknowledged) == (NOW + DAY, NOW + 2 * DAY)


def test_agreeing_anew_resumes_with_the_time_that_was_left(any_database, village, nodes, agreed):
    move(any_database, village, nodes, NOW + DAY, d="2")
    with any_database.begin() as store:
        project = projects.find(store, "village")
        outcome = agreement.agree(store, project, agreed, "def:d", now=NOW + 31 * DAY)
    assert outcome.text == "The statement of Theorem d is agreed upon anew."
    task, claim = claim_of(any_database, "Dora", NOW + 31 * DAY)
    assert (task.state, claim.paused, claim.expires) == ("claimed", None, NOW + 40 * DAY)
    assert "goes on until 2026-04-11" in told(any_database, "Dora")[-1]
    assert snapshot(any_database).statuses["def:d"].verified
    after = kinds(any_database)[kinds(any_database).index("moved") :]
    assert [kind for kind in after if kind in ("verified", "agreed", "resumed")] == [
        "agreed",
        "verified",
        "resumed",
    ]


def test_the_statement_s_return_resumes_too(any_database, village, nodes, agreed):
    move(any_database, village, nodes, NOW + DAY, d="2")
    move(any_database, village, nodes, NOW + 3 * DAY)
    assert claim_of(any_database, "Dora", NOW + 3 * DAY)[1].expires == NOW + 12 * DAY
    assert snapshot(any_database).statuses["def:d"].formal == "verified"
    assert told(any_database, "Mona")[-1] == "The statement of Theorem d is again what was agreed upon."


def test_withdrawing_resumes_and_nothing_is_watched_any_more(any_database, village, nodes, agreed):
    move(any_database, village, nodes, NOW + DAY, d="2")
    with any_database.begin() as store:
        project = projects.find(store, "village")
        assert not agreement.withdraw(store, project, agreed, "def:d", now=NOW + 2 * DAY).agreed
        with pytest.raises(UserError, match="Nobody has agreed on the statement of Theorem d"):
            agreement.withdraw(store, project, agreed, "def:d", now=NOW + 2 * DAY)
    assert claim_of(any_database, "Dora")[0].state == "claimed"
    move(any_database, village, nodes, NOW + 4 * DAY, d="3")
    assert snapshot(any_database).statuses["def:d"].formal == "verified"
    assert snapshot(any_database).agreements == {}


def test_a_move_is_told_once_and_a_further_one_again(any_database, village, nodes, agreed):
    for day, change in enumerate(({"d": "2"}, {"d": "2", "free": "rfl"}, {"d": "3"}), 1):
        move(any_database, village, nodes, NOW + day * DAY, **change)
    assert len([text for text in told(any_database, "Mona") if "Agree anew" in text]) == 2
    assert kinds(any_database).count("paused") == 1


def test_a_new_toolchain_is_said_and_pauses_nothing(any_database, village, nodes, agreed):
    _, result = move(any_database, village, nodes, NOW + DAY, ground="another Lean")
    assert snapshot(any_database).statuses["def:d"].formal == "verified"
    assert claim_of(any_database, "Dora")[0].state == "claimed"
    [event] = [event for event in snapshot(any_database).events if event.kind == "shifted"]
    assert event.text.startswith("A dependency of what was agreed for Theorem d changed, the toolchain")
    assert not [change for change in result.changes if change.kind == "regressed"]


def test_what_changes_no_meaning_moves_nothing(any_database, village, nodes, agreed):
    """A proof by other means, another label, another order."""
    nodes = [nodes[3], village.node("def:new", lean="d"), village.node("thm:b", "def:new"), nodes[2]]
    village.commit(village.ben, nodes, *lines(d="1", c="by simp"))
    sync(any_database, village.folder, NOW + DAY)
    assert snapshot(any_database).statuses["def:new"].verified
    assert list(snapshot(any_database).agreements) == ["def:new"]
    assert "moved" not in kinds(any_database)


def test_a_statement_that_is_gone_from_lean_has_drifted(any_database, village, nodes, agreed):
    village.commit(village.ben, nodes, *(line for line in lines() if not line.startswith("theorem d")))
    sync(any_database, village.folder, NOW + DAY)
    status = snapshot(any_database).statuses["def:d"]
    assert status.formal == "drifted"
    assert status.statement.reasons[1].text == "`d` does not exist in Lean."
    assert claim_of(any_database, "Dora")[0].state == "paused"


def test_finished_while_paused(any_database, village, nodes, agreed):
    move(any_database, village, nodes, NOW + DAY, d="2")
    move(any_database, village, nodes, NOW + 2 * DAY, d="2", b="rfl", c="rfl")
    [task] = [task for task in snapshot(any_database).tasks if (task.node, task.kind) == ("thm:c", "prove")]
    assert (task.state, task.claims) == ("landed", ())
    assert not snapshot(any_database).statuses["thm:c"].verified


def test_the_books_are_the_same_after_another_look(any_database, village, nodes, agreed):
    move(any_database, village, nodes, NOW + DAY, d="2")
    before = snapshot(any_database)
    assert sync(any_database, village.folder, NOW + 2 * DAY, again=True).unchanged
    assert snapshot(any_database) == before


# Who may, and on what


@pytest.mark.parametrize("role", [Role.VISITOR, Role.CONTRIBUTOR])
def test_only_maintainers_agree(any_database, agreed, role):
    with any_database.begin() as store:
        person = people.add(store, "Nora", role, NOW)
        for act in (agreement.agree, agreement.withdraw):
            with pytest.raises(UserError) as refused:
                act(store, projects.find(store, "village"), person, "def:d", now=NOW)
            assert str(refused.value).startswith(
                "To agree on statements you need to be a maintainer, and you"
            )


def test_agreeing_twice_changes_nothing(any_database, agreed):
    with any_database.begin() as store:
        outcome = agreement.agree(store, projects.find(store, "village"), agreed, "def:d", now=NOW)
    assert (outcome.changed, outcome.text) == (False, "The statement of Theorem d is agreed upon already.")
    assert kinds(any_database).count("agreed") == 1


def test_a_statement_that_came_in_meanwhile_is_not_agreed_to(any_database, village, nodes, agreed):
    with any_database.reading() as store:
        seen = fingerprint(store.agreements.of_node(1).agreed.prints)
    move(any_database, village, nodes, NOW + DAY, d="2")
    with any_database.begin() as store, pytest.raises(UserError, match="changed since you looked at it"):
        agreement.agree(store, projects.find(store, "village"), agreed, "def:d", seen=seen, now=NOW)


def test_what_lean_has_not_cannot_be_agreed_upon(any_database, village, nodes, agreed):
    village.commit(village.ben, [*nodes, village.node("thm:later")], *lines())
    sync(any_database, village.folder, NOW)
    with any_database.begin() as store, pytest.raises(UserError, match="`later` does not exist in Lean"):
        agreement.agree(store, projects.find(store, "village"), agreed, "thm:later", now=NOW)
