"""What a report says first: what became of the nodes, and how they stand."""

from __future__ import annotations

from collections.abc import Sequence

from dashboards.texts import _, ngettext
from lean_project.points import Point


def summary(verified: int, undone: int, points: Sequence[Point], over: bool) -> str:
    """`12 nodes became verified and 1 came undone: 45 of 60 nodes are verified (75 %).`

    So many became verified and came undone; `points` are how it stood, oldest first, and `over`: it is past.
    """
    done = ngettext("%(num)s node became verified", "%(num)s nodes became verified", verified)
    if undone:
        done = _("%(done)s and %(undone)s came undone", done=done, undone=undone)
    return f"{done}{_grown(points)}: {_stood(points[-1], over)}" if points else f"{done}."


def _grown(points: Sequence[Point]) -> str:
    gone = points[-1].nodes - points[0].nodes
    if gone > 0:
        return _(", and the blueprint grew by %(count)s", count=gone)
    return _(", and the blueprint shrank by %(count)s", count=-gone) if gone else ""


def _stood(last: Point, over: bool) -> str:
    share = 100 * last.verified // last.nodes if last.nodes else 0
    if over:
        return ngettext(
            "%(verified)s of %(num)s node were verified (%(share)s %%).",
            "%(verified)s of %(num)s nodes were verified (%(share)s %%).",
            last.nodes,
            verified=last.verified,
            share=share,
        )
    return ngettext(
        "%(verified)s of %(num)s node are verified (%(share)s %%).",
        "%(verified)s of %(num)s nodes are verified (%(share)s %%).",
        last.nodes,
        verified=last.verified,
        share=share,
    )
