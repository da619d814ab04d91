"""The import contract of the house, as import-linter sees it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_imports_keep_the_contract() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_only_one_place_reads_the_names_that_people_may_hide() -> None:
    """Whatever else shows a person takes `whole` or `shown_name`, which know what the person wants.

    Erasing has to know the names that it takes out of texts.
    """
    stores = (ROOT / "server" / "store").glob("*.py")
    raw = re.compile(r"\bpeople\.c\.name\b")
    assert {file.name for file in stores if raw.search(file.read_text())} == {
        "people.py",
        "erasing.py",
    }


def test_modules_stay_small() -> None:
    """A module of more lines is two. The table of problems is one list, with a sentence for each."""
    packages = ("blueprint", "lean_project", "dashboards", "server")
    files = (file for package in packages for file in (ROOT / package).rglob("*.py"))
    lines = {file.relative_to(ROOT).as_posix(): len(file.read_text("utf-8").splitlines()) for file in files}
    assert {name for name, count in lines.items() if count > 400} <= {"blueprint/review/codes.py"}


def test_doors_ask_services_and_not_the_books() -> None:
    """Who may see something, and how it is found, is said once, below the doors."""
    doors = [*(ROOT / "server").glob("web*.py"), *(ROOT / "server" / "api").rglob("*.py")]
    doors += [ROOT / "server" / f"{name}.py" for name in ("app", "browser", "gate", "house", "maintainers")]
    books = re.compile(r"\bstore\.[a-z_]+\.[a-z_]+\(")
    assert {file.name for file in doors if books.search(file.read_text("utf-8"))} == set()
