"""Our own examples of Lean that tries to look proved, and of honest changes, as the real Lean judges them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from blueprint.graph import Flags, Node, Part, Place
from lean_project.check import check
from lean_project.company import is_loud
from lean_project.facts import STANDARD_AXIOMS, Facts
from lean_project.meaning import meaning, moved
from lean_project.modules import Module
from lean_project.project import open_project
from lean_project.toolchain import installed
from lean_project.verdict import Verdict, judge

from .honest_sources import CHANGES, HARMFUL, HARMLESS, THEOREMS, after, before
from .lean_world import renamed, write_project

pytestmark = [pytest.mark.lean, pytest.mark.timeout(900)]

CHEATS = {
    file.stem: file.read_text("utf-8") for file in sorted((Path(__file__).parent / "cheats").glob("*.lean"))
}
# The first line of each: how far `Proj.main` is, and what a reason or its statement holds, what the statement
# uses, or what readers are warned of.
SAYS = re.compile(r"-- SAY (?P<formal>\w+)(?: (?P<how>BECAUSE|SHOWS|USES|WARNS) (?P<what>.*))?\n")
OUTSIDE = Path("/tmp/chantier-was-here")


@dataclass(frozen=True)
class Worlds:
    """What was found before the changes, the cheats included, and after them."""

    before: Facts
    after: Facts


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Worlds:
    if installed() is None:
        pytest.skip("the embedded Lean is not installed: chantier lean install")
    folder, cache = tmp_path_factory.mktemp("own"), tmp_path_factory.mktemp("cache")
    OUTSIDE.unlink(missing_ok=True)
    names = tuple(f"{space(stem)}.main" for stem in CHEATS)
    first = check(open_project(write_project(folder / "one", before() | cheats())), names, cache=cache)
    second = check(open_project(write_project(folder / "two", after())), (), cache=cache)
    return Worlds(first, second)


def space(stem: str) -> str:
    return "Own" + "".join(word.capitalize() for word in stem.split("_"))


def cheats() -> dict[str, str]:
    """Each in a namespace of its own. The loud ones import one another in a row, to share a process."""
    made: dict[str, str] = {}
    last = None
    for stem, text in CHEATS.items():
        name, source = f"M{space(stem)}", renamed(text, space(stem))
        if is_loud(Module((name,), "", source.encode(), (), (("Lean",),) if "import Lean" in source else ())):
            if last:
                head, _, rest = source.partition("\n")
                source = f"{head}\nimport {last}\n{rest}"
            last = name if SAYS.match(text) and "absent" not in text.partition("\n")[0] else last
        made[name] = source
    return made


def verdict(facts: Facts, name: str) -> Verdict:
    part = Part(Place("web.tex", 1), lean=(name,))
    claimed = Flags(False, False, False, False, False, False)
    return judge(Node("main", "theorem", part, claimed), facts.by_name(), STANDARD_AXIOMS)


@pytest.mark.parametrize("stem", CHEATS)
def test_a_cheat_gets_what_its_first_line_says(worlds: Worlds, stem: str) -> None:
    wanted = SAYS.match(CHEATS[stem])
    assert wanted
    name = f"{space(stem)}.main"
    ruled, fact = verdict(worlds.before, name), worlds.before.by_name().get(name)
    failed = [
        m.text for m in worlds.before.messages if m.file == f"M{space(stem)}.lean" and m.severity == "error"
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
            w for f in worlds.before.declarations if f.module == f"M{space(stem)}" for w in f.warnings
        ),
    }[wanted["how"]]
    assert renamed(wanted["what"] or "", space(stem)) in seen


def test_no_code_of_a_project_reaches_the_host(worlds: Worlds) -> None:
    assert worlds.before
    assert not OUTSIDE.exists()


@pytest.mark.parametrize("name", CHANGES)
def test_what_people_change_builds(worlds: Worlds, name: str) -> None:
    for facts in (worlds.before, worlds.after):
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
def test_what_changes_no_meaning_never_alarms(worlds: Worlds, name: str) -> None:
    assert prints(worlds.before, name) == prints(worlds.after, name)


@pytest.mark.parametrize("name", HARMFUL)
def test_what_changes_a_meaning_is_named(worlds: Worlds, name: str) -> None:
    was, now = prints(worlds.before, name), prints(worlds.after, name)
    assert {theorem for theorem in THEOREMS if was[theorem] != now[theorem]} == set(HARMFUL[name].moves)
    for theorem, culprit in HARMFUL[name].moves.items():
        whole = f"In{name}.{theorem}"
        assert f"In{name}.{culprit}" in moved(meaning(worlds.before, whole), meaning(worlds.after, whole))
