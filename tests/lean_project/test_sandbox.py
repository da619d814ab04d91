"""Attacks: real programs behind each wall try to get out, to stay, or to take more than they may."""

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
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from blueprint.errors import UserError
from lean_project.sandbox_command import Bounds, Command, disposable
from lean_project.sandbox_filter import MACHINES
from lean_project.sandbox_probe import weakness
from lean_project.sandbox_process import NoAnswerError, OverrunError, running
from lean_project.sandbox_walls import BUBBLEWRAP, NAMESPACES, Wall, whole_walls

from .sandboxes import SMALL, Box


@pytest.fixture(params=[BUBBLEWRAP, NAMESPACES], ids=["bubblewrap", "namespaces"])
def wall(request: pytest.FixtureRequest) -> Wall:
    found: Wall = request.param
    if found not in whole_walls():
        pytest.skip(f"{found.name}: not installed")
    if weak := weakness(found):
        pytest.skip(f"{found.name}: {weak}")
    return found


@pytest.fixture
def box(wall: Wall) -> Iterator[Box]:
    """Whatever was left in it, it can be removed."""
    with disposable("chantier-test-") as folder:
        folder.chmod(0o755)
        yield Box(wall, folder)
    assert not folder.exists()


def secret(box: Box) -> Path:
    """A file beside the scratch folder that anybody outside could read and change."""
    file = box.folder / "secret"
    file.write_text("secret", "ascii")
    file.chmod(0o666)
    box.folder.chmod(0o777)
    return file


def nothing_managed(box: Box, program: str, *read: Path) -> None:
    ran = box.run(program, *read)
    assert (ran.printed, ran.status) == ("", 0)


def starting(box: Box, command: Command, *then: str) -> str:
    """A program of ours that starts the command, for what must happen in a process of its own."""
    lines = [
        "import sys, time",
        "from pathlib import Path",
        "from lean_project.sandbox_command import Command",
        "from lean_project.sandbox_process import running",
        "from lean_project.sandbox_walls import whole_walls",
        f"[wall] = [wall for wall in whole_walls() if wall.name == {box.wall.name!r}]",
        f"read = tuple(map(Path, {tuple(map(str, command.read))!r}))",
        f"command = Command({command.argv!r}, Path({str(command.scratch)!r}), read)",
        "with running(wall, command) as process:",
        *(f"    {line}" for line in then),
    ]
    return "\n".join(lines)


# --- files ---


def test_nothing_is_written_outside(box: Box) -> None:
    outside = secret(box)
    nothing_managed(
        box,
        f"""
        for folder in ("/", "/tmp", "/dev", "/dev/shm", "/etc", "/usr", "/proc", "/root", "{box.folder}"):
            fails("create", write, folder + "/chantier-was-here")
        for file in ("{outside}", "/proc/sys/kernel/hostname", "/proc/sysrq-trigger", "/proc/1/comm"):
            fails("overwrite", write, file)
        write("here")
        """,
    )
    assert outside.read_text("ascii") == "secret"
    assert (box.scratch / "here").read_text("ascii") == "was here"


def test_what_is_given_is_not_changed(box: Box) -> None:
    given = box.folder / "given"
    given.mkdir(mode=0o777)
    file = given / "file"
    file.write_text("as it was", "ascii")
    for place in (given, file):
        place.chmod(0o777)
    nothing_managed(
        box,
        f"""
        fails("overwrite", write, "{file}")
        fails("create", write, "{given}/new")
        fails("remove", os.unlink, "{file}")
        fails("link", os.link, "{file}", "link")
        fails("permissions", os.chmod, "{file}", 0)
        assert open("{file}").read() == "as it was"
        """,
        given,
    )
    assert file.read_text("ascii") == "as it was"


def test_secrets_are_not_read(box: Box) -> None:
    outside = secret(box)
    home = Path.home()
    nothing_managed(
        box,
        f"""
        for file in ("{outside}", "/etc/passwd", "/proc/1/mem", "/proc/kcore",
                     "/proc/{os.getpid()}/environ", "{__file__}", "{home}/.bashrc", "{home}/.profile",
                     "/proc/1/root{outside}", "/proc/self/root{outside}", "/proc/1/cwd/../secret"):
            fails("read", read, file)
        os.symlink("{outside}", "link")
        fails("read", read, "link")
        """,
    )


