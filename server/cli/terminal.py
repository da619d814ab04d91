"""What goes to a terminal."""

from __future__ import annotations


def printable(text: str) -> str:
    """On one line, without control characters, which a terminal might obey."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
