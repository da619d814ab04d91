"""The ledger's rules: seals of both forms, what entries come to, and who may say what."""

from __future__ import annotations

import json
import re
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from blueprint.errors import UserError
from server.work.evidence import evidence_of, is_evidence
from server.work.kinds import FORMAL_KINDS, KINDS, is_program, kind_of
from server.work.ledger import START, Act, Entry, canonical, first_break, seal
from server.work.naming import Alias, mask
from server.work.sentences import asks, filled, foreign, mention, quoted, shown, spoken, typed
from server.work.standing import OPEN, TRANSITIONS, Kept, Status, fold, obstacle

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LINK = "https://example.org/1"
FIRST = Entry(
    7, "thm:é", "proof", "formal proof", "Formal analysis", "lead", ("abc1234", LINK), NOW
)  # fmt: skip
TAXONOMY = {
    "Conceptualization", "Data curation", "Formal analysis", "Funding acquisition", "Investigation",
    "Methodology", "Project administration", "Resources", "Software", "Supervision", "Validation",
    "Visualization", "Writing – original draft", "Writing – review & editing",
}  # fmt: skip


def test_entries_of_the_first_form_are_sealed_as_they_always_were():
    """These hashes were made before there was a second form."""
    first = seal(START, FIRST)
    assert first == "8f285593392a559a8bd9e5c1584bd7c3e8cc5c120b675ffdf42e4411949eb493"
    assert seal(first, FIRST) == "45d21dcf7d5d72d120526681bf56865f427bbee6a4a8fcea7d8bcc70bd3ac85e"
    assert FIRST.version == 1
    assert "version" not in json.loads(canonical(START, FIRST))


CHANGES = {
    "person_id": 8,
    "node": "thm:b",
    "part": "statement",
    "kind": "review",
    "role": "Validation",
    "degree": "equal",
    "evidence": (LINK,),
    "at": NOW + timedelta(seconds=1),
    "act": Act.CONFIRMED,
    "about": 1,
    "by": 7,
    "method": "manual",
    "tools": ("Prover",),
}


def test_every_field_is_sealed():
    assert set(CHANGES) == {field.name for field in fields(Entry)}
    second = replace(FIRST, by=9, method="agent", tools=("A", "B"))
    for entry in (FIRST, second):
        others = {seal(START, replace(entry, **{name: value})) for name, value in CHANGES.items()}
        assert len(others) == len(CHANGES)
        assert seal(START, entry) not in others
    assert seal(START, second) != seal(START, FIRST)


entries = st.builds(
    Entry,
    st.integers(1, 9),
    st.text(max_size=5),
    st.just(""),
    st.sampled_from(list(KINDS)),
    st.just(""),
    st.sampled_from(["lead", "equal"]),
    st.tuples(st.text(max_size=3)),
    st.datetimes(timezones=st.just(UTC)),
    st.sampled_from(Act),
    st.none() | st.integers(1, 5),
    st.none() | st.integers(1, 9),
    st.none() | st.sampled_from(["manual", "agent"]),
    st.lists(st.text(max_size=3), max_size=2).map(tuple),
)


@given(st.lists(entries, min_size=1, max_size=6), st.data())
def test_whatever_is_changed_in_a_chain_breaks_it_there(found, data):
    chain, prev = [], START
    for entry in found:
        chain.append((entry, prev, prev := seal(prev, entry)))
    assert first_break(chain) is None
    place, other = data.draw(st.integers(0, len(chain) - 1)), data.draw(entries)
    changed = [*chain[:place], (other, *chain[place][1:]), *chain[place + 1 :]]
    assert first_break(changed) == (None if other == found[place] else place)
    if place < len(chain) - 1:
        assert first_break(chain[:place] + chain[place + 1 :]) == place


def test_kinds_cover_the_taxonomy_and_nothing_else():
    assert {kind.role for kind in KINDS.values()} == TAXONOMY
    assert set(FORMAL_KINDS.values()) <= set(KINDS)
    assert kind_of(" Error-Report ") == "error report"
    with pytest.raises(UserError, match="did you mean `counterexample`"):
        kind_of("counterexampel")


@pytest.mark.parametrize(
    "item",
    [
        "http://example.org",
        "https://example.org/a?b=c#d",
        "https://[2001:db8::1]/x",
        "abc1234",
        "0" * 40,
        "f" * 64,
    ],
)
def test_addresses_and_commits_are_evidence(item):
    assert evidence_of([f" {item} ", item]) == (item,)


