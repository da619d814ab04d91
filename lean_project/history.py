"""The past of a declaration, commit by commit: who brought it in, who made it pass, who undid it.

git follows lines; this follows a declaration, by its name, where all of its lines were written anew. It reads
words and does not ask Lean: that a version passed means that no `sorry` stood in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from blueprint.errors import UserError
from lean_project.attribution import written
from lean_project.commits import Commit
from lean_project.declaration_text import find, has_sorry
from lean_project.facts import Fact
from lean_project.repository import Repository
from lean_project.verdict import Reason

# How many versions of a declaration are looked at.
_OLDEST = 100


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines `first` to `last` (from 1) of `file` at commit `sha`."""

    sha: str
    file: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Version:
    """A declaration as the commit `sha` made it, which came before everything that was written later.

    `at` is where it stood so for the last time before the version after it.
    """

    sha: str
    text: str
    at: Lines


@dataclass(frozen=True, slots=True)
class Story:
    """The commits that brought a declaration in and made it pass; None where git cannot tell, or not yet."""

    introduced: str | None = None
    passed: str | None = None


NOTHING_KNOWN = Story()


def story(repo: Repository, here: Lines, name: str) -> Story:
    """The story of the declaration `name` that stands there. `UserError` where git fails."""
    introduced = passed = None
    complete = True
    for version in versions(repo, here, name):
        introduced = version.sha
        complete = complete and not has_sorry(version.text)
        passed = introduced if complete else passed
    return Story(introduced, passed)


def first_so(repo: Repository, here: Lines, name: str) -> Lines:
    """Where the declaration `name` first read as it does there: who puts an old text back wrote nothing."""
    words, found = _words(_text(repo, here)), here
    for version in versions(repo, here, name):
        found = version.at if _words(version.text) == words else found
    return found


def _words(text: str) -> list[str]:
    """Without the lines that are only comments: where one ends, two ways of reading it may differ."""
    return [word for line in text.split("\n") if not line.lstrip().startswith("--") for word in line.split()]


def versions(repo: Repository, here: Lines, name: str) -> Iterator[Version]:
    """The versions of a declaration, newest first. They end where a shallow clone does."""
    ignored, at = repo.ignored(here.sha), here
    for _ in range(_OLDEST):
        lines = written(repo, at.sha, at.file, at.first, at.last, ignored)
        commits = repo.commits(here.sha, (line.sha for line in lines))
        newest = max(lines, key=lambda line: commits[line.sha].at, default=None)
        if newest is None or newest.sha in repo.shallow:
            return
        text = _text(repo, at)
        yield Version(newest.sha, text, at)
        previous = [line.previous for line in lines if line.sha == newest.sha and line.previous]
        before = _before(repo, commits[newest.sha], previous, at.first, name, text)
        if before is None:
            return
        at = before


def _before(
    repo: Repository,
    commit: Commit,
    previous: Iterable[tuple[str, str]],
    near: int,
    name: str,
    text: str,
) -> Lines | None:
    """Where the declaration stood before a commit: in the same file, or, much like it is, in another."""
    for sha, file in dict.fromkeys(previous):
        if found := _found(repo, sha, file, near, name):
            return found
    for parent in commit.parents[:1]:
        for file in repo.touched(commit.sha):
            found = _found(repo, parent, file, near, name)
            if found and _alike(_text(repo, found), text):
                return found
    return None


def _found(repo: Repository, sha: str, file: str, near: int, name: str) -> Lines | None:
    try:
        found = find(repo.text(sha, file), name, near)
    except UserError:  # there was no such file, or it is too large
        return None
    return Lines(sha, file, *found) if found else None


def _text(repo: Repository, at: Lines) -> str:
    return "\n".join(repo.text(at.sha, at.file).split("\n")[at.first - 1 : at.last])


def _alike(one: str, other: str) -> bool:
    """Whether half of the words of the shorter text are in the other: a name alone may be another's."""
    words, others = Counter(one.split()), Counter(other.split())
    return 2 * (words & others).total() >= min(words.total(), others.total())


def undone_by(
    repo: Repository, before: str, sha: str, reasons: Iterable[Reason], known: Mapping[str, Fact]
) -> Commit | None:
    """The commit since `before` because of which a node that passed does not at `sha`, as `reasons` say.

    That is the newest that touched the declaration at fault, or took it away; where none did, the newest.
    """
    commits = {commit.sha: commit for commit in repo.between(before, sha) if len(commit.parents) < 2}
    for reason in reasons:
        fault = _fault(reason, known)
        if found := _touching(repo, sha, fault, commits) if fault else _removing(repo, before, sha, reason):
            return found
    return next(iter(commits.values()), None)


def _fault(reason: Reason, known: Mapping[str, Fact]) -> Fact | None:
    """The last declaration of the project on the way to what is wrong."""
    names = (*reversed(reason.path), *filter(None, [reason.declaration]))
    return next((known[name] for name in names if name in known and known[name].file), None)


def _touching(repo: Repository, sha: str, fact: Fact, commits: Mapping[str, Commit]) -> Commit | None:
    if not (fact.file and fact.line and fact.end_line):
        return None
    touched: Collection[str] = {line.sha for line in written(repo, sha, fact.file, fact.line, fact.end_line)}
    return next((commit for commit in commits.values() if commit.sha in touched), None)


def _removing(repo: Repository, before: str, sha: str, reason: Reason) -> Commit | None:
    name = (reason.declaration or "").rpartition(".")[2]
    return next(iter(repo.changing(before, sha, name)), None) if name else None
