"""What a project says to those who come to it: a line about itself, and its guidelines for contributors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from blueprint.errors import UserError
from lean_project.settings import ProjectSettings

# Where forges look for them.
USUAL = ("CONTRIBUTING.md", ".github/CONTRIBUTING.md", "docs/CONTRIBUTING.md")
# Guidelines that are longer are cut: nobody reads a book before the first task.
LONGEST = 40_000


@dataclass(frozen=True, slots=True)
class Introduction:
    """`guidelines` is Markdown that strangers wrote, in `file`; both are empty where there are none."""

    about: str = ""
    file: str = ""
    guidelines: str = ""


def introduction(settings: ProjectSettings, read: Callable[[str], str]) -> Introduction:
    """As of a commit; `read` gives the text of a file in it, or raises `UserError`."""
    for file in (settings.guidelines,) if settings.guidelines else USUAL:
        try:
            text = read(file)
        except UserError:  # it is not there, or is no text of a sensible size
            continue
        if text.strip():
            return Introduction(settings.about, file, _cut(text.replace("\0", "")))
    return Introduction(settings.about)


def _cut(text: str) -> str:
    """Whole lines of it."""
    return text if len(text) <= LONGEST else text[:LONGEST].rpartition("\n")[0] or text[:LONGEST]
