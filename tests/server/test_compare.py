"""`chantier compare` on real git repositories; only the LaTeX and the Lean are played."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from blueprint import graph as graphs
from blueprint.errors import UserError
from blueprint.graph import Graph
from lean_project.comparison import Comparison
from lean_project.repository import Repository
from lean_project.topics import Topic
from server import inspection
from server.cli import compare as verb
from server.proposals import compared

from .conftest import Village


class Change:
    """A branch in a repository of the village, made with git itself."""

    def __init__(self, village: Village) -> None:
        self.village, self.folder = village, village.folder
        self.nodes = [village.node("thm:a"), village.node("thm:b", "thm:a")]
        village.commit(village.ana, self.nodes, "theorem a : A := by simp", "theorem b : B := sorry")
        self.git("checkout", "-q", "-b", "change")

    def git(self, *words: str) -> str:
        identity = ["-c", "user.name=Ana", "-c", "user.email=ana@example.org"]
        command = ["git", *identity, *words]
        return subprocess.run(
            command, cwd=self.folder, check=True, capture_output=True, text=True
        ).stdout.strip()

    def write(self, **files: str) -> None:
        for name, text in files.items():
            file = self.folder / name.replace("__", "/").replace("_dot_", ".").replace("_dash_", "-")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")

    def commit(self, *theorems: str) -> None:
        if theorems:
            (self.folder / "Main.lean").write_text("\n".join((*theorems, "")), "utf-8")
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "a change")

    def compared(self, base: str = "main", head: str = "change") -> Comparison:
        with Repository.open(self.folder) as repository:
            return compared(repository, repository.resolve(base), repository.resolve(head))

    def topics(self) -> list[tuple[Topic, str | None]]:
        return [
            (one.topic, one.node or one.file)
            for one in self.compared().changes
            if one.topic is not Topic.DRIFT
        ]


@pytest.fixture
def change(village: Village) -> Change:
    return Change(village)


def run(change: Change, *words: str) -> Result:
    return CliRunner().invoke(verb.command, ["main", "change", "--folder", str(change.folder), *words])


def test_a_proof_gains_and_a_sorry_loses(change: Change) -> None:
    change.commit("theorem a : A := sorry", "theorem b : B := by simp")
    assert (Topic.REGRESSED, "thm:a") in change.topics()
    change.commit("theorem a : A := by simp", "theorem b : B := by simp")
    assert change.topics() == [(Topic.GAINED, "thm:b")]


def test_the_work_tree_is_left_alone_and_not_read(change: Change) -> None:
    change.commit("theorem a : A := by simp", "theorem b : B := by simp")
    change.write(Main_dot_lean="broken\n", new_dot_txt="")
    before = change.git("status", "--porcelain"), change.git("rev-parse", "HEAD")
    assert change.topics() == [(Topic.GAINED, "thm:b")]
    assert (change.git("status", "--porcelain"), change.git("rev-parse", "HEAD")) == before


def test_build_files_and_settings_of_the_base_count(change: Change, monkeypatch: pytest.MonkeyPatch) -> None:
    """The change allows itself an axiom and brings a toolchain of its own."""
    seen: list[tuple[str, frozenset[str]]] = []
    played = inspection.check

    def check(project, names, progress=None):  # type: ignore[no-untyped-def]
        toolchain = project.lean_root / "lean-toolchain"
        seen.append((toolchain.read_text() if toolchain.exists() else "", project.allowed_axioms))
        return played(project, names, progress)

    change.git("checkout", "-q", "main")
    change.write(lean_dash_toolchain="v1\n", chantier_dot_toml='[lean]\naxioms = ["own"]\n')
    change.commit()
    change.git("checkout", "-q", "-B", "change")
    change.write(lean_dash_toolchain="v2\n", chantier_dot_toml='[lean]\naxioms = ["own", "cheat"]\n')
    change.write(lakefile_dot_lean="evil", _dot_github__workflows__ci_dot_yml="on: push")
    change.commit()
    monkeypatch.setattr(inspection, "check", check)
    found = change.compared()
    assert [toolchain for toolchain, _ in seen] == ["v1\n", "v1\n"]
    assert all("cheat" not in allowed for _, allowed in seen)
    assert found.files.toolchain == ("v1", "v2")
    assert found.files.changed == (
        ".github/workflows/ci.yml",
        "chantier.toml",
        "lakefile.lean",
        "lean-toolchain",
    )


def test_a_lakefile_of_the_change_that_the_base_lacks_is_not_there_when_it_is_built(
    change: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    change.write(lakefile_dot_toml__trap="a folder in place of a file")
    change.commit()
    seen: list[bool] = []
    played = inspection.check

    def check(project, names, progress=None):  # type: ignore[no-untyped-def]
        seen.append((project.lean_root / "lakefile.toml").exists())
        return played(project, names, progress)

    monkeypatch.setattr(inspection, "check", check)
    change.compared()
    assert seen == [False, False]


def test_nodes_that_the_change_adds_are_asked_about(change: Change) -> None:
    nodes = [*change.nodes, change.village.node("thm:c", "thm:b")]
    (change.folder / "blueprint/src/web.tex").write_bytes(graphs.encode(Graph(tuple(nodes))))
    change.commit("theorem a : A := by simp", "theorem b : B := sorry", "theorem c : C := by simp")
    found = change.compared()
    assert (Topic.ADDED, "thm:c") in [(one.topic, one.node) for one in found.changes]
    assert (Topic.TRUSTED, "blueprint/src/web.tex") in [(one.topic, one.file) for one in found.changes]
    assert (found.before.nodes, found.after.nodes) == (2, 3)


def test_a_blueprint_that_cannot_be_read_is_a_note(change: Change, monkeypatch: pytest.MonkeyPatch) -> None:
    (change.folder / "blueprint/src/web.tex").unlink()
    change.commit("theorem a : A := by simp", "theorem b : B := by simp")
    read = inspection.read

    def strict(web_tex: Path, root: Path) -> Graph:
        if not web_tex.exists():
            raise UserError("There is no web.tex.")
        return read(web_tex, root)

    monkeypatch.setattr(inspection, "read", strict)
    found = change.compared()
    assert found.notes == ("The blueprint of the change cannot be read: There is no web.tex.",)
    assert (Topic.GAINED, "thm:b") in [(one.topic, one.node) for one in found.changes]


def test_a_change_that_is_behind_its_base_is_told_so(change: Change) -> None:
    change.commit("theorem a : A := by simp", "theorem b : B := sorry", "theorem z : Z := by simp")
    change.git("checkout", "-q", "main")
    change.commit("theorem a : A := by simp", "theorem b : B := by simp")
    found = change.compared()
    assert "rebase or merge" in found.notes[0]
    assert change.compared("main", "main").notes == ()


@pytest.mark.parametrize("revision", ["nothing", "--upload-pack=x", "a\nb", "HEAD~99", ""])
def test_a_commit_that_is_not_there(change: Change, revision: str) -> None:
    with Repository.open(change.folder) as repository, pytest.raises(UserError):
        repository.resolve(revision)


def test_the_command_fails_by_policy(change: Change) -> None:
    change.commit("theorem a : A := sorry", "theorem b : B := sorry")
    assert run(change).exit_code == 1
    assert run(change, "--fail-on", "none").exit_code == 0
    assert run(change, "--fail-on", "refused").exit_code == 0
    wrong = run(change, "--fail-on", "everything")
    assert isinstance(wrong.exception, UserError)


def test_the_formats(change: Change) -> None:
    change.commit("theorem a : A := by simp", "theorem b : B := by simp")
    assert run(change, "--format", "markdown").stdout.startswith("<!-- chantier compare -->\n### 2 of 2")
    document = json.loads(run(change, "--format", "json").stdout)
    assert [one["node"] for one in document["changes"] if one["topic"] == "gained"] == ["thm:b"]
    assert document["before"] == {"verified": 1, "nodes": 2}
    assert "thm:b: is verified." in run(change).stdout
