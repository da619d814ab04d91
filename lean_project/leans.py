"""The two Leans behind one interface, and which of them checks a project."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from blueprint.errors import UserError
from lean_project import lake_judge
from lean_project.artefacts import Artefact
from lean_project.hearing import Ask
from lean_project.lake_build import lake_builder
from lean_project.lake_judge import LakeJudge, Opinion
from lean_project.modules import Module, ModuleName, discover
from lean_project.project import Project
from lean_project.toolchain import Toolchain, installed, require
from lean_project.toolchain_build import builder
from lean_project.toolchain_judge import judge_process, judged
from lean_project.toolchain_lake import Lake, lake_for, required
from lean_project.toolchain_process import Limits


class Builder(Protocol):
    """The untrusted stage: builds modules, dependencies first."""

    def lay_out(self, module: Module, artefact: Artefact) -> None: ...

    def build(self, module: Module, company: frozenset[ModuleName]) -> Artefact: ...


class Lean(Protocol):
    """What a check needs of a Lean. `identity` is part of the key of all that is kept."""

    @property
    def name(self) -> str: ...

    @property
    def identity(self) -> str: ...

    @property
    def library(self) -> Path: ...

    def has_module(self, name: ModuleName) -> bool: ...

    def builder(self, limits: Limits) -> AbstractContextManager[Builder]: ...

    def judge(self, limits: Limits) -> AbstractContextManager[Ask]: ...

    def opinions(self, built: Mapping[ModuleName, Artefact]) -> tuple[Opinion, ...]: ...


@dataclass(frozen=True, slots=True)
class Embedded:
    """Lean on Node, with its core library."""

    toolchain: Toolchain

    @property
    def name(self) -> str:
        return self.toolchain.name

    @property
    def identity(self) -> str:
        return self.toolchain.home.name

    @property
    def library(self) -> Path:
        return self.toolchain.home / "lib" / "lean"

    def has_module(self, name: ModuleName) -> bool:
        return self.toolchain.has_module(name)

    def builder(self, limits: Limits) -> AbstractContextManager[Builder]:
        return builder(self.toolchain, limits)

    @contextmanager
    def judge(self, limits: Limits) -> Iterator[Ask]:
        with judge_process(self.toolchain, limits) as first:
            yield lambda request: judged(self.toolchain, limits, first, request)

    def opinions(self, built: Mapping[ModuleName, Artefact]) -> tuple[Opinion, ...]:
        """No other kernel reads what is built for this Lean."""
        return ()


@dataclass(frozen=True, slots=True)
class Native:
    """Lake, with the project's own toolchain and all that it depends on."""

    lake: Lake

    @property
    def name(self) -> str:
        return self.lake.name

    @property
    def identity(self) -> str:
        return self.lake.identity

    @property
    def library(self) -> Path:
        return self.lake.library

    def has_module(self, name: ModuleName) -> bool:
        return self.lake.has_module(name)

    def builder(self, _limits: Limits) -> AbstractContextManager[Builder]:
        return lake_builder(self.lake)

    @contextmanager
    def judge(self, limits: Limits) -> Iterator[Ask]:
        judge = LakeJudge(self.lake, limits)
        yield lambda request: lake_judge.judged(judge, request)

    def opinions(self, built: Mapping[ModuleName, Artefact]) -> tuple[Opinion, ...]:
        return tuple(lake_judge.opinions(self.lake, built))


def chosen(project: Project) -> Lean:
    """The Lean that the project asks for, else the embedded one, else Lake where that has not all it imports.

    Raises `UserError` where it cannot be had.
    """
    wanted = project.settings.lean.toolchain
    if wanted == "lake":
        return _native(required(project))
    embedded = installed()
    if wanted == "embedded" or (embedded and not discover(project, embedded.has_module).foreign):
        return Embedded(require())
    try:
        lake = lake_for(project)
    except UserError:
        if embedded is None:
            raise
        lake = None  # what the embedded Lean can say of the other modules is better than nothing
    return _native(lake) if lake else Embedded(require())


def _native(lake: Lake) -> Native:
    lake.prepare()
    return Native(lake)
