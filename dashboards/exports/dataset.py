"""Who did what, to be published as data: of those alone who said that it may be."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from dashboards.exports.roll import Roll
from dashboards.snapshot import CreditView


def render(roll: Roll) -> str:
    """JSON Lines: what the data are of and how much is left out, then a line for each contribution.

    Nobody else is named in a line: who said so, and who stands in the evidence, may not have consented.
    """
    shown = [entry for entry in roll.credit if entry.person_id in roll.consenting]
    head = {
        "title": roll.title,
        "repository": roll.url,
        "commit": roll.sha,
        "at": roll.at.isoformat(),
        "contributions": len(shown),
        "left_out": len(roll.credit) - len(shown),
    }
    names = {one.id: one.shown for one in roll.contributors}
    lines = (head, *_entries(shown, names))
    return "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines)


def _entries(shown: list[CreditView], names: dict[int, str]) -> Iterator[dict[str, Any]]:
    for entry in shown:
        yield {
            "number": entry.id,
            "at": entry.at.isoformat(),
            "person": names[entry.person_id],
            "node": entry.node or None,
            "part": entry.part,
            "kind": entry.kind,
            "role": entry.role,
            "degree": entry.degree,
            "method": entry.method,
            "tools": list(entry.tools),
            "evidence": list(entry.evidence),
        }
