"""What a pull request says of tasks, and which repository is meant."""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.forges.events import Subject
from server.forges.references import Named, as_branch, named
from server.records.projects import ProjectRow
from server.service.repositories import is_elsewhere

from .conftest import START

EMPTY = Subject("https://example.org/1", "", "")


@pytest.mark.parametrize(
    ("said", "tasks"),
    [
        ({"body": "Closes task #12, fixes Task #3 and resolves task #4."}, (12, 3, 4)),
        ({"body": "task: #12\ntask:#12"}, (12,)),
        ({"body": "subtask: #12, closes #13, task #14, task: 15, closes task #16a"}, ()),
        ({"body": "one <!-- task: #1 --> task: #2 <!-- task: #3"}, (2,)),
        ({"body": "~~~\ntask: #1\n~~~\ntask: #2\n  > task: #3\nfor task #4"}, (2, 4)),
        ({"title": "Half of it (for task #12)"}, (12,)),
        ({"branch": "ana/task/12-half"}, (12,)),
        ({"branch": "claim/12/again", "body": "Task: #7"}, (7, 12)),
        ({"branch": "task-x"}, ()),
        ({"body": "\n".join(f"Task: #{number}" for number in range(1, 100))}, tuple(range(1, 21))),
    ],
)
def test_what_says_so(said, tasks):
    assert named(replace(EMPTY, **said)).tasks == tasks


def test_what_is_a_hint_only():
    assert named(
        replace(EMPTY, title="feat: lem:hall, `b` (Foo.bar); 2:30", branch="x/12-lem-hall")
    ) == Named((), (12,), ("b", "lem:hall", "Foo.bar", "2:30"), "12-lem-hall")
    assert as_branch("Lem:Hall_two.b'") == "lem-hall-two.b'"


@pytest.mark.parametrize(
    ("own", "same"),
    [
        ("https://github.com/village/halls", True),
        ("https://GitHub.com/Village/Halls.git/", True),
        ("git@github.com:village/halls.git", True),
        ("ssh://git@github.com:22/village/halls.git", True),
        (None, True),
        ("/srv/halls", True),
        ("https://github.com/village/hall", False),
        ("https://example.org/village/halls", False),
        ("git@example.org:village/halls", False),
    ],
)
def test_which_repository_is_meant(own, same):
    project = ProjectRow(1, "halls", "Halls", "/srv/halls", own, START)
    assert is_elsewhere(project, "https://github.com/village/halls") is not same
