"""Who wrote a declaration after what happens to real histories; git itself makes these."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from blueprint.errors import UserError
from lean_project.attribution import authors
from lean_project.declaration_text import find
from lean_project.facts import Fact, Kind
from lean_project.history import Lines, Story, story, undone_by
from lean_project.repository import Repository
from lean_project.verdict import Code, Reason

PROOF = """theorem double_is_even (n : Nat) : Even (2 * n) := by
  refine ⟨n, ?_⟩
  rw [Nat.two_mul]
  exact rfl_of_the_sum n
"""
OTHER = """theorem the_sum_of_odds (n : Nat) : sumOdd n = n * n := by
  induction n with
  | zero => simp only [sumOdd, Nat.zero_mul]
  | succ n ih => rw [sumOdd_succ, ih, Nat.succ_mul_succ]
"""
WRAPPED = """theorem the_sum_of_odds (n : Nat) :
    sumOdd n = n * n := by
  induction n with
  | zero =>
    simp only [sumOdd,
      Nat.zero_mul]
  | succ n ih =>
    rw [sumOdd_succ, ih, Nat.succ_mul_succ]
"""


@dataclass
class Workshop:
    """A repository worked on with git as people do it."""

    folder: Path
    hour: int = field(default=0)

    def git(self, *arguments: str, who: str = "Ada", check: bool = True) -> str:
        self.hour += 1
        moment = f"2026-01-05T{self.hour // 60:02}:{self.hour % 60:02}:00Z"
        names = {f"GIT_{role}_NAME": who for role in ("AUTHOR", "COMMITTER")}
        mails = {f"GIT_{role}_EMAIL": f"{who.lower()}@example.org" for role in ("AUTHOR", "COMMITTER")}
        dates = {f"GIT_{role}_DATE": moment for role in ("AUTHOR", "COMMITTER")}
        quiet = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_EDITOR": "true"}
        environment = {"PATH": os.environ["PATH"], **names, **mails, **dates, **quiet}
        done = subprocess.run(
            ["git", *arguments], cwd=self.folder, env=environment, check=check, capture_output=True, text=True
        )
        return done.stdout.strip()

    def commit(self, who: str, message: str = "Work", **files: str) -> str:
        """The keys name Lean files; an empty text takes a file away."""
        for stem, text in files.items():
            file = self.folder / f"{stem}.lean"
            file.write_text(text) if text else file.unlink()
        self.git("add", "--all")
        self.git("commit", "-qm", message, who=who)
        return self.git("rev-parse", "HEAD")

    def wrote(self, stem: str = "A", first: int = 1, last: int = 99) -> dict[str, int]:
        with Repository.open(self.folder) as repo:
            found = authors(repo, repo.head().sha, f"{stem}.lean", first, last)
        return {author.name: author.lines for author in found}


@pytest.fixture
def shop(tmp_path: Path) -> Workshop:
    shop = Workshop(tmp_path)
    shop.git("init", "-q", "-b", "main")
    return shop


def test_a_rebase_keeps_authors(shop: Workshop) -> None:
    shop.commit("Ada", A=PROOF)
    shop.git("checkout", "-qb", "work")
    shop.commit("Ben", A=PROOF + "\n" + OTHER)
    shop.git("checkout", "-q", "main")
    shop.commit("Cleo", B="import A\n")
    shop.git("checkout", "-q", "work")
    shop.git("rebase", "-q", "main", who="Cleo")
    assert shop.wrote() == {"Ada": 4, "Ben": 4}


def test_a_squash_credits_whom_its_message_names(shop: Workshop) -> None:
    shop.commit("Ada", A=PROOF)
    shop.git("checkout", "-qb", "work")
    shop.commit("Ben", A=PROOF + "\n" + OTHER)
    shop.commit("Cleo", A=PROOF + "\n" + OTHER.replace("simp only", "simp"))
    shop.git("checkout", "-q", "main")
    shop.git("merge", "-q", "--squash", "work")
    message = "Sum of odds (#7)\n\nCo-authored-by: Cleo <cleo@example.org>\n"
    shop.git("commit", "-qm", message, who="Ben")
    assert shop.wrote() == {"Ada": 4, "Ben": 4, "Cleo": 4}


def test_a_cherry_pick_keeps_its_author_and_its_twin_changes_nothing(shop: Workshop) -> None:
    shop.commit("Ada", A=PROOF)
    shop.git("checkout", "-qb", "work")
    picked = shop.commit("Ben", A=PROOF + "\n" + OTHER)
    shop.git("checkout", "-q", "main")
    shop.commit("Cleo", B="import A\n")
    shop.git("cherry-pick", picked, who="Cleo")
    shop.git("merge", "-q", "--no-edit", "work", who="Dan")
    assert shop.wrote() == {"Ada": 4, "Ben": 4}


def test_a_file_moved_and_one_split_keep_their_authors(shop: Workshop) -> None:
    shop.commit("Ada", A=PROOF)
    shop.commit("Ben", A=PROOF + "\n" + OTHER)
    (shop.folder / "N").mkdir()
    shop.git("mv", "A.lean", "N/Whole.lean")
    shop.commit("Cleo")
    assert shop.wrote("N/Whole") == {"Ada": 4, "Ben": 4}
    shop.commit(
        "Dan", **{"N/Whole": "", "N/One": "import B\n\n" + PROOF, "N/Two": "import N.One\n\n" + OTHER}
    )
    assert shop.wrote("N/One", 3) == {"Ada": 4}
    assert shop.wrote("N/Two", 3) == {"Ben": 4}


def test_a_revert_of_a_revert_gives_the_lines_to_whoever_did_it(shop: Workshop) -> None:
    """git can tell no more; credit that was given stays in the ledger all the same."""
    shop.commit("Ada", A=PROOF)
    shop.commit("Ben", A=PROOF + "\n" + OTHER)
    shop.git("revert", "--no-edit", "HEAD", who="Cleo")
    assert shop.wrote() == {"Ada": 4}
    shop.git("revert", "--no-edit", "HEAD", who="Dan")
    assert shop.wrote() == {"Ada": 4, "Dan": 4}


def test_laying_out_anew_makes_nobody_an_author(shop: Workshop) -> None:
    shop.commit("Ada", A=PROOF + "\n" + OTHER)
    shop.commit("Fmt", A=PROOF + "\n" + WRAPPED)
    assert shop.wrote() == {"Ada": 12}
    shop.commit("Fmt", A=PROOF.replace("⟨n, ?_⟩", "⟨ n,?_ ⟩") + "\n\n" + WRAPPED)
    assert shop.wrote() == {"Ada": 12}


def test_indenting_and_blank_lines_make_nobody_an_author(shop: Workshop) -> None:
    shop.commit("Ada", A=PROOF)
    shop.commit("Fmt", A="namespace N\n\n" + "".join(f"  {line}\n\n" for line in PROOF.splitlines()))
    assert shop.wrote(first=3) == {"Ada": 4}


def test_who_formats_and_adds_wrote_what_they_added(shop: Workshop) -> None:
    shop.commit("Ada", A=PROOF)
    shop.commit("Ben", A=PROOF.replace("  ", "    ") + "\n" + OTHER)
    assert shop.wrote() == {"Ada": 4, "Ben": 4}


def test_commits_that_the_project_ignores_are_looked_through(shop: Workshop) -> None:
    shop.commit("Ada", A=PROOF)
    renamed = shop.commit("Ren", A=PROOF.replace("Nat.two_mul", "Nat.twoMul"))
    assert shop.wrote() == {"Ada": 3, "Ren": 1}
    (shop.folder / ".git-blame-ignore-revs").write_text(
        f"# renamed by a script\n{renamed}  # all of it\n{'f' * 40}\n--contents=/etc/passwd\n{renamed[:10]}\n"
    )
    shop.commit("Cleo")
    assert shop.wrote() == {"Ada": 4}


def test_an_ignore_list_in_the_work_tree_does_not_count(shop: Workshop) -> None:
    shop.commit("Ada", A=PROOF)
    other = shop.commit("Ben", A=PROOF.replace("Nat.two_mul", "Nat.twoMul"))
    (shop.folder / ".git-blame-ignore-revs").write_text(f"{other}\n")
    assert shop.wrote() == {"Ada": 3, "Ben": 1}


# The story of a declaration

SORRY = """theorem double_is_even (n : Nat) : Even (2 * n) := by
  -- no sorry will stay here
  sorry
