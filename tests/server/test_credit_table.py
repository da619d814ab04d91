"""Tables of credit kept by hand, as text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blueprint.errors import UserError
from server.work.credit_table import COLUMNS, LONGEST, parse, several


def test_columns_are_known_by_what_people_call_them():
    table = parse(
        "| **Who** | What? | Links |\n|:--|--:|---|\n| Ana | example | [a](https://a.org) https://b.org |"
    )
    [row] = table.rows
    assert (row.line, row.cell("person").text, row.cell("kind").text) == (3, "Ana", "example")
    assert row.cell("evidence").links == ("https://a.org",)
    assert row.cell("evidence").text == "a https://b.org"
    assert row.cell("node").text == ""


def test_markup_and_escapes_are_read_as_markdown_reads_them():
    [row] = parse(r"""
who | what | on
--- | ---- | --
*Ana* \| Co | `review` | `a\|b`
""").rows
    assert [row.cell(name).text for name in ("person", "kind", "node")] == ["Ana | Co", "review", "a|b"]
    assert row.source == r"*Ana* \| Co | `review` | `a\|b`"


def test_every_table_that_is_one_of_credit_is_read_and_no_other():
    first, other = "|person|kind|\n|-|-|\n|Ana\u2028A|example|", "|a|b|\r\n|-|-|\r\n|1|2|"
    last = "|kind|weather|person|\n|-|-|-|\n|figure|fog|Ben|"
    table = parse(f"{first}\n\n{other}\n\n{last}\n")
    assert [(row.cell("person").text, row.line) for row in table.rows] == [("Ana A", 3), ("Ben", 11)]
    assert [row.source for row in table.rows] == ["|Ana\u2028A|example|", "|figure|fog|Ben|"]
    assert table.unknown == ("weather",)


def test_rows_may_be_too_short_or_too_long():
    first, second = parse("|person|kind|node|\n|-|-|-|\n|Ana|\n|Ben|example|x|y|z|\n").rows
    assert (first.cell("kind").text, second.cell("node").text) == ("", "x")


def test_two_columns_of_one_meaning_count_together():
    [row] = parse("|person|kind|link|commit|\n|-|-|-|-|\n|Ana|figure|https://a.org|abc1234|\n").rows
    assert row.cell("evidence").text == "https://a.org abc1234"


@pytest.mark.parametrize(
    "text", ["", "person kind", "|person|\n|-|\n|Ana|", "```\n|person|kind|\n|-|-|\n|A|b|\n```"]
)
def test_what_is_no_table_is_said_to_be_none(text):
    with pytest.raises(UserError, match="no table of credit"):
        parse(text)


def test_no_end_of_text_is_read():
    with pytest.raises(UserError, match="more than"):
        parse("x" * (LONGEST + 1))


@given(st.text(st.sampled_from("|-:\\`*[]()<>&\n A1é"), max_size=80))
def test_any_cells_are_read_or_refused(text):
    try:
        table = parse(f"|person|kind|\n|-|-|\n{text}")
    except UserError:
        return
    assert all(set(row.cells) <= set(COLUMNS.values()) for row in table.rows)
    assert all("\n" not in cell.text for row in table.rows for cell in row.cells.values())


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Ana", ("Ana",)),
        ("Ana, Ben and Cleo", ("Ana", "Ben", "Cleo")),
        ("Ana & Ben; Cleo", ("Ana", "Ben", "Cleo")),
        ("Alexander Anderson", ("Alexander Anderson",)),
        (" , ", ()),
    ],
)
def test_several_are_told_apart(text, parts):
    assert several(text) == parts
