"""A program of its own: confines what it starts, waits for it, and sees that nothing of it is left.

Run as `python -I -S sandbox_launcher.py SPEC` with nothing but the standard library; SPEC is JSON:

- `argv`, `limits` (names of `resource` -> value), `filter` (seccomp instructions, hex);
- `filter_fd` where the program loads the filter by itself;
- `offline` where it is to leave the network if it can;
- `inside` where this is to build the sandbox: `links`, `read`, `scratch` (pairs: outside, inside), and
  `user`, the number of whom root becomes.

Standard error says in one line what the system refused.
"""

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import resource
import select
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

Spec = dict[str, Any]

# Numbers from the kernel's headers.
NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET = (
    0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000,
)  # fmt: skip
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = (
    1, 2, 4, 8, 32, 4096, 16384, 1 << 18,
)  # fmt: skip
MNT_DETACH = 2
MOUNT_SETATTR, AT_FDCWD, AT_RECURSIVE = 442, -100, 0x8000  # one number on every machine
ATTR_RDONLY, ATTR_NOSUID, ATTR_NODEV = 1, 2, 4
PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
SET_PDEATHSIG, SET_DUMPABLE, SET_SECCOMP, CAPBSET_DROP = 1, 4, 22, 24
SET_CHILD_SUBREAPER, SET_NO_NEW_PRIVS, CAP_AMBIENT, CAP_AMBIENT_CLEAR_ALL = 36, 38, 47, 4
CAPABILITY_VERSION = 0x20080522
DEVICES = ("null", "zero", "full", "random", "urandom")
# Any folder will do to put the new root on, in a mount namespace of our own; this one is everywhere.
NEW, OLD = "/tmp", "/old"  # noqa: S108

libc = ctypes.CDLL(None, use_errno=True)


class _Filter(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


class _Attributes(ctypes.Structure):
    _fields_ = (
        ("add", ctypes.c_uint64),
        ("remove", ctypes.c_uint64),
        ("propagation", ctypes.c_uint64),
        ("userns", ctypes.c_uint64),
    )


def main() -> None:
    spec: Spec = json.loads(sys.argv[1])
    os.umask(0o022)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})  # until there is something to end
    try:
        if sys.platform == "linux":
            os._exit(keep(confined(spec)))
        become(spec)
    except OSError as error:
        sys.stderr.write(f"sandbox: {error.filename or 'the system'}: {error.strerror}\n")
        os._exit(126)


def confined(spec: Spec) -> int:
    """Start the program, confined; its process, or that of the sandbox's first one."""
    control(SET_CHILD_SUBREAPER, 1)
    os.nice(10)  # the server and those who watch go before
    Path("/proc/self/oom_score_adj").write_text("1000", "ascii")  # where memory ends, this goes first
    if "inside" in spec:
        leave(NEWPID | NEWNET | NEWIPC | NEWUTS | NEWCGROUP)
        return child(lambda: first(spec))
    return child(lambda: become(spec))


def keep(main_child: int) -> int:
    """Wait for it, end whatever it left behind, and give its exit status. Ended itself, it ends it first."""
    signal.signal(signal.SIGTERM, lambda *_: os.kill(main_child, signal.SIGKILL))
    end_with_parent()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    status = 126
    while True:
        try:
            ended, code = os.wait()
        except ChildProcessError:
            return status
        if ended == main_child:
            status = exit_status(code)
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            main_child = 0
        if not main_child:
            end_orphans()


def end_with_parent() -> None:
    """Be told to end once nobody holds the other end of standard input, a pipe, any more.

    The kernel's own signal for that comes when the thread that started us ends, which may be long before.
    """
    fcntl.fcntl(0, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(0, fcntl.F_SETSIG, signal.SIGTERM)
    fcntl.fcntl(0, fcntl.F_SETFL, os.O_ASYNC)
    if select.select([0], [], [], 0)[0]:
        os.kill(os.getpid(), signal.SIGTERM)


def end_orphans() -> None:
    """What is left was handed to us, because we asked for it."""
    for orphan in Path("/proc/thread-self/children").read_text("ascii").split():
        os.kill(int(orphan), signal.SIGKILL)


def exit_status(code: int) -> int:
    """As shells say it: 128 and the signal's number where one ended it."""
    status = os.waitstatus_to_exitcode(code)
    return status if status >= 0 else 128 - status


def child(act: Callable[[], None]) -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        control(SET_PDEATHSIG, signal.SIGKILL)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        act()
    except OSError as error:
        sys.stderr.write(f"sandbox: {error.filename or 'the system'}: {error.strerror}\n")
        sys.stderr.flush()
    finally:
        os._exit(126)


def first(spec: Spec) -> None:
    """The first process of the sandbox: builds it, starts the program, and takes all with it when it ends."""
    inside = spec["inside"]
    build(inside)
    drop(inside["user"])
    control(SET_PDEATHSIG, signal.SIGKILL)
    control(SET_DUMPABLE, 0)
    program = child(lambda: become(spec))
    while True:
        ended, code = os.wait()
        if ended == program:
            os._exit(exit_status(code))


def become(spec: Spec) -> None:
    """The last step: limits, filter, and the program instead of this."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    for name, value in spec["limits"].items():
        limit(getattr(resource, name), value)
    instructions = bytes.fromhex(spec["filter"])
    if "filter_fd" in spec:
        hand_filter(instructions, spec["filter_fd"])
    elif sys.platform == "linux":
        if "offline" in spec:  # where the system lets it; nobody relies on it
            libc.unshare(NEWNET if os.geteuid() == 0 else NEWNET | NEWUSER)
        control(SET_NO_NEW_PRIVS, 1)
        if instructions:
            load_filter(instructions)
    program = spec["argv"][0]
    try:
        os.execv(program, spec["argv"])  # noqa: S606 - no shell is wanted
    except OSError as error:
        raise OSError(error.errno, error.strerror, program) from error


def limit(kind: int, value: int) -> None:
    most = resource.getrlimit(kind)[1]
    least = value if most == resource.RLIM_INFINITY else min(value, most)
    resource.setrlimit(kind, (least, least))


# --- namespaces ---


def leave(namespaces: int) -> None:
    """Into new namespaces; who is not root needs one where root's rights are had over the others."""
    user, group = os.geteuid(), os.getegid()
    if user == 0:
        check(libc.unshare(namespaces), "new namespaces")
        return
    check(libc.unshare(namespaces | NEWUSER), "new namespaces")
    Path("/proc/self/setgroups").write_text("deny", "ascii")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1", "ascii")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1", "ascii")


