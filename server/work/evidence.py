"""What backs an entry of the ledger: addresses on the web, and commits."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from blueprint.errors import UserError
from dashboards.links import web_address

MOST = 20
_LONGEST = 2000
_COMMIT = re.compile(r"[0-9a-f]{7,64}")


def evidence_of(items: Iterable[str]) -> tuple[str, ...]:
    """The pieces of evidence, each once. `UserError` where there is none, or one is neither of both."""
    found = tuple(dict.fromkeys(item.strip() for item in items if item.strip()))
    if not found:
        raise UserError("Credit needs evidence; give the address of a page (https://...) or a commit.")
    if len(found) > MOST:
        raise UserError(f"Give at most {MOST} pieces of evidence.")
    for item in found:
        if not is_evidence(item):
            raise UserError(
                f"`{_shown(item)}` is neither a web address (https://...) nor a commit; link to it."
            )
    return found


def is_evidence(item: str) -> bool:
    """Whether it is a whole address of a web page without a password in it, or a commit's hash."""
    if _COMMIT.fullmatch(item):
        return True
    if len(item) > _LONGEST or any(unicodedata.category(c)[0] in "CZ" for c in item):
        return False
    return web_address(item) is not None and "@" not in item.split("/")[2]


def _shown(item: str) -> str:
    return "".join(c if c.isprintable() and c != "`" else " " for c in item[:80])
