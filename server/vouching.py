"""Commits whose messages carry a word that says whose they are, among those that are new."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from blueprint.errors import UserError
from lean_project.attribution import is_bot
from lean_project.commits import Commit, Contact
from lean_project.repository import Repository
from server.service.linking import Voucher
from server.service.pushes import Push

# How far back one looks where it is not known what was seen before.
_FIRST = 200


def vouchers(
    repository: Repository, before: str | None, sha: str, pushed: Iterable[Push]
) -> tuple[Voucher, ...]:
    """Those on the way from the commit `before` to `sha`, then those at the tips of branches for tasks."""
    merged = (_voucher(commit, merged=True) for commit in _new(repository, before, sha))
    tips = (_voucher(push.commit, merged=False) for push in pushed)
    return tuple(voucher for each in (*merged, *tips) for voucher in each)


def _new(repository: Repository, before: str | None, sha: str) -> tuple[Commit, ...]:
    if before == sha:
        return ()
    try:
        return repository.between(before, sha) if before else repository.log(sha, _FIRST)
    except UserError:  # history was rewritten, and the commit is gone
        return repository.log(sha, _FIRST)


def _voucher(commit: Commit, *, merged: bool) -> Iterator[Voucher]:
    """Only of what one person wrote: a merge, or work of several, may carry somebody else's message."""
    author = Contact(commit.author_name, commit.author_email)
    alone = len(commit.parents) <= 1 and not commit.coauthors and len(set(commit.words)) == 1
    if alone and author.email and not is_bot(author):
        yield Voucher(commit.words[0], author.email, commit.sha, merged)
