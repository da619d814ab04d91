"""`.all-contributorsrc` (https://allcontributors.org): emoji in a README."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from dashboards.exports.roll import Contributor, Roll

# Kind of contribution -> a type that the specification knows.
TYPES: Mapping[str, str] = {
    "formal proof": "code",
    "formal statement": "code",
    "formal definition": "code",
    "conjecture": "ideas",
    "concept": "ideas",
    "definition": "ideas",
    "strategy": "ideas",
    "informal proof": "research",
    "example": "example",
    "counterexample": "example",
    "experiment": "research",
    "exposition": "doc",
    "editing": "content",
    "figure": "design",
    "review": "review",
    "error report": "bug",
    "refactoring": "maintenance",
    "automation": "tool",
    "library work": "plugin",
    "references": "data",
    "infrastructure": "infra",
    "coordination": "projectManagement",
    "mentoring": "mentoring",
    "funding": "fundingFinding",
}
_NOBODY = "https://github.com/ghost.png"


def render(roll: Roll) -> str:
    """Those who do not want to be named are left out. A login is known only from an address of GitHub's."""
    address = urlsplit(roll.url or "")
    owner, _, name = address.path.strip("/").rpartition("/")
    host = f"{address.scheme}://{address.netloc}" if address.netloc else "https://github.com"
    document = {
        "projectName": name or roll.title,
        "projectOwner": owner,
        "repoType": "gitlab" if "gitlab" in address.netloc else "github",
        "repoHost": host,
        "files": ["README.md"],
        "imageSize": 100,
        "commit": False,
        "contributorsPerLine": 7,
        "contributors": [_contributor(one) for one in roll.named],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _contributor(one: Contributor) -> dict[str, Any]:
    """The tool writes names into HTML as they are, so they come escaped."""
    kinds = [kind for share in one.shares for kind, _ in share.kinds]
    about = {"name": html.escape(one.shown, quote=False), "avatar_url": _NOBODY, "profile": ""}
    if one.login:
        page = f"https://github.com/{quote(one.login, safe='')}"
        about = {"login": one.login, **about, "avatar_url": f"{page}.png", "profile": page}
    return {**about, "contributions": sorted({TYPES[kind] for kind in kinds if kind in TYPES})}
