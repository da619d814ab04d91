"""Our own examples of Lean that tries to look proved, and of honest changes, as the real Lean judges them."""

from __future__ import annotations

import pytest

from blueprint.graph import Flags, Node, Part, Place
from lean_project.axioms import STANDARD_AXIOMS
from lean_project.facts import Facts
from lean_project.meaning import meaning, moved
from lean_project.verdict import Verdict, judge

from .conftest import LeanWorld
from .honest_sources import CHANGES, HARMFUL, HARMLESS, THEOREMS
from .lean_world import renamed
from .own_cheats import CHEATS, SAYS, own_space

pytestmark = [pytest.mark.lean, pytest.mark.timeout(900)]


def verdict(facts: Facts, name: str) -> Verdict:
    part = Part(Place("web.tex", 1), lean=(name,))
    claimed = Flags(False, False, False, False, False, False)
    return judge(Node("main", "theorem", part, claimed), facts.by_name(), STANDARD_AXIOMS)


@pytest.mark.parametrize("stem", CHEATS)
def test_a_cheat_gets_what_its_first_line_says(lean_world: LeanWorld, stem: str) -> None:
    wanted = SAYS.match(CHEATS[stem])
    assert wanted
    name = f"{own_space(stem)}.main"
    ruled, fact = verdict(lean_world.agreed, name), lean_world.agreed.by_name().get(name)
    failed = [
        m.text
        for m in lean_world.agreed.messages
        if m.file == f"M{own_space(stem)}.lean" and m.severity == "error"
    ]
    found = ruled.proof or ruled.statement
    assert found.formal == wanted["formal"], (found, fact, failed)
    assert bool(failed) <= (wanted["formal"] == "absent")
    reasons = " ".join(reason.text for reason in (*ruled.statement.reasons, *found.reasons))
    seen = {
        None: "",
        "BECAUSE": reasons,
        "SHOWS": fact.statement if fact else "",
        "USES": " ".join(fact.type_uses) if fact else "",
        "WARNS": " ".join(
            w for f in lean_world.agreed.declarations if f.module == f"M{own_space(stem)}" for w in f.warnings
        ),
    }[wanted["how"]]
    assert renamed(wanted["what"] or "", own_space(stem)) in seen


@pytest.mark.parametrize("name", CHANGES)
def test_what_people_change_builds(lean_world: LeanWorld, name: str) -> None:
    for facts in (lean_world.agreed, lean_world.submitted):
        assert [m.text for m in facts.messages if m.file.startswith(name) and m.severity == "error"] == []
        own = [fact for fact in facts.declarations if fact.name.startswith(f"In{name}.")]
        assert {fact.name.rpartition(".")[2] for fact in own} >= THEOREMS
        assert {fact.name: fact.refusal for fact in own if fact.refusal} == {}
        assert {fact.name: fact.warnings for fact in own if fact.warnings} == {}


def prints(facts: Facts, name: str) -> dict[str, tuple[str | None, str | None]]:
    known = facts.by_name()
    found = {theorem: known[f"In{name}.{theorem}"] for theorem in THEOREMS}
    return {theorem: (fact.fingerprint, fact.deep_fingerprint) for theorem, fact in found.items()}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_changes_no_meaning_never_alarms(lean_world: LeanWorld, name: str) -> None:
    assert prints(lean_world.agreed, name) == prints(lean_world.submitted, name)


@pytest.mark.parametrize("name", HARMFUL)
def test_what_changes_a_meaning_is_named(lean_world: LeanWorld, name: str) -> None:
    was, now = prints(lean_world.agreed, name), prints(lean_world.submitted, name)
    assert {theorem for theorem in THEOREMS if was[theorem] != now[theorem]} == set(HARMFUL[name].moves)
    for theorem, culprit in HARMFUL[name].moves.items():
        whole = f"In{name}.{theorem}"
        assert f"In{name}.{culprit}" in moved(
            meaning(lean_world.agreed, whole), meaning(lean_world.submitted, whole)
        )
