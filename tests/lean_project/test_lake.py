"""The door to `lake`, against a program that answers as it does: what it is given, and what is made of it."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from blueprint.errors import UserError
from lean_project import leans, toolchain_lake
from lean_project.artefacts import Artefact
from lean_project.check import check
from lean_project.commits import Contact, Revision
from lean_project.facts import Facts
from lean_project.lake_judge import opinions
from lean_project.leans import Embedded, Native, chosen
from lean_project.project import open_project
from lean_project.repository import create
from lean_project.sandbox import wall
from lean_project.toolchain_lake import FETCH, lake_for

from .lake_stand_in import NO, PYTHON, YES, program, toolchain

VERSION = "leanprover/lean4:v4.20.0"


@pytest.fixture(autouse=True)
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The stand-in is the only `lake` on PATH, and no embedded Lean is installed."""
    folder = toolchain(tmp_path / "native")
    for place in tmp_path.parents:
        if place.stat().st_uid == os.geteuid() and place.name.startswith("pytest-"):
            place.chmod(0o755)
    tmp_path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/local/bin:/usr/bin:/bin")
    monkeypatch.setenv("ELAN_HOME", str(tmp_path / "elan"))
    monkeypatch.setenv("SECRET", "of the server")
    monkeypatch.setattr(leans, "installed", lambda: None)
    return folder


@pytest.fixture(autouse=True)
def sandboxed() -> None:
    if not PYTHON.exists():
        pytest.skip(f"the stand-in for lake needs {PYTHON}")
    try:
        wall()
    except UserError as error:
        pytest.skip(str(error))


