"""The contributors' part of `formalization.yaml` (version 0.4), to go with what a project says of itself."""

from __future__ import annotations

from dashboards.exports.roll import Roll
from dashboards.exports.yaml_text import Value, document
from dashboards.methods import Method

_COMMENT = "Who did it and how. Merge this into the project's formalization.yaml."
_REVIEW = "review"


def render(roll: Roll) -> str:
    """Methods that nobody disclosed are not there: that nothing was said is no method.

    What the reviews amount to (`review.status`) is for the project to say.
    """
    authors = [one.shown for one in roll.named] or [roll.everybody()]
    project: dict[str, Value] = {"name": roll.title, "authors": authors}
    if roll.maintainers:
        project["responsible_maintainers"] = list(roll.maintainers)
    values: dict[str, Value] = {"version": "v0.4", "project": project}
    if known := [method for method in roll.methods if method.name is not None]:
        values["automation"] = {"methods": [_method(method) for method in known]}
    if reviewers := _reviewers(roll):
        values["review"] = {"reviewers": reviewers}
    return document(values, _COMMENT)


def _method(method: Method) -> Value:
    tools: dict[str, Value] = {"tool_setup": ", ".join(method.tools)} if method.tools else {}
    return {"method": method.word, **tools}


def _reviewers(roll: Roll) -> list[Value]:
    return [
        one.shown
        for one in roll.named
        if any(kind == _REVIEW for share in one.shares for kind, _ in share.kinds)
    ]
