"""The branches of a repository that say which task they are about: `claim/12`, `claim/12-even-case`."""

from __future__ import annotations

import re

from lean_project.repository import Repository
from server.service.pushes import Push

# Of a server's own clone, or as it fetched it.
_BRANCH = re.compile(r"refs/(?:heads|remotes/[^/]+)/(?P<name>claim/(?P<number>[0-9]{1,9})(?:[-/].*)?)")
_MOST = 500


def pushes(repository: Repository) -> tuple[Push, ...]:
    """What was pushed last to each of them."""
    found = [(match, sha) for name, sha in repository.refs().items() if (match := _BRANCH.fullmatch(name))]
    commits = repository.commits(repository.head().sha, [sha for _, sha in found[:_MOST]])
    return tuple(Push(int(match["number"]), match["name"][:80], commits[sha]) for match, sha in found[:_MOST])
