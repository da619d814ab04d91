"""Whether an address is that of a project's repository, however it is written."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from server.records.projects import ProjectRow

_SCP = re.compile(r"(?:[\w.-]+@)?(?P<host>[\w.-]+):(?P<path>(?!//).+)")


def is_same(project: ProjectRow, address: str) -> bool:
    """Whether that is the project's repository; where it has no address, the forge is taken at its word."""
    own = _place(project.repository_url or "")
    return own is None or own == _place(address)


def _place(address: str) -> tuple[str, str] | None:
    """Host and path; None where it is no address of a repository elsewhere."""
    if "://" in address:
        parts = urlsplit(address)
        host, path = parts.hostname or "", parts.path
    elif found := _SCP.fullmatch(address):
        host, path = found["host"], found["path"]
    else:
        return None
    name = path.strip("/").removesuffix(".git").casefold()
    return (host.casefold(), name) if host and name else None
