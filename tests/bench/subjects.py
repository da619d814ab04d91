"""What is measured: blueprints, and the ways to read them."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from blueprint.reader import read

from .synthetic import Plan, project

MIDDLE = "blueprint/src/chapters/chapter{}.tex"


@dataclass(frozen=True, slots=True)
class Subject:
    """A blueprint: the `folder` of its project, and the file in it that gets edited."""

    name: str
    folder: Path
    nodes: int
    chapter: Path

    @property
    def characters(self) -> int:
        return sum(file.stat().st_size for file in self.folder.rglob("*.tex"))

    @property
    def share(self) -> float:
        """How much of the text stands in the edited file."""
        return (self.folder / self.chapter).stat().st_size / self.characters


def real(folder: Path) -> Subject:
    """A real blueprint; the file to edit is of middling length among those that hold nodes."""
    graph = read(folder / "blueprint/src/web.tex", folder)
    chapters = Counter(node.statement.place.file for node in graph.nodes)
    ordered = sorted(chapters, key=lambda file: (folder / file).stat().st_size)
    return Subject(folder.name, folder, len(graph.nodes), Path(ordered[len(ordered) // 2]))


@contextmanager
def synthetic(plan: Plan) -> Iterator[Subject]:
    """A synthetic blueprint, in a folder that goes away."""
    with copy() as folder:
        write(project(plan), folder)
        yield Subject(
            f"{plan.nodes:,} nodes",
            folder,
            plan.nodes,
            Path(MIDDLE.format(plan.nodes // plan.in_chapter // 2 + 1)),
        )


def write(files: Iterable[tuple[str, str]], folder: Path) -> None:
    for name, text in files:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


@contextmanager
def copy(source: Path | None = None) -> Iterator[Path]:
    """A folder that goes away, with what is in `source`."""
    with tempfile.TemporaryDirectory(prefix="chantier-bench-") as folder:
        if source is not None:
            shutil.copytree(source, folder, dirs_exist_ok=True)
        yield Path(folder)
