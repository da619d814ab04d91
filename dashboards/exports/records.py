"""Everything as JSON: the contributors with their roles, each contribution, and how the work was made."""

from __future__ import annotations

import json

from dashboards.documents.credit import credit_documents
from dashboards.exports.roll import Roll


def render(roll: Roll) -> str:
    names = {one.id: one.shown for one in roll.contributors}
    document = {
        "title": roll.title,
        "repository": roll.url,
        "commit": roll.sha,
        "at": roll.at.isoformat(),
        "contributors": [
            {
                "person": one.id,
                "name": one.name,
                "roles": [
                    {"role": share.role, "degree": share.degree, "kinds": dict(share.kinds)}
                    for share in one.shares
                ],
            }
            for one in roll.contributors
        ],
        "credit": [
            {**entry, "person_name": names[view.person_id]}
            for entry, view in zip(credit_documents(roll.credit), roll.credit, strict=True)
        ],
        "methods": [
            {"method": method.name, "contributions": method.contributions, "tools": list(method.tools)}
            for method in roll.methods
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
