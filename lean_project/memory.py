"""How much memory is free."""

from __future__ import annotations

import sys
from pathlib import Path


def available() -> int:
    """Bytes of memory free for use; where the system does not say, enough."""
    try:
        lines = Path("/proc/meminfo").read_text("ascii").splitlines()
        return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("MemAvailable:"))
    except (OSError, ValueError, StopIteration):
        return sys.maxsize
