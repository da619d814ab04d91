"""Long work, told as it goes: a moving bar on a terminal, plain lines anywhere else. All of it on stderr."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from server.cli.terminal import printable

Say = Callable[[str], None]


@contextmanager
def step(title: str) -> Iterator[Say]:
    """One step of the work; what the block says through `Say` is shown while it lasts, on a terminal."""
    console, began = Console(stderr=True, highlight=False), time.monotonic()
    if not console.is_terminal:
        yield lambda _words: None
    else:
        columns = TextColumn("{task.description}", markup=False), BarColumn(20), TimeElapsedColumn()
        with Progress(*columns, console=console, transient=True) as progress:
            # How long it takes is not known beforehand; the words say how far it is.
            task = progress.add_task(title, total=None)
            yield lambda words: progress.update(task, description=f"{title}: {printable(words)[:100]}")
    console.print(Text(f"{title}: {time.monotonic() - began:.1f} s"), soft_wrap=True)
