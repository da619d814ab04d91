"""Faults of ours: written down in full for those who run the server, named by a number to everybody else."""

from __future__ import annotations

import os
import secrets
import traceback
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from server.paths import data_dir


@dataclass(frozen=True, slots=True)
class Fault:
    """`id` is what a person can quote; `file` holds the traceback, or is None where it could not be kept."""

    id: str
    file: Path | None


def record(error: BaseException) -> Fault:
    """Append the traceback to `faults.log` in the data folder, readable by its owner only."""
    fault = secrets.token_hex(4)
    lines = traceback.format_exception(error)
    entry = f"--- fault {fault} at {datetime.now(UTC).isoformat(timespec='seconds')}\n{''.join(lines)}\n"
    file = data_dir() / "faults.log"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with open(handle, "a", encoding="utf-8", errors="backslashreplace") as log:
            log.write(entry)
    except OSError:
        return Fault(fault, None)
    return Fault(fault, file)
