"""What notices are about, and which of them ask the person to do something. Pure."""

from __future__ import annotations

from server.work.agreement import Step
from server.work.changes import ChangeKind
from server.work.preferences import Subject
from server.work.tasks import What

# Kinds of notices besides the events of tasks, the changes of nodes and the steps of agreements.
REMINDER, CREDIT, IN_DOUBT, DECIDED = "reminder", "credit", "in doubt", "decided"
TAKEN_OVER, CHECK_FAILED, REVIEW_ASKED = "taken over", "check failed", "review asked"

# Kind -> what it is about; any other is about a claim.
_SUBJECTS: dict[str, Subject] = {
    **dict.fromkeys((What.OFFERED, What.INVITED, What.ASKED, What.HANDING_OVER), Subject.REQUESTS),
    **dict.fromkeys(
        (What.STUCK, REVIEW_ASKED, IN_DOUBT, DECIDED, Step.MOVED, Step.RETURNED), Subject.REQUESTS
    ),
    **dict.fromkeys(ChangeKind, Subject.NODES),
    TAKEN_OVER: Subject.NODES,
    CHECK_FAILED: Subject.CHECKS,
    CREDIT: Subject.CREDIT,
}
_CALLS = frozenset(
    {REMINDER, What.OFFERED, What.INVITED, What.ASKED, What.HANDING_OVER, What.AWAITING_AUTHOR, What.PAUSED}
)


def subject_of(kind: str) -> Subject:
    return _SUBJECTS.get(kind, Subject.CLAIMS)


def calls(kind: str) -> bool:
    """Whether the person must act, so that a mention in public may alert them."""
    return kind in _CALLS
