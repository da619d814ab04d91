"""How much a command uses: all its processes together, and what it wrote."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from lean_project.sandbox_command import Bounds

# Bytes and files that the disk keeps free, whoever fills it: files deleted while open are in no folder.
FREE_BYTES = 300_000_000
FREE_FILES = 2_000
_MEMORY = ("RssAnon:", "RssShmem:", "VmSwap:")


@dataclass(frozen=True, slots=True)
class Tree:
    """A process and all that descend from it: how many, bytes of memory, seconds of processor time."""

    processes: int
    memory: int
    cpu: float


def tree(pid: int, most: int) -> Tree:
    """What the first `most` processes below this one use; nothing where the system does not say."""
    pids = list(islice(_descendants(pid), most))
    return Tree(len(pids), sum(map(_memory, pids)), sum(map(_cpu, pids)))


def excess(used: Tree, scratch: Path, printed: Path, bounds: Bounds) -> str | None:
    """What of its bounds a command oversteps, as the end of a sentence."""
    if used.processes > bounds.processes:
        return f"it started more than {bounds.processes} processes"
    if used.memory > bounds.memory:
        return f"it needed more than {bounds.memory / 1e9:g} GB of memory"
    if printed.stat().st_size > bounds.output:
        return f"it printed more than {bounds.output / 1e6:g} MB"
    return _folder_excess(scratch, bounds) or _disk_excess(scratch)


def _folder_excess(scratch: Path, bounds: Bounds) -> str | None:
    total = 0
    try:
        for count, size in enumerate(_sizes(scratch), 1):
            total += size
            if count > bounds.files:
                return f"it made more than {bounds.files} files"
            if total > bounds.scratch:
                return f"it wrote more than {bounds.scratch / 1e9:g} GB"
    except OSError as error:  # forbidden to us, or too deep: made so as not to be counted
        return f"it made a folder that cannot be looked into ({error.strerror})"
    return None


def _disk_excess(scratch: Path) -> str | None:
    disk = os.statvfs(scratch)
    if disk.f_bavail * disk.f_frsize < FREE_BYTES or (disk.f_files and disk.f_favail < FREE_FILES):
        return "the disk was nearly full"
    return None


def _sizes(folder: Path) -> Iterator[int]:
    """Of everything below, folders too. Raises `OSError` for a folder that cannot be read but is there."""
    waiting = [str(folder)]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    found = entry.stat(follow_symlinks=False)
                    yield found.st_size
                    if stat.S_ISDIR(found.st_mode):
                        waiting.append(entry.path)
        except OSError as error:
            if error.errno not in (errno.ENOENT, errno.ENOTDIR):  # gone since
                raise


def _descendants(pid: int) -> Iterator[int]:
    waiting = [pid]
    while waiting:
        yield (last := waiting.pop())
        waiting += _children(last)


def _children(pid: int) -> Iterator[int]:
    try:
        for thread in os.listdir(f"/proc/{pid}/task"):
            words = Path(f"/proc/{pid}/task/{thread}/children").read_text("ascii")
            yield from map(int, words.split())
    except OSError:  # ended since, or another system
        return


def _memory(pid: int) -> int:
    """Its own bytes: files that it only reads can be had again from the disk."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text("utf-8", "replace").splitlines()
    except OSError:
        return 0
    return sum(1024 * int(line.split()[1]) for line in lines if line.startswith(_MEMORY))


def _cpu(pid: int) -> float:
    """Its own time and that of its children that ended."""
    try:
        words = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except OSError:
        return 0
    return sum(map(int, words[11:15])) / os.sysconf("SC_CLK_TCK")
