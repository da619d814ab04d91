"""Checks with Leans that were kept warm, and with pages of the book, say what cold ones say."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest

from lean_project import pool_client, toolchain_build, toolchain_judge
from lean_project.check import check
from lean_project.facts import Facts
from lean_project.modules import Module
from lean_project.pool import Pool, Stock
from lean_project.pool_door import warm_pool
from lean_project.project import open_project
from lean_project.sandbox_process import NoAnswerError
from lean_project.toolchain import Toolchain, installed
from lean_project.toolchain_build import Builder
from lean_project.toolchain_process import Limits
from lean_project.toolchain_seat import BUILDER, JUDGE, Role, Seat

from .conftest import LeanWorld
from .lean_sources import SOURCES
from .lean_world import write_project

pytestmark = [pytest.mark.lean, pytest.mark.timeout(900)]

# Two modules that share private names and equations of a definition, one that has an axiom, and users of all.
MODULES = {
    "Base": """module
@[expose] public section
def Base.twice : Nat → Nat
  | 0 => 0
  | n + 1 => Base.twice n + 2
inductive Base.Colour where
  | red
  | green
deriving DecidableEq
""",
    "Left": """module
public import Base
@[expose] public section
private theorem aux (n : Nat) : Base.twice (n + 1) = Base.twice n + 2 := by simp [Base.twice]
theorem Left.main (n : Nat) : Base.twice (n + 1) = Base.twice n + 2 := aux n
def Left.value : Nat := Base.twice 2
""",
    "Right": """module
public import Base
@[expose] public section
private theorem aux (n : Nat) : Base.twice (n + 1) = 2 + Base.twice n := by simp [Base.twice]; omega
axiom Right.assumed : Base.twice 3 = 6
theorem Right.main : Base.twice 3 = 6 := Right.assumed
theorem Right.later : Base.Colour.red ≠ Base.Colour.green := sorry
""",
    "Top": """module
