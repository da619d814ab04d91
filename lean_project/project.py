"""A project on disk: its folder and its own settings (`chantier.toml`, all optional)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from pathlib import Path

from blueprint.errors import UserError
from blueprint.goals import with_goals
from blueprint.graph import Graph, Place
from lean_project.axioms import STANDARD_AXIOMS
from lean_project.settings import ProjectSettings, checked

SETTINGS_FILE = "chantier.toml"
_TOML_BYTES = 64 * 2**10


@dataclass(frozen=True, slots=True)
class Project:
    """A folder that holds a blueprint and a Lean library."""

    root: Path
    settings: ProjectSettings

    @property
    def web_tex(self) -> Path:
        return self.root / self.settings.blueprint.source

    @property
    def lean_root(self) -> Path:
        return self.root / self.settings.lean.root

    @property
    def allowed_axioms(self) -> frozenset[str]:
        return STANDARD_AXIOMS | frozenset(self.settings.lean.axioms)

    def aimed(self, graph: Graph) -> Graph:
        """The graph of its blueprint, which knows the project's goals and where its documentation is."""
        found = with_goals(graph, self.settings.goals, Place(SETTINGS_FILE, 1))
        return replace(found, dochome=self.settings.docs_url or graph.dochome)


def open_project(folder: Path) -> Project:
    """The project in `folder`. Raises `UserError` when there is none or its settings are wrong."""
    root = folder.resolve()
    if not root.is_dir():
        raise UserError(f"{folder} is not a folder; give the folder of a project.")
    project = Project(root, _settings(root))
    for path in (project.web_tex, project.lean_root):
        refuse_escape(path, root)
    return project


def read_toml(file: Path, root: Path) -> dict[str, object]:
    """What a TOML file below `root` (resolved) says. Raises `UserError` where it is not to be read."""
    refuse_escape(file, root)
    with file.open("rb") as source:
        data = source.read(_TOML_BYTES + 1)
    if len(data) > _TOML_BYTES:
        raise UserError(f"{file} is larger than {_TOML_BYTES // 1024} KiB; settings are a few lines.")
    try:
        return tomllib.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise UserError(f"{file} is not valid TOML: {error}.") from error


def refuse_escape(path: Path, root: Path) -> None:
    """A symbolic link could lead out of the project where the text of a path does not."""
    try:
        inside = path.resolve().is_relative_to(root)
    except (OSError, RuntimeError, ValueError):
        inside = False
    if not inside:
        raise UserError(f"{path} leads out of the project folder; put the file itself there.")


def _settings(root: Path) -> ProjectSettings:
    file = root / SETTINGS_FILE
    refuse_escape(file, root)
    if not file.is_file():
        return ProjectSettings()
    try:
        return checked(read_toml(file, root))
    except ValueError as error:
        raise UserError(f"{file}: {error}.") from error
