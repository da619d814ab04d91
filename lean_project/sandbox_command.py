"""What is to run in a sandbox, and how much it may use."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

# A default access list (linux/posix_acl_xattr.h): the owner all, the group and others read and enter.
_READABLE = struct.pack("<I" + 3 * "HHi", 2, 0x01, 7, -1, 0x04, 5, -1, 0x20, 5, -1)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What all processes of one command may use together. Sizes in bytes.

    `cpu` is in seconds, and like `file`, the longest file, holds for each process alone. `scratch` and
    `files` count what lies in its folder, `output` what it prints. `patience` is how many seconds on the
    clock it is given for each second of processor time that it may use: others may be using the machine.
    """

    cpu: int = 3600
    memory: int = 7_000_000_000
    processes: int = 256
    file: int = 300_000_000
    scratch: int = 1_000_000_000
    files: int = 20_000
    output: int = 10_000_000
    patience: float = 6


@dataclass(frozen=True, slots=True)
class Command:
    """A program with its arguments, and all that it is given.

    It sees the files in `read` and may write in the folder `scratch`, where it starts, all under the names
    they have outside; besides it sees the system's programs and libraries, and nothing else. Its environment
    is `environment`. What a `quiet` one prints is lost. `self_confined` says that the program keeps to all
    that by itself as well, as Node's permission model does; another never runs where there is no sandbox.
    """

    argv: tuple[str, ...]
    scratch: Path
    read: tuple[Path, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    bounds: Bounds = Bounds()
    quiet: bool = False
    self_confined: bool = False


@contextmanager
def disposable(prefix: str) -> Iterator[Path]:
    """A folder of ours for the time of the block, for scratch folders to lie in.

    It is closed to others; what is made in it is not, whatever the umask, so that a sandbox of another user
    can read what it is given of it. What ran there may have left folders too deep for Python, or without
    permissions: programs made for that remove it, and what they cannot remove stays.
    """
    folder = Path(tempfile.mkdtemp(prefix=prefix)).resolve()
    if sys.platform == "linux":
        with suppress(OSError):  # a file system without such lists: then the umask says who reads
            os.setxattr(folder, "system.posix_acl_default", _READABLE)
    try:
        yield folder
    finally:
        for program in (("chmod", "-R", "u+rwX"), ("rm", "-rf")):
            subprocess.run([*program, "--", str(folder)], stderr=subprocess.DEVNULL, check=False)
