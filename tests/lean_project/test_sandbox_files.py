"""Attacks on files: real programs behind each wall write, read and link what is not theirs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from lean_project.sandbox_process import NoAnswerError

from .sandboxes import Box, nothing_managed, secret


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
