"""Long work, told as it goes: a moving line on a terminal, plain lines anywhere else. All of it on stderr."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.text import Text

Say = Callable[[str], None]


@contextmanager
def step(title: str) -> Iterator[Say]:
    """One step of the work; what the block says through `Say` is shown while it lasts, on a terminal."""
    console, began = Console(stderr=True, highlight=False), time.monotonic()
    if not console.is_terminal:
        yield lambda _words: None
    else:
        with console.status(Text(f"{title} …")) as status:
            yield lambda words: status.update(Text.assemble(f"{title} … ", (_printable(words), "dim")))
    console.print(Text(f"{title}: {time.monotonic() - began:.1f} s"), soft_wrap=True)


def _printable(words: str) -> str:
    """On one line, without control characters, which a terminal might obey."""
    return "".join(char if char.isprintable() else " " for char in words)[:200]