def write(folder: Path, **modules: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    roots = ", ".join(f'"{name}"' for name in modules)
    (folder / "lakefile.toml").write_text(f'name = "t"\n[[lean_lib]]\nname = "T"\nroots = [{roots}]\n')
    (folder / "lean-toolchain").write_text(f"{VERSION}\n")
    for name, text in modules.items():
        (folder / f"{name}.lean").write_text(text)
    return folder


def checked(folder: Path, tmp_path: Path) -> Facts:
    return check(open_project(folder), ["a"], cache=tmp_path / "cache")


def said(facts: Facts, file: str) -> list[str]:
    return [f"{m.line}:{m.column}:{m.severity}: {m.text}" for m in facts.messages if m.file == file]


def test_what_lake_builds_is_judged_and_the_toolchain_is_named(tmp_path: Path) -> None:
    facts = checked(write(tmp_path / "p", Main="theorem a : True := trivial\n"), tmp_path)
    assert facts.toolchain == f"Lean {VERSION} (lake)"
    assert facts.confinement
    assert facts.failed_modules == ("Main",)
    assert "cannot be read" in said(facts, "Main.lean")[0]  # the stand-in writes no Lean files


def test_what_does_not_build_is_told_with_its_place(tmp_path: Path) -> None:
    folder = write(tmp_path / "p", Bad="\n\nexample := boom\n", Good="theorem g : True := tell\n")
    facts = checked(folder, tmp_path)
    assert said(facts, "Bad.lean") == ["3:4:error: unknown identifier 'boom'\nsecond line\nthird line"]
    assert facts.failed_modules == ("Bad", "Good")
    assert [line.split(":")[2] for line in said(facts, "Good.lean")] == ["info", "error"]


def test_a_project_in_a_folder_below(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    write(folder / "lean", Bad="boom\n")
    (folder / "chantier.toml").write_text('[lean]\nroot = "lean"\n')
    facts = checked(folder, tmp_path)
    assert said(facts, "lean/Bad.lean") == ["1:4:error: unknown identifier 'boom'\nsecond line\nthird line"]


@pytest.fixture
def port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield int(listener.getsockname()[1])


def test_the_build_has_no_network_no_secrets_and_only_reads_its_dependencies(
    tmp_path: Path, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(tmp_path / "p", Main="tell\n")
    packages = folder / ".lake" / "packages" / "dep" / ".lake" / "build" / "lib" / "lean"
    packages.mkdir(parents=True)
    known = toolchain_lake.Lake.environment
    monkeypatch.setattr(
        toolchain_lake.Lake,
        "environment",
        lambda self, home, path=(): {**known(self, home, path=path), "PORT": str(port)},
    )
    (info, *_) = said(checked(folder, tmp_path), "Main.lean")
    told = json.loads(info.removeprefix("1:0:info: "))
    assert (told["online"], told["packages"]) == (False, False)
    assert "SECRET" not in told["env"]
    assert told["env"]["LAKE_NO_CACHE"] == "1"
    assert not list(folder.rglob("planted"))
    assert not (folder / ".lake" / "build").exists()


def test_what_was_built_before_is_not_believed(tmp_path: Path) -> None:
    folder = write(tmp_path / "p", Bad="boom\n")
    planted = folder / ".lake" / "build" / "lib" / "lean" / "Bad.olean"
    planted.parent.mkdir(parents=True)
    planted.write_bytes(b"from somewhere")
    assert checked(folder, tmp_path).failed_modules == ("Bad",)


def test_nothing_changed_needs_no_lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write(tmp_path / "p", Main="theorem a : True := trivial\n")
    first = checked(folder, tmp_path)
    monkeypatch.setattr(Native, "builder", lambda *_: pytest.fail("built again"))
    assert checked(folder, tmp_path) == first
    (folder / "lean-toolchain").write_text("leanprover/lean4:v4.21.0\n")
    assert lake_for(open_project(folder)) is not None


# Which Lean


def test_the_embedded_lean_is_enough_for_the_core_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Played:
        def has_module(self, name: tuple[str, ...]) -> bool:
            return name[0] in ("Init", "Lean")

    monkeypatch.setattr(leans, "installed", Played)
    monkeypatch.setattr(leans, "require", Played)
    core = write(tmp_path / "core", Main="import Init\n")
    foreign = write(tmp_path / "foreign", Main="import Mathlib\n")
    assert isinstance(chosen(open_project(core)), Embedded)
    assert isinstance(chosen(open_project(foreign)), Native)
    for wanted, kind in (("lake", Native), ("embedded", Embedded)):
        (core / "chantier.toml").write_text(f'[lean]\ntoolchain = "{wanted}"\n')
        assert isinstance(chosen(open_project(core)), kind)
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    assert isinstance(chosen(open_project(foreign)), Embedded)
    (core / "chantier.toml").write_text('[lean]\ntoolchain = "lake"\n')
    with pytest.raises(UserError, match="needs `lake`, which is not installed"):
        chosen(open_project(core))


def test_elan_is_not_asked_and_a_version_that_is_missing_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """elan would fetch whatever the project's file says."""
    elan = tmp_path / "elan"
    program(elan / "bin", "lake", "raise SystemExit('elan was started')")
    monkeypatch.setenv("PATH", f"{elan / 'bin'}:/usr/bin:/bin")
    project = open_project(write(tmp_path / "p", Main=""))
    with pytest.raises(UserError, match=r"run `elan toolchain install leanprover/lean4:v4\.20\.0`"):
        lake_for(project)
    toolchain(elan / "toolchains" / "leanprover--lean4---v4.20.0")
    found = lake_for(project)
    assert found is not None
    assert found.program == elan / "toolchains" / "leanprover--lean4---v4.20.0" / "bin" / "lake"


@pytest.mark.parametrize(
    "text",
    ["", "../../evil", "evil/../x:y", "https://example.org/lean.tar", "a b", "..", ".", "a:..", "../x:v1"],
)
def test_a_toolchain_that_is_none(tmp_path: Path, text: str) -> None:
    folder = write(tmp_path / "p", Main="")
    (folder / "lean-toolchain").write_text(text)
    with pytest.raises(UserError, match="does not name a toolchain"):
        lake_for(open_project(folder))


# Dependencies


def manifest(folder: Path, *packages: object) -> None:
    (folder / "lake-manifest.json").write_text(json.dumps({"version": "1.1.0", "packages": packages}))


def test_dependencies_that_are_not_here_are_fetched_only_with_leave(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(tmp_path / "p", Main="import Mathlib\n")
    manifest(folder, {"name": "mathlib", "type": "git"}, {"name": "near", "type": "path"})
    with pytest.raises(UserError, match=r"mathlib is not fetched; run `lake exe cache get`"):
        chosen(open_project(folder))
    monkeypatch.setenv(FETCH, "yes")
    lean = chosen(open_project(folder))
    assert (folder / "fetched").read_text() == "cache getFalse"
    assert lean.has_module(("Mathlib",))


def test_what_a_commit_brings_as_fetched_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "p" / "lean", Main="")
    files = {
        f"lean/{name}": (tmp_path / "p" / "lean" / name).read_bytes()
        for name in ("lakefile.toml", "lean-toolchain", "Main.lean")
    }
    files["chantier.toml"] = b'[lean]\nroot = "lean"\ntoolchain = "lake"\n'
    ana, at = Contact("Ana", "ana@example.org"), datetime(2026, 3, 2, tzinfo=UTC)
    create(tmp_path / "honest", [Revision(ana, at, "All", files)])
    assert chosen(open_project(tmp_path / "honest")).name.endswith("(lake)")
    files["lean/.lake/packages/x/.lake/build/lib/lean/X.olean"] = b"forged"
    create(tmp_path / "forged", [Revision(ana, at, "All", files)])
    with pytest.raises(UserError, match=r"lean/.lake/packages is in the repository"):
        chosen(open_project(tmp_path / "forged"))


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"packages": [1]}', '{"packages": {"a": 1}}', "[" * 100_000]
)
def test_a_manifest_that_is_none(tmp_path: Path, text: str) -> None:
    folder = write(tmp_path / "p", Main="")
    (folder / "lake-manifest.json").write_text(text)
    with pytest.raises(UserError, match="no manifest of Lake"):
        chosen(open_project(folder))


# Other kernels


def test_other_kernels_are_asked_where_they_are_found(tmp_path: Path, programs: Path) -> None:
    project = open_project(write(tmp_path / "p", Main=""))
    lake = lake_for(project)
    assert lake is not None
    built = {("Main",): Artefact({"olean": b"compiled"})}
    assert list(opinions(lake, built)) == []
    program(programs, "leanchecker", YES)
    program(programs, "lean4export", "import sys\nprint('exported', *sys.argv[1:])\n")
    program(programs, "nanoda_bin", NO)
    first, second = opinions(lake, built)
    assert (first.kernel, first.refusal) == ("leanchecker", None)
    assert second.kernel == "nanoda"
    assert second.refusal == "exit status 3: declaration Main.a was not accepted"


def test_nanoda_reads_what_was_exported(tmp_path: Path, programs: Path) -> None:
    lake = lake_for(open_project(write(tmp_path / "p", Main="")))
    assert lake is not None
    program(programs, "lean4export", "import sys\nprint('exported', *sys.argv[1:])\n")
    reads = (
        "import json, sys\ntold = json.load(open(sys.argv[1]))\n"
        "sys.exit(open(told['export_file_path']).read() != 'exported Main\\n')\n"
    )
    program(programs, "nanoda_bin", reads)
    (only,) = opinions(lake, {("Main",): Artefact({"olean": b"compiled"})})
    assert (only.kernel, only.refusal) == ("nanoda", None)
