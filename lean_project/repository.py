"""The only door to git: read the commits of a repository that may be hostile.

Git obeys a repository's own configuration (`core.fsmonitor`, text conversions, filters, hooks), and so would
run what a stranger wrote. So git never reads it here: every command runs in an empty repository of ours, made
for the occasion, that only borrows the objects of the one opened. The work tree is not read either.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit, urlunsplit

from blueprint.errors import UserError
from lean_project.commits import (
    CONTROL,
    LOG_FORMAT,
    Commit,
    Contact,
    Line,
    Revision,
    ignored_commits,
    import_stream,
    parse_blame,
    parse_log,
)
from lean_project.git_folder import SHA, common_dir, furnish, pointed_at, shallow_commits
from lean_project.tree import Limits, contents, parse_entries

try:
    import git
except ImportError as error:  # GitPython looks for the program already when it is imported.
    raise UserError("The program `git` was not found; install git and try again.") from error

# What our own surroundings (a hook, a user's configuration) could otherwise change.
_ENVIRONMENT = {
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_CONFIG_COUNT": "0",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_PARAMETERS": "",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NAMESPACE": "",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
}
_SECONDS = 120.0
_BATCH = 200
_TEXT_BYTES = 8 * 2**20


class Repository:
    """A repository opened for reading. Every method raises `UserError` where git cannot answer."""

    def __init__(self, git_dir: Path, path: Path) -> None:
        self.path = path
        self._git_dir = git_dir
        self._common = common_dir(git_dir)
        shelter = Path(tempfile.mkdtemp(prefix="chantier-git-"))
        self._finalizer = weakref.finalize(self, shutil.rmtree, shelter, ignore_errors=True)
        self._git = git.Git(shelter)
        self._git.update_environment(
            **_ENVIRONMENT, GIT_DIR=str(shelter), GIT_OBJECT_DIRECTORY=str(self._common / "objects")
        )
        self._shelter = shelter
        self._blames: dict[tuple[str, str, frozenset[str]], tuple[Line, ...]] = {}
        self._ignored: dict[str, frozenset[str]] = {}
        self._commits: dict[tuple[str, str], Commit] = {}
        self.shallow = shallow_commits(self._common)
        self._head = self._read_head()
        furnish(shelter, self._head, self.shallow)

    @classmethod
    def open(cls, path: Path) -> Self:
        """The checkout or bare repository at `path` itself (folders above are not searched)."""
        if not path.is_dir():
            raise UserError(f"There is no folder {path}; give the path of a git repository.")
        for candidate in (path / ".git", path):
            git_dir = pointed_at(candidate)
            if (git_dir / "HEAD").exists() and (common_dir(git_dir) / "objects").is_dir():
                return cls(git_dir.resolve(), path.resolve())
        raise UserError(f"{path} is not a git repository; clone one there, or run `git init` and commit.")

    def close(self) -> None:
        """Stop git and drop the shelter. Also happens when the last reference goes."""
        self._git.clear_cache()
        self._finalizer()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def head(self) -> Commit:
        """The newest commit of the branch that HEAD names: in a server's clone, the default branch."""
        return self.commits(self._head, [self._head])[self._head]

    def resolve(self, revision: str) -> str:
        """The hash of the commit that a branch, a tag or a hash names."""
        if revision.startswith("-") or CONTROL.search(revision):
            raise UserError(f"{revision[:80]!r} names no commit; give a branch, a tag or a hash.")
        try:
            return _checked(self._there("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}").strip())
        except git.GitCommandError as error:
            raise UserError(f"{self.path} has no commit {revision[:80]!r}; fetch it first.") from error

    def holds(self, sha: str) -> bool:
        """Whether the repository has that commit, in some branch or none."""
        try:
            self._run("cat-file", "-e", f"{_checked(sha)}^{{commit}}")
        except git.GitCommandError:
            return False
        return True

    def keeps(self, folder: str) -> bool:
        """Whether the newest commit has anything below that folder."""
        return bool(self._run("ls-tree", "--full-tree", self._head, "--", f"{_checked_path(folder)}/"))

    def leads_to(self, earlier: str, later: str) -> bool:
        """Whether one commit is the other, or among those before it."""
        try:
            self._run("merge-base", "--is-ancestor", _checked(earlier), _checked(later))
        except git.GitCommandError:
            return False
        return True

    def origin_url(self) -> str | None:
        """The address of the remote `origin`, without user name and password."""
        command = ("config", "--file", str(self._common / "config"), "--get", "remote.origin.url")
        try:
            return _without_secrets(self._text(*command).strip())
        except git.GitCommandError:
            return None

    def refs(self) -> dict[str, str]:
        """Every reference (branches, tags, the stash) and the object it points to."""
        lines = _lines(self._there("for-each-ref", "--format=%(objectname) %(refname)"))
        return {name: sha for sha, name in (line.split(" ", 1) for line in lines)}

    def log(self, sha: str, limit: int = 1000) -> tuple[Commit, ...]:
        """The newest `limit` commits that lead to `sha`, newest first."""
        return self._read_commits(_checked(sha), f"--max-count={limit}", sha)

    def commits(self, at: str, shas: Iterable[str]) -> dict[str, Commit]:
        """The commits `shas`, with people named as the `.mailmap` of commit `at` says."""
        wanted = list(dict.fromkeys(shas))
        missing = [sha for sha in wanted if (at, _checked(sha)) not in self._commits]
        for start in range(0, len(missing), _BATCH):
            found = self._read_commits(_checked(at), "--no-walk=unsorted", *missing[start : start + _BATCH])
            self._commits.update({(at, commit.sha): commit for commit in found})
        return {sha: self._commits[at, sha] for sha in wanted}

    def text(self, sha: str, file: str) -> str:
        """The text of `file` in commit `sha`; at most 8 MiB."""
        return self._text("cat-file", "blob", self._spec(sha, file))

    def blame(self, sha: str, file: str, ignored: frozenset[str] = frozenset()) -> tuple[Line, ...]:
        """Every line of `file` at `sha` with its commit; moved and copied lines are followed.

        Lines are followed through the commits in `ignored` too, as far as git can.
        """
        if (sha, file, ignored) not in self._blames:
            self._spec(sha, file)
            options = ("--porcelain", "--root", "-w", "-M", "-C", "--no-textconv")
            try:
                porcelain = self._run("blame", *options, *self._ignoring(ignored), sha, "--", file)
            except git.GitCommandError as error:
                raise UserError(f"git cannot tell who wrote {file} in commit {sha[:10]}.") from error
            self._blames[sha, file, ignored] = tuple(parse_blame(porcelain))
        return self._blames[sha, file, ignored]

    def ignored(self, sha: str) -> frozenset[str]:
        """The commits that the `.git-blame-ignore-revs` of commit `sha` names, where it has one."""
        if sha not in self._ignored:
            try:
                self._ignored[sha] = frozenset(ignored_commits(self.text(sha, ".git-blame-ignore-revs")))
            except UserError:  # it has none
                self._ignored[sha] = frozenset()
        return self._ignored[sha]

    def between(self, before: str, sha: str) -> tuple[Commit, ...]:
        """The commits that lead to `sha` and not to `before`, newest first, at most a thousand."""
        return self._read_commits(_checked(sha), "--max-count=1000", f"{_checked(before)}..{sha}")

    def touched(self, sha: str) -> tuple[str, ...]:
        """The Lean files that a commit made, changed or took away, the first hundred."""
        command = ("diff-tree", "--root", "--no-commit-id", "--name-only", "-r", "-z", _checked(sha))
        names = (name for name in self._text(*command).split("\0") if name.endswith(".lean"))
        return tuple(islice((name for name in names if not CONTROL.search(name)), 100))

    def changing(self, before: str, sha: str, words: str) -> tuple[Commit, ...]:
        """Those of them, merges aside, after which `words` stand more or fewer times in some file."""
        options = ("--max-count=1000", "--no-merges", f"-S{words}")
        return self._read_commits(_checked(sha), *options, f"{_checked(before)}..{sha}")

    def export(self, sha: str, into: Path, limits: Limits = Limits()) -> None:  # noqa: B008 - frozen
        """Write the tree of commit `sha` into the empty or absent folder `into`.

        Only regular files are written, none of them executable. A symbolic link to a file of the tree
        becomes a copy of it; other links and submodules are left out. Raises `UserError` for a name that
        could leave the folder or reach into a repository, and beyond the limits.
        """
        if into.exists() and (not into.is_dir() or any(into.iterdir())):
            raise UserError(f"{into} is not an empty folder; a commit is written only into an empty one.")
        for name, data in self.files(sha, limits):
            _write(into / name, data)
        into.mkdir(parents=True, exist_ok=True)

    def files(self, sha: str, limits: Limits = Limits()) -> Iterator[tuple[str, bytes]]:  # noqa: B008 - frozen
        """The files of commit `sha` (path, contents), under the rules of `export`."""
        entries = tuple(parse_entries(self._listing(_checked(sha)), limits))
        try:
            yield from contents(entries, lambda entry: self._git.get_object_data(entry.sha)[3], limits)
        except (ValueError, git.GitCommandError) as error:
            raise UserError(f"{self.path} lacks parts of commit {sha[:10]}; fetch it completely.") from error

    def _listing(self, sha: str) -> Iterator[bytes]:
        """`git ls-tree` of a commit, in pieces, so that its reader can stop in a tree without end."""
        command = ["git", "ls-tree", "-r", "-t", "-l", "-z", "--full-tree", sha]
        process = self._git.execute(command, as_process=True)
        while piece := process.stdout.read1(2**16):
            yield piece
        try:
            process.wait()
        except git.GitCommandError as error:
            raise UserError(f"{self.path} has no complete commit {sha[:10]}; fetch it first.") from error

    def _ignoring(self, commits: frozenset[str]) -> tuple[str, ...]:
        if not commits:
            return ()
        file = self._shelter / "ignored"
        file.write_text("".join(f"{_checked(sha)}\n" for sha in sorted(commits)))
        return (f"--ignore-revs-file={file}",)

    def _spec(self, sha: str, file: str) -> str:
        """How git names a file of a commit, once that is known to be there and not too large."""
        spec = f"{_checked(sha)}:{_checked_path(file)}"
        try:
            kind, size = self._text("cat-file", "-t", spec), int(self._run("cat-file", "-s", spec))
        except git.GitCommandError as error:
            raise UserError(f"Commit {sha[:10]} has no file {file}.") from error
        if kind.strip() != "blob" or size > _TEXT_BYTES:
            raise UserError(f"{file} is no file of at most {_TEXT_BYTES // 2**20} MiB; it is not read.")
        return spec

    def _read_head(self) -> str:
        try:
            return _checked(self._there("rev-parse", "--verify", "HEAD").strip())
        except git.GitCommandError as error:
            raise UserError(f"{self.path} has no commit yet; commit something first.") from error

    def _read_commits(self, at: str, *arguments: str) -> tuple[Commit, ...]:
        try:
            text = self._text(*_mailmap(at), "log", "--encoding=UTF-8", LOG_FORMAT, *arguments, "--")
        except git.GitCommandError as error:
            raise UserError(f"{self.path} has no complete commit {at[:10]}; fetch it first.") from error
        return self._with_canonical_coauthors(at, parse_log(text))

    def _with_canonical_coauthors(self, at: str, commits: Sequence[Commit]) -> tuple[Commit, ...]:
        """git maps authors by `.mailmap`, but not the names in trailers."""
        raw = list(dict.fromkeys(contact for commit in commits for contact in commit.coauthors))
        mapped: dict[Contact, Contact] = {}
        for start in range(0, len(raw), _BATCH):
            batch = raw[start : start + _BATCH]
            lines = _lines(self._text(*_mailmap(at), "check-mailmap", "--", *map(str, batch)))
            mapped |= {old: Contact.parse(line) or old for old, line in zip(batch, lines, strict=True)}
        return tuple(replace(c, coauthors=tuple(mapped[person] for person in c.coauthors)) for c in commits)

    def _run(self, *arguments: str) -> bytes:
        return self._git.execute(
            ["git", *arguments],
            stdout_as_string=False,
            strip_newline_in_stdout=False,
            kill_after_timeout=_SECONDS,
        )

    def _text(self, *arguments: str) -> str:
        return self._run(*arguments).decode("utf-8", "replace")

    def _there(self, *arguments: str) -> str:
        """Run a command that only reads references in the opened repository itself."""
        with self._git.custom_environment(GIT_DIR=str(self._git_dir)):
            return self._text("--bare", *arguments)


