"""The folder in which git keeps a repository, read and made without git."""

from __future__ import annotations

import re
from pathlib import Path

_BRANCHES = "ref: refs/heads/"
SHA = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


def branch_of(path: Path) -> str | None:
    """The branch that HEAD of the repository at `path` names, read without git; None where it names none."""
    for candidate in (path / ".git", path):
        try:
            said = (pointed_at(candidate) / "HEAD").read_text("utf-8")
        except (OSError, ValueError):
            continue
        return said.removeprefix(_BRANCHES).strip() if said.startswith(_BRANCHES) else None
    return None


def pointed_at(candidate: Path) -> Path:
    """The git directory that a `.git` file (of a linked work tree or a submodule) names."""
    if not candidate.is_file():
        return candidate
    with candidate.open("rb") as file:
        line = file.read(4096).decode("utf-8", "replace").strip()
    return candidate.parent / line.removeprefix("gitdir:").strip()


def common_dir(git_dir: Path) -> Path:
    """Where a linked work tree keeps its objects; any other repository is its own."""
    try:
        return (git_dir / (git_dir / "commondir").read_text("utf-8").strip()).resolve()
    except (OSError, ValueError):
        return git_dir.resolve()


def shallow_commits(common: Path) -> frozenset[str]:
    """The commits below which a shallow clone has no history."""
    try:
        lines = (common / "shallow").read_text("ascii").split()
    except (OSError, ValueError):
        return frozenset()
    return frozenset(line for line in lines if SHA.fullmatch(line))


def furnish(shelter: Path, head: str, shallow: frozenset[str]) -> None:
    """Make the empty folder `shelter` a bare repository with our configuration and nothing else."""
    form = "[core]\nbare = true\nrepositoryformatversion = "
    sha256 = "1\n[extensions]\nobjectFormat = sha256\n"
    (shelter / "config").write_text(form + (sha256 if len(head) == 64 else "0\n"))
    (shelter / "HEAD").write_text("ref: refs/heads/none\n")
    (shelter / "refs").mkdir()
    if shallow:
        (shelter / "shallow").write_text("".join(f"{sha}\n" for sha in sorted(shallow)))
