"""Nodes across renames, and what is asked about those that left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lean_project.renames import Why


@dataclass(frozen=True, slots=True)
class NodeRow:
    """A node as the project remembers it, across renames of its label."""

    id: int
    label: str
    lean: tuple[str, ...]
    gone: bool


class Descent(StrEnum):
    """What became of a node: it is the other, or the two share what it stated."""

    SAME = "same"
    PART = "part"


class Decision(StrEnum):
    """The end of a doubt; `moot`: one of the two nodes left, or came back, before anybody said anything."""

    SAME = "same"
    DIFFERENT = "different"
    MOOT = "moot"


@dataclass(frozen=True, slots=True)
class Question:
    """Something to ask: whether a node has become another; `fresh` says that the other one is new.

    `similarity` is that of the statements, from 0 to 1.
    """

    old_id: int
    new_id: int
    fresh: bool
    why: tuple[Why, ...]
    similarity: float


@dataclass(frozen=True, slots=True)
class Doubt:
    """A question that was asked and not decided."""

    id: int
    old: NodeRow
    new: NodeRow
    fresh: bool
    why: tuple[Why, ...]
    similarity: float
    asked: datetime
