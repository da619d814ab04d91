"""Which modules a project has, in which order, and what stands in the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from blueprint.errors import UserError
from lean_project.modules import Import, Library, ModuleName, discover, imports
from lean_project.project import open_project

from .lean_world import write_project


def core(name: ModuleName) -> bool:
    return name[0] in {"Init", "Std", "Lean"}


def library(folder: Path) -> Library:
    return discover(open_project(folder), core)


def order(folder: Path) -> list[str]:
    return [".".join(module.name) for module in library(folder).modules]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("", []),
        ("theorem x : True := trivial\nimport No", []),
        ("import A\n\nimport B.C", [(("A",), 1), (("B", "C"), 3)]),
        ("import A B\nimport No", [(("A",), 1)]),
        ("module\npublic import A\nmeta import B\npublic meta import C\nimport all D", "ABCD"),
        ("prelude import A", [(("A",), 1)]),
        ("/- import No /- nested -/ import No -/ -- import No\nimport A.B", [(("A", "B"), 2)]),
        ("import «A b».C", [(("A b", "C"), 1)]),
        ("/- never closed import A", []),
        ("import", []),
    ],
)
def test_imports(source: str, expected: object) -> None:
    found = list(imports(source))
    if expected == "ABCD":
        assert [entry.name for entry in found] == [(letter,) for letter in "ABCD"]
    else:
        assert found == [Import(*entry) for entry in expected]  # type: ignore[attr-defined]


def test_what_is_imported_comes_first(tmp_path: Path) -> None:
    write_project(tmp_path, {"A": "import A.X\nimport A.Y\n", "A.X": "import A.Y\n", "A.Y": "import Init\n"})
    assert order(tmp_path) == ["A.Y", "A.X", "A"]
    assert library(tmp_path).modules[0].core == (("Init",),)


def test_the_ends_of_lines_are_not_part_of_a_source(tmp_path: Path) -> None:
    text = "import A.X\ntheorem a : True := by\n  trivial\n"
    found = []
    for end in ("\n", "\r\n"):
        folder = tmp_path / str(len(end))
        folder.mkdir()
        write_project(folder, {"A": "", "A.X": ""})
        (folder / "A.lean").write_bytes(text.replace("\n", end).encode())
        found.append(library(folder).modules)
    assert found[0] == found[1]
    assert found[0][-1].source == text.encode()


def test_an_unknown_import_is_a_finding_with_its_line(tmp_path: Path) -> None:
    write_project(tmp_path, {"A": "\nimport Mathlib\n"})
    (finding,) = library(tmp_path).findings
    assert (finding.module, finding.line) == (("A",), 2)
    assert "Mathlib" in finding.text
    assert "lake" in finding.text


def test_a_cycle_is_a_finding_for_each_module_on_it(tmp_path: Path) -> None:
    write_project(tmp_path, {"A": "import B\n", "B": "import C\n", "C": "import B\n", "D": ""})
    found = library(tmp_path)
    assert {finding.module for finding in found.findings} == {("B",), ("C",)}
    assert {module.name for module in found.modules} == {("A",), ("B",), ("C",), ("D",)}


def test_a_module_may_not_take_the_name_of_leans_own(tmp_path: Path) -> None:
    write_project(tmp_path, {"Init": "", "A": ""})
    assert [finding.module for finding in library(tmp_path).findings] == [("Init",)]


@pytest.mark.parametrize(
    ("lakefile", "expected"),
    [
        ('[[lean_lib]]\nname = "A"', ["A"]),
        ('[[lean_lib]]\nname = "L"\nroots = ["B"]', ["B"]),
        ('[[lean_lib]]\nname = "L"\nglobs = ["A.*"]', ["A", "A.X"]),
        ('[[lean_lib]]\nname = "L"\nglobs = ["A.+"]', ["A.X"]),
        ('[[lean_lib]]\nname = "S"\nsrcDir = "src"', ["S"]),
        ('srcDir = "src"\n[[lean_lib]]\nname = "S"', ["S"]),
    ],
)
def test_the_lakefile_says_where_to_begin(tmp_path: Path, lakefile: str, expected: list[str]) -> None:
    write_project(tmp_path, {"A": "", "A.X": "", "B": "", "src.S": ""})
    tmp_path.joinpath("lakefile.toml").write_text(lakefile, "utf-8")
    assert order(tmp_path) == expected


def test_the_settings_may_name_the_modules(tmp_path: Path) -> None:
    tmp_path.joinpath("A.lean").write_text("", "utf-8")
    tmp_path.joinpath("chantier.toml").write_text('[lean]\nlibraries = ["A"]\n', "utf-8")
    assert order(tmp_path) == ["A"]


@pytest.mark.parametrize(
    ("lakefile", "words"),
    [
        (None, "no lakefile.toml"),
        ("name = ", "not valid TOML"),
        ("x = " + "[" * 5000, "not valid TOML"),
        ("x = " + "1" * 5000, "not valid TOML"),
        ("# " + "x" * 70_000, "larger than 64 KiB"),
        ('[[lean_lib]]\nname = "A"\nsrcDir = "/"', "leads out"),
        ('[[lean_lib]]\nname = "A"\nsrcDir = "a\\u0000b"', "leads out"),
        ('srcDir = ".."\n[[lean_lib]]\nname = "L"\nglobs = ["home.+"]', "leads out"),
        ('name = "x"', "names no library"),
        ("lean_lib = 3", "not a list"),
        ('[[lean_lib]]\nname = "Missing"', "has no file"),
        ('[[lean_lib]]\nname = "../../etc/passwd"', "not the name of a module"),
    ],
)
def test_what_cannot_be_found_is_one_sentence(tmp_path: Path, lakefile: str | None, words: str) -> None:
    if lakefile is not None:
        tmp_path.joinpath("lakefile.toml").write_text(lakefile, "utf-8")
    with pytest.raises(UserError, match=words) as caught:
        library(tmp_path)
    assert "\n" not in str(caught.value).strip()


def test_no_file_outside_the_project_is_read(tmp_path: Path) -> None:
    outside = tmp_path / "outside.lean"
    outside.write_text("secret", "utf-8")
    project = write_project(tmp_path / "project", {"A": ""})
    project.joinpath("A.lean").unlink()
    project.joinpath("A.lean").symlink_to(outside)
    with pytest.raises(UserError, match="leads out of"):
        library(project)


def test_no_lakefile_outside_the_project_is_read(tmp_path: Path) -> None:
    outside = tmp_path / "outside.toml"
    outside.write_text("secret", "utf-8")
    project = write_project(tmp_path / "project", {"A": ""})
    project.joinpath("lakefile.toml").unlink()
    project.joinpath("lakefile.toml").symlink_to(outside)
    with pytest.raises(UserError, match="leads out of"):
        library(project)


def test_no_folder_outside_the_project_is_searched(tmp_path: Path) -> None:
    project = write_project(tmp_path / "project", {"A": ""})
    project.joinpath("Far").symlink_to(tmp_path)
    project.joinpath("lakefile.toml").write_text('[[lean_lib]]\nname = "A"\nglobs = ["Far.+"]', "utf-8")
    with pytest.raises(UserError, match="leads out of"):
        library(project)


@pytest.mark.parametrize("name", ["«Init/../../x»", "Init.«..».x", "«/etc/x»", "«Init.x»", "."])
def test_an_import_that_is_no_path_is_refused_before_anything_is_asked(tmp_path: Path, name: str) -> None:
    asked: list[ModuleName] = []

    def every(name: ModuleName) -> bool:
        asked.append(name)
        return name != ("A",)

    found = discover(open_project(write_project(tmp_path, {"A": f"import Init\nimport {name}\n"})), every)
    assert [(finding.module, finding.line) for finding in found.findings] == [(("A",), 2)]
    assert "not the name of a file" in found.findings[0].text
    assert found.modules[0].core == (("Init",),)
    assert set(asked) == {("A",), ("Init",)}
