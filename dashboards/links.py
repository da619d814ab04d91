"""Addresses of the pages, in one place, and back from an address to the node it names."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote, urlsplit

from blueprint.graph import Place
from dashboards.repository_address import repository_address

# Lean's own documentation and Mathlib's, in one place.
LIBRARY_DOCS = "https://leanprover-community.github.io/mathlib4_docs"

_PAGE = re.compile(r"/p/([^/?#]+)/nodes/")
_SHA = re.compile(r"[0-9a-f]{7,64}")


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
    base = file_link(repository, sha, place.file)
    lines = f"#L{place.line}" + (f"-L{end}" if end and end != place.line else "")
    return base and base + lines


def file_link(repository: str | None, sha: str, file: str) -> str | None:
    """A file at a commit, on the forge; None where the repository has no web address."""
    where = repository_address(repository)
    return where.file(sha, file) if where else None


def edit_link(repository: str | None, branch: str | None, place: Place) -> str | None:
    """Where the file can be changed on the forge, which asks for a pull request of whoever may not push.

    None where the forge is none that we know, or the branch is not known; GitHub finds that by itself.
    """
    where = repository_address(repository)
    page = where.edit(branch, place.file) if where else None
    return page and f"{page}#L{place.line}"


def discussion_link(repository: str | None, said: str | None) -> str | None:
    """What `\\discussion` of a blueprint names: an address, or the number of an issue on the forge."""
    if said is None or not said.isdecimal():
        return web_address(said)
    where = repository_address(repository)
    return where.issue(said) if where else None


def docs_link(docs: str | None, name: str) -> str | None:
    """The page about a declaration that doc-gen4 has written: its door takes the name, and goes there."""
    base = web_address(docs)
    return f"{base.rstrip('/')}/find/?pattern={quote(name, safe='')}#doc" if base else None


def topic_link(site: str, channel: str, topic: str) -> str | None:
    """A topic of the chat; `channel` is a number, or a name where that is not known yet."""
    base = web_address(site)
    return f"{base.rstrip('/')}/#narrow/channel/{_in_chat(channel)}/topic/{_in_chat(topic)}" if base else None


def _in_chat(word: str) -> str:
    """As Zulip writes it behind the `#` of an address."""
    return quote(word, safe="").replace(".", "%2E").replace("%", ".")


def evidence_link(repository: str | None, item: str) -> str | None:
    """Where a piece of evidence can be read: an address as it is, a commit hash on the forge."""
    if address := web_address(item):
        return address
    where = repository_address(repository)
    return where.commit(item) if where and _SHA.fullmatch(item) else None


def forge_page(repository: str | None) -> str | None:
    """The page of a repository on its forge, from the address git clones it from; None where it has none."""
    where = repository_address(repository)
    return where.page if where else None


def web_address(text: str | None) -> str | None:
    """`text` if it is an http(s) address that may stand in a link, else None."""
    if not text:
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return text if parts.scheme in {"http", "https"} and parts.hostname else None
