"""Lean's names as structure: a tuple of text and number components, and the text that people read."""

from __future__ import annotations

import re

from blueprint.names import PLAIN

Name = tuple[str | int, ...]

_PLAIN = re.compile(PLAIN)
_PIECE = re.compile(r"«([^»]*)»|([^.«»]+)")


def written(name: Name) -> str:
    """The name as Lean writes it. Different names are written differently."""
    return ".".join(_component(part) for part in name)


def _component(part: str | int) -> str:
    if isinstance(part, int):
        return str(part)
    return part if _PLAIN.fullmatch(part) else f"«{part.replace('»', '»»')}»"


def read_name(text: str) -> Name | None:
    """The name that a blueprint means by `text`, or None where it is not one."""
    parts: list[str] = []
    at = 0
    while match := _PIECE.match(text, at):
        parts.append(match[1] if match[1] is not None else match[2])
        at = match.end()
        if at == len(text):
            return tuple(parts)
        if text[at] != ".":
            return None
        at += 1
    return None