public import Left
public import Right
@[expose] public section
def Top.sum : Nat := Left.value + Base.twice 3
theorem Top.main : Top.sum = Left.value + 6 := by unfold Top.sum; rw [Right.main]
theorem Top.honest (n : Nat) : Base.twice (n + 1) = Base.twice n + 2 := Left.main n
theorem Top.colour (c : Base.Colour) : c = .red ∨ c = .green := by cases c <;> simp
""",
    "Plain": "import Top\ntheorem Plain.main : Top.sum = Left.value + 6 := Top.main\n",
}
EDITS = (
    ("Base", "| n + 1 => Base.twice n + 2", "| n + 1 => 2 + Base.twice n"),
    ("Base", "deriving DecidableEq\n", "deriving DecidableEq\ndef Base.unused : Nat := 7\n"),
    ("Left", "Base.twice 2", "Base.twice 1 + 2"),
    ("Left", "def Left.value", "theorem lone : True := trivial\ndef Left.value"),
    ("Right", ":= sorry", ":= by decide"),
    ("Right", "private theorem aux", "private theorem other"),
    ("Right", "theorem Right.main", "theorem lone : 1 = 1 := rfl\ntheorem Right.main"),
    ("Top", ":= Left.main n", ":= sorry"),
    ("Top", "theorem Top.honest", "def Left.secret : Nat := 2\ntheorem Top.honest"),
    ("Plain", ":= Top.main", ":= by rw [Top.main]"),
)
NAMES = ("Top.main", "Right.later", "Nat.add_comm", "Base.twice", "Nowhere.at_all")


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pool]:
    if installed() is None:
        pytest.skip("the embedded Lean is not installed: chantier lean install")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CHANTIER_RUNTIME", str(tmp_path_factory.mktemp("run") / "run"))
        with warm_pool(Stock(1)) as made:
            assert made is not None
            yield made


@pytest.fixture
def lent(pool: Pool) -> Iterator[dict[Role, Seat]]:
    """A pair from the pool, used by one test for one small honest project after another."""
    while pool.health().ready != {"builder": 1, "judge": 1}:
        assert not pool.health().trouble
        time.sleep(0.2)
    toolchain, before = installed(), pool.health().served
    assert toolchain is not None
    with (
        pool_client.seat(toolchain, BUILDER, Limits()) as builder,
        pool_client.seat(toolchain, JUDGE, Limits()) as judge,
    ):
        assert pool.health().served == before + 2
        yield {BUILDER: builder, JUDGE: judge}


@pytest.fixture(autouse=True)
def one_pair(lent: dict[Role, Seat], monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def seat(_toolchain: Toolchain, role: Role, _limits: Limits) -> Iterator[Seat]:
        yield lent[role]

    monkeypatch.setattr(toolchain_build, "seat", seat)
    monkeypatch.setattr(toolchain_judge, "seat", seat)


def test_warm_says_what_cold_says(lean_world: LeanWorld, tmp_path: Path) -> None:
    chosen = ("Honest.Basic", "Honest", "PlainBelow", "PlainAbove", "Opaque", "Field", "Forged", "Broken")
    folder = write_project(tmp_path / "project", {name: SOURCES[name] for name in chosen})
    warm = check(open_project(folder), lean_world.names, cache=tmp_path / "cache").by_name()
    cold = {fact.name: fact for fact in lean_world.agreed.declarations if fact.name in warm}
    assert warm == cold
    assert {"Honest.double_double", "Plain.both", "Forged.after", "Nat.add_comm"} <= warm.keys()


def test_joined_pages_say_what_a_check_from_nothing_says(tmp_path: Path) -> None:
    random, modules = Random(5), dict(MODULES)
    edits = random.sample(EDITS, 5)  # a resident Lean fails after some fifty modules
    whole = joined(tmp_path, modules)
    assert {fact.name for fact in whole.declarations} >= {"Top.main", "Plain.main", "Nat.add_comm"}
    assert whole.by_name()["Plain.main"].axioms == ("Right.assumed",)
    for module, old, new in edits:
        assert old in modules[module]
        modules[module] = modules[module].replace(old, new)
        joined(tmp_path, modules)


def joined(folder: Path, modules: dict[str, str]) -> Facts:
    """The facts of a check with everything in the cache, which are those of a check with artefacts alone."""
    project = open_project(write_project(folder / "project", modules))
    found = check(project, NAMES, cache=folder / "cache")
    shutil.rmtree(folder / "bare", ignore_errors=True)
    shutil.copytree(folder / "cache" / "artefacts", folder / "bare" / "artefacts")
    assert found == check(project, NAMES, cache=folder / "bare")
    return found


def test_only_what_changed_is_judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bytes] = []
    real = toolchain_judge.Judge.judge

    def judge(self: toolchain_judge.Judge, request: bytes) -> bytes:
        asked.append(request)
        return real(self, request)

    monkeypatch.setattr(toolchain_judge.Judge, "judge", judge)
    far = {f"Far{n}": f"module\npublic theorem far{n} : {n} + 0 = {n} := rfl\n" for n in range(3)}
    project = {"Base": MODULES["Base"], **far}
    check(open_project(write_project(tmp_path / "project", project)), (), cache=tmp_path / "cache")
    project["Far1"] += "public theorem more : 1 + 1 = 2 := rfl\n"
    found = check(open_project(write_project(tmp_path / "project", project)), (), cache=tmp_path / "cache")
    assert not found.failed_modules
    assert found.by_name()["more"].refusal is None
    first, second = (request.decode() for request in asked)
    assert b"more".hex() in second
    assert b"Colour".hex() in first
    assert b"Colour".hex() not in second
    assert b"far2".hex() not in second


def test_a_lean_that_dies_is_replaced_and_the_module_tried_again(
    lent: dict[Role, Seat], monkeypatch: pytest.MonkeyPatch
) -> None:
    seats = iter((Seat(lent[BUILDER].folder, _Dead()), lent[BUILDER]))

    @contextmanager
    def seat(*_: object) -> Iterator[Seat]:
        yield next(seats)

    monkeypatch.setattr(toolchain_build, "seat", seat)
    toolchain = installed()
    assert toolchain is not None
    module = Module(("Again",), "Again.lean", b"module\npublic theorem again : 1 = 1 := rfl\n")
    assert "olean" in Builder(toolchain, Limits()).build(module, frozenset()).files


class _Dead:
    """A process that has ended."""

    def wait_for(self, file: Path, seconds: float, most: int = 0) -> bytes:
        raise NoAnswerError("it stopped without an answer")

    def hand_over(self, *places: Path) -> None:
        pass

    def take(self, file: Path, most: int) -> bytes:
        raise NoAnswerError(f"{file.name} cannot be read")
