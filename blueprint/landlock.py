"""Linux's own way for a process to give up files and network for good: the kernel refuses, whatever runs.

The constants are those of <linux/landlock.h>; the three system calls have the same numbers everywhere.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from collections.abc import Iterable
from pathlib import Path

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
VERSION = 1  # a flag: asks for the version of the interface
PATH_BENEATH = 1
NO_NEW_PRIVILEGES = 38
EXECUTE, READ_FILE, READ_FOLDER = 1 << 0, 1 << 2, 1 << 3
# What can be given up, by the version that first knew it: 13 rights to files, then three more.
FILES = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
NETWORK = {4: 0b11}  # to bind and to connect


def read_only(folders: Iterable[Path]) -> bool:
    """From now on files are read below `folders` and nowhere else; False where the system cannot do that."""
    return confine(reading=folders)


def confine(reading: Iterable[Path], running: Iterable[Path] = (), writing: Iterable[Path] = ()) -> bool:
    """From now on files are read, run (and read), or made and written (and read) below these folders only.

    False where the system cannot do that.
    """
    if not sys.platform.startswith("linux"):
        return False
    kernel = ctypes.CDLL(None)
    version = kernel.syscall(CREATE_RULESET, None, 0, VERSION)
    if version < 1:
        return False
    files = _known(FILES, version)
    given_up = struct.pack("=QQ", files, _known(NETWORK, version))
    size = 16 if version >= min(NETWORK) else 8
    rules = kernel.syscall(CREATE_RULESET, given_up, size, 0)
    if rules < 0:
        return False
    rights = READ_FILE | READ_FOLDER
    for folders, allowed in ((reading, rights), (running, rights | EXECUTE), (writing, files & ~EXECUTE)):
        for folder in folders:
            _allow(kernel, rules, folder, allowed)
    kernel.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    held = bool(kernel.syscall(RESTRICT_SELF, rules, 0) == 0)
    os.close(rules)
    return held


def _known(rights: dict[int, int], version: int) -> int:
    return max((right for since, right in rights.items() if since <= version), default=0)


def _allow(kernel: ctypes.CDLL, rules: int, folder: Path, rights: int) -> None:
    if not folder.is_dir():
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    kernel.syscall(ADD_RULE, rules, PATH_BENEATH, struct.pack("=Qi", rights, handle), 0)
    os.close(handle)
