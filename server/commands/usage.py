"""The commands people can type: what each makes, what may follow it, and what the help says of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from server.commands import deeds, looks, slots
from server.commands.slots import Slot
from server.commands.values import Command


class Group(StrEnum):
    """Under which heading the help lists a command."""

    FIND = "Find work"
    DO = "Do it"
    TOGETHER = "Together"
    CREDIT = "Credit"
    KEEP = "For maintainers"
    SELF = "Yourself"


@dataclass(frozen=True, slots=True)
class Usage:
    """What to type, what it does, and the command it makes.

    `ref` says whether a node follows (None: it may be left out); `note` that further lines belong to it, and
    `tells` that the note may begin on the first line already.
    """

    form: str
    meaning: str
    group: Group
    make: Callable[..., Command]
    slots: tuple[Slot, ...] = ()
    ref: bool | None = True
    note: bool = False
    tells: bool = False


USAGE = {
    "next": Usage(
        "next [N]", "Suggest tasks that are ready for you. `suggest` is the same.",
        Group.FIND, looks.Next, (slots.COUNT,), ref=False,
    ),
    "show": Usage(
        "show REF", "Say where a node stands: statement, proof, tasks.", Group.FIND, looks.Show
    ),
    "who": Usage(
        "who REF", "Say who holds a node, worked on it, reviewed it, and who can help.",
        Group.FIND, looks.Company,
    ),
    "unblocks": Usage(
        "unblocks REF", "Say what can begin once a node is done, and for which goals.",
        Group.FIND, looks.Unblocks,
    ),
    "status": Usage(
        "status", "Say in five lines how the project stands.", Group.FIND, looks.Status, ref=False
    ),
    "report": Usage(
        "report [week | month]", "Say what was done lately, and by whom.",
        Group.FIND, looks.Report, (slots.PERIOD,), ref=False,
    ),
    "watch": Usage(
        "watch REF", "Send you a message when something happens to a node.", Group.FIND, looks.Watch
    ),
    "unwatch": Usage("unwatch REF", "Stop doing so.", Group.FIND, looks.Unwatch),
    "mine": Usage("mine", "List what you hold, and until when.", Group.FIND, looks.Mine, ref=False),
    "claim": Usage(
        "claim REF [2w | 5 days | 2026-12-24 | until 24 Dec]",
        "Take a task. Claiming it again renews the claim.",
        Group.DO, deeds.Claim, (slots.UNTIL,), note=True,
    ),
    "progress": Usage(
        "progress REF", "Say how it goes, on the lines below. That renews your claim.",
        Group.DO, deeds.Progress, note=True, tells=True,
    ),
    "propose": Usage(
        "propose [REF] #34 [manual | copilot | agent | autonomous [with TOOLS]]",
        "Put your pull request up for review, and say how it was made. The claim's clock stops meanwhile.",
        Group.DO, deeds.Propose, (slots.CHANGE, slots.METHOD), ref=None, note=True,
    ),
    "withdraw": Usage(
        "withdraw REF | #34", "Take the pull request back and go on.",
        Group.DO, deeds.Withdraw, (slots.CHANGE,), ref=None, note=True,
    ),
    "stuck": Usage(
        "stuck REF", "Ask for help; say on the lines below what you tried. That leaves no stain.",
        Group.DO, deeds.Stuck, note=True, tells=True,
    ),
    "ack": Usage("ack REF", "Say that you have seen why your claim is paused.", Group.DO, deeds.Ack),
    "snooze": Usage(
        "snooze REF [5 days]", "Ask for no reminders of it for a while.",
        Group.DO, deeds.Snooze, (slots.UNTIL,),
    ),
    "disclaim": Usage(
        "disclaim REF", "Give a task back; that leaves no stain.", Group.DO, deeds.Disclaim, note=True
    ),
    "join": Usage("join REF", "Ask to work on a claimed task together.", Group.TOGETHER, deeds.Join),
    "invite": Usage(
        "invite @person to REF", "Ask somebody to work on your task with you.",
        Group.TOGETHER, deeds.Invite, (slots.PERSON,), note=True,
    ),
    "handoff": Usage(
        "handoff REF to @person", "Offer your task to somebody else.",
        Group.TOGETHER, deeds.Handoff, (slots.PERSON,), note=True,
    ),
    "split": Usage(
        "split REF", "Divide a task; the lines below say into what, one piece a line.",
        Group.TOGETHER, deeds.Split, note=True,
    ),
    "accept": Usage(
        "accept REF [from @person]", "Say yes to what you were asked: to take a task, to share it.",
        Group.TOGETHER, deeds.Accept, (slots.PERSON_IF_ANY,),
    ),
    "decline": Usage(
        "decline REF [from @person]", "Say no to it; nobody minds.",
        Group.TOGETHER, deeds.Decline, (slots.PERSON_IF_ANY,),
    ),
    "wait": Usage("wait REF", "Tell you when a task that others hold is free.", Group.TOGETHER, deeds.Wait),
    "unwait": Usage("unwait REF", "Stop waiting for it.", Group.TOGETHER, deeds.Unwait),
    "awaiting-review": Usage(
        "awaiting-review REF", "Say that the reviewers are to move.",
        Group.TOGETHER, deeds.AwaitingReview,
    ),
    "awaiting-author": Usage(
        "awaiting-author REF", "Say that the authors are to move; what is missing stands below.",
        Group.TOGETHER, deeds.AwaitingAuthor, note=True,
    ),
    "credit": Usage(
        "credit @person | me for KIND [on REF]: LINK",
        "Enter who did what, such as `example`, `review` or `informal proof`; the other side confirms it.",
        Group.CREDIT, deeds.Credit, (slots.METHOD,),
    ),
    "credits": Usage(
        "credits", "List your credit, and what waits for your word. `credit list` is the same.",
        Group.CREDIT, looks.Credits, ref=False,
    ),
    "disclose": Usage(
        "disclose REF manual | copilot | agent | autonomous [with TOOLS]",
        "Say how you work on a node; a person answers for it in any case.",
        Group.CREDIT, deeds.Disclose, (slots.HOW,),
    ),
    "confirm": Usage("confirm N", "Say that entry N of the credit is right.", Group.CREDIT, deeds.Confirm),
    "refuse": Usage(
        "refuse N", "Say that you do not want it.", Group.CREDIT, deeds.Refuse
    ),
    "dispute": Usage(
        "dispute N: LINK", "Say that it is not so; what shows that stands behind the link.",
        Group.CREDIT, deeds.Dispute,
    ),
    "open": Usage(
        "open REF [to write | split | review]",
        "Open a task of informal work, and say below what it is about; or a task that was closed, again.",
        Group.KEEP, deeds.Open, (slots.KIND,), note=True,
    ),
    "assign": Usage(
        "assign REF to @person", "Offer a task to somebody, who accepts or declines.",
        Group.KEEP, deeds.Assign, (slots.PERSON,),
    ),
    "unassign": Usage(
        "unassign REF [from @person]", "Take a task from whoever holds it.",
        Group.KEEP, deeds.Unassign, (slots.PERSON_IF_ANY,), note=True,
    ),
    "hold": Usage(
        "hold REF", "Let nobody claim a task, and stop its clock; the reason stands below.",
        Group.KEEP, deeds.Hold, note=True,
    ),
    "unhold": Usage("unhold REF", "Lift that.", Group.KEEP, deeds.Unhold),
    "size": Usage(
        "size REF S | M | L | estimate", "Say how big a task is.", Group.KEEP, deeds.Resize, (slots.SIZE,)
    ),
    "tag": Usage(
        "tag REF as TAG, TAG", "Say what a task is about; with no tag, about nothing.",
        Group.KEEP, deeds.Tag, (slots.TAGS,),
    ),
    "resolve": Usage("resolve REF", "Accept informal work as done.", Group.KEEP, deeds.Resolve),
    "agree": Usage(
        "agree REF", "Lock the statement of a node, so that a change is told.", Group.KEEP, deeds.Agree
    ),
    "disagree": Usage("disagree REF", "Lift that.", Group.KEEP, deeds.Disagree),
    "login": Usage(
        "login", "Send you alone a link that signs you in on the project's pages.",
        Group.SELF, looks.Login, ref=False,
    ),
    "timezone": Usage(
        "timezone [Europe/Paris]", "Say in which time zone you read and write dates.",
        Group.SELF, looks.TimeZone, (slots.ZONE,), ref=False,
    ),
    "name": Usage(
        "name [real | pseudonym NAME | hidden]", "Say under which name others see you.",
        Group.SELF, looks.Name, (slots.NAMING,), ref=False,
    ),
    "link": Usage(
        "link [commit | page | @person to LOGIN | @person to E-MAIL]",
        "List what is linked to you; give you a word for a `commit` that makes its author you, or a link to "
        "a `page` where you join who you are here and who you sign in as there.",
        Group.SELF, looks.Link, (slots.PERSON_IF_ANY, slots.COMMIT, slots.PAGE, slots.ACCOUNT), ref=False,
    ),
    "undo": Usage(
        "undo", "Take back what you did last, within ten minutes, if nobody has done anything after it.",
        Group.SELF, looks.Undo, ref=False,
    ),
    "prefs": Usage(
        "prefs [direct | topic | quiet 22:00-07:00 | quiet off | KIND on | KIND off]",
        "Say where, when, and of what you are told; alone, how that is now.",
        Group.SELF, looks.Prefs, (slots.WISH,), ref=False,
    ),
    "digest": Usage(
        "digest [daily | weekly | off] [at 8:00]",
        "Send you what happened, once a day or on Mondays, if anything did.",
        Group.SELF, looks.Digest, (slots.DIGESTS,), ref=False,
    ),
    "help": Usage(
        "help [COMMAND]", "Explain the commands, or one of them.", Group.SELF, looks.Help, ref=False
    ),
}  # fmt: skip

# Other words for a command, as good as its own.
ALIASES = {"suggest": "next", "ping": "progress", "awaiting_review": "awaiting-review"}

# Words people try first, and ours.
SYNONYMS = {
    "take": "claim", "grab": "claim", "renew": "claim", "extend": "claim",
    "unclaim": "disclaim", "release": "disclaim", "drop": "disclaim",
    "info": "show", "what": "show", "tell": "show", "describe": "show",
    "todo": "next", "tasks": "next", "list": "next", "free": "next",
    "signin": "login", "sign": "login", "log": "login",
    "my": "mine", "me": "mine", "claims": "mine",
    "follow": "watch", "subscribe": "watch", "unfollow": "unwatch", "unsubscribe": "unwatch",
    "note": "progress", "update": "progress", "wip": "progress", "blocked": "stuck",
    "submit": "propose", "pr": "propose", "retract": "withdraw", "review": "awaiting-review",
    "help-wanted": "stuck", "handover": "handoff", "pass": "handoff", "transfer": "handoff",
    "yes": "accept", "no": "decline", "reject": "decline", "with": "join",
    "offer": "assign", "pause": "hold", "resume": "unhold", "label": "tag", "thank": "credit",
    "stats": "status", "summary": "report", "whoami": "name",
    "holder": "who", "whose": "who", "unlocks": "unblocks", "pseudonym": "name",
    "tz": "timezone", "zone": "timezone",
    "preferences": "prefs", "settings": "prefs", "quiet": "prefs", "mute": "prefs", "notify": "prefs",
    "daily": "digest", "weekly": "digest",
    "hi": "help", "hello": "help", "hey": "help", "commands": "help", "usage": "help",
}  # fmt: skip
