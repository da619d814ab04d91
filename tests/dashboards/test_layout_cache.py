"""A layout is made once, whatever process asks; a file that does not fit is no layout."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboards import layout, layout_cache
from dashboards.layout import Plan, laid_out

PLAN = Plan((("a", 90.0, ""), ("b", 80.0, ""), ("c", 70.0, "")), (("a", "b"), ("b", "c"), ("a", "c")))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CHANTIER_CACHE", str(tmp_path))
    laid_out.cache_clear()
    return tmp_path / "layouts"


def test_another_process_finds_what_this_one_made(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = laid_out(PLAN)
    assert len(list(folder.iterdir())) == 1
    laid_out.cache_clear()
    monkeypatch.setattr(layout, "_made", lambda plan: pytest.fail("made again"))
    assert laid_out(PLAN) == first


def test_a_damaged_file_is_made_anew(folder: Path) -> None:
    first = laid_out(PLAN)
    (file,) = folder.iterdir()
    file.write_bytes(b"nothing of ours")
    laid_out.cache_clear()
    assert laid_out(PLAN) == first
    assert file.read_bytes() != b"nothing of ours"


def test_only_so_many_are_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout_cache, "MOST", 3)
    for width in range(5):
        laid_out(Plan((("a", 50.0 + width, ""),), ()))
    assert len(list(folder.iterdir())) == 3
