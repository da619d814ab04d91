"""The command as people meet it: what it says when something is wrong, and where it may be started."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

CHANTIER = Path(sys.executable).with_name("chantier")


def chantier(*args: str | Path, cwd: Path, data: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"CHANTIER_DATA": str(data or cwd / "data")}
    return subprocess.run(
        [CHANTIER, *args], cwd=cwd, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """The one sentence of a refusal."""
    assert done.returncode == 1, done.stdout + done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("chantier: ")
    assert "Traceback" not in done.stdout + done.stderr
    return lines[0]


def blueprint(folder: Path, text: str) -> Path:
    source = folder / "blueprint" / "src"
    source.mkdir(parents=True)
    (source / "web.tex").write_text(
        "\\documentclass{article}\\usepackage{amsthm}\\usepackage{blueprint}\n"
        "\\newtheorem{theorem}{Theorem}\n"
        f"\\begin{{document}}\n{text}\n\\end{{document}}\n"
    )
    return folder


@pytest.mark.parametrize("verb", ["graph", "lint", "check", "status", "sync"])
def test_a_folder_that_is_not_there(verb: str, tmp_path: Path) -> None:
    assert "nowhere" in refused(chantier(verb, tmp_path / "nowhere", cwd=tmp_path))


@pytest.mark.parametrize("verb", ["graph", "lint", "check", "status"])
def test_a_project_without_a_blueprint(verb: str, tmp_path: Path) -> None:
    assert "web.tex" in refused(chantier(verb, ".", cwd=tmp_path))


def test_a_folder_that_is_no_repository(tmp_path: Path) -> None:
    project = blueprint(tmp_path / "project", "")
    assert "git" in refused(chantier("sync", project, cwd=tmp_path))


def test_a_missing_project_in_the_books(tmp_path: Path) -> None:
    assert "sync" in refused(chantier("report", cwd=tmp_path))


def test_an_unwritable_data_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    refused(chantier("report", cwd=tmp_path, data=tmp_path / "file" / "data"))


def test_a_project_may_have_folders_named_like_ours(tmp_path: Path) -> None:
    """Started inside a project, the command never takes the project's `blueprint/` for its own."""
    project = blueprint(
        tmp_path / "project", "\\begin{theorem}\\label{thm:a}\\lean{A.b}\\uses{} True.\\end{theorem}"
    )
    for name in ("blueprint", "server", "dashboards", "lean_project", "plasTeX"):
        (project / name).mkdir(exist_ok=True)
        (project / name / "__init__.py").write_text("raise SystemExit('the wrong package')")
    done = chantier("graph", cwd=project)
    assert done.returncode == 0, done.stderr
    assert "thm:a" in done.stdout
