"""Where a repository stands: the one reader of its address, and the addresses behind it, by kind of forge."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

# What stands behind a repository's page, by what runs there; "" is a forge that we do not know.
_SOURCE = {"github": "blob", "gitlab": "-/blob", "forgejo": "src/commit", "": "blob"}
_EDIT = {"github": "edit", "gitlab": "-/edit", "forgejo": "_edit"}
_ISSUES = {"github": "issues", "gitlab": "-/issues", "forgejo": "issues", "": "issues"}
_CHANGES = {"github": "pull", "gitlab": "-/merge_requests", "forgejo": "pulls"}
# These stand at the root of their hosts, however deep a repository is.
_AT_THE_ROOT = {"github.com": "github", "gitlab.com": "gitlab", "codeberg.org": "forgejo"}
# `git@host:owner/name`; a host without a user has a dot, or it would be a drive.
_SCP = re.compile(r"(?:[\w.-]+@(?P<host>[\w.-]+)|(?P<bare>[\w-]+(?:\.[\w-]+)+)):(?P<path>(?!//).+)")
_OVER_SSH = ("ssh", "git", "git+ssh", "ssh+git")


@dataclass(frozen=True, slots=True)
class RepositoryAddress:
    """`root` is the address of the host (`https://github.com`), `path` what names the repository there
    (`owner/name`), `kind` what runs there: github, gitlab, forgejo (or Gitea, which it comes from), or "".
    """

    root: str
    path: str
    kind: str

    @property
    def page(self) -> str:
        return f"{self.root}/{self.path}"

    @property
    def host(self) -> str:
        return urlsplit(self.root).hostname or ""

    @property
    def sites(self) -> tuple[str, ...]:
        """Where the forge itself may stand, the likeliest first: the groups of a GitLab may be nested, so
        that they look like the folder in which a forge stands.
        """
        folders = self.path.split("/")[:-2]
        if self.host in _AT_THE_ROOT or not folders:
            return (self.root,)
        deep = tuple("/".join((self.root, *folders[:depth])) for depth in range(len(folders) + 1))
        return deep[-1:] if self.kind in ("github", "forgejo") else deep

    def is_same(self, other: RepositoryAddress | None) -> bool:
        """Whether both name one repository, however they are written."""
        return other is not None and self._place == other._place

    @property
    def _place(self) -> tuple[str, str]:
        return self.host, self.path.casefold()

    def file(self, sha: str, file: str) -> str:
        return f"{self.page}/{_SOURCE[self.kind]}/{quote(sha)}/{quote(file)}"

    def edit(self, branch: str | None, file: str) -> str | None:
        """None where the forge is none that we know, or the branch is not known; GitHub finds that itself."""
        branch = branch or ("HEAD" if self.kind == "github" else None)
        if branch is None or self.kind not in _EDIT:
            return None
        return f"{self.page}/{_EDIT[self.kind]}/{quote(branch)}/{quote(file)}"

    def issue(self, number: str) -> str:
        return f"{self.page}/{_ISSUES[self.kind]}/{number}"

    def change(self, number: str) -> str | None:
        """A pull request, by its number. None where we do not know the forge."""
        return f"{self.page}/{_CHANGES[self.kind]}/{number}" if self.kind in _CHANGES else None

    def commit(self, sha: str) -> str:
        return f"{self.page}/commit/{sha}"


def repository_address(address: str | None, kind: str = "") -> RepositoryAddress | None:
    """What git clones from, or a page, read. None where it is no address on the web or behind SSH.

    `kind` is what is known to run there; else the name of the host tells, where it does.
    """
    found = _SCP.fullmatch(address or "") if "://" not in (address or "") else None
    if found:
        return _made("https", found["host"] or found["bare"], found["path"], kind)
    try:
        parts = urlsplit(address or "")
    except ValueError:
        return None
    if parts.scheme in _OVER_SSH:
        return _made("https", parts.hostname or "", parts.path, kind)
    return _made(parts.scheme, parts.netloc, parts.path, kind) if parts.scheme in ("http", "https") else None


def site_of(address: str) -> str:
    """The address of a forge, as accounts there are kept: `https://github.com`, `https://host/gitlab`."""
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2].casefold()
    return f"{parts.scheme.casefold()}://{host}{parts.path.rstrip('/')}"


def account_at(site: str, name: str) -> str:
    """An account of a site as one identity: by its number, or by its login where it is told by one."""
    return f"{site}#{name}"


def site_and_name(account: str) -> tuple[str, str]:
    """Back from `account_at`; the site is empty where none is known."""
    site, _, name = account.rpartition("#")
    return site, name


def _made(scheme: str, host: str, path: str, kind: str) -> RepositoryAddress | None:
    name, root = path.strip("/").removesuffix(".git"), site_of(f"{scheme}://{host}")
    own = urlsplit(root).hostname
    if not own or not name:
        return None
    return RepositoryAddress(root, name, _KINDS.get(kind, kind) or _kind_of(own))


_KINDS = {"gitea": "forgejo"}


def _kind_of(host: str) -> str:
    """What runs there, as far as the name tells."""
    if host in _AT_THE_ROOT:
        return _AT_THE_ROOT[host]
    if "gitlab" in host:
        return "gitlab"
    return "forgejo" if any(word in host for word in ("codeberg", "forgejo", "gitea")) else ""
