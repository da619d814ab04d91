"""The probe sees each hole in a wall, and without a wall nothing runs."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from blueprint.errors import UserError
from lean_project import sandbox, sandbox_probe
from lean_project.sandbox_command import Command
from lean_project.sandbox_probe import weakness
from lean_project.sandbox_process import running
from lean_project.sandbox_walls import BUBBLEWRAP, NAMESPACES, NODE, Spec, Wall, whole_walls


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CHANTIER_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("CHANTIER_SANDBOX", raising=False)
    return tmp_path / "cache"


def holding(wall: Wall) -> Wall:
    if wall not in whole_walls():
        pytest.skip(f"{wall.name}: not installed")
    if weak := weakness(wall):
        pytest.skip(f"{wall.name}: {weak}")
    return wall


def holed(wall: Wall, change: Callable[[Spec, Command], None]) -> Wall:
    """A wall with a hole made on purpose."""

    def spec(command: Command, user: int) -> Spec:
        made = wall.spec(command, user)
        change(made, command)
        return made

    return Wall("with a hole", True, spec)


def show_outside(spec: Spec, command: Command) -> None:
    outside = str(command.scratch.with_name("outside"))
    spec["inside"]["read"].append((outside, outside))


def open_outside(spec: Spec, command: Command) -> None:
    outside = str(command.scratch.with_name("outside"))
    before = spec["argv"].index("--dev")
    spec["argv"][before:before] = ["--bind", outside, outside]


def open_network(spec: Spec, _command: Command) -> None:
    spec["argv"].remove("--unshare-net")


def show_home(spec: Spec, _command: Command) -> None:
    spec["inside"]["read"].append((str(Path.home()), str(Path.home())))


def test_a_file_that_can_be_read_is_seen() -> None:
    assert "not given" in (weakness(holed(holding(NAMESPACES), show_outside)) or "")


def test_a_folder_that_can_be_written_is_seen() -> None:
    assert "write outside" in (weakness(holed(holding(BUBBLEWRAP), open_outside)) or "")


def test_an_open_network_is_seen() -> None:
    assert "network" in (weakness(holed(holding(BUBBLEWRAP), open_network)) or "")


def test_an_open_home_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    holding(NAMESPACES)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home" / ".ssh").mkdir(parents=True)
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == os.geteuid():
            folder.chmod(folder.stat().st_mode | 0o055)
    assert "home folder" in (weakness(holed(NAMESPACES, show_home)) or "")


def test_no_wall_at_all_is_seen() -> None:
    assert weakness(Wall("air", True, NODE.spec)) is not None


def test_a_process_left_behind_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    holding(NAMESPACES)
    monkeypatch.setenv("CHANTIER_CACHE", str(tmp_path / "another"))
    monkeypatch.setattr(sandbox_probe, "_locked", lambda _file: True)
    assert "leave a process running" in (weakness(NAMESPACES) or "")


def test_a_wall_that_cannot_be_built_says_why() -> None:
    def nothing(command: Command, user: int) -> Spec:
        return {**NODE.spec(command, user), "argv": ["/nonexistent/bwrap"]}

    assert "/nonexistent" in (weakness(Wall("none", True, nothing)) or "")


def test_what_was_seen_holds_for_a_while(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Wall] = []

    def see(wall: Wall) -> str | None:
        seen.append(wall)
        return None

    monkeypatch.setattr(sandbox_probe, "_seen", see)
    assert weakness(NAMESPACES) is None
    assert weakness(NAMESPACES) is None
    assert len(seen) == 1
    for mark in cache.rglob("sandbox/*"):
        os.utime(mark, (0, 0))
    assert weakness(NAMESPACES) is None
    assert len(seen) == 2


def test_a_weakness_is_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["a hole", None])
    monkeypatch.setattr(sandbox_probe, "_seen", lambda _wall: next(answers))
    assert weakness(NAMESPACES) == "a hole"
    assert weakness(NAMESPACES) is None


def test_without_a_wall_no_check_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "weakness", lambda _wall: "a build could reach the network")
    with pytest.raises(
        UserError, match=r"no check runs: .*reach the network.*CHANTIER_SANDBOX=node"
    ) as caught:
        sandbox.wall()
    assert "\n" not in str(caught.value)


def test_the_second_wall_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "whole_walls", lambda: iter((BUBBLEWRAP, NAMESPACES)))
    monkeypatch.setattr(sandbox, "weakness", lambda wall: "no" if wall is BUBBLEWRAP else None)
    assert sandbox.wall() is NAMESPACES


def test_the_operator_may_do_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHANTIER_SANDBOX", "node")
    assert sandbox.wall() is NODE
    assert sandbox.confinement() == "Node's permission model only (CHANTIER_SANDBOX=node)"


def test_a_word_nobody_knows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHANTIER_SANDBOX", "off")
    with pytest.raises(UserError, match="'off'"):
        sandbox.wall()


def test_what_does_not_confine_itself_never_runs_without_a_wall(tmp_path: Path) -> None:
    command = Command(("/bin/true",), tmp_path)
    with pytest.raises(UserError, match="needs a sandbox"), running(NODE, command):
        pass
