"""Credit that people give: who may say what, what it comes to, and what others are told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from blueprint.errors import UserError
from server.records.people import Person
from server.records.projects import ProjectRow
from server.service import (
    claims,
    contributions,
    informal,
    naming,
    people,
    progress,
    projects,
    views,
    watching,
)
from server.service.contributions import Assertion
from server.store import Database
from server.sync import sync
from server.work.ledger import first_break
from server.work.naming import Naming
from server.work.permissions import Role

LINK = "https://chat.example.org/#narrow/topic/7"


@dataclass
class Crew:
    """A synced project; Ana proved `thm:a`, Ben and Cleo are contributors, Max maintains."""

    database: Database
    project: ProjectRow
    people: dict[str, Person]
    now: datetime

    def do(self, act, who, *args, **more):
        with self.database.begin() as store:
            return act(store, self.project, self.people[who], *args, **more, now=self.now)

    def add(self, who, whom, kind="example", node="thm:a", **more):
        return self.do(contributions.add, who, Assertion(whom, kind, (LINK,), node, **more)).credit.id

    def status(self, number):
        with self.database.reading() as store:
            found = contributions.listing(store, self.project)
        one = next(one for one in found if one.id == number)
        return one.status, one.held

    def snapshot(self):
        with self.database.reading() as store:
            return views.snapshot(store, self.project, self.now)

    def unbroken(self):
        with self.database.reading() as store:
            return first_break(store.ledger.chain(self.project.id)) is None


@pytest.fixture
def crew(village, any_database):
    nodes = [village.node("thm:a"), village.node("thm:b", "thm:a")]
    village.commit(village.ana, nodes, "theorem a : A := by simp", "theorem b : B := sorry")
    sync(any_database, village.folder, village.now)
    with any_database.begin() as store:
        known = {"Ana": people.by_name(store, "Ana")}
        for name, role in (("Ben", Role.CONTRIBUTOR), ("Cleo", Role.CONTRIBUTOR), ("Max", Role.MAINTAINER)):
            known[name] = people.add(store, name, role, village.now)
        project = projects.find(store, "village")
    return Crew(any_database, project, known, village.now + timedelta(days=1))


def test_what_one_says_of_oneself_counts_once_somebody_else_confirms_it(crew):
    number = crew.add("Ben", "Ben")
    assert crew.status(number) == ("proposed", False)
    with pytest.raises(UserError, match="cannot confirm what you said of yourself"):
        crew.do(contributions.confirm, "Ben", number)
    outcome = crew.do(contributions.confirm, "Cleo", number)
    assert outcome.text == f"Credit {number}, example for Theorem a, of Ben is confirmed."
    assert crew.status(number) == ("confirmed", True)
    assert number in {one.id for one in crew.snapshot().credit}
    assert crew.unbroken()


def test_what_others_say_counts_once_the_person_confirms_it(crew):
    number = crew.add("Ben", "Cleo")
    for other in ("Ben", "Ana", "Max"):
        with pytest.raises(UserError, match="only the person credited can"):
            crew.do(contributions.confirm, other, number)
    with crew.database.reading() as store:
        [told] = watching.notices(store, crew.people["Cleo"], crew.now)
        assert [one.id for one in contributions.waiting(store, crew.project, crew.people["Cleo"])] == [number]
    assert told.text == (
        f"Ben proposed credit {number}, example for Theorem a, for you. It counts once you confirm it: "
        f"`confirm {number}`, or `refuse {number}` if it is not so."
    )
    crew.do(contributions.confirm, "Cleo", number)
    assert crew.status(number) == ("confirmed", True)


def test_nobody_is_credited_against_their_will_not_even_by_the_check(crew):
    number = crew.add("Ben", "Cleo")
    crew.do(contributions.refuse, "Cleo", number)
    assert crew.status(number) == ("refused", False)
    with pytest.raises(UserError, match="it is refused"):
        crew.do(contributions.confirm, "Cleo", number)
    [proof] = [one.id for one in crew.snapshot().credit if one.kind == "formal proof"]
    crew.do(contributions.refuse, "Ana", proof)
    assert "formal proof" not in {one.kind for one in crew.snapshot().credit}


def test_a_dispute_needs_evidence_takes_nothing_away_and_is_settled_by_a_maintainer(crew):
    number = crew.add("Ben", "Ben")
    crew.do(contributions.confirm, "Cleo", number)
    with pytest.raises(UserError, match="needs evidence"):
        crew.do(contributions.dispute, "Ana", number, evidence=())
    crew.do(contributions.dispute, "Ana", number, evidence=(f"{LINK}/2",))
    assert crew.status(number) == ("disputed", True)
    [one] = [one for one in crew.snapshot().credit if one.id == number]
    assert (one.evidence, one.objections) == ((LINK,), (f"{LINK}/2",))
    for other in ("Ben", "Cleo"):
        with pytest.raises(UserError, match="settle"):
            crew.do(contributions.confirm, other, number)
    crew.do(contributions.refuse, "Max", number)
    assert crew.status(number) == ("refused", False)


def test_a_correction_takes_the_place_of_what_it_corrects_once_confirmed(crew):
    number = crew.add("Ben", "Cleo")
    crew.do(contributions.confirm, "Cleo", number)
    said = Assertion("Cleo", "counterexample", (LINK,), "thm:b", degree="equal")
    with pytest.raises(UserError, match="cannot correct it"):
        crew.do(contributions.correct, "Ana", number, said)
    new = crew.do(contributions.correct, "Ben", number, said).credit
    assert (new.about, new.status) == (number, "proposed")
    assert crew.status(number) == ("confirmed", True)
    crew.do(contributions.confirm, "Cleo", new.id)
    assert crew.status(number) == ("corrected", False)
    assert {(c.kind, c.node, c.degree) for c in crew.snapshot().credit if c.by_id} == {
        ("counterexample", "thm:b", "equal")
    }


def test_that_it_was_somebody_else_only_a_maintainer_can_say(crew):
    number = crew.add("Ben", "Cleo")
    crew.do(contributions.confirm, "Cleo", number)
    said = Assertion("Ana", "example", (LINK,), "thm:a")
    with pytest.raises(UserError, match="only a maintainer"):
        crew.do(contributions.correct, "Ben", number, said)
    with pytest.raises(UserError, match="only a maintainer"):
        crew.do(contributions.correct, "Max", number, Assertion("Max", "example", (LINK,), "thm:a"))
    new = crew.do(contributions.correct, "Max", number, said).credit.id
    crew.do(contributions.confirm, "Ana", new)
    assert crew.status(number) == ("corrected", False)
    assert crew.status(new) == ("confirmed", True)


def test_what_the_check_found_out_only_a_maintainer_corrects(crew):
    [proof] = [one.id for one in crew.snapshot().credit if one.kind == "formal proof"]
    said = Assertion("Ana", "formal proof", (LINK,), "thm:a", degree="equal")
    with pytest.raises(UserError, match="a maintainer can"):
        crew.do(contributions.correct, "Ana", proof, said)
    new = crew.do(contributions.correct, "Max", proof, said).credit.id
    crew.do(contributions.confirm, "Ana", new)
    [one] = [one for one in crew.snapshot().credit if one.kind == "formal proof"]
    assert (one.id, one.degree, one.checked) == (new, "equal", True)


def test_formal_credit_is_not_for_the_asking(crew):
    with pytest.raises(UserError, match="comes from the check"):
        crew.add("Ben", "Ben", kind="formal proof")
    number = crew.add("Max", "Ben", kind="formal proof")
    crew.do(contributions.confirm, "Ben", number)
    assert not next(one for one in crew.snapshot().credit if one.id == number).checked


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (Assertion("Ben", "exmple", (LINK,)), "did you mean `example`"),
        (Assertion("Ben", "example", ()), "needs evidence"),
        (Assertion("Ben", "example", ("javascript:alert(1)",)), "neither a web address"),
        (Assertion("Ben", "example", ("https://user:word@example.org/",)), "neither a web address"),
        (Assertion("Ben", "example", ("https:///nowhere",)), "neither a web address"),
        (Assertion("Ben", "example", (LINK,), degree="most"), "A degree is `lead`, `equal` or `supporting`"),
        (Assertion("Ben", "example", (LINK,), method="magic"), "A method is `manual`, `copilot`"),
        (Assertion("Ben", "example", (LINK,), method="agent"), "names its tools"),
        (Assertion("Ben", "example", (LINK,), "thm:z"), "There is no node"),
        (Assertion("Nobody", "example", (LINK,)), "Nobody here is called Nobody"),
    ],
)
def test_what_is_not_right_is_not_written_down(crew, said, why):
    with pytest.raises(UserError, match=why):
        crew.do(contributions.add, "Ben", said)
    assert {one.by_id for one in crew.snapshot().contributions} == {None}


def test_the_same_thing_is_not_entered_twice_nor_too_much_at_once(crew, monkeypatch):
    number = crew.add("Ben", "Ben")
    with pytest.raises(UserError, match=f"already, as credit {number}; it is proposed"):
        crew.add("Cleo", "Ben")
    monkeypatch.setattr(contributions, "MOST_PROPOSED", 1)
    with pytest.raises(UserError, match="wait to be confirmed"):
        crew.add("Ben", "Cleo")


def test_visitors_give_no_credit_and_answer_for_their_own(crew):
    with crew.database.begin() as store:
        crew.people["Ola"] = people.add(store, "Ola", Role.VISITOR, crew.now)
    with pytest.raises(UserError, match="need to be a contributor"):
        crew.add("Ola", "Ben")
    number, other = crew.add("Ben", "Ola"), crew.add("Ben", "Ben", kind="review")
    with pytest.raises(UserError, match="need to be a contributor"):
        crew.do(contributions.confirm, "Ola", other)
    crew.do(contributions.confirm, "Ola", number)
    assert crew.status(number) == ("confirmed", True)


def test_how_one_worked_on_a_node_holds_for_what_the_check_credits(crew):
    with crew.database.reading() as store:
        assert not contributions.has_disclosed(store, crew.project, crew.people["Ana"], "thm:a")
    crew.do(contributions.disclose, "Ana", "thm:a", "copilot", ["Lean Copilot", "Lean Copilot", " "])
    with crew.database.reading() as store:
        assert contributions.has_disclosed(store, crew.project, crew.people["Ana"], "thm:a")
        assert not contributions.has_disclosed(store, crew.project, crew.people["Ben"], "thm:a")
    told = {(c.method, c.tools) for c in crew.snapshot().credit if c.node == "thm:a"}
    assert told == {("copilot", ("Lean Copilot",))}
    number = crew.add("Ben", "Ben", method="manual")
    with pytest.raises(UserError, match="how somebody else worked"):
        crew.do(contributions.disclose, "Cleo", number, "manual")
    crew.do(contributions.disclose, "Ben", number, "agent", ["Prover"])
    [one] = [c for c in crew.snapshot().contributions if c.id == number]
    assert (one.method, one.tools) == ("agent", ("Prover",))


def test_whose_credit_is_taken_for_somebody_else_hears_of_it(crew):
    [proof] = [one.id for one in crew.snapshot().credit if one.kind == "formal proof"]
    said = Assertion("Ben", "formal proof", (LINK,), "thm:a")
    new = crew.do(contributions.correct, "Max", proof, said).credit.id
    crew.do(contributions.confirm, "Ben", new)
    with crew.database.reading() as store:
        told = [one.text for one in watching.notices(store, crew.people["Ana"], crew.now)]
    named = f"credit {new}, formal proof for Theorem a,"
    place = f"in place of your credit {proof}. It is"
    assert told[:2] == [
        f"Ben confirmed {named} for themselves, {place} confirmed.",
        f"Max proposed to correct {named} for Ben, {place} proposed.",
    ]


def test_a_hidden_name_is_nowhere_and_the_chain_holds(crew):
    number = crew.add("Ben", "Cleo")
    crew.do(claims.claim, "Max", "thm:b", until=None)
    crew.do(progress.stuck, "Max", "thm:b", "Ben, who knows Cleo, could not help")
    crew.do(informal.split, "Max", "thm:b", ("the case of Ben",))
    crew.do(contributions.dispute, "Ana", number, evidence=(LINK,))
    with crew.database.begin() as store:
        hidden = naming.choose(store, crew.people["Ben"], Naming.HIDDEN)
        naming.choose(store, crew.people["Ana"], Naming.HIDDEN)
        ann = naming.choose(store, crew.people["Cleo"], Naming.PSEUDONYM, "C. Lovelace")
    assert hidden.name == f"somebody #{hidden.id}"
    assert ann.name == "C. Lovelace"
    with crew.database.reading() as store:
        told = [
            notice.text
            for name in crew.people
            for notice in watching.notices(store, crew.people[name], crew.now)
        ]
        assert people.by_name(store, f"#{hidden.id}").id == hidden.id
        with pytest.raises(UserError, match="Nobody here is called Ben"):
            people.by_name(store, "Ben")
    shown = repr(crew.snapshot()) + repr(told)
    for name in ("Ana", "Ben", "Cleo"):
        assert name not in shown
    assert "C. Lovelace" in shown
    assert crew.unbroken()
    crew.people["Cleo"] = ann
    crew.add("Cleo", f"#{hidden.id}")
    with crew.database.begin() as store:
        naming.choose(store, crew.people["Cleo"], Naming.HIDDEN)
        told = [one.text for one in watching.notices(store, hidden, crew.now)]
    assert told
    assert "Lovelace" not in repr(told) + repr(crew.snapshot())
    with crew.database.begin() as store:
        assert naming.choose(store, crew.people["Ben"], Naming.REAL).name == "Ben"


def test_a_pseudonym_that_was_given_up_is_hidden_too_and_stays_nobody_elses(crew):
    with crew.database.begin() as store:
        crew.people["Ben"] = naming.choose(store, crew.people["Ben"], Naming.PSEUDONYM, "Night Owl")
    crew.do(claims.claim, "Max", "thm:b", until=None)
    crew.do(progress.stuck, "Max", "thm:b", "Night Owl could not help")
    with crew.database.begin() as store:
        naming.choose(store, crew.people["Ben"], Naming.PSEUDONYM, "Lark")
        with pytest.raises(UserError, match="already"):
            naming.choose(store, crew.people["Cleo"], Naming.PSEUDONYM, "night owl")
    shown = repr(crew.snapshot())
    assert "Owl" not in shown
    assert "Lark could not help" in shown


@pytest.mark.parametrize("name", ["\u0410na", "\uff21na", "ana\u3164", "A.n.a", "\u3164", "***", "An\u200ba"])
def test_a_pseudonym_does_not_look_like_somebody_else(crew, name):
    with crew.database.begin() as store, pytest.raises(UserError):
        naming.choose(store, crew.people["Ben"], Naming.PSEUDONYM, name)


@pytest.mark.parametrize("name", ["\u0410\u043d\u044f", "Émile \u03a9", "\u5b6b\u5b50", "Anon Y. Mous"])
def test_a_pseudonym_may_be_in_any_alphabet(crew, name):
    with crew.database.begin() as store:
        assert naming.choose(store, crew.people["Ben"], Naming.PSEUDONYM, name).name == name


@pytest.mark.parametrize("way", [(Naming.HIDDEN, None), (Naming.PSEUDONYM, "Night Owl")])
def test_a_name_that_somebody_hides_is_answered_as_one_that_nobody_has(crew, way):
    """A refusal would tell that they are here."""
    with crew.database.begin() as store:
        naming.choose(store, crew.people["Ana"], *way)
        assert naming.choose(store, crew.people["Ben"], Naming.PSEUDONYM, "Ana").name == "Ana"
        assert people.by_name(store, "Ana").id == crew.people["Ben"].id


def test_a_pseudonym_is_nobody_elses_name(crew):
    for name in ("ben", "Ana", "somebody #1", "ChatGPT", "  "):
        with crew.database.begin() as store, pytest.raises(UserError, match="name"):
            naming.choose(store, crew.people["Cleo"], Naming.PSEUDONYM, name)


def test_a_login_is_told_only_of_those_who_go_by_their_own_name(crew):
    with crew.database.begin() as store:
        people.link_git(store, crew.people["Ana"], "12+ana-codes@users.noreply.github.com", crew.now)
    [shown] = [person for person in crew.snapshot().people if person.name == "Ana"]
    assert shown.login == "ana-codes"
    for how in (Naming.PSEUDONYM, Naming.HIDDEN):
        with crew.database.begin() as store:
            naming.choose(store, crew.people["Ana"], how, "A. Nonymous")
        assert {person.login for person in crew.snapshot().people} == {None}
        assert "ana-codes" not in repr(crew.snapshot())


def test_names_of_commits_that_became_a_persons_are_hidden_with_them(crew):
    with crew.database.begin() as store:
        people.link_git(store, crew.people["Ben"], "ana@example.org", crew.now)
        naming.choose(store, crew.people["Ben"], Naming.HIDDEN)
    assert "Ana" not in repr(crew.snapshot())


def test_a_dispute_of_what_nobody_confirmed_leaves_it_to_be_confirmed(crew):
    number = crew.add("Ben", "Cleo")
    crew.do(contributions.dispute, "Ben", number, evidence=(LINK,))
    crew.do(contributions.confirm, "Ben", number)
    assert crew.status(number) == ("proposed", False)
    crew.do(contributions.confirm, "Cleo", number)
    assert crew.status(number) == ("confirmed", True)


def test_a_refactor_takes_no_credit_away_and_gives_none(crew, village):
    before = [(one.person_name, one.kind) for one in crew.snapshot().credit]
    nodes = [village.node("thm:a"), village.node("thm:b", "thm:a")]
    village.commit(village.ben, nodes, "theorem a : A := by", "  omega", "theorem b : B := sorry")
    sync(crew.database, village.folder, crew.now)
    assert [(one.person_name, one.kind) for one in crew.snapshot().credit] == before


def test_who_hides_is_not_named_for_what_they_undid_either(crew, village):
    with crew.database.begin() as store:
        people.link_git(store, crew.people["Ben"], "ben@example.org", crew.now)
        naming.choose(store, crew.people["Ben"], Naming.HIDDEN)
    nodes = [village.node("thm:a"), village.node("thm:b", "thm:a")]
    village.commit(village.ben, nodes, "theorem a : A := sorry", "theorem b : B := sorry")
    [change] = [c for c in sync(crew.database, village.folder, crew.now).changes if c.kind == "regressed"]
    assert change.text.endswith("by somebody #2.")