@pytest.mark.parametrize(
    "item",
    [
        "", "abc123", "ABC1234", "f" * 65, "ftp://example.org", "javascript:alert(1)", "//example.org", "https://",
        "https://a@example.org/", "https://exa mple.org", "https://example.org/\u202e", "https://[x",
        "https://example.org/" + "a" * 2000, "file:///etc/passwd", "data:text/html,x",
    ],
)  # fmt: skip
def test_nothing_else_is(item):
    assert not is_evidence(item)
    with pytest.raises(UserError):
        evidence_of([item])


def test_programs_are_no_contributors_and_people_are_no_programs():
    assert all(
        map(is_program, ("ChatGPT", "GPT-5", "Claude Code", "GitHub Copilot", "renovate[bot]", "Aristotle"))
    )
    assert not any(map(is_program, ("Claude Shannon", "Claude", "Ada Lovelace", "Gustave Codex", "Bob")))


def test_a_hidden_name_goes_wherever_it_is_a_word():
    aliases = (Alias("Ana", "somebody #1"), Alias("Ana Maria", r"A\1"), Alias("(x", "y"))
    told = mask(aliases)("Ana, by Ana; Anabel and ana maria (x")
    assert told == r"somebody #1, by somebody #1; Anabel and A\1 y"


def test_a_hidden_name_that_is_a_word_leaves_the_word_alone():
    aliases = (Alias("Grace", "somebody #1"), Alias("x", "somebody #2"), Alias("May", "somebody #3"))
    told = mask(aliases)
    assert told("by the grace of x it may hold") == "by the grace of x it may hold"
    assert [told(author) for author in ("grace", "x", " May ")] == [alias.shown for alias in aliases]


def test_in_a_sentence_of_ours_people_are_numbers_and_only_what_they_wrote_is_searched():
    aliases = (Alias("Grace", "somebody #1"), Alias("Ben Ali", "B."))
    kept = f"{mention(1)} invited {mention(2)} to share the Theorem of Grace; ben ali: {quoted('ask Grace')}"
    assert filled(kept, {1: "somebody #1", 2: "Max"}, aliases) == (
        "somebody #1 invited Max to share the Theorem of Grace; B.: ask somebody #1"
    )
    assert filled(mention(7), {}, aliases) == "somebody #7"


PEOPLE = (1, 2, 3, 4)
MAINTAINER = 4
WORDS = (Act.CONFIRMED, Act.REFUSED, Act.DISPUTED)


