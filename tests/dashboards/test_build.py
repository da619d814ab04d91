"""The front end's lock is reproducible, and its build is skipped or explained."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from blueprint.errors import UserError
from dashboards import build

FRONTEND = Path(build.__file__).parent / "frontend"


def test_the_lock_pins_by_hash_and_names_no_address() -> None:
    lock = json.loads((FRONTEND / "package-lock.json").read_text())
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    for name, entry in packages.items():
        assert "resolved" not in entry, name
        assert entry["integrity"].startswith("sha512-"), name


def test_versions_are_exact() -> None:
    manifest = json.loads((FRONTEND / "package.json").read_text())
    for version in (*manifest["dependencies"].values(), *manifest["devDependencies"].values()):
        assert all(part.isdecimal() for part in version.split(".")), version


def test_nothing_to_do_while_the_inputs_are_the_same(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stamp = tmp_path / "stamp"
    stamp.write_text(build._digest())
    monkeypatch.setattr(build, "STAMP", stamp)
    monkeypatch.setattr(build.assets, "built", lambda: True)
    monkeypatch.setattr(build, "_npm", lambda *_: pytest.fail("npm ran"))
    assert build.build() is False


def test_without_a_network_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"dependencies": {"cytoscape": "0.0.0-none"}}')
    monkeypatch.setattr(build, "FRONTEND", tmp_path)
    monkeypatch.setattr(build, "LOG", tmp_path / "node_modules" / "log")
    monkeypatch.setattr(build, "STAMP", tmp_path / "stamp")
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9")
    with pytest.raises(UserError, match="check the network connection"):
        build.build()
