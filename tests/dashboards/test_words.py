"""Addresses, times and small texts."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blueprint.graph import Macro, Place
from dashboards import foreign, links, wording
from dashboards.icons import ICONS
from dashboards.legend import LEGEND, stylesheet
from dashboards.progress import Tally
from lean_project.status import Formal

from . import sample
from .sample import NOW


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_text_survives_as_a_node_address(id: str) -> None:
    path = links.node_path("num", id)
    segment = path.removeprefix("/p/num/nodes/")
    assert "/" not in segment
    assert "?" not in segment
    assert set(segment) != {"."}
    assert links.node_from(unquote(segment)) == id


@pytest.mark.parametrize("id", ["thm:main", "def:a-b_c", "eq.1"])
def test_plain_labels_stay_readable(id: str) -> None:
    assert links.node_path("num", id) == f"/p/num/nodes/{id}"


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "/etc/passwd", "https://", "", None]
)
def test_only_web_addresses_become_links(address: str | None) -> None:
    assert links.web_address(address) is None
    assert links.source_link(address, "ab", Place("a.lean", 1)) is None


def test_forges() -> None:
    place = Place("A b/X.lean", 3)
    assert (
        links.source_link("https://github.com/a/b.git", "c0", place, 9)
        == "https://github.com/a/b/blob/c0/A%20b/X.lean#L3-L9"
    )
    assert (
        links.source_link("git@github.com:a/b.git", "c0", place)
        == "https://github.com/a/b/blob/c0/A%20b/X.lean#L3"
    )
    assert (
        links.source_link("https://gitlab.com/a/b/", "c0", place)
        == "https://gitlab.com/a/b/-/blob/c0/A%20b/X.lean#L3"
    )
    assert (
        links.source_link("https://codeberg.org/a/b", "c0", place)
        == "https://codeberg.org/a/b/src/commit/c0/A%20b/X.lean#L3"
    )


@pytest.mark.parametrize(
    ("repository", "branch", "address"),
    [
        ("git@github.com:a/b.git", "main", "https://github.com/a/b/edit/main/A%20b/X.lean#L3"),
        ("https://github.com/a/b", None, "https://github.com/a/b/edit/HEAD/A%20b/X.lean#L3"),
        ("https://gitlab.com/a/b", "dev", "https://gitlab.com/a/b/-/edit/dev/A%20b/X.lean#L3"),
        ("https://codeberg.org/a/b", "main", "https://codeberg.org/a/b/_edit/main/A%20b/X.lean#L3"),
        ("https://codeberg.org/a/b", None, None),
        ("https://git.example.org/a/b", "main", None),
        (None, "main", None),
    ],
)
def test_where_a_file_can_be_changed(repository: str | None, branch: str | None, address: str | None) -> None:
    assert links.edit_link(repository, branch, Place("A b/X.lean", 3)) == address


def test_where_people_speak_of_a_node() -> None:
    assert links.discussion_link("https://github.com/a/b", "12") == "https://github.com/a/b/issues/12"
    assert links.discussion_link("https://gitlab.com/a/b", "12") == "https://gitlab.com/a/b/-/issues/12"
    assert links.discussion_link(None, "https://e.org/1") == "https://e.org/1"
    assert links.discussion_link("https://github.com/a/b", "javascript:1") is None
    assert (
        links.topic_link("https://z.example.org/", "7", "lem:a.b c")
        == "https://z.example.org/#narrow/channel/7/topic/lem.3Aa.2Eb.20c"
    )


def test_documentation_is_found_by_name() -> None:
    assert links.docs_link("https://e.org/docs/", "A.b'") == "https://e.org/docs/find/?pattern=A.b%27#doc"
    assert links.docs_link(None, "A") is None
    assert links.docs_link("javascript:1", "A") is None


def test_evidence() -> None:
    assert (
        links.evidence_link("git@github.com:a/b.git", "c0ffee123")
        == "https://github.com/a/b/commit/c0ffee123"
    )
    assert links.evidence_link(None, "https://e.org/1") == "https://e.org/1"
    assert links.evidence_link("https://github.com/a/b", "javascript:alert(1)") is None


def test_times_in_words() -> None:
    for gone, words in [
        (timedelta(seconds=5), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(hours=5), "5 hours ago"),
        (timedelta(hours=30), "yesterday"),
        (timedelta(days=12), "12 days ago"),
        (timedelta(days=80), "30 December 2025"),
    ]:
        assert wording.ago(NOW - gone, NOW) == words
    assert wording.due(NOW + timedelta(days=5), NOW) == "in 5 days"
    assert wording.due(NOW + timedelta(days=7, seconds=-1), NOW) == "in 7 days"
    assert wording.due(NOW + timedelta(days=1, hours=1), NOW) == "in 1 day"
    assert wording.due(NOW - timedelta(days=5), NOW) == "5 days ago"


def test_percent_is_100_only_for_all() -> None:
    assert wording.percent(999, 1000) == 99
    assert wording.percent(1000, 1000) == 100
    assert wording.percent(0, 0) == 0


def test_plain_mathematics() -> None:
    assert wording.plain_math(r"The \(\tau\) functional for \(\mathbb{F}_2\), \lambda") == (
        r"The τ functional for 𝔽₂, \lambda"
    )


@pytest.mark.parametrize(
    ("tex", "plain"),
    [
        (r"\mathbb{F}_2^n \leq \frac{a+b}{c}", "𝔽₂ⁿ ≤ (a+b)/c"),
        (r"\left\|x_{i,j}\right\|_{L^2} \to \infty", "‖x_(i,j)‖_(L^2) → ∞"),
        (r"\operatorname{Hom}(A, B) \cong \mathbb {Z}/p\mathbb Z", "Hom(A, B) ≅ ℤ/pℤ"),
        (r"K^{-1}\,\{a\} \nobody x", "K⁻¹ {a} nobody x"),
        ("{" * 5 + "\\", "\\"),
    ],
)
def test_formulas_on_a_line(tex: str, plain: str) -> None:
    assert wording.plain_math(rf"\({tex}\)") == plain


def test_html_keeps_mathematics_and_links_to_nodes() -> None:
    html = (
        '<p>\\(a < b\\) <a href="node:x y">x</a> <a href="node:gone">g</a> <a href="https://e.org">e</a></p>'
    )
    clean = foreign.sanitised(html, {"x y": "/p/num/nodes/x%2520y"}.get)
    assert 'href="/p/num/nodes/x%2520y"' in clean
    assert 'href="https://e.org"' in clean
    assert "node:" not in clean
    assert "\\(a &lt; b\\)" in clean


@pytest.mark.parametrize(
    "html",
    [
        "<script>x</script>",
        '<a href="javascript:x">y</a>',
        '<p onclick="x">y</p>',
        "<style>x</style>",
        "<iframe>",
    ],
)
def test_html_loses_what_could_act(html: str) -> None:
    clean = foreign.sanitised(html, lambda _id: None)
    for word in ("script", "onclick", "style", "iframe"):
        assert word not in clean


def test_images_carry_their_picture_or_are_none() -> None:
    good = '<img src="data:image/svg+xml;base64,PHN2Zz4=" alt="a &gt; b" width="3">'
    bad = (
        '<img src="https://e.org/x.png" alt="x > y"><img src="data:text/html;base64,PHN2Zz4="><img alt="z">'
        '<img src="data:image/svg+xml,<svg onload=x>"><a href="data:image/svg+xml;base64,PHN2Zz4=">w</a>'
    )
    clean = foreign.sanitised(good + bad, lambda _id: None)
    assert clean.count("<img") == clean.count("data:") == 1
    assert 'width="3"' in clean


def test_macros_for_mathjax() -> None:
    macros = (
        Macro("NN", r"\mathbb N"),
        Macro("abs", "|#1|", 1),
        Macro("o", "#1#2", 2, "d"),
        Macro("bad-name", "x"),
    )
    assert foreign.mathjax_macros(macros) == {
        "NN": r"\mathbb N",
        "abs": ["|#1|", 1],
        "o": ["#1#2", 2, "d"],
    }


def test_the_legend_has_every_status_once_each_with_its_own_look() -> None:
    assert {entry.status for entry in LEGEND} == set(Formal)
    assert len({(entry.shape, entry.border) for entry in LEGEND}) == len(LEGEND)
    assert len({entry.icon for entry in LEGEND}) == len(LEGEND)
    assert {entry.key for entry in LEGEND} == set(ICONS)
    assert all(f"--{entry.key}-fill:" in stylesheet() for entry in LEGEND)


def test_what_a_status_means_holds_of_every_part() -> None:
    meanings = {entry.status: entry.meaning for entry in LEGEND}
    assert "statement" not in meanings[Formal.SORRY]  # a proof can have one too
    assert "still to do" not in meanings[Formal.STATED]  # a finished definition on unfinished ones
    assert not any("`" in meaning for meaning in meanings.values())  # shown where no markup is


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_on_the_graph_can_be_read(theme: str) -> None:
    for entry in LEGEND:
        look = getattr(entry, theme)
        assert _contrast(look.fill, look.ink) >= 4.5, entry.word


def _contrast(one: str, other: str) -> float:
    """As WCAG 2 defines it."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_a_date_stays_on_one_line() -> None:
    shown = foreign.with_code("until 2026-12-24 (UTC), `2026-12-24`, 12026-12-24 <b>")
    assert shown == (
        'until <span class="date">2026-12-24</span> (UTC), <code>2026-12-24</code>, 12026-12-24 &lt;b&gt;'
    )


def test_a_caption_has_no_parentheses_within_parentheses() -> None:
    for title, caption in [
        ("Hall", "Theorem 3 (Hall)"),
        ("Hall (1935)", "Theorem 3 [Hall (1935)]"),
        (r"The \(f(x)\) lemma", r"Theorem 3 (The \(f(x)\) lemma)"),
    ]:
        assert sample.node("t", "theorem", "3", title, "", "").caption == caption


def test_the_library_counts_as_verified_and_is_said_once() -> None:
    tally = Tally({Formal.VERIFIED: 36, Formal.IN_LIBRARY: 1, Formal.STATED: 13})
    assert tally.words == "37 of 50 nodes verified, 1 of them in the library"
    assert Tally({Formal.VERIFIED: 1}).words == "1 of 1 node verified"
