"""A proposed change against its base: both commits checked, straight from git, and compared."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from blueprint.errors import UserError
from blueprint.graph import Graph, declarations
from lean_project.comparison import Comparison, Files, compare, standing
from lean_project.project import SETTINGS_FILE, Project, open_project
from lean_project.repository import Repository
from lean_project.status import statuses
from server.inspection import Progress, blueprint, checked, ignore, inspect

# In the folder of the Lean sources: what says how they are built, and with what.
BUILD_FILES = ("lakefile.toml", "lakefile.lean", "lake-manifest.json", "lean-toolchain")
# What says who checks, and reports, what.
CI_FILES = (".github", ".gitlab-ci.yml", ".ci")
_TOOLCHAIN_BYTES = 200


def compared(repository: Repository, base: str, head: str, progress: Progress = ignore) -> Comparison:
    """The change from one commit to the other; both are full hashes. The work tree is left alone.

    The change is built with the build files of the base and judged by its blueprint and settings.
    """
    with tempfile.TemporaryDirectory(prefix="chantier-compare-") as scratch:
        before = _exported(repository, base, Path(scratch) / "base")
        tree = Path(scratch) / "head"
        repository.export(head, tree)
        files = _files(before, tree)
        after = replace(before, root=tree.resolve())
        found = inspect(before, lambda words: progress(f"base: {words}"))
        graph, notes = _proposed(after, found.graph)
        _lay_over(before, after)
        names = dict.fromkeys((*declarations(found.graph), *declarations(graph)))
        facts = checked(after, names, lambda words: progress(f"change: {words}"))
    allowed = before.allowed_axioms
    if not repository.leads_to(base, head):
        notes += (
            "The change does not hold the newest commit of its base, so some of what it seems to take away "
            "may only be missing; rebase or merge first.",
        )
    return Comparison(
        base=base,
        head=head,
        before=standing(found.statuses),
        after=standing(statuses(graph, facts, allowed)),
        checked_by=facts.toolchain,
        changes=tuple(compare(found, graph, facts, allowed, files)),
        files=files,
        notes=notes,
    )


def _exported(repository: Repository, sha: str, folder: Path) -> Project:
    repository.export(sha, folder)
    return open_project(folder)


def _proposed(after: Project, known: Graph) -> tuple[Graph, tuple[str, ...]]:
    """The blueprint of the change, or that of the base where it cannot be read."""
    try:
        return blueprint(after), ()
    except UserError as error:
        return known, (f"The blueprint of the change cannot be read: {error}",)


def _lay_over(before: Project, after: Project) -> None:
    """Let the change be built as its base is."""
    for name in BUILD_FILES:
        ours, theirs = before.lean_root / name, after.lean_root / name
        if theirs.is_dir() and not theirs.is_symlink():
            shutil.rmtree(theirs)
        theirs.unlink(missing_ok=True)
        if ours.is_file():
            theirs.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ours, theirs)


def _files(before: Project, tree: Path) -> Files:
    """The trusted files that differ. Those that only the change's own settings name count as well."""
    seen = {path for root in (before.root, tree) for path in _trusted(before, root)}
    changed = tuple(sorted(path for path in seen if _data(before.root / path) != _data(tree / path)))
    file = before.lean_root.relative_to(before.root) / "lean-toolchain"
    old, new = (_words(root / file) for root in (before.root, tree))
    return Files(changed, (old, new) if old != new else None)


def _trusted(settings: Project, root: Path) -> Iterator[str]:
    lean, source = Path(settings.settings.lean.root), Path(settings.settings.blueprint.source)
    build = [lean / name for name in BUILD_FILES]
    for place in (*map(Path, (SETTINGS_FILE, *CI_FILES)), *build, source.parent):
        found = root / place
        files = found.rglob("*") if found.is_dir() else [found]
        yield from (file.relative_to(root).as_posix() for file in files if file.is_file())


def _data(file: Path) -> bytes | None:
    return file.read_bytes() if file.is_file() else None


def _words(file: Path) -> str:
    """What `lean-toolchain` says, on one line."""
    data = _data(file) or b""
    return " ".join(data[:_TOOLCHAIN_BYTES].decode("utf-8", "replace").split()) or "none"
