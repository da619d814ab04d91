"""Calls to the kernel that no build needs and that break out of, or slip past, a sandbox: a filter."""

from __future__ import annotations

import errno
import platform
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

# Offsets in the kernel's `struct seccomp_data` (linux/seccomp.h), and the instructions used (bpf_common.h).
_NUMBER, _MACHINE, _ARGUMENT = 0, 4, (16, 24)
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _FAIL, _KILL = 0x7FFF0000, 0x00050000, 0x80000000

# CLONE_NEW*: time, mount, cgroup, uts, ipc, user, pid, net.
NEW_NAMESPACES = 0x80 | 0x20000 | 0x2000000 | 0x4000000 | 0x8000000 | 0x10000000 | 0x20000000 | 0x40000000
# Others, such as AF_VSOCK, are not confined by a network namespace.
SOCKETS = {"AF_UNIX": 1, "AF_INET": 2, "AF_INET6": 10}
# Typing into somebody's terminal.
TERMINAL = {"TIOCSTI": 0x5412, "TIOCLINUX": 0x541C}

# Added to every machine under the same number.
_NEW = {
    "pidfd_getfd": 438, "io_uring_setup": 425, "open_tree": 428, "move_mount": 429, "fsopen": 430,
    "fsconfig": 431, "fsmount": 432, "fspick": 433, "process_madvise": 440, "mount_setattr": 442,
    "memfd_secret": 447,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Machine:
    """The numbers of a processor's system calls: those that are refused, and those whose arguments matter."""

    audit: int
    refused: Mapping[str, int]
    clone: int
    socket: int
    ioctl: int
    most: int = 0xFFFFFFFF


# Memory that belongs to no process (memfd, System V) is refused too: the watcher could not see it.
MACHINES = {
    "x86_64": Machine(
        audit=0xC000003E,
        refused={
            "ptrace": 101, "process_vm_readv": 310, "process_vm_writev": 311, "kcmp": 312, "keyctl": 250,
            "add_key": 248, "request_key": 249, "bpf": 321, "perf_event_open": 298, "userfaultfd": 323,
            "mount": 165, "umount2": 166, "pivot_root": 155, "chroot": 161, "unshare": 272, "setns": 308,
            "open_by_handle_at": 304, "init_module": 175, "finit_module": 313, "delete_module": 176,
            "kexec_load": 246, "kexec_file_load": 320, "memfd_create": 319, "shmget": 29, "msgget": 68,
        },
        clone=56, socket=41, ioctl=16,
        most=0x3FFFFFFF,  # above are the same calls once more, in the x32 form
    ),
    "aarch64": Machine(
        audit=0xC00000B7,
        refused={
            "ptrace": 117, "process_vm_readv": 270, "process_vm_writev": 271, "kcmp": 272, "keyctl": 219,
            "add_key": 217, "request_key": 218, "bpf": 280, "perf_event_open": 241, "userfaultfd": 282,
            "mount": 40, "umount2": 39, "pivot_root": 41, "chroot": 51, "unshare": 97, "setns": 268,
            "open_by_handle_at": 265, "init_module": 105, "finit_module": 273, "delete_module": 106,
            "kexec_load": 104, "kexec_file_load": 294, "memfd_create": 279, "shmget": 194, "msgget": 186,
        },
        clone=220, socket=198, ioctl=29,
    ),
}  # fmt: skip
_CLONE3 = 435  # its flags cannot be looked at; the C library goes back to `clone`


def program(machine: str = platform.machine()) -> bytes:
    """The filter for this processor, as an array of `struct sock_filter`; empty where we have none."""
    known = MACHINES.get(machine)
    return b"".join(_instructions(known)) if known else b""


def _instructions(machine: Machine) -> Iterator[bytes]:
    yield _step(_LOAD, _MACHINE)
    yield _step(_EQUAL, machine.audit, met=1)
    yield _step(_RETURN, _KILL)
    yield _step(_LOAD, _NUMBER)
    if machine.most < 0xFFFFFFFF:
        yield from _when(_AT_LEAST, machine.most + 1, (_fail(errno.ENOSYS),))
    for number in (*machine.refused.values(), *_NEW.values()):
        yield from _when(_EQUAL, number, (_fail(errno.EPERM),))
    yield from _when(_EQUAL, _CLONE3, (_fail(errno.ENOSYS),))
    yield from _when(_EQUAL, machine.clone, tuple(_no_namespaces()))
    yield from _when(_EQUAL, machine.socket, tuple(_known_sockets()))
    yield from _when(_EQUAL, machine.ioctl, tuple(_no_typing()))
    yield _step(_RETURN, _ALLOW)


def _no_namespaces() -> Iterator[bytes]:
    yield _step(_LOAD, _ARGUMENT[0])
    yield from _when(_ANY_BIT, NEW_NAMESPACES, (_fail(errno.EPERM),))
    yield _step(_RETURN, _ALLOW)


def _known_sockets() -> Iterator[bytes]:
    yield _step(_LOAD, _ARGUMENT[0])
    for family in SOCKETS.values():
        yield from _when(_EQUAL, family, (_step(_RETURN, _ALLOW),))
    yield _fail(errno.EAFNOSUPPORT)


def _no_typing() -> Iterator[bytes]:
    yield _step(_LOAD, _ARGUMENT[1])
    for request in TERMINAL.values():
        yield from _when(_EQUAL, request, (_fail(errno.EPERM),))
    yield _step(_RETURN, _ALLOW)


def _when(test: int, value: int, then: Sequence[bytes]) -> Iterator[bytes]:
    """`then`, which must end the program, where the test holds."""
    yield _step(test, value, unmet=len(then))
    yield from then


def _step(code: int, value: int, met: int = 0, unmet: int = 0) -> bytes:
    """One instruction; after a test, how many of those that follow are passed over."""
    return struct.pack("=HBBI", code, met, unmet, value)


def _fail(number: int) -> bytes:
    return _step(_RETURN, _FAIL | number)
