"""Who wrote the lines of a declaration: `git blame`, counted by rules that are pure.

Every author of a commit counts for all of its lines, whether named as author or in a `Co-authored-by`
trailer: nobody can tell who of them typed which. Merges and bots count for none, and neither do the commits
at which a shallow clone ends, because the lines there may be older.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from blueprint.errors import UserError
from lean_project.commits import Commit, Contact, Line
from lean_project.repository import Repository

# How often a file may have been laid out anew before nobody looks further back.
_ROUNDS = 20
_BOT_SUFFIX = "[bot]"
_BOT_NAMES = frozenset(
    {"dependabot", "github-actions", "github actions", "renovate", "bors", "copilot", "cursor agent"}
)
_TOOL_EMAILS = frozenset(
    {
        "noreply@anthropic.com",
        "noreply@openai.com",
        "cursoragent@cursor.com",
        "aristotle-harmonic@harmonic.fun",
    }
)


@dataclass(frozen=True, slots=True)
class Authorship:
    """Someone who wrote `lines` of the lines asked about, alone or with others."""

    name: str
    email: str
    lines: int


def authors(
    repo: Repository, sha: str, file: str, first: int, last: int, *, today: str | None = None
) -> tuple[Authorship, ...]:
    """The authors of lines `first` to `last` of `file` at commit `sha`, most lines first.

    Lines that are blank or only a comment are not counted. People are named as the `.mailmap` of the commit
    `today` says (by default `sha`). Whoever only laid a file out anew, or is in `.git-blame-ignore-revs`,
    wrote none of what they laid out.
    """
    today = today or sha
    lines = tuple(written(repo, sha, file, first, last, repo.ignored(today)))
    commits = repo.commits(today, (line.sha for line in lines))
    return tally((line for line in lines if line.sha not in repo.shallow), commits)


def written(
    repo: Repository, sha: str, file: str, first: int, last: int, ignored: frozenset[str] | None = None
) -> tuple[Line, ...]:
    """The lines of code in a part of a file, each with the commit that wrote it, not one that formatted it.

    Commits in `ignored` are looked through, or else those that the project names at `sha`.
    """
    ignored = repo.ignored(sha) if ignored is None else ignored
    for _ in range(_ROUNDS):
        lines = tuple(code(repo.blame(sha, file, ignored)[first - 1 : last]))
        new = {line.sha for line in lines if line.sha not in ignored and _only_formats(repo, line)}
        if not new:
            break
        ignored |= new
    return lines


def _only_formats(repo: Repository, line: Line) -> bool:
    """Whether a commit left the line's file as it was but for blanks and the ends of lines."""
    if line.previous is None:
        return False
    try:
        return _squeezed(repo.text(line.sha, line.file)) == _squeezed(repo.text(*line.previous))
    except UserError:  # too large, or under a name that git writes in its own way
        return False


def _squeezed(text: str) -> str:
    return "".join(text.split())


def tally(lines: Iterable[Line], commits: Mapping[str, Commit]) -> tuple[Authorship, ...]:
    """Count lines by author; equal counts in the order of names, one entry for each address."""
    counts: Counter[str] = Counter()
    people: dict[str, Contact] = {}
    for line in lines:
        for key, contact in _credited(commits[line.sha]).items():
            people.setdefault(key, contact)
            counts[key] += 1
    found = (Authorship(people[key].name, people[key].email, count) for key, count in counts.items())
    return tuple(sorted(found, key=lambda a: (-a.lines, a.name, a.email)))


def code(lines: Iterable[Line]) -> Iterator[Line]:
    """Without the lines that hold no Lean: blank ones and those that belong to a comment alone."""
    in_comment = False
    for line in lines:
        text = line.text.strip()
        while text and (in_comment or text.startswith("/-")):
            _, closed, rest = text.partition("-/")
            in_comment, text = not closed, rest.strip()
        if text and not text.startswith("--"):
            yield line


def is_bot(contact: Contact) -> bool:
    """Programs, language models among them, write no lines: a person answers for what they commit."""
    name, email = contact.name.casefold(), contact.email.casefold()
    local = email.partition("@")[0].rpartition("+")[2]
    bot = any(word.endswith(_BOT_SUFFIX) or word in _BOT_NAMES for word in (name, local))
    return bot or email in _TOOL_EMAILS


def _credited(commit: Commit) -> dict[str, Contact]:
    """The people a commit counts for, by address (by name where there is none)."""
    if len(commit.parents) > 1:
        return {}
    people = (contact for contact in commit.contacts if not is_bot(contact))
    return {(contact.email or contact.name).casefold(): contact for contact in reversed(tuple(people))}
