"""Compiled modules, kept by what they were made from, and verified byte for byte before they are used."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from blueprint.caches import new_folder
from lean_project.modules import Module, ModuleName, dotted

MANIFEST = "manifest.json"
RECORD = "record"
TERMS = ("olean", "olean.server", "olean.private")
PARTS = (*TERMS, "ir")


@dataclass(frozen=True, slots=True)
class Artefact:
    """A built module: its files by name (one of `PARTS`, or `RECORD`), verified, in memory."""

    files: Mapping[str, bytes]

    def terms(self) -> list[bytes]:
        """The files that hold its terms, in Lean's order."""
        return [self.files[part] for part in TERMS if part in self.files]


@dataclass(frozen=True, slots=True)
class _Manifest:
    files: dict[str, str]


_CODEC: TypeAdapter[_Manifest] = TypeAdapter(_Manifest)


def keys(modules: Sequence[Module], toolchain: str) -> dict[ModuleName, str]:
    """What each module is made from, as a hash: its text, all it imports, and the toolchain.

    `modules` come with dependencies first.
    """
    known: dict[ModuleName, str] = {}
    for module in modules:
        parts = [toolchain, dotted(module.name), module.file, hashlib.sha256(module.source).hexdigest()]
        parts += [known.get(name, "cycle") for name in module.imports]
        known[module.name] = digest("\0".join(parts).encode())
    return known


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def find(store: Path, key: str) -> Artefact | None:
    """The artefact of that key, if it is there and sound."""
    folder = store / key
    try:
        manifest = _CODEC.validate_json(folder.joinpath(MANIFEST).read_bytes())
        files = {name: folder.joinpath(name).read_bytes() for name in {*PARTS, RECORD} & {*manifest.files}}
    except (OSError, ValidationError):
        return None
    if {name: digest(data) for name, data in files.items()} != manifest.files:
        shutil.rmtree(folder, ignore_errors=True)  # damaged: it makes room for a sound one
        return None
    return Artefact(files)


def keep(store: Path, key: str, artefact: Artefact) -> None:
    """Keep an artefact that a build of ours has just made."""
    manifest = _Manifest({name: digest(data) for name, data in artefact.files.items()})
    with new_folder(store / key) as folder:
        for name, data in artefact.files.items():
            folder.joinpath(name).write_bytes(data)
        folder.joinpath(MANIFEST).write_bytes(_CODEC.dump_json(manifest))