def test_the_environment_is_empty(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHANTIER_SECRET_KEY", "very secret indeed")
    ran = box.run(
        """
        for name, value in os.environ.items():
            print(name, value)
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                print(open(f"/proc/{pid}/environ").read())
            except OSError:
                pass
        """
    )
    assert "secret" not in ran.printed
    assert "HOME" not in ran.printed


def test_links_out_of_the_folder_are_not_followed(box: Box) -> None:
    outside = secret(box)
    ran = box.run(
        f"""
        os.symlink("{outside}", "link")
        os.symlink("{box.folder}", "folder")
        os.mkfifo("pipe")
        os.mkdir("directory")
        fails("device", os.mknod, "device", 0o666 | 0o020000, os.makedev(1, 3))
        """
    )
    assert ran.printed == ""
    for trap in ("link", "folder/secret", "pipe", "directory", "missing"):
        with pytest.raises(NoAnswerError):
            ran.process.take(box.scratch / trap, 100)


def test_only_harmless_devices_are_there(box: Box) -> None:
    ran = box.run("print(*(name for name in os.listdir('/dev') if not os.path.islink('/dev/' + name)))")
    assert set(ran.printed.split()) <= {
        "full",
        "null",
        "random",
        "urandom",
        "zero",
        "tty",
        "pts",
        "ptmx",
        "shm",
    }


# --- other processes and the kernel ---


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


# --- the network ---


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


# --- taking more than one may ---


def overruns(box: Box, program: str, words: str, seconds: float = 10, bounds: Bounds = SMALL) -> None:
    """It is ended, and the next program runs as if nothing had been."""
    with pytest.raises(OverrunError, match=words):
        box.run(program, seconds=seconds, bounds=bounds)
    with disposable("chantier-test-") as folder:
        assert Box(box.wall, folder).run("print('all is well')").printed == "all is well\n"


# Threads, as many as the kernel allows; the watcher counts processes.
FILL_UP = """
import _thread
while True:
    try:
        _thread.start_new_thread(signal.pause, ())
    except RuntimeError:
        write("full")
        signal.pause()
"""
BOMB = """
while True:
    try:
        os.fork()
    except OSError:
        time.sleep(0.01)
"""


def test_a_fork_bomb(box: Box) -> None:
    overruns(box, BOMB, "more than 10 processes", bounds=replace(SMALL, processes=10))


def test_a_full_sandbox_is_not_in_the_way_of_another(box: Box) -> None:
    few = replace(SMALL, processes=10)
    with disposable("chantier-test-") as folder:
        full = Box(box.wall, folder)
        with running(full.wall, full.command(FILL_UP, bounds=SMALL)) as process:
            process.wait_for(full.scratch / "full", 10)
            assert box.run("os.fork() and print('there is room')", bounds=few).printed == "there is room\n"


@pytest.mark.skipif(os.geteuid() != 0, reason="who is not root has one user")
def test_a_sandbox_of_root_has_a_user_of_its_own(box: Box) -> None:
    with running(box.wall, box.command(HOLD + "signal.pause()")) as process:
        process.wait_for(box.scratch / "held", 10)
        user = process.user
        assert user not in range(65_536)
        assert user in users_of_processes()
        assert box.run("print(os.getresuid(), os.getresgid())").printed != f"{(user,) * 3} {(user,) * 3}\n"
    assert user not in users_of_processes()


def users_of_processes() -> set[int]:
    """The users of all that runs."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            found.add(folder.stat().st_uid)
    return found


def test_memory(box: Box) -> None:
    overruns(box, "hoard = [os.urandom(1_000_000) for _ in range(500)]; time.sleep(60)", "0.2 GB of memory")


def test_memory_shared_by_many(box: Box) -> None:
    overruns(
        box,
        """
        import mmap
        held = mmap.mmap(-1, 400_000_000)
        for start in range(0, 400_000_000, 4096):
            held[start] = 1
        time.sleep(60)
        """,
        "0.2 GB of memory",
    )


def test_memory_in_small_processes(box: Box) -> None:
    overruns(
        box,
        """
        for _ in range(20):
            if os.fork() == 0:
                os.setsid()
                hoard = os.urandom(20_000_000)
                time.sleep(60)
        time.sleep(60)
        """,
        "0.2 GB of memory",
    )


def test_endless_work(box: Box) -> None:
    overruns(box, "while True: pass", "longer than 0.5 seconds", seconds=0.5)


def test_endless_work_by_a_child(box: Box) -> None:
    overruns(
        box,
        """
        if os.fork() == 0:
            while True: pass
        os.wait()
        """,
        "longer than 0.5 seconds",
        seconds=0.5,
    )


def test_endless_sleep(box: Box) -> None:
    overruns(box, "signal.pause()", "longer than 0.5 seconds", seconds=0.5, bounds=replace(SMALL, patience=1))


def test_endless_printing(box: Box) -> None:
    overruns(
        box,
        """
        while True:
            try:
                os.write(1, bytes(1_000_000))
            except OSError:
                pass
        """,
        "printed more than 1 MB",
    )


def test_one_endless_file(box: Box) -> None:
    ran = box.run(
        """
        def fill():
            with open("file", "wb") as file:
                while True:
                    file.write(bytes(1_000_000))
        fails("fill", fill)
        fails("sparse", os.truncate, "file", 1 << 40)
        """
    )
    assert ran.printed == ""
    assert (box.scratch / "file").stat().st_size <= SMALL.file


def test_endless_files(box: Box) -> None:
    overruns(
        box,
        """
        for number in range(10_000):
            with open(str(number), "wb") as file:
                file.truncate(1_000_000)
        time.sleep(60)
        """,
        "wrote more than 0.008 GB|more than 500 files",
    )


@pytest.mark.parametrize(
    "make", ["os.mkdir(name)", "os.symlink('x', name)", "write(name)", "os.mkfifo(name)"]
)
def test_endlessly_many_files(box: Box, make: str) -> None:
    overruns(
        box,
        f"""
        for number in range(3_000):
            name = str(number)
            {make}
        time.sleep(60)
        """,
        "more than 500 files|more than 0.008 GB",
    )


def test_folders_too_deep_to_count(box: Box) -> None:
    overruns(
        box,
        """
        for number in range(300):
            os.mkdir("d" * 200)
            os.chdir("d" * 200)
        time.sleep(60)
        """,
        "cannot be looked into|wrote more",
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root looks into every folder")
def test_folders_closed_to_us(box: Box) -> None:
    overruns(box, "os.mkdir('closed'); os.chmod('closed', 0o300); time.sleep(60)", "cannot be looked into")


# --- staying ---

HOLD = """
import fcntl
reading, writing = os.pipe()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        fcntl.flock(os.open("lock", os.O_CREAT | os.O_RDWR), fcntl.LOCK_EX)
        os.write(writing, b"!")
        signal.pause()
    os._exit(0)
os.read(reading, 1)
write("held")
"""


def is_free(lock: Path) -> bool:
    """Whether every process that held the lock is dead."""
    with lock.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def test_nothing_outlives_the_program(box: Box) -> None:
    box.run(HOLD)
    assert is_free(box.scratch / "lock")


def test_nothing_outlives_being_ended(box: Box) -> None:
    with running(box.wall, box.command(HOLD + "signal.pause()")) as process:
        process.wait_for(box.scratch / "held", 10)
        assert not is_free(box.scratch / "lock")
    assert is_free(box.scratch / "lock")


def test_nothing_outlives_its_parent(box: Box) -> None:
    command = box.command(HOLD + "signal.pause()")
    starter = starting(box, command, "time.sleep(60)")
    with subprocess.Popen([sys.executable, "-c", starter]) as parent:
        wait_until(lambda: (box.scratch / "held").exists())
        assert not is_free(box.scratch / "lock")
        parent.kill()
    wait_until(lambda: is_free(box.scratch / "lock"))


def test_it_outlives_the_thread_that_started_it(box: Box) -> None:
    entered = running(box.wall, box.command("time.sleep(0.5); write('done'); signal.pause()"))
    thread = threading.Thread(target=entered.__enter__)
    thread.start()
    thread.join()
    wait_until(lambda: (box.scratch / "done").exists())
    entered.__exit__(None, None, None)


def wait_until(there: Callable[[], bool]) -> None:
    for _ in range(500):
        if there():
            return
        time.sleep(0.02)
    pytest.fail("waited for nothing")


def test_the_exit_status_is_told(box: Box) -> None:
    assert box.run("sys.exit(3)").status == 3
    assert box.run("os.kill(os.getpid(), signal.SIGKILL)").status == 128 + signal.SIGKILL


def test_an_answer_is_waited_for(box: Box) -> None:
    with running(box.wall, box.command("write('a'); os.rename('a', 'answer'); signal.pause()")) as process:
        assert process.wait_for(box.scratch / "answer", 10) == b"was here"
        with pytest.raises(OverrunError, match="wrote more"):
            process.take(box.scratch / "answer", 3)
    with (
        running(box.wall, box.command("")) as process,
        pytest.raises(NoAnswerError, match="without an answer"),
    ):
        process.wait_for(box.scratch / "another", 10)


@pytest.mark.skipif(os.geteuid() != 0, reason="who is not root reads what is theirs")
def test_what_is_closed_to_others_is_named(box: Box) -> None:
    given = box.folder / "given"
    given.mkdir(mode=0o700)
    given.chmod(0o700)
    with pytest.raises(UserError, match=rf"chmod -R go\+rX {given}"):
        box.run("", given)


def test_a_careful_umask_closes_nothing_that_is_given(wall: Wall) -> None:
    before = os.umask(0o077)
    try:
        with disposable("chantier-test-") as folder:
            (folder / "given").mkdir()
            (folder / "given" / "file").write_text("given", "ascii")
            ran = Box(wall, folder).run(f"print(open('{folder}/given/file').read())", folder / "given")
            assert ran.printed == "given\n"
            assert folder.stat().st_mode & 0o077 == 0
    finally:
        os.umask(before)
