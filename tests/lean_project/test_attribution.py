"""Who wrote a declaration: the rules alone, and with the real git."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lean_project.attribution import Authorship, authors, code, is_bot, tally
from lean_project.commits import (
    Commit,
    Contact,
    Line,
    Revision,
    import_stream,
    parse_blame,
    parse_log,
)
from lean_project.repository import Repository, create

ADA = Contact("Ada", "ada@example.org")
BEN = Contact("Ben", "ben@example.org")
CLEO = Contact("Cleo", "cleo@example.org")
BOT = Contact("dependabot[bot]", "49699333+dependabot[bot]@users.noreply.github.com")
START = datetime(2026, 1, 5, 9, tzinfo=UTC)
PROOF = [
    "theorem double_is_even (n : Nat) : Even (2 * n) := by",
    "  refine ⟨n, ?_⟩",
    "  rw [Nat.two_mul]",
    "  exact rfl_of_the_sum n",
]
OTHER = [
    "theorem the_sum_of_odds (n : Nat) : sumOdd n = n * n := by",
    "  induction n with",
    "  | zero => simp only [sumOdd]",
    "  | succ n ih => rw [sumOdd_succ, ih, Nat.succ_mul_succ]",
]


def text(*blocks: list[str]) -> bytes:
    return "\n\n".join("\n".join(block) for block in blocks).encode() + b"\n"


def step(
    number: int, author: Contact, files: dict[str, bytes], *parents: int, message: str = "Work"
) -> Revision:
    return Revision(author, START + timedelta(hours=number), message, files, parents)


def written_by(
    tmp_path: Path, *revisions: Revision, file: str = "A.lean", lines: tuple[int, int] = (1, 99)
) -> dict[str, int]:
    sha = create(tmp_path / "r", revisions)
    with Repository.open(tmp_path / "r") as repo:
        return {found.name: found.lines for found in authors(repo, sha, file, *lines)}


def commit(*people: Contact, parents: int = 1) -> Commit:
    first, *others = people
    return Commit("a" * 40, START, first.name, first.email, "", ("b" * 40,) * parents, tuple(others))


def test_most_lines_first(tmp_path: Path) -> None:
    better = [*PROOF[:2], "  omega"]
    found = written_by(
        tmp_path, step(0, ADA, {"A.lean": text(PROOF)}), step(1, BEN, {"A.lean": text(better)}, 0)
    )
    assert list(found.items()) == [("Ada", 2), ("Ben", 1)]


def test_only_the_lines_asked_about_count(tmp_path: Path) -> None:
    history = [step(0, ADA, {"A.lean": text(PROOF)}), step(1, BEN, {"A.lean": text(PROOF, OTHER)}, 0)]
    assert written_by(tmp_path, *history, lines=(6, 9)) == {"Ben": 4}


def test_a_renamed_file_keeps_its_authors(tmp_path: Path) -> None:
    history = [step(0, ADA, {"A.lean": text(PROOF)}), step(1, BEN, {"B.lean": text(PROOF)}, 0)]
    assert written_by(tmp_path, *history, file="B.lean") == {"Ada": 4}


def test_a_declaration_moved_to_another_file_keeps_its_authors(tmp_path: Path) -> None:
    history = [
        step(0, ADA, {"A.lean": text(PROOF, OTHER), "B.lean": text(["import A"])}),
        step(1, BEN, {"A.lean": text(OTHER), "B.lean": text(["import A"], PROOF)}, 0),
    ]
    assert written_by(tmp_path, *history, file="B.lean", lines=(3, 6)) == {"Ada": 4}


def test_a_declaration_moved_within_its_file_and_indented_keeps_its_authors(tmp_path: Path) -> None:
    moved = [OTHER, ["namespace N"], [f"  {line}" for line in PROOF]]
    history = [step(0, ADA, {"A.lean": text(PROOF, OTHER)}), step(1, BEN, {"A.lean": text(*moved)}, 0)]
    assert written_by(tmp_path, *history, lines=(8, 11)) == {"Ada": 4}


def test_coauthors_share_every_line(tmp_path: Path) -> None:
    message = "Prove it\n\nCo-authored-by: Ben <ben@example.org>\nCo-Authored-By: Cleo <cleo@example.org>\n"
    found = written_by(tmp_path, step(0, ADA, {"A.lean": text(PROOF)}, message=message))
    assert found == {"Ada": 4, "Ben": 4, "Cleo": 4}


def test_a_coauthor_named_only_in_the_body_is_none(tmp_path: Path) -> None:
    message = "Prove it\n\nCo-authored-by: Ben <ben@example.org>\n\nis how one would write it.\n"
    assert written_by(tmp_path, step(0, ADA, {"A.lean": text(PROOF)}, message=message)) == {"Ada": 4}


def test_the_mailmap_of_the_commit_names_authors_and_coauthors(tmp_path: Path) -> None:
    mailmap = b"Ada Lovelace <ada@example.org> <old@example.org>\n"
    mailmap += b"Benjamin <ben@new.example.org> <ben@example.org>\n"
    old = Contact("ada", "old@example.org")
    message = "Prove it\n\nCo-authored-by: Ben <ben@example.org>\n"
    history = [
        step(0, old, {"A.lean": text(PROOF)}, message=message),
        step(1, CLEO, {"A.lean": text(PROOF), ".mailmap": mailmap}, 0),
    ]
    sha = create(tmp_path / "r", history)
    with Repository.open(tmp_path / "r") as repo:
        assert authors(repo, sha, "A.lean", 1, 4) == (
            Authorship("Ada Lovelace", "ada@example.org", 4),
            Authorship("Benjamin", "ben@new.example.org", 4),
        )
        first = repo.log(sha)[-1].sha
        assert [found.name for found in authors(repo, first, "A.lean", 1, 4)] == ["Ben", "ada"]


def test_a_mailmap_in_the_work_tree_does_not_count(tmp_path: Path) -> None:
    sha = create(tmp_path / "r", [step(0, ADA, {"A.lean": text(PROOF)})])
    (tmp_path / "r" / ".mailmap").write_text("Mallory <m@example.org> <ada@example.org>\n")
    with Repository.open(tmp_path / "r") as repo:
        assert [found.name for found in authors(repo, sha, "A.lean", 1, 4)] == ["Ada"]


def test_lines_that_a_merge_made_are_nobodys(tmp_path: Path) -> None:
    history = [
        step(0, ADA, {"A.lean": text(PROOF)}),
        step(1, BEN, {"A.lean": text(PROOF, OTHER)}, 0),
        step(2, CLEO, {"A.lean": text(PROOF, OTHER, ["theorem sneaked_in_by_a_merge : 1 = 1 := rfl"])}, 0, 1),
    ]
    assert written_by(tmp_path, *history) == {"Ada": 4, "Ben": 4}


def test_lines_of_a_bot_are_nobodys_but_its_human_coauthors(tmp_path: Path) -> None:
    message = "Bump\n\nCo-authored-by: Ben <ben@example.org>\n"
    history = [
        step(0, BOT, {"A.lean": text(PROOF)}),
        step(1, BOT, {"A.lean": text(PROOF, OTHER)}, 0, message=message),
    ]
    assert written_by(tmp_path, *history) == {"Ben": 4}


def test_a_shallow_clone_credits_nobody_for_what_it_cannot_see(tmp_path: Path) -> None:
    history = [step(0, ADA, {"A.lean": text(PROOF)}), step(1, BEN, {"A.lean": text(PROOF), "x": b""}, 0),
               step(2, CLEO, {"A.lean": text(PROOF, OTHER), "x": b""}, 1)]  # fmt: skip
    sha = create(tmp_path / "r", history)
    source = (tmp_path / "r").as_uri()
    subprocess.run(["git", "clone", "-q", "--depth=2", source, tmp_path / "shallow"], check=True)
    with Repository.open(tmp_path / "shallow") as repo:
        assert len(repo.log(sha)) == 2
        assert [(found.name, found.lines) for found in authors(repo, sha, "A.lean", 1, 99)] == [("Cleo", 4)]


def test_equal_counts_come_in_the_order_of_names() -> None:
    lines = [Line(1, "a" * 40, "x")]
    assert [a.name for a in tally(lines, {"a" * 40: commit(CLEO, BEN, ADA)})] == ["Ada", "Ben", "Cleo"]


def test_one_address_in_two_spellings_is_one_person() -> None:
    lines = [Line(1, "a" * 40, "x")]
    found = tally(lines, {"a" * 40: commit(ADA, Contact("Ada L.", "ADA@example.org"))})
    assert found == (Authorship("Ada", "ada@example.org", 1),)


def test_comments_and_blank_lines_are_not_counted() -> None:
    source = [
        "/-- A doc",
        "comment. -/",
        "theorem a : True := by",
        "",
        "  -- why",
        "  trivial",
        "/- x -/",
        "end",
    ]
    kept = code(Line(number, "a", row) for number, row in enumerate(source, 1))
    assert [line.number for line in kept] == [3, 6, 8]


@pytest.mark.parametrize(
    ("rows", "kept"),
    [
        (["/-- doc -/ theorem t : True := trivial"], [1]),
        (["/-- A doc", "comment. -/ @[simp] theorem t : True := trivial"], [2]),
        (["/- a -/ /-- b", "c -/ -- d", "x"], [3]),
        (["/- a -/ -- b", "/- c -/"], []),
    ],
)
def test_what_follows_a_comment_on_its_line_counts(rows: list[str], kept: list[int]) -> None:
    assert [line.number for line in code(Line(n, "a", row) for n, row in enumerate(rows, 1))] == kept


def test_a_blame_is_parsed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[bytes] = []

    def parse(porcelain: bytes) -> Iterator[Line]:
        parsed.append(porcelain)
        return parse_blame(porcelain)

    monkeypatch.setattr("lean_project.repository.parse_blame", parse)
    sha = create(tmp_path / "r", [step(0, ADA, {"A.lean": text(PROOF)})])
    with Repository.open(tmp_path / "r") as repo:
        assert [authors(repo, sha, "A.lean", 1, 2)[0].lines, authors(repo, sha, "A.lean", 2, 4)[0].lines] == [
            2,
            3,
        ]
    assert len(parsed) == 1


def test_porcelain_is_parsed_also_where_a_line_looks_like_a_header() -> None:
    sha = "ab" * 20
    porcelain = f"{sha} 1 1 2\nauthor A\nfilename f\n\t{sha} 9 9\n{sha} 2 2\n\tauthor B\n".encode()
    assert list(parse_blame(porcelain)) == [Line(1, sha, f"{sha} 9 9", "f"), Line(2, sha, "author B", "f")]


@pytest.mark.parametrize(
    "person",
    [
        BOT,
        Contact("GitHub Actions", "github-actions@github.com"),
        Contact("x", "41898282+github-actions[bot]@users.noreply.github.com"),
        Contact("Claude", "noreply@anthropic.com"),
        Contact("Copilot", "198982749+Copilot@users.noreply.github.com"),
    ],
)
def test_programs_are_bots(person: Contact) -> None:
    assert is_bot(person)


@pytest.mark.parametrize(
    "person",
    [Contact("Claude Shannon", "1+claude@users.noreply.github.com"), Contact("Abbot", "abbot@example.org")],
)
def test_people_are_not(person: Contact) -> None:
    assert not is_bot(person)


@pytest.mark.parametrize(
    ("trailer", "contact"),
    [
        ("Ada <ada@example.org>", ADA),
        ("  <ada@example.org> ", Contact("", "ada@example.org")),
        ("Ada\x00\x1b\x85\u2028\u2029 <ada@example.org>", ADA),
        ("Ada <ada@example.org> <x@example.org>", None),
        ("Ada", None),
        ("<>", None),
    ],
)
def test_trailers_are_read_strictly(trailer: str, contact: Contact | None) -> None:
    assert Contact.parse(trailer) == contact


def test_a_log_without_commits_is_empty() -> None:
    assert parse_log("") == ()


def test_the_import_stream_counts_bytes_not_characters() -> None:
    stream = b"".join(import_stream([step(0, ADA, {"é": "∀".encode()}, message="≤")]))
    assert b"data 3\n\xe2\x89\xa4\n" in stream
    assert b"inline \xc3\xa9\ndata 3\n" in stream
