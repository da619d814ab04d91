"""Reading repositories, hostile ones among them, with the real git."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from blueprint.errors import UserError
from lean_project.attribution import authors
from lean_project.commits import Contact, Revision
from lean_project.git_folder import branch_of
from lean_project.repository import Repository, create
from lean_project.tree import Limits

ADA = Contact("Ada", "ada@example.org")
BEN = Contact("Ben", "ben@example.org")
START = datetime(2026, 1, 5, 9, tzinfo=UTC)
CLEAN = {
    "PATH": os.environ["PATH"],
    "HOME": "/nonexistent",
    "GIT_CONFIG_NOSYSTEM": "1",
    **{
        f"GIT_{who}_{what}": f"{who.lower()}@example.org"
        for who in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    },
}


def run(folder: Path, *arguments: str, data: bytes = b"") -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=folder, env=CLEAN, input=data, capture_output=True, check=True
    )
    return done.stdout.decode().strip()


def revision(number: int, files: dict[str, bytes], *parents: int, message: str = "Work") -> Revision:
    return Revision(ADA, START + timedelta(hours=number), message, files, parents)


def tree_with(folder: Path, *entries: tuple[str, str, str]) -> str:
    """A commit of a hand-made tree of (mode, object, name): git itself would not write some of these."""
    run(folder, "init", "-q")
    raw = b"".join(f"{mode} {name}\0".encode() + bytes.fromhex(sha) for mode, sha, name in entries)
    tree = run(folder, "hash-object", "-t", "tree", "-w", "--literally", "--stdin", data=raw)
    commit = run(folder, "commit-tree", tree, "-m", "Odd")
    run(folder, "update-ref", "HEAD", commit)
    return commit


def blob(folder: Path, data: bytes) -> str:
    run(folder, "init", "-q")
    return run(folder, "hash-object", "-w", "--stdin", data=data)


def test_head_log_and_text(tmp_path: Path) -> None:
    files = {"A.lean": b"theorem a : True := trivial\n"}
    head = create(
        tmp_path / "r", [revision(0, {"x": b"1"}), revision(1, files, 0, message="Prove a\n\nWell.")]
    )
    with Repository.open(tmp_path / "r") as repo:
        commit = repo.head()
        assert (commit.sha, commit.author_name, commit.author_email) == (head, "Ada", "ada@example.org")
        assert commit.at == START + timedelta(hours=1)
        assert commit.summary == "Prove a"
        assert [c.summary for c in repo.log(head)] == ["Prove a", "Work"]
        assert [c.summary for c in repo.log(head, limit=1)] == ["Prove a"]
        assert repo.text(head, "A.lean") == files["A.lean"].decode()
        assert repo.refs() == {"refs/heads/main": head}


def test_created_commits_have_the_same_hashes_everywhere(tmp_path: Path) -> None:
    history = [revision(0, {"x": b"1"}), revision(1, {"x": b"2", "d/y": b"\0\n"}, 0)]
    assert create(tmp_path / "one", history) == create(tmp_path / "two", history)
    assert (tmp_path / "one/d/y").read_bytes() == b"\0\n"
    assert run(tmp_path / "one", "status", "--porcelain") == ""


def test_a_merge_has_two_parents(tmp_path: Path) -> None:
    history = [
        revision(0, {"x": b"1"}),
        revision(1, {"x": b"2"}, 0),
        revision(2, {"x": b"1", "y": b""}, 0),
        revision(3, {"x": b"2", "y": b""}, 1, 2),
    ]
    create(tmp_path / "r", history)
    with Repository.open(tmp_path / "r") as repo:
        assert len(repo.head().parents) == 2
        assert len(repo.log(repo.head().sha)) == 4


def test_the_branch_that_head_names(tmp_path: Path) -> None:
    folder = tmp_path / "one"
    create(folder, [revision(0, {"a": b"1"})])
    run(folder, "branch", "-M", "dev")
    assert branch_of(folder) == "dev"
    run(folder, "checkout", "-q", "--detach")
    assert branch_of(folder) is None
    assert branch_of(tmp_path / "none") is None


def test_bare_repositories_and_linked_work_trees_open_too(tmp_path: Path) -> None:
    head = create(tmp_path / "r", [revision(0, {"x": b"1"})])
    run(tmp_path, "clone", "-q", "--bare", "r", "bare.git")
    run(tmp_path / "r", "worktree", "add", "-q", "../linked")
    for name in ("bare.git", "linked"):
        with Repository.open(tmp_path / name) as repo:
            assert repo.head().sha == head
            repo.export(head, tmp_path / f"out-{name}")
            assert (tmp_path / f"out-{name}" / "x").read_bytes() == b"1"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://ada:secret@example.org/r.git", "https://example.org/r.git"),
        ("git@example.org:ada/r.git", "git@example.org:ada/r.git"),
        (None, None),
    ],
)
def test_the_origin_is_told_without_its_secrets(tmp_path: Path, url: str | None, shown: str | None) -> None:
    create(tmp_path / "r", [revision(0, {"x": b"1"})])
    if url:
        run(tmp_path / "r", "remote", "add", "origin", url)
    with Repository.open(tmp_path / "r") as repo:
        assert repo.origin_url() == shown


def test_what_cannot_be_opened_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="There is no folder"):
        Repository.open(tmp_path / "absent")
    with pytest.raises(UserError, match="not a git repository"):
        Repository.open(tmp_path)
    run(tmp_path, "init", "-q")
    with pytest.raises(UserError, match="has no commit yet"):
        Repository.open(tmp_path)
    assert not list(Path(os.environ.get("TMPDIR", "/tmp")).glob("chantier-git-*/none"))


def test_what_is_not_there_is_said_in_a_sentence(tmp_path: Path) -> None:
    head = create(tmp_path / "r", [revision(0, {"x": b"1"})])
    with Repository.open(tmp_path / "r") as repo:
        for wrong in (
            lambda: repo.text(head, "absent"),
            lambda: repo.text(head, "../x"),
            lambda: repo.text("HEAD", "x"),
            lambda: repo.text("--help", "x"),
            lambda: repo.log("0" * 40),
            lambda: repo.blame(head, "absent"),
            lambda: list(repo.files("0" * 40)),
        ):
            with pytest.raises(UserError):
                wrong()


def test_what_is_no_file_or_too_large_is_not_read(tmp_path: Path) -> None:
    head = create(tmp_path / "r", [revision(0, {"d/large": b"x" * (8 * 2**20 + 1)})])
    with Repository.open(tmp_path / "r") as repo:
        for name, read in ((name, read) for name in ("d", "d/large") for read in (repo.text, repo.blame)):
            with pytest.raises(UserError, match="at most 8 MiB"):
                read(head, name)


def test_export_takes_the_commit_not_the_work_tree(tmp_path: Path) -> None:
    head = create(tmp_path / "r", [revision(0, {"d/x": b"1"})])
    (tmp_path / "r/d/x").write_bytes(b"changed")
    (tmp_path / "r/new").write_bytes(b"")
    with Repository.open(tmp_path / "r") as repo:
        repo.export(head, tmp_path / "out")
        assert dict(repo.files(head)) == {"d/x": b"1"}
        with pytest.raises(UserError, match="not an empty folder"):
            repo.export(head, tmp_path / "out")
    written = {
        p.relative_to(tmp_path / "out").as_posix() for p in (tmp_path / "out").rglob("*") if p.is_file()
    }
    assert written == {"d/x"}


def test_what_lake_made_is_never_taken_from_a_commit(tmp_path: Path) -> None:
    forged = ".lake/packages/mathlib/.lake/build/lib/lean/Mathlib.olean"
    files = {forged: b"1", f"lean/{forged}": b"1", ".LAKE/x": b"1", "Lake.lean": b"1", "x.lake": b"1"}
    head = create(tmp_path / "r", [revision(0, files)])
    with Repository.open(tmp_path / "r") as repo:
        assert set(dict(repo.files(head))) == {"Lake.lean", "x.lake"}


def test_a_link_brings_in_nothing_that_lake_made(tmp_path: Path) -> None:
    r = tmp_path / "r"
    r.mkdir()
    inner = run(r, "mktree", data=f"100644 blob {blob(r, b'forged')}\tA.olean\n".encode())
    head = tree_with(
        r, ("40000", inner, ".lake"), ("120000", blob(r, b".lake/A.olean"), "A.olean"), ("40000", inner, "b")
    )
    with Repository.open(r) as repo:
        assert set(dict(repo.files(head))) == {"b/A.olean"}


def test_no_link_leaves_the_export(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    r = tmp_path / "r"
    r.mkdir()
    links = {"up": "../secret", "absolute": str(tmp_path / "secret"), "inside": "real", "folder": "."}
    entries = [("120000", blob(r, target.encode()), name) for name, target in links.items()]
    entries += [("100644", blob(r, b"real"), "real"), ("160000", "1" * 40, "submodule")]
    head = tree_with(r, *sorted(entries, key=lambda e: e[2]))
    with Repository.open(r) as repo:
        repo.export(head, tmp_path / "out")
    assert {p.name: p.read_text() for p in (tmp_path / "out").iterdir()} == {"inside": "real", "real": "real"}
    assert not any(p.is_symlink() for p in (tmp_path / "out").iterdir())


@pytest.mark.parametrize(
    "name", ["..", ".", ".git", ".GIT", ".git.", "git~1", ".git::$INDEX", "a\\b", "a\nb", "x/../../y"]
)
def test_a_name_that_is_not_safe_is_refused(tmp_path: Path, name: str) -> None:
    r = tmp_path / "r"
    r.mkdir()
    head = tree_with(r, ("100644", blob(r, b"evil"), name))
    with Repository.open(r) as repo, pytest.raises(UserError, match=r"not safe|no complete"):
        repo.export(head, tmp_path / "out" / "deep")
    assert not [p for p in tmp_path.rglob("*") if p.is_file() and r not in p.parents]


def test_a_file_and_a_folder_of_one_name_are_refused(tmp_path: Path) -> None:
    r = tmp_path / "r"
    r.mkdir()
    data = blob(r, b"x")
    inner = run(r, "mktree", data=f"100644 blob {data}\ty\n".encode())
    head = tree_with(r, ("120000", blob(r, b"/tmp"), "a"), ("100644", data, "a"), ("40000", inner, "a"))
    with Repository.open(r) as repo, pytest.raises(UserError):
        repo.export(head, tmp_path / "out")


@pytest.mark.parametrize(
    "limits",
    [Limits(entries=2), Limits(total_bytes=250), Limits(file_bytes=99)],
    ids=["entries", "total", "file"],
)
def test_export_has_limits(tmp_path: Path, limits: Limits) -> None:
    head = create(tmp_path / "r", [revision(0, dict.fromkeys("abc", b"x" * 100))])
    with Repository.open(tmp_path / "r") as repo, pytest.raises(UserError, match=r"not read|larger than"):
        repo.export(head, tmp_path / "out", limits)


def test_copies_through_links_count_as_copies(tmp_path: Path) -> None:
    data, link = blob(tmp_path, b"x" * 100), blob(tmp_path, b"0")
    head = tree_with(tmp_path, ("100644", data, "0"), *(("120000", link, f"link{n}") for n in range(3)))
    with Repository.open(tmp_path) as repo:
        repo.export(head, tmp_path / "whole", Limits(total_bytes=400))
        assert (tmp_path / "whole/link2").read_bytes() == b"x" * 100
        with pytest.raises(UserError, match="larger than what is read"):
            repo.export(head, tmp_path / "out", Limits(total_bytes=399))


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85", "\x0b", "\r"])
def test_names_may_hold_what_looks_like_the_end_of_a_line(tmp_path: Path, separator: str) -> None:
    message = f"Work\n\nCo-authored-by: Ben{separator}Bo <b@example.org>\n"
    head = create(tmp_path / "r", [revision(0, {"A.lean": b"theorem a : 1 = 1 := rfl\n"}, message=message)])
    with Repository.open(tmp_path / "r") as repo:
        assert repo.head().coauthors == (Contact("Ben Bo", "b@example.org"),)
        assert [commit.sha for commit in repo.log(head)] == [head]
        assert [found.name for found in authors(repo, head, "A.lean", 1, 1)] == ["Ada", "Ben Bo"]


@pytest.mark.parametrize("separator", ["\u2028", "\x85"])
def test_branches_may_hold_what_looks_like_the_end_of_a_line(tmp_path: Path, separator: str) -> None:
    head = create(tmp_path / "r", [revision(0, {"x": b"1"})])
    run(tmp_path / "r", "branch", f"a{separator}b")
    with Repository.open(tmp_path / "r") as repo:
        assert repo.refs() == {"refs/heads/main": head, f"refs/heads/a{separator}b": head}


def test_a_tree_without_end_is_left_early(tmp_path: Path) -> None:
    """Ten folders of ten folders of ...: a few objects, 10^12 files."""
    sha = blob(tmp_path, b"x")
    line = "100644 blob"
    for _ in range(12):
        sha = run(tmp_path, "mktree", data="".join(f"{line} {sha}\t{i}\n" for i in range(10)).encode())
        line = "040000 tree"
    run(tmp_path, "update-ref", "HEAD", run(tmp_path, "commit-tree", sha, "-m", "Bomb"))
    with Repository.open(tmp_path) as repo, pytest.raises(UserError, match="more than 50000"):
        repo.export(repo.head().sha, tmp_path / "out")


PROGRAM_KEYS = [
    "core.fsmonitor",
    "core.pager",
    "core.editor",
    "core.sshCommand",
    "core.gitProxy",
    "core.alternateRefsCommand",
    "diff.external",
    "diff.evil.textconv",
    "diff.evil.command",
    "filter.evil.clean",
    "filter.evil.smudge",
    "filter.evil.process",
    "gpg.program",
    "credential.helper",
    "pager.log",
    "pager.blame",
    "uploadpack.packObjectsHook",
    "alias.log",
    "alias.blame",
]
TRAPS = {
    "log.showSignature": "true",
    "remote.origin.url": "ext::{program}",
    "remote.origin.promisor": "true",
    "protocol.ext.allow": "always",
    "extensions.partialClone": "origin",
    "mailmap.file": "/etc/passwd",
}


@pytest.fixture
def hostile(tmp_path: Path) -> tuple[Path, Path]:
    """A repository whose configuration, attributes and hooks all try to run a program; and its mark."""
    folder, mark = tmp_path / "hostile", tmp_path / "it-ran"
    files = {"A.lean": b"def a := 1\n", ".gitattributes": b"*.lean diff=evil filter=evil\n"}
    create(folder, [revision(0, files), revision(1, {**files, "A.lean": b"def a := 2\n"}, 0)])
    program = tmp_path / "program"
    program.write_text(f'#!/bin/sh\necho "$0 $@" >> {mark}\ncat\n')
    program.chmod(0o755)
    for key in PROGRAM_KEYS:
        run(folder, "config", key, f"!{program}" if key.startswith("alias") else str(program))
    for key, value in {**TRAPS, "core.hooksPath": str(tmp_path / "hooks")}.items():
        run(folder, "config", key, value.format(program=program))
    for hooks in (tmp_path / "hooks", folder / ".git/hooks"):
        hooks.mkdir()
        for hook in ("post-checkout", "post-index-change", "reference-transaction", "pre-auto-gc"):
            (hooks / hook).symlink_to(program)
    (folder / ".git/info/attributes").parent.mkdir(exist_ok=True)
    (folder / ".git/info/attributes").write_text("* diff=evil filter=evil\n")
    mark.unlink(missing_ok=True)
    return folder, mark


def test_the_trap_works_when_git_is_asked_directly(hostile: tuple[Path, Path]) -> None:
    folder, mark = hostile
    run(folder, "blame", "HEAD", "--", "A.lean")
    assert mark.exists()


def test_nothing_of_a_hostile_repository_runs(hostile: tuple[Path, Path], tmp_path: Path) -> None:
    folder, mark = hostile
    with Repository.open(folder) as repo:
        head = repo.head().sha
        assert len(repo.log(head)) == 2
        repo.export(head, tmp_path / "out")
        assert repo.text(head, "A.lean") == "def a := 2\n"
        assert [a.name for a in authors(repo, head, "A.lean", 1, 1)] == ["Ada"]
        repo.origin_url()
        repo.refs()
    assert not mark.exists()


def test_a_missing_object_is_not_fetched(hostile: tuple[Path, Path], tmp_path: Path) -> None:
    folder, mark = hostile
    with Repository.open(folder) as repo:
        sha = run(folder, "rev-parse", "HEAD:A.lean")
        _forget(folder, sha)
        with pytest.raises(UserError, match="lacks the contents"):
            repo.export(repo.head().sha, tmp_path / "out")
    assert not mark.exists()


def _forget(folder: Path, sha: str) -> None:
    """Unpack every object, then lose one."""
    packs = list((folder / ".git/objects/pack").glob("*.pack"))
    for pack in packs:
        data = pack.read_bytes()
        for file in pack.parent.glob(f"{pack.stem}.*"):
            file.unlink()
        run(folder, "unpack-objects", "-q", data=data)
    (folder / ".git/objects" / sha[:2] / sha[2:]).unlink()


def test_our_own_surroundings_do_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a git hook, which is run with these set."""
    head = create(tmp_path / "r", [revision(0, {"x": b"1"})])
    other = create(tmp_path / "other", [revision(0, {"y": b"1"})])
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other/.git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path / "other"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "other/.git/index"))
    with Repository.open(tmp_path / "r") as repo:
        assert repo.head().sha == head != other
        assert dict(repo.files(head)) == {"x": b"1"}


