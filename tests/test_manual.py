"""The manual holds together: its links lead somewhere, its decisions stand in order, its lists are whole."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
_CODE = re.compile(r"`((?:blueprint|lean_project|dashboards|server|tests)/[\w/.-]+\.(?:py|js|css|html))`")
_LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files(page: Path) -> None:
    text = re.sub(r"`[^`]*`", "", page.read_text("utf-8"))
    assert [link for link in _LINK.findall(text) if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_code_that_is_spoken_of_is_there(page: Path) -> None:
    assert [file for file in _CODE.findall(page.read_text("utf-8")) if not (ROOT / file).exists()] == []


def test_every_page_of_the_manual_is_found_from_the_first() -> None:
    first = PAGES[0].read_text("utf-8")
    assert [
        page.name for page in PAGES[1:] if f"(docs/{page.name})" not in first and page.stem != "decisions"
    ] == []


def test_decisions_stand_in_the_order_of_their_numbers() -> None:
    numbers = [
        int(n) for n in re.findall(r"^## (\d+)\. ", (ROOT / "docs/decisions.md").read_text("utf-8"), re.M)
    ]
    assert numbers
    assert all(before < after for before, after in pairwise(numbers))


def test_every_measurement_is_told_of() -> None:
    benches = set(re.findall(r"\bmake (bench-\w+)", (ROOT / "Makefile").read_text("utf-8")))
    told = (ROOT / "docs/performance.md").read_text("utf-8")
    assert benches
    assert [bench for bench in sorted(benches) if f"make {bench}" not in told] == []
