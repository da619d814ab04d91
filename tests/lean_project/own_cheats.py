"""Our own examples of Lean that tries to look proved: the files in `cheats/`."""

from __future__ import annotations

import re
from pathlib import Path

CHEATS = {
    file.stem: file.read_text("utf-8") for file in sorted((Path(__file__).parent / "cheats").glob("*.lean"))
}
# The first line of each: how far `Proj.main` is, and what a reason or its statement holds, what the statement
# uses, or what readers are warned of.
SAYS = re.compile(r"-- SAY (?P<formal>\w+)(?: (?P<how>BECAUSE|SHOWS|USES|WARNS) (?P<what>.*))?\n")


def own_space(stem: str) -> str:
    """The namespace of one of our own examples; its module is `M` and this."""
    return "Own" + "".join(word.capitalize() for word in stem.split("_"))
