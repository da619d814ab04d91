"""Who may do what: the one table that every service asks, whatever the door. Pure.

A person has a role on this server, and may have another in a project; the higher of the two counts there.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """What a person may do; each role may do what those before it may.

    Whoever is not signed in is a visitor.
    """

    VISITOR = "visitor"
    CONTRIBUTOR = "contributor"
    MAINTAINER = "maintainer"
    OWNER = "owner"

    def rank(self) -> int:
        """Higher than that of those before it."""
        return list(Role).index(self)

    def covers(self, other: Role) -> bool:
        return self.rank() >= other.rank()

    @property
    def named(self) -> str:
        """With its article."""
        return f"an {self}" if self is Role.OWNER else f"a {self}"


# What one can be in a project of its own right; a visitor has no right of their own.
GIVEN = (Role.CONTRIBUTOR, Role.MAINTAINER, Role.OWNER)


class Action(StrEnum):
    """What people do, as it stands in a sentence after `to`."""

    READ = "see the project"
    WATCH = "watch nodes"
    ANSWER_CREDIT = "answer for your own credit"
    NAME = "choose your name"
    PREFER = "choose what you are sent"

    CLAIM = "claim tasks"
    GIVE_BACK = "give tasks back"
    PROGRESS = "report progress"
    ASK_HELP = "ask for help"
    SNOOZE = "put reminders off"
    ACKNOWLEDGE = "acknowledge a pause"
    PROPOSE = "propose work"
    WITHDRAW = "withdraw proposals"
    TURN = "say whose turn it is"
    JOIN = "join tasks"
    SHARE = "share tasks"
    HAND_OVER = "hand tasks over"
    ACCEPT = "accept tasks"
    DECLINE = "decline tasks"
    WAIT = "wait for tasks"
    SPLIT = "split tasks"
    RESOLVE = "resolve tasks"
    UNDO = "undo that"
    CREDIT = "give credit"
    LINK_COMMITS = "link your commits"

    OPEN = "open tasks"
    ASSIGN = "assign tasks"
    UNASSIGN = "unassign tasks"
    LOOK_AFTER = "look after tasks"
    UNDO_UPKEEP = "undo what maintainers do"
    AGREE = "agree on statements"
    DECIDE = "say which node is which"
    SETTLE_CREDIT = "settle credit"
    TAKE_IN_CREDIT = "take in a table of credit"
    LINK_OTHERS = "say whose an account is"
    REPORTERS = "say who may report checks"
    WEBHOOKS = "look after webhooks"
    RULES = "set the rules of a project"
    LEADERBOARD = "show or hide the leaderboard"
    MAINTAIN = "see what waits for maintainers"
    LETTERS = "look after what the bot says"

    APPOINT = "say who has which role"
    PRIVACY = "make a project private or public"


_VISITORS = (Action.READ, Action.WATCH, Action.ANSWER_CREDIT, Action.NAME, Action.PREFER)
_CONTRIBUTORS = (
    Action.CLAIM,
    Action.GIVE_BACK,
    Action.PROGRESS,
    Action.ASK_HELP,
    Action.SNOOZE,
    Action.ACKNOWLEDGE,
    Action.PROPOSE,
    Action.WITHDRAW,
    Action.TURN,
    Action.JOIN,
    Action.SHARE,
    Action.HAND_OVER,
    Action.ACCEPT,
    Action.DECLINE,
    Action.WAIT,
    Action.SPLIT,
    Action.RESOLVE,
    Action.UNDO,
    Action.CREDIT,
    Action.LINK_COMMITS,
)
_MAINTAINERS = (
    Action.OPEN,
    Action.ASSIGN,
    Action.UNASSIGN,
    Action.LOOK_AFTER,
    Action.UNDO_UPKEEP,
    Action.AGREE,
    Action.DECIDE,
    Action.SETTLE_CREDIT,
    Action.TAKE_IN_CREDIT,
    Action.LINK_OTHERS,
    Action.REPORTERS,
    Action.WEBHOOKS,
    Action.RULES,
    Action.LEADERBOARD,
    Action.MAINTAIN,
    Action.LETTERS,
)
_OWNERS = (Action.APPOINT, Action.PRIVACY)
# Each action, and the least role that it takes. What is not in here nobody may do.
LEAST: Mapping[Action, Role] = {
    **dict.fromkeys(_VISITORS, Role.VISITOR),
    **dict.fromkeys(_CONTRIBUTORS, Role.CONTRIBUTOR),
    **dict.fromkeys(_MAINTAINERS, Role.MAINTAINER),
    **dict.fromkeys(_OWNERS, Role.OWNER),
}

# What concerns no project: here the role on the server decides.
OWN = frozenset({Action.NAME, Action.PREFER, Action.LINK_COMMITS})


def allows(role: Role | None, action: Action) -> bool:
    """Whether that role covers the action; None is to have no way into the project."""
    least = LEAST.get(action)
    return role is not None and least is not None and role.covers(least)


def role_in(site: Role, member: Role | None, *, private: bool, inside: bool = False) -> Role | None:
    """Somebody's role in a project: the higher of that on the server and that in the project.

    In a private one only members have a role; who is `inside` a private channel of it may do what
    contributors do, if they may so on the server. For anybody else there is no such project.
    """
    if private and member is None:
        return min(site, Role.CONTRIBUTOR, key=Role.rank) if inside else None
    return member if member is not None and member.covers(site) else site
