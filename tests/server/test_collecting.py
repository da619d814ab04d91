"""What long-lived processes tell the collector of garbage."""

from __future__ import annotations

import subprocess
import sys

READING = (
    "import gc; from server import collecting; {}; kept = [[] for _ in range(10_000)]; collecting.settle()"
)


def printed(begin: str, what: str) -> str:
    run = [sys.executable, "-c", f"{READING.format(begin)}; print({what})"]
    return subprocess.run(run, capture_output=True, text=True, check=True).stdout.strip()


def test_what_is_kept_is_out_of_its_sight_in_a_process_that_serves() -> None:
    assert printed("collecting.serve()", "len(gc.get_objects()) < 5000") == "True"


def test_a_command_that_ends_soon_is_left_alone() -> None:
    assert printed("pass", "gc.get_freeze_count()") == "0"
