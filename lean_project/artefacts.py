"""Compiled modules, kept by what they were made from, and verified byte for byte before they are used.

The code of a module runs while it is built, and in one process with the modules built before it, which it
can influence. So an artefact is good only for a project in which all of these, its *company*, are the same.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from blueprint.caches import new_folder
from lean_project.modules import Module, ModuleName, dotted

MANIFEST = "manifest.json"
RECORD = "record"
PARTS = ("olean", "olean.server", "olean.private", "ir")


@dataclass(frozen=True, slots=True)
class Artefact:
    """A built module: its files by name (one of `PARTS`, or `RECORD`), verified, in memory."""

    files: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class _Manifest:
    company: tuple[str, ...]
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


def find(store: Path, key: str, present: Collection[str]) -> Artefact | None:
    """An artefact of that key whose company is all in `present`, if there is one that is sound."""
    for folder in sorted(store.joinpath(key).glob("[0-9a-f]*")):
        found = _read(folder, present)
        if found:
            return found
    return None


def _read(folder: Path, present: Collection[str]) -> Artefact | None:
    try:
        manifest = _CODEC.validate_json(folder.joinpath(MANIFEST).read_bytes())
        files = {name: folder.joinpath(name).read_bytes() for name in {*PARTS, RECORD} & {*manifest.files}}
    except (OSError, ValidationError):
        return None
    if {name: digest(data) for name, data in files.items()} != manifest.files:
        shutil.rmtree(folder, ignore_errors=True)  # damaged: it makes room for a sound one
        return None
    return Artefact(files) if set(manifest.company) <= set(present) else None


def keep(store: Path, key: str, company: Collection[str], artefact: Artefact) -> None:
    """Keep an artefact that a build of ours has just made in that company."""
    manifest = _Manifest(
        tuple(sorted(company)), {name: digest(data) for name, data in artefact.files.items()}
    )
    with new_folder(store / key / digest("\0".join(manifest.company).encode())[:16]) as folder:
        for name, data in artefact.files.items():
            folder.joinpath(name).write_bytes(data)
        folder.joinpath(MANIFEST).write_bytes(_CODEC.dump_json(manifest))
