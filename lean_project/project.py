"""A project on disk: its folder and its own settings (`chantier.toml`, all optional)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from blueprint.errors import UserError
from lean_project.facts import STANDARD_AXIOMS

SETTINGS_FILE = "chantier.toml"


class BlueprintSettings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    source: str = Field("blueprint/src/web.tex", description="The LaTeX file of the blueprint's web version.")


class LeanSettings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    root: str = Field(".", description="The folder that holds the lakefile and the Lean sources.")
    libraries: tuple[str, ...] = Field(
        (), description="Root modules to check; by default what `lakefile.toml` names."
    )
    axioms: tuple[str, ...] = Field(
        (), description="Axioms allowed besides propext, Classical.choice and Quot.sound."
    )


class ProjectSettings(BaseModel):
    """What a project may say of itself. Unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    title: str | None = Field(None, description="The name shown to people; by default the blueprint's title.")
    blueprint: BlueprintSettings = Field(default_factory=lambda: BlueprintSettings())
    lean: LeanSettings = Field(default_factory=lambda: LeanSettings())


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


def open_project(folder: Path) -> Project:
    """The project in `folder`. Raises `UserError` when there is none or its settings are wrong."""
    root = folder.resolve()
    if not root.is_dir():
        raise UserError(f"{folder} is not a folder; give the folder of a project.")
    file = root / SETTINGS_FILE
    if not file.is_file():
        return Project(root, ProjectSettings())
    try:
        return Project(root, ProjectSettings.model_validate(tomllib.loads(file.read_text("utf-8"))))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(f"{file} is not valid TOML: {error}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise UserError(f"{file}: setting `{key}`: {first['msg']}.") from error
