"""HTML that a page may show as it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blueprint.sanitising import TAGS, sanitiser

PIECES = st.sampled_from(
    ["<script>", "</script>", "<a href=", '"javascript:alert(1)"', "<img onerror=x>", "<p>", "</p>", "<!--",
     "-->", "<svg>", "<style>", "label:a", '"', "'", ">", "\\(x<y\\)", "<td", " style=x", "<math>"]
)  # fmt: skip


def test_links_to_labels_become_links_to_nodes() -> None:
    html = sanitiser({"thm:a": "node 1"}.get)('<a href="label:thm:a">A</a> <a href="label:no">B</a>')
    assert 'href="node:node 1"' in html
    assert html.endswith("</a> B")
    assert "label:" not in html


def test_web_links_stay_and_others_go() -> None:
    html = sanitiser({}.get)(
        '<a href="https://a.b/c?d=1&amp;e">x</a><a href="node:forged">y</a><a href="/z">z</a>'
    )
    assert 'href="https://a.b/c?d=1&amp;e"' in html
    assert "noopener" in html
    assert "forged" not in html
    assert '"/z"' not in html


@given(st.lists(PIECES, max_size=12).map("".join))
def test_only_our_tags_are_left(html: str) -> None:
    clean = sanitiser({"a": "a"}.get)(html)
    opened = {piece.split(">")[0].split()[0].strip("/") for piece in clean.split("<")[1:]}
    assert opened <= TAGS
    assert "javascript:" not in clean.replace('javascript:alert(1)"', "") or "href" not in clean


def test_mathematics_is_left_alone() -> None:
    assert sanitiser({}.get)(r"<p>\(a &lt; b\) \[c\]</p>") == r"<p>\(a &lt; b\) \[c\]</p>"


@pytest.mark.parametrize(
    "hidden",
    [r"\<font></font>href", "&#92;href", "&bsol;href", r"\hr&#101;f", r"\<!-- -->href", r"\<a>href</a>"],
)
def test_no_command_hides_behind_what_is_taken_away(hidden: str) -> None:
    assert sanitiser({}.get)(rf"\({hidden}{{javascript:x}}{{y}}\)") == r"\(\text{javascript:x}{y}\)"
