"""The settings of a project, which come from strangers."""

from pathlib import Path

import pytest

from blueprint.errors import UserError
from blueprint.graph import Graph
from lean_project.axioms import STANDARD_AXIOMS
from lean_project.project import SETTINGS_FILE, open_project


def settings(folder: Path, text: str) -> Path:
    (folder / SETTINGS_FILE).write_text(text, "utf-8")
    return folder


def test_without_settings_everything_has_a_default(tmp_path: Path) -> None:
    project = open_project(tmp_path)
    assert project.web_tex == tmp_path.resolve() / "blueprint/src/web.tex"
    assert project.lean_root == tmp_path.resolve()
    assert project.allowed_axioms == STANDARD_AXIOMS


def test_settings_are_read(tmp_path: Path) -> None:
    text = """
    title = "Tiling"
    goals = ["thm:main"]
    docs_url = "https://example.org/docs"
    [blueprint]
    source = "doc/web.tex"
    [lean]
    root = "lean"
    libraries = ["Tiling", "Tiling.Extra"]
    axioms = ["Lean.ofReduceBool"]
    """
    project = open_project(settings(tmp_path, text))
    assert (project.settings.title, project.settings.goals) == ("Tiling", ("thm:main",))
    elsewhere = Graph((), dochome="https://example.org/elsewhere")
    assert project.aimed(elsewhere).dochome == "https://example.org/docs"
    assert project.web_tex == tmp_path.resolve() / "doc/web.tex"
    assert project.lean_root == tmp_path.resolve() / "lean"
    assert project.settings.lean.libraries == ("Tiling", "Tiling.Extra")
    assert "Lean.ofReduceBool" in project.allowed_axioms


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("[blueprint]\nsource = '../secret.tex'", "blueprint.source"),
        ("[blueprint]\nsource = 'a/../../secret.tex'", "blueprint.source"),
        ("[blueprint]\nsource = '/etc/passwd'", "blueprint.source"),
        ("[blueprint]\nsource = 'a\\b.tex'", "blueprint.source"),
        ('[blueprint]\nsource = "a\\u0000b.tex"', "blueprint.source"),
        ("[lean]\nroot = '..'", "lean.root"),
        ("[lean]\nlibraries = ['../Evil']", "lean.libraries.0"),
        ("[lean]\nlibraries = ['--run']\nroots = 1", "lean.roots"),
        ("[lean]\naxioms = ['a b']", "lean.axioms.0"),
        ('goals = ["a\\u0007"]', "goals.0"),
        ("goals = ' '", "goals"),
        ("docs_url = 'javascript:alert(1)'", "docs_url"),
        ("colour = 'red'", "colour"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(tmp_path: Path, text: str, key: str) -> None:
    with pytest.raises(UserError, match=f"setting `{key}`"):
        open_project(settings(tmp_path, text))


@pytest.mark.parametrize("text", ["title = ", "x = " + "[" * 5000 + "]" * 5000])
def test_what_is_not_toml_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(UserError, match="not valid TOML"):
        open_project(settings(tmp_path, text))


def test_settings_too_large_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="larger than 64 KiB"):
        open_project(settings(tmp_path, "# " + "x" * 70_000))


@pytest.mark.parametrize("inner", ["blueprint", SETTINGS_FILE, "lean"])
def test_a_symbolic_link_may_not_lead_out(tmp_path: Path, inner: str) -> None:
    outside, root = tmp_path / "outside", tmp_path / "project"
    (outside / "src").mkdir(parents=True)
    (outside / "src" / "web.tex").write_text("secret")
    root.mkdir()
    if inner == "lean":
        settings(root, "[lean]\nroot = 'lean'")
    (root / inner).symlink_to(outside)
    with pytest.raises(UserError, match="leads out of the project folder"):
        open_project(root)


def test_a_symbolic_link_inside_is_followed(tmp_path: Path) -> None:
    (tmp_path / "doc" / "src").mkdir(parents=True)
    (tmp_path / "blueprint").symlink_to("doc")
    assert open_project(tmp_path).web_tex.parent.is_dir()


def test_no_folder_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is not a folder"):
        open_project(tmp_path / "absent")