"""


def story_of(shop: Workshop, stem: str = "A", name: str = "Num.double_is_even") -> Story:
    text = (shop.folder / f"{stem}.lean").read_text()
    with Repository.open(shop.folder) as repo:
        first, last = find(text, name, 1) or (0, 0)
        return story(repo, Lines(repo.head().sha, f"{stem}.lean", first, last), name)


def test_who_brought_it_in_and_who_made_it_pass(shop: Workshop) -> None:
    shop.commit("Ada", A="import B\n")
    introduced = shop.commit("Ben", A="import B\n\n" + SORRY + "\n" + OTHER)
    passed = shop.commit("Cleo", A="import B\n\n" + PROOF + "\n" + OTHER)
    assert story_of(shop) == Story(introduced, passed)
    shop.commit("Dan", A="import B\n\n" + PROOF.replace("refine", "exact") + "\n" + OTHER)
    assert story_of(shop) == Story(introduced, passed)
    assert story_of(shop, name="the_sum_of_odds") == Story(introduced, introduced)


def test_with_a_sorry_it_never_passed(shop: Workshop) -> None:
    introduced = shop.commit("Ada", A=SORRY)
    assert story_of(shop) == Story(introduced, None)


def test_after_a_relapse_it_passed_when_it_was_mended(shop: Workshop) -> None:
    introduced = shop.commit("Ada", A=PROOF)
    shop.commit("Ben", A=SORRY)
    mended = shop.commit("Cleo", A=PROOF)
    assert story_of(shop) == Story(introduced, mended)


def test_the_story_goes_on_through_moves_splits_and_formatting(shop: Workshop) -> None:
    introduced = shop.commit("Ada", A=OTHER + "\n" + SORRY)
    passed = shop.commit("Ben", A=OTHER + "\n" + PROOF)
    shop.git("mv", "A.lean", "B.lean")
    shop.commit("Cleo")
    moved = PROOF.replace("rw [Nat.two_mul]", "simp only [Nat.two_mul]")
    shop.commit("Dan", B=OTHER, C="import B\n\nnamespace Num\n\n" + moved + "\nend Num\n")
    shop.commit("Fmt", C="import B\n\nnamespace Num\n\n" + moved.replace("  ", "\n    ") + "\nend Num\n")
    assert story_of(shop, "C") == Story(introduced, passed)


def test_a_squashed_and_a_rebased_branch_are_told_by_what_is_there(shop: Workshop) -> None:
    introduced = shop.commit("Ada", A=SORRY)
    shop.git("checkout", "-qb", "work")
    shop.commit("Ben", A=PROOF.replace("refine", "exact"))
    shop.commit("Ben", A=PROOF)
    shop.git("checkout", "-q", "main")
    shop.commit("Cleo", B="import A\n")
    shop.git("merge", "-q", "--squash", "work")
    shop.git("commit", "-qm", "Prove it (#3)", who="Ben")
    assert story_of(shop) == Story(introduced, shop.git("rev-parse", "HEAD"))


def test_a_shallow_clone_tells_nothing_it_cannot_know(shop: Workshop, tmp_path: Path) -> None:
    shop.commit("Ada", A=PROOF)
    shop.commit("Ben", B="import A\n")
    source, there = shop.folder.as_uri(), shop.folder / "shallow"
    subprocess.run(["git", "clone", "-q", "--depth=1", source, there], check=True)
    with Repository.open(there) as repo:
        assert story(repo, Lines(repo.head().sha, "A.lean", 1, 4), "double_is_even") == Story()


# Who undid it


def undone(shop: Workshop, before: str, *reasons: Reason) -> str | None:
    known = {"x": Fact("x", Kind.THEOREM, True, "A", file="A.lean", line=1, end_line=3)}
    with Repository.open(shop.folder) as repo:
        found = undone_by(repo, before, repo.head().sha, reasons, known)
    return found and found.author_name


RESTS = Reason(Code.SORRY_BELOW, "It rests on sorry.", "main", ("main", "x", "sorryAx"))
ABSENT = Reason(Code.MISSING, "It does not exist.", "Num.double_is_even")


def test_a_later_sorry_names_its_author(shop: Workshop) -> None:
    before = shop.commit("Ada", A=PROOF)
    shop.commit("Ben", A=SORRY)
    shop.commit("Cleo", B="import A\n")
    assert undone(shop, before, RESTS) == "Ben"


def test_a_revert_names_who_reverted(shop: Workshop) -> None:
    shop.commit("Ada", A=OTHER)
    before = shop.commit("Ben", A=OTHER + "\n" + PROOF)
    shop.commit("Ada", B="import A\n")
    shop.git("revert", "--no-edit", "HEAD~1", who="Cleo")
    shop.commit("Ada", B="import A\n\n")
    assert undone(shop, before, ABSENT) == "Cleo"


def test_a_merge_undid_nothing_by_itself(shop: Workshop) -> None:
    before = shop.commit("Ada", A=PROOF)
    shop.git("checkout", "-qb", "work")
    shop.commit("Ben", A=SORRY)
    shop.git("checkout", "-q", "main")
    shop.commit("Cleo", B="import A\n")
    shop.git("merge", "-q", "--no-edit", "work", who="Dan")
    assert undone(shop, before, RESTS) == "Ben"


def test_where_nobody_touched_it_the_newest_is_named(shop: Workshop) -> None:
    before = shop.commit("Ada", A=PROOF)
    shop.commit("Ben", B="import A\n")
    assert undone(shop, before, RESTS) == "Ben"
    assert undone(shop, before) == "Ben"


def test_rewritten_history_is_an_error_for_people(shop: Workshop) -> None:
    shop.commit("Ada", A=PROOF)
    with pytest.raises(UserError):
        undone(shop, "f" * 40, RESTS)


def test_another_of_the_same_name_is_not_its_past(shop: Workshop) -> None:
    shop.commit("Ada", A="theorem A.key : 1 + 1 = 2 := by\n  exact some_other_thing_entirely\n")
    introduced = shop.commit("Ben", A="", B="theorem B.key (n : Nat) : n ∣ n * n := Nat.dvd_mul_right n n\n")
    assert story_of(shop, "B", "B.key") == Story(introduced, introduced)
