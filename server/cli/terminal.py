"""What goes to a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click


class Group(click.Group):
    """Lists its commands with the whole first sentence of each, which click would cut short."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, self.commands[name].get_short_help_str(200)) for name in self.list_commands(ctx)]
            )


@contextmanager
def waiting(words: str) -> Iterator[None]:
    """Says on a terminal what is being waited for, and takes it away again."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console  # not worth its time where nobody looks

    with Console(stderr=True).status(words):
        yield


def printable(text: str) -> str:
    """On one line, without control characters, which a terminal might obey."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def in_colour() -> bool | None:
    """Whether colours may be shown: not where NO_COLOR is set, else (None) wherever there is a terminal."""
    return False if os.environ.get("NO_COLOR") else None


def counted(number: int, noun: str) -> str:
    """`1 error`, `2 errors`, `2 info`."""
    return f"{number} {noun}{'s' * (number != 1 and noun != 'info')}"
