"""The demo's repository: its history is honest, it ends in the showcase, and nobody's work is lost."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from blueprint.errors import UserError
from lean_project.attribution import authors
from lean_project.project import open_project
from lean_project.repository import Repository
from server import demo
from server.demo_history import CREW, MAILMAP_FILE, history, theorems, without_proofs

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
LEAN = """\
/-- One. -/
theorem one : 1 = 1 := by
  rfl

@[simp] theorem two (n : Nat) :
    n = n :=
  have h : n = n := rfl

  h

def three := 3

theorem open_end : 2 = 2 := by
  sorry

end X
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    demo.make(tmp_path / "demo", NOW)
    return tmp_path / "demo"


@pytest.fixture
def showcase(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the showcase that a test may change, in the place of the shipped one."""
    copy = tmp_path / "shipped"
    shutil.copytree(demo.SHOWCASE, copy)
    monkeypatch.setattr(demo, "shipped", lambda: demo._files(copy))
    return copy


def head(folder: Path) -> str:
    with Repository.open(folder) as repo:
        return repo.head().sha


def commit(folder: Path, name: str) -> None:
    (folder / name).write_text("mine")
    subprocess.run(["git", "add", name], cwd=folder, check=True)
    identity = ["-c", "user.name=Me", "-c", "user.email=me@example.org"]
    subprocess.run(["git", *identity, "commit", "-q", "-m", "Mine"], cwd=folder, check=True)


def test_the_last_commit_is_the_showcase(folder: Path) -> None:
    with Repository.open(folder) as repo:
        files = dict(repo.files(repo.head().sha))
    assert files.pop(MAILMAP_FILE)
    assert files == demo.shipped()
    assert demo._files(folder) == files | {MAILMAP_FILE: (folder / MAILMAP_FILE).read_bytes()}
    assert open_project(folder).web_tex.is_file()


def test_the_history_shows_what_histories_hold(folder: Path) -> None:
    with Repository.open(folder) as repo:
        log = repo.log(repo.head().sha)
    assert len(log) > 20
    assert {c.author_name for c in log if "[bot]" not in c.author_name} == {person.name for person in CREW}
    assert sum(len(c.parents) > 1 for c in log) == 1
    assert sum("[bot]" in c.author_name for c in log) == 1
    assert any(c.coauthors for c in log)
    assert all(c.author_email.endswith("example.org") for c in log)
    assert max(c.at for c in log) <= NOW


def test_every_proof_was_open_before_it_was_found() -> None:
    final = demo.shipped()
    trees = [revision.files for revision in history(final, NOW)]
    for name in (n for n in final if n.startswith("Showcase/")):
        open_proofs = [tree[name].decode().count("sorry") for tree in trees if name in tree]
        assert open_proofs[0] == max(open_proofs) > min(open_proofs) == open_proofs[-1]
    assert not any(b"\\leanok" in data for n, data in trees[0].items() if "/chapters/" in n)


def test_authors_of_a_declaration_are_who_stated_and_who_proved_it(folder: Path) -> None:
    with Repository.open(folder) as repo:
        sha = repo.head().sha
        lines = repo.text(sha, "Showcase/Roots.lean").splitlines()
        first = next(n for n, line in enumerate(lines, 1) if line.startswith("theorem sqrt_two"))
        found = authors(repo, sha, "Showcase/Roots.lean", first, first + 9)
        everybody = authors(repo, sha, "Showcase/Pigeonhole.lean", 1, 999)
    assert len(found) == 2
    assert found[0].lines > found[1].lines == 1
    assert {person.email for person in everybody} <= {person.email for person in CREW}
    assert "Emil Demo" in {person.name for person in everybody}


def test_the_hashes_are_the_same_every_time(folder: Path, tmp_path: Path) -> None:
    demo.make(tmp_path / "again", NOW.replace(year=2031))
    assert head(tmp_path / "again") == head(folder)


def test_a_clock_that_is_behind_makes_no_commit_of_the_future(tmp_path: Path) -> None:
    early = datetime(2025, 1, 1, tzinfo=UTC)
    assert max(revision.at for revision in history(demo.shipped(), early)) <= early


def test_making_it_again_changes_nothing(folder: Path) -> None:
    before = (folder / ".git").stat().st_ino
    demo.make(folder, NOW)
    assert (folder / ".git").stat().st_ino == before


def test_a_new_showcase_is_taken_over(tmp_path: Path, showcase: Path) -> None:
    demo.make(tmp_path / "demo", NOW)
    (showcase / "README.md").write_text("New")
    demo.make(tmp_path / "demo", NOW)
    assert (tmp_path / "demo/README.md").read_text() == "New"
    assert not (tmp_path / "demo.new").exists()


@pytest.mark.parametrize("work", ["commit", "branch", "edit", "untracked", "stash"])
def test_work_in_the_demo_is_never_lost(tmp_path: Path, showcase: Path, work: str) -> None:
    folder = tmp_path / "demo"
    demo.make(folder, NOW)
    if work == "commit":
        commit(folder, "mine.txt")
    elif work == "branch":
        subprocess.run(["git", "checkout", "-q", "-b", "mine"], cwd=folder, check=True)
        commit(folder, "mine.txt")
        subprocess.run(["git", "checkout", "-q", "main"], cwd=folder, check=True)
    else:
        (folder / ("mine.txt" if work == "untracked" else "README.md")).write_text("mine")
    if work == "stash":
        identity = ["-c", "user.name=Me", "-c", "user.email=me@example.org"]
        subprocess.run(["git", *identity, "stash", "-q"], cwd=folder, check=True)
    before = {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    (showcase / "README.md").write_text("New")
    demo.make(folder, NOW)
    assert {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()} == before


def test_another_folder_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    with pytest.raises(UserError, match="is not the demo's repository"):
        demo.make(tmp_path, NOW)
    assert (tmp_path / "mine").read_text() == "mine"


def test_theorems_with_a_proof_are_found() -> None:
    assert theorems(LEAN) == ("one", "two")


def test_proofs_are_left_out_whole() -> None:
    less = without_proofs(LEAN, frozenset({"one"}))
    assert "  rfl" in less
    assert "n = n := by\n  sorry\n\ndef three" in less
    assert "have h" not in less
    assert without_proofs(LEAN, frozenset({"one", "two"})) == LEAN
