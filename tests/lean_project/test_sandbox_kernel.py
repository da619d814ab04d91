"""Attacks on other programs, the kernel and the network: real programs behind each wall try to get out."""

from __future__ import annotations

import errno
import fcntl
import os
import platform
import signal
import socket
import subprocess
import sys
import termios
from contextlib import closing

import pytest

from lean_project.sandbox_filter import MACHINES

from .sandboxes import Box, nothing_managed, secret, starting


def test_it_has_no_rights(box: Box) -> None:
    ran = box.run("print(os.getuid(), os.geteuid(), *open('/proc/self/status'))")
    assert "0" not in ran.printed.split("\n")[0].split()[:2]
    found = dict(line.split(":", 1) for line in ran.printed.splitlines() if ":" in line)
    found = {name.strip(): value.strip() for name, value in found.items()}
    for kind in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        assert int(found[kind], 16) == 0
    assert found["NoNewPrivs"] == "1"


def test_other_processes_are_out_of_reach(box: Box) -> None:
    with subprocess.Popen(["sleep", "60"]) as bystander:
        box.run(
            f"""
            for pid in ({os.getpid()}, {bystander.pid}, os.getppid()):
                try:
                    os.kill(pid, signal.SIGKILL)
                except OSError:
                    pass
            os.kill(-1, signal.SIGKILL)
            """
        )
        assert bystander.poll() is None
        bystander.kill()


@pytest.mark.skipif(platform.machine() not in MACHINES, reason="no filter for this processor")
def test_dangerous_calls_are_refused(box: Box) -> None:
    machine = MACHINES[platform.machine()]
    refused = {**machine.refused, "io_uring_setup": 425, "open_tree": 428, "fsopen": 430, "pidfd_getfd": 438}
    new_user_namespace = 0x10000000 | signal.SIGCHLD
    ran = box.run(
        f"""
        for name, number in {refused!r}.items():
            try:
                call(number, 0, 0, 0, 0, 0, 0)
                print("managed", name)
            except OSError as error:
                if error.errno != {errno.EPERM}:
                    print(name, error)
        fails("namespace", call, {machine.clone}, {new_user_namespace}, 0, 0, 0, 0)
        for family in (16, 17, 38, 40):  # netlink, packet, algorithms, virtual machines
            fails("socket", socket.socket, family, socket.SOCK_DGRAM)
        """
    )
    assert ran.printed == ""


def test_nothing_open_outside_is_open_inside(box: Box) -> None:
    file = secret(box)
    with file.open("r+b") as opened, socket.socketpair()[0] as pair:
        for number in (opened.fileno(), pair.fileno()):
            os.set_inheritable(number, True)
        nothing_managed(
            box,
            """
            for number in range(3, 200):
                fails("write", os.write, number, b"was here")
            """,
        )
    assert file.read_text("ascii") == "secret"


@pytest.mark.skipif(platform.machine() not in MACHINES, reason="no filter for this processor")
def test_nothing_is_typed_into_a_terminal(box: Box) -> None:
    """A program of ours that has a terminal starts the sandbox; what is inside finds no way to it."""
    master, slave = os.openpty()
    program = f"""
    import fcntl, termios
    fails("terminal", open, "/dev/tty", "w")
    for number in (0, 1, 2):
        try:
            fcntl.ioctl(number, {termios.TIOCSTI}, b"x")
        except OSError as error:
            if error.errno != {errno.EPERM}:
                print(error)
    """
    command = box.command(program)
    starter = starting(box, command, "process.wait(10)", "sys.exit(process.printed().decode())")
    try:
        done = subprocess.run(
            [sys.executable, "-c", starter],
            stdin=slave,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(slave, termios.TIOCSCTTY, 0),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stderr.strip() == ""
        os.set_blocking(master, False)
        with pytest.raises(BlockingIOError):
            os.read(master, 10)
    finally:
        os.close(master)
        os.close(slave)


def test_there_is_no_network(box: Box) -> None:
    name = f"chantier-{os.getpid()}"
    with socket.create_server(("127.0.0.1", 0)) as tcp, closing(socket.socket(socket.AF_UNIX)) as abstract:
        abstract.bind("\0" + name)
        abstract.listen()
        local = closing(socket.socket(socket.AF_UNIX))
        with local as named:
            named.bind(str(box.folder / "door"))
            named.listen()
            port = tcp.getsockname()[1]
            nothing_managed(
                box,
                f"""
                socket.setdefaulttimeout(2)
                fails("tcp", socket.create_connection, ("127.0.0.1", {port}))
                fails("far", socket.create_connection, ("192.0.2.1", 80))
                for address in ("\\0{name}", "{box.folder}/door"):
                    fails("unix", socket.socket(socket.AF_UNIX).connect, address)
                fails("udp", socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto, b"x", ("192.0.2.1", 53))
                """,
            )
            for listener in (tcp, abstract, named):
                listener.setblocking(False)
                with pytest.raises(BlockingIOError):
                    listener.accept()
