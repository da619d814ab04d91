"""CITATION.cff (https://citation-file-format.github.io, version 1.2.0)."""

from __future__ import annotations

from dashboards.exports.roll import Contributor, Roll
from dashboards.exports.yaml_text import Value, document


def render(roll: Roll) -> str:
    """Those who do not want to be named are left out; where nobody is left, the contributors as a whole."""
    authors: list[Value] = [_person(one) for one in roll.named]
    values: dict[str, Value] = {
        "cff-version": "1.2.0",
        "message": "If you use this formalization, please cite it as below.",
        "type": "software",
        "title": roll.title,
        "authors": authors or [{"name": roll.everybody()}],
        "commit": roll.sha,
        "date-released": f"{roll.at:%Y-%m-%d}",
    }
    return document(values | ({"repository-code": roll.url} if roll.url else {}))


def _person(one: Contributor) -> Value:
    given, family = one.parts
    both = {"family-names": family, "given-names": given}
    return {key: name for key, name in both.items() if name}
