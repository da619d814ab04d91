"""Whatever stands in an address, no page breaks: it shows something, or says in a sentence what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.work.permissions import Role

from .every_page import addresses, bring_to_life
from .test_permission_doors import let_all_in
from .web_world import make_site

# What addresses here may say, and what they may not.
NAMES = (
    *("q", "page", "list", "letter", "before", "history", "person", "about", "format", "url", "next"),
    *("status", "chapter", "tag", "ready", "focus", "way", "goal", "node", "group", "every", "at"),
    *("period", "since", "until", "state", "code", "error", "token", "lang", "v", ""),
)
ODD = (
    *("", "0", "-1", "1", "2147483648", "9" * 40, "1e9", "١٢", "1.5", "0x10", " 7 ", "true", "null"),
    *("thm:euclid", "lem:prime-divisor", "verified", "free", "up", "chapter", "all", "month", "json"),
    *("2026-03-01", "0001-01-01", "9999-12-31", "2026-02-30", "2026-03-01T10:00:00+99:99", "10000-01-01"),
    *("%", "%00", "\x00", "\ud800", "‮", "\\(", "\\x", "'", '"><script>', "{{ 7*7 }}", "../..", "//", "#"),
    *("http://", "http://[", "https://localhost/p/num/nodes/thm:euclid", "javascript:1", "a" * 5000),
)
NOT_IN_THAT_FORM = 501  # as oEmbed wants it
WORDS = st.one_of(st.sampled_from(ODD), st.text(max_size=40), st.integers().map(str), st.dates().map(str))
QUERIES = st.lists(st.tuples(st.sampled_from(NAMES), WORDS), min_size=1, max_size=4)


@pytest.fixture(scope="module")
def browsers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[list[str], list[FlaskClient]]]:
    """Every address, and who asks: nobody, and one who may see all of it."""
    site = make_site(tmp_path_factory.mktemp("fuzz"))
    let_all_in(site)
    bring_to_life(site)
    owner = site.signed_in("Olga", Role.OWNER)
    yield sorted({path.partition("?")[0] for path in addresses(site.flask)}), [site.client(), owner]
    site.database.close()


def asked(query: list[tuple[str, str]]) -> str:
    return "&".join(f"{name}={quote(value, safe='', errors='surrogatepass')}" for name, value in query)


def check(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code < 500 or answer.status_code == NOT_IN_THAT_FORM, f"{address}: {answer.status}"
    answer.close()


@pytest.mark.parametrize("value", ODD)
def test_every_page_takes_whatever_a_parameter_says(
    browsers: tuple[list[str], list[FlaskClient]], value: str
) -> None:
    """All that it may be asked for at once."""
    every, (_, owner) = browsers
    query = asked([(name, value) for name in NAMES])
    for path in every:
        if not path.startswith("/sign-"):
            check(owner, f"{path}?{query}")


@settings(max_examples=800, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(at=st.integers(min_value=0), who=st.booleans(), query=QUERIES)
def test_no_page_breaks_by_what_stands_behind_it(
    browsers: tuple[list[str], list[FlaskClient]], at: int, who: bool, query: list[tuple[str, str]]
) -> None:
    every, clients = browsers
    check(clients[who], f"{every[at % len(every)]}?{asked(query)}")


@settings(max_examples=400, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(at=st.integers(min_value=0), place=st.integers(min_value=0), word=WORDS)
def test_no_page_breaks_by_a_piece_of_its_address(
    browsers: tuple[list[str], list[FlaskClient]], at: int, place: int, word: str
) -> None:
    every, (_, owner) = browsers
    pieces = every[at % len(every)].split("/")
    pieces[1 + place % (len(pieces) - 1)] = quote(word, safe="", errors="surrogatepass")
    check(owner, "/" + "/".join(pieces[1:]).lstrip("/"))
