"""Plots are pictures that a strict policy lets through, with their numbers beside them, and drawn once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from dashboards import pages, report_letter
from dashboards.charts import drawing
from dashboards.charts.figures import Figure, charted
from dashboards.history import Happening, History, followed
from dashboards.report import Course, Report, gather
from dashboards.report_document import document
from dashboards.report_markdown import markdown
from lean_project.points import Point

from . import sample
from .sample import NOW, periods

KEYS = ["burn-up", "throughput", "lead-time", "people"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("CHANTIER_CACHE", str(tmp_path))
    forget()
    yield tmp_path / "charts"
    forget()


def forget() -> None:
    drawing._picture.cache_clear()
    drawing._png.cache_clear()


def busy() -> Report:
    """Six weeks in which something happened every day."""
    happened: list[Happening] = []
    for day in range(42):
        at = NOW - timedelta(days=42 - day)
        happened.append(Happening(at, "became ready", day, None))
        happened += [Happening(at, "claimed", day, person) for person in range(2 + day // 7)]
        if day > 5:
            happened.append(Happening(at, "verified", day - 5, None))
        if day % 20 == 19:
            happened.append(Happening(at, "regressed", day - 8, None))
    points = tuple(Point(NOW - timedelta(days=42 - day), 60 + day // 9, day) for day in range(42))
    course = Course(followed(History(points), happened, {}))
    return gather(sample.snapshot(), periods.last(35, NOW), (), course)


@pytest.fixture
def figures() -> tuple[Figure, ...]:
    return charted(busy())


def test_every_figure_has_words_numbers_and_a_picture(figures: tuple[Figure, ...]) -> None:
    assert [figure.key for figure in figures] == KEYS
    for figure in figures:
        assert figure.words.endswith(".")
        assert all(len(row) == len(figure.columns) for row in figure.rows)
        for picture in (figure.wide, figure.slim):
            assert re.fullmatch(r"0 0 \d+ \d+", picture.box)
            assert "var(--" in picture.inner
            assert not re.search(r"style|<script|href|url\(|<image|on\w+=", picture.inner)
            assert len(picture.inner) < 30_000
        assert figure.png.startswith(b"\x89PNG")


def test_colours_are_not_all_there_is_to_tell_lines_apart(figures: tuple[Figure, ...]) -> None:
    inner = {figure.key: str(figure.wide.inner) for figure in figures}
    assert "stroke-dasharray" in inner["burn-up"]
    assert "In scope: 64" in inner["burn-up"]
    assert "Verified: 41" in inner["burn-up"]
    assert "stroke-dasharray" in inner["throughput"]
    assert inner["people"].count("<path") >= 2


def test_a_picture_is_drawn_once_by_whichever_process(
    figures: tuple[Figure, ...], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = [figure.wide.inner for figure in figures]
    assert len(list(folder.iterdir())) == len(figures)
    forget()
    monkeypatch.setattr(drawing, "_drawn", lambda *_: pytest.fail("drawn twice"))
    assert [figure.wide.inner for figure in charted(busy())] == before


def test_pictures_need_no_folder(figures: tuple[Figure, ...], folder: Path) -> None:
    folder.parent.chmod(0o500)
    try:
        assert figures[0].wide.inner
    finally:
        folder.parent.chmod(0o700)


def test_without_a_course_there_is_nothing_to_see() -> None:
    empty = gather(sample.snapshot(), periods.last(7, NOW), (), Course())
    assert charted(empty) == ()
    assert empty.summary == "0 nodes became verified."


def test_the_page_shows_them_with_names_for_those_who_do_not_see(figures: tuple[Figure, ...]) -> None:
    html = pages.report(sample.snapshot(), pages.Viewer(NOW), busy(), "month")
    for key in KEYS:
        assert f'aria-labelledby="{key}-wide-title {key}-wide-words"' in html
        for part in ("title", "words"):
            assert html.count(f'id="{key}-wide-{part}"') == 1
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert " style=" not in html


def test_pages_letters_and_json_say_the_same() -> None:
    report, snapshot = busy(), sample.snapshot()
    told = document(report)
    verified = sum(one["verified"] for one in told["throughput"])
    assert verified == told["counts"]["verified"] == report.figures.verified == 34
    said = f"{verified} nodes became verified"
    for text in (
        markdown(report, snapshot),
        report_letter.html(report, "https://x.example"),
        pages.report(snapshot, pages.Viewer(NOW), report),
        told["summary"],
    ):
        assert said in text


def test_a_letter_needs_nothing_from_elsewhere() -> None:
    html = report_letter.html(busy(), "https://x.example/")
    assert "<script" not in html
    assert "<style" not in html
    sources = re.findall(r'src="([^"]{0,30})', html)
    assert len(sources) == len(KEYS)
    assert all(source.startswith("data:image/png;base64,") for source in sources)
    assert 'href="https://x.example/p/num/report"' in html


def test_a_period_that_is_over_tells_nothing_of_today() -> None:
    snapshot = sample.snapshot()
    span = periods.chosen({"since": "2026-01-01", "until": "2026-01-31"}, None, NOW)
    report = gather(snapshot, span, snapshot.tasks, sample.course(snapshot))
    assert report.over
    for text in (markdown(report, snapshot), pages.report(snapshot, pages.Viewer(NOW), report)):
        assert "Ready to take" not in text
        assert "In hand" not in text