def create(folder: Path, revisions: Sequence[Revision]) -> str:
    """Make a new repository in `folder` (absent or empty) with this history and check out its last commit.

    The commits are the same, to the hash, whenever the revisions are. Returns the hash of the last one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    runner = git.Git(folder)
    runner.update_environment(**_ENVIRONMENT, GIT_DIR=str(folder / ".git"), GIT_WORK_TREE=str(folder))
    runner.execute(["git", "init", "--quiet", "--template=", "--initial-branch=main"])
    with tempfile.TemporaryFile() as stream:
        stream.writelines(import_stream(revisions))
        stream.seek(0)
        runner.execute(["git", "fast-import", "--quiet"], istream=stream)
    runner.execute(["git", "reset", "--quiet", "--hard", "main"])
    return str(runner.execute(["git", "rev-parse", "main"]))


def _lines(output: str) -> list[str]:
    """The lines that git wrote. Names in them may hold what Python, but not git, takes for a line's end."""
    return output.split("\n")[:-1]


def _checked(sha: str) -> str:
    if not SHA.fullmatch(sha):
        raise UserError(f"{sha[:80]!r} is not the full hash of a commit.")
    return sha


def _checked_path(file: str) -> str:
    if CONTROL.search(file) or file.startswith(("/", "./", "../")):
        raise UserError(f"{file[:80]!r} is not the path of a file in a repository.")
    return file


def _mailmap(at: str) -> tuple[str, ...]:
    return ("-c", f"mailmap.blob={at}:.mailmap")


def _without_secrets(url: str) -> str | None:
    if not url or CONTROL.search(url):
        return None
    if "://" not in url:
        return url
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _write(file: Path, data: bytes) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("xb") as out:
            out.write(data)
    except OSError as error:
        raise UserError(f"{file.name!r} cannot be written: {error.strerror}.") from error
