"""What a project says of itself in `chantier.toml`: all of it optional, and written by strangers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Annotated, Any, Literal

from blueprint.names import is_address
from lean_project.mistakes import mistake

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler
    from pydantic_core import CoreSchema

NAME = re.compile(r"[^\s./\\]+(\.[^\s./\\]+)*")
ONLY_THESE = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class Checked:
    """Marks a setting that `rule` looks at. Pydantic is loaded where a file is read, and only there: it
    takes longer than all the rest of a project without settings."""

    rule: Callable[[str], str]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        from pydantic_core import core_schema

        return core_schema.no_info_after_validator_function(self.rule, handler(source))


def _inside(path: str) -> str:
    """A path that climbs out of the project is refused."""
    pure = PurePosixPath(path)
    if len(path) > 1024 or pure.is_absolute() or ".." in pure.parts or "\\" in path or not path.isprintable():
        raise ValueError(f"{path[:100]!r} must be a path inside the project folder, written with `/`")
    return path


def _lean_name(name: str) -> str:
    if len(name) > 512 or not NAME.fullmatch(name):
        raise ValueError(f"{name[:100]!r} is no name of Lean's")
    return name


def _short(title: str) -> str:
    if len(title) > 200:
        raise ValueError("a title has at most 200 characters")
    return title


def _sentence(text: str) -> str:
    if len(text) > 400 or not text.isprintable():
        raise ValueError("what the project is about is one line of at most 400 characters")
    return text.strip()


def _label(label: str) -> str:
    if len(label) > 200 or not label.isprintable() or not label.strip():
        raise ValueError(f"{label[:100]!r} is no label")
    return label


def _address(text: str) -> str:
    if len(text) > 500 or not is_address(text):
        raise ValueError(f"{text[:100]!r} is no address on the web, such as https://example.org/docs")
    return text


InnerPath = Annotated[str, Checked(_inside)]
LeanName = Annotated[str, Checked(_lean_name)]
Title = Annotated[str, Checked(_short)]
Label = Annotated[str, Checked(_label)]
Address = Annotated[str, Checked(_address)]
Sentence = Annotated[str, Checked(_sentence)]


@dataclass(frozen=True, slots=True)
class BlueprintSettings:
    """`source` is the LaTeX file of the blueprint's web version."""

    __pydantic_config__ = ONLY_THESE
    source: InnerPath = "blueprint/src/web.tex"


@dataclass(frozen=True, slots=True)
class LeanSettings:
    """`toolchain` is the Lean that checks: by default the embedded one, lake where imports need it. `root` is
    the folder that holds the lakefile and the Lean sources; `libraries` are the root modules to check, by
    default what `lakefile.toml` names; `axioms` are allowed besides Lean's standard three."""

    __pydantic_config__ = ONLY_THESE
    toolchain: Literal["auto", "embedded", "lake"] = "auto"
    root: InnerPath = "."
    libraries: tuple[LeanName, ...] = ()
    axioms: tuple[LeanName, ...] = ()


@dataclass(frozen=True, slots=True)
class ProjectSettings:
    """`title` is the name shown to people, by default the blueprint's. `goals` are the labels of nodes that
    the project is for, by default those that use others and that nothing uses. `docs_url` is where doc-gen4's
    pages about its Lean are, by default what the blueprint says by `\\dochome`. `about` says in a line what
    the project is; `guidelines` is the Markdown file with the rules for contributors, by default
    `CONTRIBUTING.md` where there is one. Unknown keys are refused."""

    __pydantic_config__ = ONLY_THESE
    title: Title | None = None
    goals: tuple[Label, ...] = ()
    docs_url: Address | None = None
    about: Sentence = ""
    guidelines: InnerPath | None = None
    blueprint: BlueprintSettings = BlueprintSettings()
    lean: LeanSettings = LeanSettings()


def checked(said: dict[str, object]) -> ProjectSettings:
    """The settings that a file gives. Raises `ValueError` with the key and what is wrong with it."""
    from pydantic import TypeAdapter, ValidationError

    try:
        return TypeAdapter(ProjectSettings).validate_python(said)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise ValueError(f"setting `{key}`: {mistake(first)}") from error
