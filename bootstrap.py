"""Set up everything a checkout needs: virtual environment, pinned packages, front-end build.

Run by the Makefile with the system's Python (3.11 or newer) and nothing else installed. Each step leaves a
stamp and is skipped while its inputs are unchanged. A step that fails prints one sentence and leaves
nothing half made.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOG = ROOT / ".bootstrap.log"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class SetUpError(Exception):
    """One sentence for the person at the terminal."""


def say(text: str) -> None:
    print(f"set-up: {text}", flush=True)


def run(command: list[str], sentence: str, **environment: str) -> None:
    """Run quietly; what it printed goes to the log, and a failure becomes `sentence`."""
    with LOG.open("ab") as log:
        log.write(f"\n$ {' '.join(command)}\n".encode())
        log.flush()
        try:
            done = subprocess.run(
                command, cwd=ROOT, stdout=log, stderr=log, env=os.environ | environment, check=False
            )
        except OSError as error:
            raise SetUpError(f"{sentence} ({error})") from error
    if done.returncode != 0:
        raise SetUpError(f"{sentence} The details are in {LOG.name}.")


def stamped(stamp: Path, *inputs: Path) -> tuple[str, bool]:
    """The digest of the inputs, and whether the stamp already holds it."""
    digest = hashlib.sha256(sys.version.encode() + str(ROOT).encode())
    for file in inputs:
        digest.update(file.read_bytes())
    value = digest.hexdigest()
    return value, stamp.is_file() and stamp.read_text() == value


def make_venv() -> None:
    """Debian leaves `ensurepip` out of its Python; then pip comes from the system, or from apt."""
    attempts = [[sys.executable, "-m", "venv", "--clear", str(VENV)]]
    if shutil.which("virtualenv"):
        attempts.append(["virtualenv", "--clear", "-p", sys.executable, str(VENV)])
    if can_install_packages():
        attempts.append([])  # after this, the first attempt again
    for command in attempts:
        try:
            if not command:
                version = f"{sys.version_info.major}.{sys.version_info.minor}"
                say(f"installing python{version}-venv with apt")
                apt_install(f"python{version}-venv")
                command = attempts[0]
            run(command, "no virtual environment")
            return
        except SetUpError:
            shutil.rmtree(VENV, ignore_errors=True)
    raise SetUpError(
        "could not make a virtual environment: install your system's venv package "
        "(on Debian and Ubuntu: apt install python3-venv) and run this again."
    )


def install_packages(lock: str) -> None:
    """The pinned packages of `lock`, with their hashes verified, and this project itself."""
    stamp = VENV / f"{lock}.stamp"
    digest, fresh = stamped(stamp, ROOT / lock, ROOT / "pyproject.toml")
    if fresh:
        return
    # An environment that an interrupted run left, or one for another Python, is no use.
    made, usable = stamped(VENV / "made.stamp")
    try:
        if not usable:
            say("making the virtual environment")
            make_venv()
            (VENV / "made.stamp").write_text(made)
        say("installing the pinned Python packages")
        pip_install(lock)
    except BaseException:
        if not usable:
            shutil.rmtree(VENV, ignore_errors=True)
        raise
    stamp.write_text(digest)


def pip_install(lock: str) -> None:
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "2"]
    run(
        # A lock is whole; asked what its packages want, pip would refuse the versions it overrides.
        [*pip, "--require-hashes", "--no-deps", "--requirement", lock],
        "could not install the Python packages: check the network connection and run this again.",
    )
    run(
        [*pip, "--no-deps", "--no-build-isolation", "--editable", "."],
        "could not install this project into its virtual environment.",
    )


def can_install_packages() -> bool:
    """Whether apt can be used without asking anybody for a password."""
    if not shutil.which("apt-get"):
        return False
    if os.geteuid() == 0:
        return True
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return bool(shutil.which("sudo")) and subprocess.run(["sudo", "-n", "true"], **quiet).returncode == 0


def apt_install(*packages: str) -> None:
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    sentence = f"apt could not install {' '.join(packages)}."
    run([*sudo, "apt-get", "update"], sentence, DEBIAN_FRONTEND="noninteractive")
    install = ["apt-get", "install", "--yes", "--no-install-recommends"]
    run([*sudo, *install, *packages], sentence, DEBIAN_FRONTEND="noninteractive")


def is_debian() -> bool:
    """Ubuntu's own chromium package is a snap, which containers cannot install."""
    release = Path("/etc/os-release")
    return release.exists() and "\nID=debian\n" in f"\n{release.read_text()}"


def find_browser() -> None:
    """Tests drive a real browser. Without one they are skipped, and say so."""
    if any(shutil.which(name) for name in BROWSERS):
        return
    say("installing a browser for the tests")
    try:
        if is_debian() and can_install_packages():
            apt_install("chromium", "fonts-dejavu-core")
        else:
            run([str(PYTHON), "-m", "playwright", "install", "chromium"], "no browser could be downloaded.")
    except SetUpError as error:
        say(f"{error} The browser tests will be skipped.")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tests", action="store_true", help="also what the tests need")
    options = parser.parse_args()
    LOG.unlink(missing_ok=True)
    # Sandboxes that root starts read programs of ours, and Node, as another user.
    os.umask(0o022)
    subprocess.run(["chmod", "-R", "go+rX", str(ROOT / "lean_project")], check=False)
    try:
        install_packages("requirements-dev.lock" if options.tests else "requirements.lock")
        if options.tests:
            find_browser()
    except SetUpError as error:
        print(f"set-up: {error}", file=sys.stderr)
        return 1
    return subprocess.run([str(PYTHON), "-P", "-m", "dashboards.build"], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
