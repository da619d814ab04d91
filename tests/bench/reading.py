"""This reader on one project with wide limits: `python -m tests.bench.reading PROJECT`.

`chantier graph` keeps the limits that are meant for strangers' text, which a giant must exceed.
"""

from __future__ import annotations

import sys
from pathlib import Path

from blueprint.reader import Limits, read

GIGABYTE = 1 << 30
WIDE = Limits(
    seconds=3600, memory=16 * GIGABYTE, output=2 * GIGABYTE, file=GIGABYTE, text=GIGABYTE, files=10_000
)

if __name__ == "__main__":
    root = Path(sys.argv[1])
    read(root / "blueprint/src/web.tex", root, WIDE)
