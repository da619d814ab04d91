"""What running a program costs."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

PAUSE = 0.05  # seconds between two looks at the memory of a process tree
SHARE = re.compile(r"^Pss:\s*(\d+) kB", re.MULTILINE)  # proportional: shared pages are divided


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of wall clock, seconds of processor (children included), bytes of memory at the peak.

    The memory is that of the whole process tree: the largest sum seen at two looks one after the other, in
    which every process bears its part of shared pages.
    """

    wall: float
    cpu: float
    memory: int


@dataclass(frozen=True, slots=True)
class Sample:
    """The costs of several runs of one thing."""

    costs: tuple[Cost, ...]

    @property
    def fastest(self) -> float:
        return min(cost.wall for cost in self.costs)

    @property
    def typical(self) -> float:
        return median(cost.wall for cost in self.costs)

    @property
    def cpu(self) -> float:
        return median(cost.cpu for cost in self.costs)

    @property
    def memory(self) -> int:
        return max(cost.memory for cost in self.costs)


class FailedError(Exception):
    """A program that did not end well, or not in time; one sentence."""


def run(command: Sequence[str], folder: Path, environment: Mapping[str, str], limit: float) -> Cost:
    """Run `command` in `folder`; `FailedError` when it fails, or has not ended after `limit` seconds."""
    quiet = subprocess.DEVNULL
    began = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
    )
    timer = threading.Timer(limit, os.killpg, (process.pid, signal.SIGKILL))
    watch = Watch(process.pid)
    timer.start()
    watch.start()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    timer.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    if wall >= limit:
        raise FailedError(f"not done after {limit:.0f} s")
    if process.returncode:
        raise FailedError(f"failed with status {process.returncode}")
    # What the kernel says of the peak is no use: a new process begins with that of the one that started it.
    return Cost(wall, usage.ru_utime + usage.ru_stime, watch.peak())


class Watch(threading.Thread):
    """Looks at the memory of a process and all below it, until `peak` is asked for."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid, self._peak, self._over = pid, 0, threading.Event()

    def run(self) -> None:
        last = 0
        while not self._over.wait(PAUSE):
            now = resident(self._pid)
            # Seen twice, because a process that is just starting another one shows as two of its size.
            self._peak, last = max(self._peak, min(last, now)), now

    def peak(self) -> int:
        """Bytes."""
        self._over.set()
        self.join()
        return self._peak


def resident(pid: int) -> int:
    """Bytes of memory that a process and its descendants hold now; 0 for one that is gone."""
    home = Path("/proc") / str(pid)
    try:
        own = SHARE.search((home / "smaps_rollup").read_text())
        children = (home / "task" / str(pid) / "children").read_text().split()
    except OSError:
        return 0
    return (int(own[1]) << 10 if own else 0) + sum(resident(int(child)) for child in children)