class Books(RuleBasedStateMachine):
    """Random words of four people, of whom the last maintains, entered where the rules allow them."""

    @initialize()
    def begin(self):
        self.entries: list[Kept] = []
        self.refused: set[int] = set()
        self.stood: dict[int, bool] = {}

    def enter(self, entry, person, by, node=1):
        number = len(self.entries) + 1
        self.entries.append(Kept(number, entry, person, by, node))
        return number

    @rule(person=st.sampled_from(PEOPLE), node=st.integers(1, 2))
    def check(self, person, node):
        self.enter(replace(FIRST, person_id=person), person, None, node)

    @rule(person=st.sampled_from(PEOPLE), by=st.sampled_from(PEOPLE), node=st.integers(1, 2))
    def add(self, person, by, node):
        self.enter(replace(FIRST, person_id=person, by=by, kind="example"), person, by, node)

    @rule(
        data=st.data(),
        act=st.sampled_from([Act.CONFIRMED, Act.REFUSED, Act.DISPUTED]),
        by=st.sampled_from(PEOPLE),
    )
    def judge(self, data, act, by):
        if one := self.some(data, act, by):
            about = replace(one.kept.entry, act=act, about=one.kept.number, by=by, method=None, tools=())
            self.enter(about, one.kept.person, by, one.kept.node_id)

    @rule(data=st.data(), by=st.sampled_from(PEOPLE), person=st.sampled_from(PEOPLE))
    def correct(self, data, by, person):
        one = self.some(data, Act.CORRECTED, by)
        if one and (person == one.kept.person or (by == MAINTAINER and person != by)):
            entry = replace(one.kept.entry, act=Act.CORRECTED, about=one.kept.number, by=by, person_id=person)
            self.enter(entry, person, by, one.kept.node_id)

    @rule(person=st.sampled_from(PEOPLE), node=st.integers(1, 2), method=st.sampled_from(["manual", "agent"]))
    def disclose(self, person, node, method):
        told = replace(FIRST, act=Act.DISCLOSED, person_id=person, by=person, method=method)
        self.enter(told, person, person, node)

    def some(self, data, act, by):
        """A contribution to which the person may do that."""
        allowed = [
            one
            for one in fold(self.entries).values()
            if obstacle(one, act, by, maintainer=by == MAINTAINER) is None
        ]
        return data.draw(st.sampled_from(allowed)) if allowed else None

    @invariant()
    def nothing_is_lost_and_each_is_one(self):
        credits = [k.number for k in self.entries if k.entry.act in {Act.CREDITED, Act.CORRECTED}]
        assert list(fold(self.entries)) == credits

    @invariant()
    def nobody_confirms_alone(self):
        """What counts was said by the check, or by two people, of whom one is the person credited."""
        for number, one in fold(self.entries).items():
            if one.held and one.kept.by is not None:
                words = {
                    k.by for k in self.entries if k.entry.about == number and k.entry.act is Act.CONFIRMED
                }
                assert words - {one.kept.by}
                assert one.kept.person in words | {one.kept.by}

    @invariant()
    def what_a_person_refused_never_counts(self):
        found = fold(self.entries)
        for kept in self.entries:
            if kept.entry.act is Act.REFUSED and kept.by == kept.person:
                assert not found[kept.entry.about].held

    @invariant()
    def of_a_thing_and_its_corrections_at_most_one_counts(self):
        found = fold(self.entries)
        for number in found:
            corrections = [one for one in found.values() if one.kept.entry.about == number]
            standing = [one for one in (found[number], *corrections) if one.held]
            assert len(standing) <= 1

    @invariant()
    def what_the_check_said_counts_unless_it_was_refused_or_corrected(self):
        for one in fold(self.entries).values():
            if one.kept.by is None:
                assert one.held == (one.status in {Status.CONFIRMED, Status.DISPUTED})

    @invariant()
    def what_is_closed_stays_closed(self):
        for number, one in fold(self.entries).items():
            assert not (self.stood.get(number) and one.status in OPEN)
            self.stood[number] = one.status not in OPEN

    @invariant()
    def how_it_was_made_is_the_last_that_the_person_said(self):
        for one in fold(self.entries).values():
            if one.kept.by is None:
                said = [
                    k.entry.method
                    for k in self.entries
                    if k.entry.act is Act.DISCLOSED
                    and (k.person, k.node_id) == (one.kept.person, one.kept.node_id)
                ]
                assert (one.disclosure.method if one.disclosure else None) == (said[-1] if said else None)


TestBooks = Books.TestCase
TestBooks.settings = settings(max_examples=100, stateful_step_count=30)


@given(st.lists(entries, max_size=12))
def test_whatever_the_entries_are_they_come_to_something(found):
    """Entries that were never allowed, as a broken program could leave them, change nothing they may not."""
    kept = [Kept(n, entry, entry.person_id, entry.by, 1) for n, entry in enumerate(found, 1)]
    for one in fold(kept).values():
        assert one.status in Status
        assert not one.held or one.status in {Status.CONFIRMED, Status.DISPUTED}


def test_only_what_is_open_changes():
    assert {status for status, _ in TRANSITIONS} == OPEN


def test_the_manual_has_the_kinds():
    manual = (Path(__file__).parents[2] / "docs" / "credit.md").read_text("utf-8")
    rows = re.findall(r"^\| ([a-z ]+) \| ([A-Z][^|]*) \|$", manual, re.MULTILINE)
    assert rows == [(name, kind.role) for name, kind in KINDS.items()]


def test_what_to_type_is_left_out_where_one_clicks():
    kept = f"It counts once you confirm it{typed(': `confirm 7`')}."
    assert (spoken(kept), shown(kept), asks(kept)) == (
        "It counts once you confirm it: `confirm 7`.",
        "It counts once you confirm it.",
        True,
    )
    assert not asks(spoken(kept))


def test_nobody_can_write_what_stands_for_somebody():
    forged = f"by {mention(1)}, {typed('say so')}"
    assert filled(quoted(forged), {1: "Ada"}, ()) == "by 1, say so"
    assert filled(foreign(forged), {1: "Ada"}, ()) == "by 1, say so"
