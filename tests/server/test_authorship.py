"""Which lines of a declaration count for which work, with the real git."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from blueprint.graph import Flags, Graph, Node, Part, Place
from lean_project.commits import Contact, Revision
from lean_project.facts import Fact, Facts, Kind
from lean_project.findings import Findings
from lean_project.repository import Repository, create
from lean_project.status import TaskKind
from server.authorship import Written, written_by
from server.work.changes import Done

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
ANA, BEN = Contact("Ana", "ana@example.org"), Contact("Ben", "ben@example.org")
STATED = ["-- above", "theorem a (n : N) :", "    P n := by", "  sorry", "-- below"]
PROVED = [*STATED[:3], "  have h := q n", "  exact h", STATED[4]]


def history(folder: Path, *texts: list[str]) -> str:
    """Ana writes the first text, Ben makes the second of it."""
    revisions = [
        Revision(author, AT, "Work", {"A.lean": "\n".join(text).encode()}, (number - 1,) if number else ())
        for number, (author, text) in enumerate(zip((ANA, BEN), texts, strict=False))
    ]
    return create(folder, revisions)


def findings(file: str | None, lines: tuple[int, int]) -> Findings:
    """One node that names one declaration."""
    claimed = Flags(False, False, False, False, False, False)
    node = Node("a", "theorem", Part(Place("web.tex", 1), lean=("a",)), claimed)
    fact = Fact("a", Kind.THEOREM, True, "A", file=file, line=lines[0], end_line=lines[1])
    return Findings(Graph((node,)), Facts("none", (fact,)), {})


def ask(
    folder: Path, kind: TaskKind, sha: str, file: str | None = "A.lean", lines: tuple[int, int] = (2, 5)
) -> tuple[Written, Mapping[str, int]]:
    work = Done("a", kind)
    with Repository.open(folder) as repository:
        written = written_by(repository, sha, findings(file, lines), frozenset({work}))
    return written, {author.name: author.lines for author in written.authors.get(work, ())}


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (TaskKind.STATE, {"Ana": 2}),
        (TaskKind.PROVE, {"Ben": 2}),
        (TaskKind.DEFINE, {"Ana": 2, "Ben": 2}),
    ],
)
def test_each_kind_of_work_has_its_lines(tmp_path: Path, kind: TaskKind, expected: dict[str, int]) -> None:
    sha = history(tmp_path, STATED, PROVED)
    written, lines = ask(tmp_path, kind, sha)
    assert lines == expected
    assert not written.unknown


def test_a_line_that_holds_both_counts_for_both(tmp_path: Path) -> None:
    sha = history(tmp_path, ["theorem a : A :=", "  sorry"], ["theorem a : A := f", "  x"])
    assert ask(tmp_path, TaskKind.STATE, sha, lines=(1, 2))[1] == {"Ben": 1}
    assert ask(tmp_path, TaskKind.PROVE, sha, lines=(1, 2))[1] == {"Ben": 2}


def test_where_git_cannot_tell_the_reason_is_given(tmp_path: Path) -> None:
    sha = history(tmp_path, STATED)
    written, lines = ask(tmp_path, TaskKind.PROVE, sha, file="B.lean")
    assert not lines
    assert written.unknown == {Done("a", TaskKind.PROVE): f"Commit {sha[:10]} has no file B.lean."}


def test_of_what_comes_from_elsewhere_nothing_is_said(tmp_path: Path) -> None:
    written, lines = ask(tmp_path, TaskKind.PROVE, history(tmp_path, STATED), file=None)
    assert not lines
    assert not written.unknown


def test_whoever_puts_an_old_proof_back_wrote_nothing(tmp_path: Path) -> None:
    texts = [(ANA, STATED), (ANA, PROVED), (BEN, STATED), (BEN, ["import B", *PROVED])]
    revisions = [
        Revision(
            author,
            AT + number * HOUR,
            "Work",
            {"A.lean": "\n".join(text).encode()},
            (number - 1,) if number else (),
        )
        for number, (author, text) in enumerate(texts)
    ]
    sha = create(tmp_path, revisions)
    for kind, lines in ((TaskKind.PROVE, 2), (TaskKind.STATE, 2), (TaskKind.DEFINE, 4)):
        assert ask(tmp_path, kind, sha, lines=(3, 6))[1] == {"Ana": lines}
