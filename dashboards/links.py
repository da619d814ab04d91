"""Addresses of the pages, in one place, and back from an address to the node it names."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote, urlsplit

from blueprint.graph import Place

_PAGE = re.compile(r"/p/([^/?#]+)/nodes/")
_SHA = re.compile(r"[0-9a-f]{7,64}")

# `git@host:owner/name` and `ssh://git@host/owner/name`.
_SSH = re.compile(r"(?:ssh://)?git@([\w.-]+)[:/]([\w./~-]+)")


def project_path(slug: str, page: str = "") -> str:
    return f"/p/{quote(slug, safe='')}/{page}"


def node_path(slug: str, node: str) -> str:
    """The page of a node, whose id can be any text.

    An id that is more than a plain word is quoted twice: servers and proxies decode an address once, merge
    its slashes and resolve its dots, and the id must survive them as one piece.
    """
    once = quote(node, safe=":")
    if set(once) <= {"."}:
        once = once.replace(".", "%2E")
    return project_path(slug, "nodes/") + quote(once, safe=":")


def node_from(segment: str) -> str:
    """The node id in the last piece of an address that the server has decoded once already."""
    return unquote(segment)


def project_of(address: str) -> str | None:
    """The project whose page an address is; None where it is no page of a project."""
    found = _PAGE.search(address)
    return unquote(found[1]) if found else None


def person_path(slug: str, person: int) -> str:
    return project_path(slug, f"people/{person}")


def task_path(slug: str, number: int, action: str) -> str:
    return project_path(slug, f"tasks/{number}/{action}")


def credit_path(slug: str, number: int, action: str) -> str:
    return project_path(slug, f"credit/{number}/{action}")


def short(address: str) -> str:
    """The last two pieces of an address, such as `pull/34`, where nobody wants to read all of it."""
    pieces = urlsplit(address).path.strip("/").split("/")
    return "/".join(pieces[-2:])[:60] or address[:60]


def source_link(repository: str | None, sha: str, place: Place, end: int | None = None) -> str | None:
    """The lines of a file at a commit, on the forge; None where the repository has no web address."""
    if (base := forge_page(repository)) is None:
        return None
    lines = f"#L{place.line}" + (f"-L{end}" if end and end != place.line else "")
    return file_link(base, sha, place.file) + lines


def file_link(base: str, sha: str, file: str) -> str:
    """A file at a commit; `base` is the page of its repository on the forge."""
    infix = "/-/blob/" if "gitlab" in (urlsplit(base).hostname or "") else "/blob/"
    return f"{base}{infix}{quote(sha)}/{quote(file)}"


def evidence_link(repository: str | None, item: str) -> str | None:
    """Where a piece of evidence can be read: an address as it is, a commit hash on the forge."""
    if address := web_address(item):
        return address
    base = forge_page(repository)
    return f"{base}/commit/{item}" if base and _SHA.fullmatch(item) else None


def forge_page(repository: str | None) -> str | None:
    """The page of a repository on its forge, from the address git clones it from; None where it has none."""
    if repository and (ssh := _SSH.fullmatch(repository)):
        repository = f"https://{ssh[1]}/{ssh[2]}"
    address = web_address(repository)
    return address.removesuffix("/").removesuffix(".git") if address else None


def web_address(text: str | None) -> str | None:
    """`text` if it is an http(s) address that may stand in a link, else None."""
    if not text:
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return text if parts.scheme in {"http", "https"} and parts.hostname else None
