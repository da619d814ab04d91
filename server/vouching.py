"""Commits whose messages carry a word that says whose they are, among those that were taken in anew.

What is not on the default branch anybody may have pushed who can push a branch: nobody has looked at it.
"""

from __future__ import annotations

from collections.abc import Iterator

from blueprint.errors import UserError
from lean_project.attribution import is_bot
from lean_project.commits import Commit, Contact
from lean_project.repository import Repository
from server.service.linking import Voucher

# How far back one looks where it is not known what was seen before.
_FIRST = 200


def vouchers(repository: Repository, before: str | None, sha: str) -> tuple[Voucher, ...]:
    """Those on the way from the commit `before` to `sha`, both of the default branch."""
    return tuple(voucher for commit in _new(repository, before, sha) for voucher in _voucher(commit))


def _new(repository: Repository, before: str | None, sha: str) -> tuple[Commit, ...]:
    try:
        return repository.between(before, sha) if before else repository.log(sha, _FIRST)
    except UserError:  # history was rewritten, and the commit is gone
        return repository.log(sha, _FIRST)


def _voucher(commit: Commit) -> Iterator[Voucher]:
    """Only of what one person wrote: a merge, or work of several, may carry somebody else's message."""
    author = Contact(commit.author_name, commit.author_email)
    alone = len(commit.parents) <= 1 and not commit.coauthors and len(set(commit.words)) == 1
    if alone and author.email and not is_bot(author):
        yield Voucher(commit.words[0], author.email, commit.sha)