def test_a_repository_of_another_user_opens(tmp_path: Path) -> None:
    if os.getuid() != 0:
        pytest.skip("only root can give a folder away")
    head = create(tmp_path / "r", [revision(0, {"x": b"1"})])
    for path in [tmp_path / "r", *(tmp_path / "r").rglob("*")]:
        os.chown(path, 12345, 12345)
    with Repository.open(tmp_path / "r") as repo:
        assert repo.head().sha == head


def test_a_date_beyond_the_calendar_and_a_name_with_control_characters_are_read(tmp_path: Path) -> None:
    run(tmp_path, "init", "-q")
    tree = run(tmp_path, "mktree")
    who = "A\x1b[31mda\x07 <ada@example.org> 99999999999999 +0000"
    raw = f"tree {tree}\nauthor {who}\ncommitter {who}\n\nHello\x1b[0m\n".encode()
    sha = run(tmp_path, "hash-object", "-t", "commit", "-w", "--literally", "--stdin", data=raw)
    run(tmp_path, "update-ref", "HEAD", sha)
    with Repository.open(tmp_path) as repo:
        commit = repo.head()
    assert commit.at.tzinfo is not None
    assert (commit.author_name + commit.summary).isprintable()


def test_closing_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    create(tmp_path / "r", [revision(0, {"x": b"1"})])
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with Repository.open(tmp_path / "r"):
        assert list(tmp_path.glob("chantier-git-*"))
    assert not list(tmp_path.glob("chantier-git-*"))
    (tmp_path / "empty/.git/objects").mkdir(parents=True)
    (tmp_path / "empty/.git/HEAD").write_text("ref: refs/heads/main\n")
    with pytest.raises(UserError):
        Repository.open(tmp_path / "empty")
    assert not list(tmp_path.glob("chantier-git-*"))


def test_without_git_a_sentence_says_so(tmp_path: Path) -> None:
    program = """
from blueprint.errors import UserError
try:
    import lean_project.repository
except UserError as error:
    print(error)
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "The program `git` was not found; install git and try again.\n"