def build(inside: Spec) -> None:
    """A root of our own, in which only what is given can be seen; the other one is taken away."""
    check(libc.unshare(NEWNS), "a new mount namespace")
    mount(None, "/", None, MS_REC | MS_PRIVATE)
    mount("tmpfs", NEW, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755,size=1m")
    os.mkdir(NEW + OLD)
    pivot_root = PIVOT_ROOT[os.uname().machine]
    check(libc.syscall(pivot_root, NEW.encode(), (NEW + OLD).encode()), "pivot_root")
    os.chdir("/")
    for source, path in inside["read"]:
        bind(source, path, ATTR_RDONLY | ATTR_NOSUID | ATTR_NODEV)
    for path, target in inside["links"].items():
        os.symlink(target, path)
    for name in DEVICES:
        bind(f"/dev/{name}", f"/dev/{name}", ATTR_NOSUID)
    os.symlink("/proc/self/fd", "/dev/fd")
    for folder in ("/proc", "/tmp"):  # noqa: S108 - inside
        os.makedirs(folder, exist_ok=True)
    mount("proc", "/proc", "proc", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC)
    scratch, seen_as = inside["scratch"]
    bind(scratch, seen_as, ATTR_NOSUID | ATTR_NODEV)
    check(libc.umount2(OLD.encode(), MNT_DETACH), "umount")
    os.rmdir(OLD)
    mount(None, "/", None, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV)
    os.chdir(seen_as)


def bind(source: str, path: str, attributes: int) -> None:
    """Show a file or folder of the old root in the new one."""
    if os.path.isdir(OLD + source):
        os.makedirs(path, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        os.close(os.open(path, os.O_CREAT, 0o644))
    mount(OLD + source, path, None, MS_BIND | MS_REC)
    wanted = _Attributes(attributes)
    size = ctypes.sizeof(wanted)
    done = libc.syscall(
        MOUNT_SETATTR, AT_FDCWD, path.encode(), AT_RECURSIVE, ctypes.byref(wanted), ctypes.c_size_t(size)
    )
    check(done, f"mount_setattr {path}")


def mount(source: str | None, target: str, kind: str | None, flags: int, options: str | None = None) -> None:
    words = [None if word is None else word.encode() for word in (source, target, kind, options)]
    done = libc.mount(*words[:3], ctypes.c_ulong(flags), words[3])
    check(done, f"mount {source or target}")


# --- rights ---


def drop(user: int) -> None:
    """No rights beyond those of an ordinary user, and no way to come by any."""
    for capability in range(int(Path("/proc/sys/kernel/cap_last_cap").read_text("ascii")) + 1):
        control(CAPBSET_DROP, capability)
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    control(CAP_AMBIENT, CAP_AMBIENT_CLEAR_ALL)
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0)
    check(libc.capset(header, (ctypes.c_uint32 * 6)()), "capset")


def load_filter(instructions: bytes) -> None:
    program = _Filter(len(instructions) // 8, instructions)
    check(libc.prctl(SET_SECCOMP, ctypes.c_ulong(2), ctypes.byref(program), 0, 0), "seccomp")


def hand_filter(instructions: bytes, number: int) -> None:
    """For a program that reads the filter from an open file."""
    reading, writing = os.pipe()
    os.write(writing, instructions)
    os.close(writing)
    os.dup2(reading, number)
    os.close(reading)


def control(option: int, value: int) -> None:
    done = libc.prctl(option, ctypes.c_ulong(value), ctypes.c_ulong(0), ctypes.c_ulong(0), ctypes.c_ulong(0))
    check(done, f"prctl {option}")


def check(result: int, what: str) -> None:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), what)


if __name__ == "__main__":
    main()
