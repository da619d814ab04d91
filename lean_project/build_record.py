"""What the builder says of a module: untrusted words. They are for people to read, and say where declarations
stand, on which attribution rests; no verdict does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lean_project.names import Name
from lean_project.netstrings import fields, text

MAX_MESSAGES = 200
MAX_TEXT = 4000
MAX_DECLARATIONS = 50_000
SEVERITIES = frozenset({"error", "warning", "info"})


@dataclass(frozen=True, slots=True)
class Said:
    """A message of Lean: line from 1, column from 0."""

    severity: str
    line: int
    column: int
    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """The lines of a declaration, from 1, both ends included, and its docstring."""

    line: int
    end_line: int
    docstring: str | None


@dataclass(frozen=True, slots=True)
class Record:
    """Whether the module was built, what Lean said, and where its declarations stand.

    `stopped` says that something else than the module was at fault.
    """

    built: bool
    said: tuple[Said, ...]
    places: dict[Name, Place]
    stopped: bool = False


def read_record(data: bytes) -> Record:
    """The record that the builder wrote. Raises `ValueError` on anything else."""
    head, *rest = fields(data)
    if head not in (b"built", b"failed", b"stopped") or len(rest) % 2:
        raise ValueError("not a record")
    said: list[Said] = []
    places: dict[Name, Place] = {}
    for tag, body in zip(rest[::2], rest[1::2], strict=True):
        if tag == b"m" and len(said) < MAX_MESSAGES:
            said.append(_said(body))
        elif tag == b"d" and len(places) < MAX_DECLARATIONS:
            name, place = _place(body)
            places[name] = place
    return Record(head == b"built", tuple(said), places, stopped=head == b"stopped")


def _said(body: bytes) -> Said:
    severity, line, column, words = fields(body)
    if text(severity) not in SEVERITIES:
        raise ValueError("not a severity")
    return Said(text(severity), int(line), int(column), text(words).strip()[:MAX_TEXT])


def _place(body: bytes) -> tuple[Name, Place]:
    name, line, end_line, docstring = fields(body)
    words = text(docstring).strip()[:MAX_TEXT]
    return tuple(_components(list(fields(name)))), Place(int(line), int(end_line), words or None)


def _components(parts: list[bytes]) -> Iterator[str | int]:
    for tag, value in zip(parts[::2], parts[1::2], strict=True):
        yield int(value) if tag == b"n" else text(value)
