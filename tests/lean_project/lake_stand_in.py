"""A program that answers as `lake` does, as far as its manual says, and one that stands in for `lean`.

They are written into a folder laid out like a toolchain, in Python, because no native Lean is at hand where
Chantier is developed. A module "compiles" to a few bytes that no judge can read.
"""

from __future__ import annotations

from pathlib import Path

# One that is seen in every sandbox.
PYTHON = Path("/usr/bin/python3")

LAKE = r"""
import json, os, pathlib, shutil, socket, subprocess, sys

HOME = pathlib.Path(sys.argv[0]).resolve().parent
words = sys.argv[1:]
root = pathlib.Path(words.pop(0) if words[0] == "--dir" and words.pop(0) else ".")

def online():
    try:
        socket.create_connection(("127.0.0.1", int(os.environ.get("PORT", "9"))), 1)
        return True
    except OSError:
        return False

def writable(place):
    try:
        (place / "planted").write_text("x")
        return True
    except OSError:
        return False

def build():
    if (root / "prebuilt").is_dir():  # by a Lean that cannot be started from here
        shutil.copytree(root / "prebuilt", root / ".lake/build/lib/lean")
        return 0
    assert (root / "lakefile.toml").is_file(), "error: no configuration file"
    failed = []
    files = sorted(file for file in root.rglob("*.lean") if ".lake" not in file.parts)
    for number, file in enumerate(files, 1):
        name, text = file.relative_to(root), file.read_text()
        dotted = ".".join(name.with_suffix("").parts)
        if "boom" in text:
            line = 1 + text[: text.index("boom")].count("\n")
            print(f"✖ [{number}/{len(files)}] Building {dotted}")
            print(f"trace: .> LEAN_PATH=./.lake lean ././././{name}")
            print(f"error: ././././{name}:{line}:4: unknown identifier 'boom'\nsecond line\nthird line")
            print("error: Lean exited with code 1")
            failed.append(dotted)
            continue
        if "tell" in text:
            packages = root / ".lake" / "packages"
            told = {"env": dict(os.environ), "online": online(), "packages": writable(packages)}
            print(f"⚠ [{number}/{len(files)}] Built {dotted}")
            print(f"info: ././././{name}:1:0: {json.dumps(told)}")
        while "endless" in text:
            pass
        made = root / ".lake/build/lib/lean" / name.with_suffix(".olean")
        made.parent.mkdir(parents=True, exist_ok=True)
        made.write_bytes(b"compiled " + text.encode())
    if failed:
        print("Some required builds logged failures:\n- " + "\n- ".join(failed))
        print("error: build failed")
    return 1 if failed else 0

def env(program, *arguments):
    own = str(root / ".lake/build/lib/lean")
    path = ":".join(filter(None, [own, os.environ.get("LEAN_PATH", "")]))
    found = str(HOME / program) if program == "lean" else program
    assert not list(root.glob("*.lean")), "the trusted stage has no sources"
    return subprocess.run([found, *arguments], env={**os.environ, "LEAN_PATH": path}).returncode

def exe(*words):
    place = root / ".lake/packages/mathlib/.lake/build/lib/lean"
    (root / "fetched").write_text(" ".join(words) + str("SECRET" in os.environ))
    place.mkdir(parents=True)
    (place / "Mathlib.olean").write_bytes(b"mathlib")
    return 0

sys.exit({"build": build, "env": env, "exe": exe}[words[0]](*words[1:]))
"""

LEAN = r"""
import os, pathlib, re, sys

driver = pathlib.Path(sys.argv[2]).read_text()
folder = pathlib.Path(re.search(r'waitFor \(System.FilePath.mk \("([^"]*)/"', driver)[1])
answer = pathlib.Path(re.search(r'rename .* \(System.FilePath.mk \("([^"]*)/"', driver)[1]) / "answer.0"
lines = (folder / "0").read_text().split("\n")
asked = [line for line in lines[1:] if line and line.split()[0] not in "ENL"]
answer.with_name("seen").write_text(os.environ["LEAN_PATH"])
answer.write_text("\n".join(["done", *("-" for _ in asked)]))
"""

# In place of `lean`: the embedded one, which sees the folders of the judge under their own names.
EMBEDDED = r"""
import json, os, pathlib, sys

home, driver = pathlib.Path(sys.argv[0]).resolve().parent.parent, pathlib.Path(sys.argv[2])
seen = [["/toolchain", str(home)], ["/scratch", os.getcwd()], [str(driver.parent), str(driver.parent)]]
engine = ["--no-wasm-tier-up", "--wasm-lazy-compilation", "--stack-size=4000", "--no-warnings"]
command = [str(home / "bin/node"), *engine, str(home / "bin/lean.cjs"), "--run", str(driver)]
os.execve(command[0], command, {"CHANTIER_MOUNTS": json.dumps(seen), "LEAN_PATH": "/nowhere"})
"""

YES = "import sys\nsys.exit(0)\n"
NO = "import sys\nprint('declaration Main.a was not accepted')\nsys.exit(3)\n"


def program(folder: Path, name: str, source: str) -> Path:
    """An executable Python program."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_text(f"#!{PYTHON}\n{source}", "utf-8")
    file.chmod(0o755)
    return file


def toolchain(folder: Path) -> Path:
    """A folder laid out like a toolchain; gives that of its programs."""
    program(folder / "bin", "lake", LAKE)
    program(folder / "bin", "lean", LEAN)
    (folder / "lib" / "lean").mkdir(parents=True)
    (folder / "lib" / "lean" / "Init.olean").write_bytes(b"init")
    return folder / "bin"
