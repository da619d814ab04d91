"""The texts of the pages are in one place: the catalogue is current, and no page says what is not in it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from dashboards import catalogue, texts
from dashboards.wording import plain_math
from server import page_texts
from server.records.people import Person

from ..dashboards.pseudo import LANGUAGE, outside, translated  # noqa: TID252 - tests are no installed package
from .every_page import Crew, addresses, bring_to_life, is_page
from .web_world import Site, form_token, make_site, sample

# Names and formats, which are the same in every language.
_NAMES = (
    r"Chantier|Lean(?: 4\.23\.0)?|LaTeX|SVG|PNG|DOT|JSON|Markdown|\(UTC\)|[\d-]+ [\d:]+ \(UTC\)|\d+ [kMG]B",
    r"https?:\S*|/\S*|\w+[-:]\w+[-\w]*|pull/34|Werkzeug|en",
)
# What services say, in English: why something is not done, what is wrong, and roles of CRediT; and Werkzeug.
_SERVICES = (
    r"Not (?:here|for you)|You may not do that here\.|That did not work|There is no .*|in this project\.",
    r"Welcome, .*|That was too long ago.*|This is not the way you left by.*|All nodes of .*|.* of its own\.",
    r"must be the address of .*|Of the .*|Write one|Two|in one environment.*|Software|Validation|uses",
    r"rests on|\w+ (?:asks you|is stuck) .*|leaves k ≤ n",
    r".*#\d+ “.*”.*|\w+ proposed credit .*",
    r"Redirecting.*|You should be redirected.*|\. If not, click the link\.",
    r"(?:, )?(?:through|if there is|written)",
)
_LEFT = re.compile("|".join((*_NAMES, *_SERVICES)))


@pytest.fixture
def lively(tmp_path: Path) -> Iterator[tuple[Site, Crew]]:
    site = make_site(tmp_path)
    crew = bring_to_life(site)
    site.flask.test_client()  # the application is made, which says its own language
    texts.speak(LANGUAGE, catalogue.compiled(translated(page_texts.collected())))
    yield site, crew
    catalogue.speak(texts.ENGLISH)
    site.database.close()


def test_the_catalogue_is_current() -> None:
    current = catalogue.TEMPLATE.read_bytes() == catalogue.written(page_texts.collected())
    assert current, "run `make texts`: texts of the pages have changed"


@pytest.mark.parametrize("viewer", ["nobody", "contributor", "maintainer"])
def test_every_page_is_translated(lively: tuple[Site, Crew], viewer: str) -> None:
    site, crew = lively
    foreign = _foreign(site)
    left = {
        f"{path}: {text}"
        for path, html in _pages(site, {"contributor": crew.emmy, "maintainer": crew.mona}.get(viewer))
        for text in outside(html)
        if not _LEFT.fullmatch(text) and text not in foreign
    }
    assert left == set()


def test_what_is_not_translated_is_found() -> None:
    assert list(outside('<p title="⟦A⟧">⟦One <b>two</b> ⟦three⟧⟧ <code>x</code></p>')) == []
    assert list(outside('<p title="Four">⟦One⟧ <b>two</b></p>')) == ["two", "Four"]


def _pages(site: Site, person: Person | None) -> Iterator[tuple[str, str]]:
    client = site.flask.test_client()
    if person is not None:
        link = site.link(person)
        client.post(link, data={"csrf_token": form_token(client)})
    for path in (*addresses(site.flask), "/p/num/report.html?period=all"):
        answer = client.get(path)
        if is_page(answer.headers):
            yield path, answer.text


def _foreign(site: Site) -> str:
    """What people wrote and what happened, as the database has it; and the titles of the blueprint."""
    file = site.settings.database_url.get_secret_value().removeprefix("sqlite:///")
    with closing(sqlite3.connect(file)) as base:
        held = " ".join("\n".join(base.iterdump()).split())
    titles = (title for node in sample.GRAPH.nodes for title in (node.caption, node.title, *node.sections))
    return "\n".join((held.replace("\\\\", "\\"), *(plain_math(title) for title in titles if title)))
