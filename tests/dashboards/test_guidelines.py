"""Guidelines are strangers' Markdown: what they want to look like is shown, and nothing runs or loads."""

from __future__ import annotations

import re

import pytest

from blueprint.errors import UserError
from dashboards.guidelines import guidelines
from lean_project.introductions import LONGEST, USUAL, Introduction, introduction
from lean_project.settings import ProjectSettings, checked

BASE, SHA = "https://github.com/example/num", "ab" * 20


def shown(text: str) -> str:
    found = guidelines(Introduction("", "CONTRIBUTING.md", text), BASE, SHA)
    assert found is not None
    return str(found.html)


def test_markdown_is_shown_below_the_page_s_heading() -> None:
    html = shown("# Rules\n\nWrite *small* lemmas.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n")
    assert "<h2>Rules</h2>" in html
    assert "<em>small</em>" in html
    assert "<td>2</td>" in html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![a](https://evil.example/a.png)",
        "[a](javascript:alert(1))",
        "[a](data:text/html;base64,PHNjcmlwdD4=)",
        "[a](//evil.example)",
        "[a](/account)",
        "<a href='https://x.example' style='position:fixed'>a</a>",
        "<https://x.example/\"onmouseover='alert(1)>",
        "[a]: https://x.example\n\n<style>*{display:none}</style>",
    ],
)
def test_nothing_of_it_runs_or_loads(text: str) -> None:
    html = shown(f"Before\n\n{text}\n\nafter")
    assert "after" in html
    for tag in re.findall(r"<[^>]*>", html):
        assert not re.search(r"script|style|src=|<img|javascript|data:|\"//|\"/", tag), tag
        assert set(re.findall(r" ([a-z]+)=", re.sub(r'"[^"]*"', '""', tag))) <= {"href", "rel"}, tag


def test_headings_go_down_by_one_at_most() -> None:
    text = "## A\n\n#### B\n\n##### C\n\n# D\n\n### E\n"
    assert re.findall(r"<h(\d)>(\w)", shown(text)) == [
        ("2", "A"),
        ("3", "B"),
        ("4", "C"),
        ("2", "D"),
        ("3", "E"),
    ]


def test_links_go_elsewhere_and_say_so() -> None:
    assert shown("[a](https://x.example/y)") == (
        '<p><a href="https://x.example/y" rel="noopener nofollow">a</a></p>\n'
    )


def test_what_is_nested_without_end_is_shown_in_time() -> None:
    assert shown(">" * 5000 + " a\n\n" + "- " * 3000 + "[" * 3000)


def test_the_first_words_and_the_place() -> None:
    text = "# Rules\n\nWrite `small` **lemmas**,\nplease.\n\nMore.\n"
    found = guidelines(Introduction("", ".github/CONTRIBUTING.md", text), BASE, SHA)
    assert found is not None
    assert found.lead == "Write small lemmas, please."
    assert found.source == f"{BASE}/blob/{SHA}/.github/CONTRIBUTING.md"
    assert guidelines(Introduction("about"), BASE, SHA) is None


def test_the_file_is_the_one_named_or_the_first_usual_one() -> None:
    files = {"docs/CONTRIBUTING.md": "b", ".github/CONTRIBUTING.md": " \n", "RULES.md": "c\0d"}

    def read(file: str) -> str:
        if file not in files:
            raise UserError(f"{file} is not there")
        return files[file]

    usual = introduction(ProjectSettings(about="Sums."), read)
    assert (usual.about, usual.file, usual.guidelines) == ("Sums.", USUAL[2], "b")
    assert introduction(ProjectSettings(guidelines="RULES.md"), read).guidelines == "cd"
    assert introduction(ProjectSettings(guidelines="NONE.md"), read) == Introduction()


def test_what_is_too_long_is_cut_at_a_line() -> None:
    found = introduction(ProjectSettings(), lambda _: "word\n" * LONGEST)
    assert len(found.guidelines) <= LONGEST
    assert found.guidelines.endswith("word")


@pytest.mark.parametrize("about", ["x" * 401, "two\nlines", "bell\a"])
def test_what_a_project_is_about_is_one_line(about: str) -> None:
    with pytest.raises(ValueError, match="about"):
        checked({"about": about})
