"""A graph that was read before is given again, and never a wrong one."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from blueprint import latex_process, reader, reading_cache
from blueprint.caches import cache_dir
from blueprint.graph import Graph

BODY = r"\begin{lemma}\label{a} A.\end{lemma} \input{chapter} \input{later}"
FILES = {"blueprint/src/chapter.tex": r"\begin{lemma}\label{b}\uses{a} B.\end{lemma}"}


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHANTIER_CACHE", str(tmp_path_factory.mktemp("cache")))


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """One item for each LaTeX process."""
    processes: list[Any] = []
    start = latex_process._started

    def counting(*channels: int) -> Any:
        processes.append(start(*channels))
        return processes[-1]

    monkeypatch.setattr(latex_process, "_started", counting)
    return processes


def read(root: Path) -> Graph:
    return reader.read(root / "blueprint/src/web.tex", root)


def test_what_did_not_change_is_not_read_again(write: Callable[..., Path], started: list[Any]) -> None:
    root = write(BODY, files=FILES)
    assert read(root) == read(root)
    assert len(started) == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("web.tex", r"\documentclass{report}\begin{document}\end{document}"),
        ("chapter.tex", r"\begin{lemma}\label{b} B.\end{lemma}"),
        ("chapter.tex", None),
        ("later.tex", r"\begin{lemma}\label{c} C.\end{lemma}"),
    ],
    ids=["main file", "chapter", "chapter removed", "file that was missing"],
)
def test_every_change_is_seen(write: Callable[..., Path], name: str, text: str | None) -> None:
    root = write(BODY, files=FILES)
    before = read(root)
    file = root / "blueprint/src" / name
    file.unlink() if text is None else file.write_text(text)
    assert read(root) != before


def test_a_link_that_leads_elsewhere_is_a_change(write: Callable[..., Path], tmp_path: Path) -> None:
    root = write(BODY, files={**FILES, "one.tex": "1", "two.tex": r"\begin{lemma}\label{c} C.\end{lemma}"})
    link = root / "blueprint/src/later.tex"
    link.symlink_to(root / "one.tex")
    before = read(root)
    link.unlink()
    link.symlink_to(root / "two.tex")
    assert len(read(root).nodes) == len(before.nodes) + 1


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"null\n{}", b"[]\n[]", b'{"looked": {}, "digests": {}}\n{}', b"\xff"]
)
def test_an_entry_that_is_none_is_made_anew(write: Callable[..., Path], data: bytes) -> None:
    root = write(BODY, files=FILES)
    graph = read(root)
    (entry,) = cache_dir().glob("blueprints/*.json")
    whole = entry.read_bytes()
    for broken in (data, whole[:-5], whole.replace(b'"nodes"', b'"knots"')):
        entry.write_bytes(broken)
        assert read(root) == graph
    assert entry.read_bytes() == whole


def test_an_entry_may_not_lead_outside(write: Callable[..., Path], tmp_path: Path) -> None:
    root = write(BODY, files=FILES)
    read(root)
    (entry,) = cache_dir().glob("blueprints/*.json")
    entry.write_bytes(entry.read_bytes().replace(b"blueprint/src/chapter.tex", b"../../../../etc/hostname"))
    assert [node.id for node in read(root).nodes] == ["a", "b"]


def test_the_same_text_elsewhere_has_its_own_entry(write: Callable[..., Path], tmp_path: Path) -> None:
    root = write(BODY, files=FILES)
    read(root)
    other = tmp_path / "other"
    (other / "blueprint/src").mkdir(parents=True)
    for name in ("web.tex", "chapter.tex"):
        (other / "blueprint/src" / name).write_bytes((root / "blueprint/src" / name).read_bytes())
    assert [node.id for node in read(other).nodes] == ["a", "b"]
    assert len(list(cache_dir().glob("blueprints/*.json"))) == 2


def test_the_oldest_are_forgotten(write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_cache, "MOST_ENTRIES", 1)
    root = write(BODY, files=FILES)
    for seconds in (10, 11, 12):
        reader.read(root / "blueprint/src/web.tex", root, reader.Limits(seconds=seconds))
    assert len(list(cache_dir().glob("blueprints/*.json"))) == 1


def test_where_nothing_can_be_kept_it_is_read_all_the_same(
    write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("CHANTIER_CACHE", str(tmp_path / "file"))
    assert len(read(write(BODY, files=FILES)).nodes) == 2


def test_a_process_that_was_ready_is_asked_or_dismissed(
    write: Callable[..., Path], started: list[Any]
) -> None:
    root = write(BODY, files=FILES)
    latex_process.prepare()
    graph = read(root)
    assert len(started) == 1
    latex_process.prepare()
    assert read(root) == graph
    assert [process.returncode for process in started] == [0, -signal.SIGKILL]
