"""What people can say to the project: text -> a typed command. Pure; the grammar and its help stand here."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rapidfuzz import process
from rapidfuzz.distance import OSA

from blueprint.errors import UserError
from server.durations import DATE, EXAMPLES, LENGTH, parse_until, render_until

MAX_LINE = 500
MAX_NEXT = 10


@dataclass(frozen=True, slots=True)
class Claim:
    """`until` is a length, a last day (UTC), or None for the usual length."""

    ref: str
    until: timedelta | date | None = None


@dataclass(frozen=True, slots=True)
class Disclaim:
    ref: str


@dataclass(frozen=True, slots=True)
class Show:
    ref: str


@dataclass(frozen=True, slots=True)
class Next:
    count: int = 3


@dataclass(frozen=True, slots=True)
class Mine:
    pass


@dataclass(frozen=True, slots=True)
class Watch:
    ref: str


@dataclass(frozen=True, slots=True)
class Unwatch:
    ref: str


@dataclass(frozen=True, slots=True)
class Agree:
    ref: str


@dataclass(frozen=True, slots=True)
class Disagree:
    ref: str


@dataclass(frozen=True, slots=True)
class Login:
    pass


@dataclass(frozen=True, slots=True)
class Help:
    """About one command, or all of them."""

    verb: str | None = None


Command = Claim | Disclaim | Show | Next | Mine | Watch | Unwatch | Agree | Disagree | Login | Help


@dataclass(frozen=True, slots=True)
class Usage:
    """What to type, and what it does."""

    form: str
    meaning: str


USAGE = {
    "claim": Usage(
        "claim REF [2w | 5 days | 2026-12-24 | until 24 Dec]",
        "Take a task. Claiming it again renews the claim.",
    ),
    "disclaim": Usage("disclaim REF", "Give a task back; that leaves no stain."),
    "show": Usage("show REF", "Say where a node stands: statement, proof, tasks."),
    "next": Usage("next [N]", "Suggest tasks that are ready for you."),
    "mine": Usage("mine", "List what you hold, and until when."),
    "watch": Usage("watch REF", "Send you a message when something happens to a node."),
    "unwatch": Usage("unwatch REF", "Stop doing so."),
    "agree": Usage("agree REF", "Maintainers: lock the statement of a node, so that a change is told."),
    "disagree": Usage("disagree REF", "Maintainers: lift that."),
    "login": Usage("login", "Send you alone a link that signs you in on the project's pages."),
    "help": Usage("help [COMMAND]", "Explain the commands, or one of them."),
}

# Words people try first, and ours.
_SYNONYMS = {
    "take": "claim", "grab": "claim", "assign": "claim", "renew": "claim", "extend": "claim",
    "unclaim": "disclaim", "release": "disclaim", "drop": "disclaim", "unassign": "disclaim",
    "status": "show", "info": "show", "what": "show", "tell": "show", "describe": "show",
    "suggest": "next", "todo": "next", "tasks": "next", "list": "next", "free": "next",
    "signin": "login", "sign": "login", "log": "login",
    "my": "mine", "me": "mine", "claims": "mine",
    "follow": "watch", "subscribe": "watch", "unfollow": "unwatch", "unsubscribe": "unwatch",
    "hi": "help", "hello": "help", "hey": "help", "commands": "help", "usage": "help",
}  # fmt: skip

_LINE_BREAK = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_TIME = re.compile(
    rf"(?:^|\s+)(?:(?:for\s+)?(?P<length>{LENGTH})|(?:until\s+)?(?P<date>{DATE})|until(?:\s+(?P<other>.*))?)$",
    re.IGNORECASE,
)
# As in Markdown: closed by a run of as many backticks; one space next to an inner backtick is padding.
_QUOTED = re.compile(r"(?P<fence>`+)(?!`)(?: (?=`))?(?P<ref>.+?)(?:(?<=`) )?(?<!`)(?P=fence)(?!`)")


def parse(text: str, now: datetime) -> Command:
    """The command in the first line that is not empty; later lines are the person's own note and ignored.

    `now` (aware) settles what "24 Dec" means, in UTC. Raises `UserError` with what to type instead.
    """
    line = next((line.strip() for line in _LINE_BREAK.split(text) if line.strip()), "")
    if len(line) > MAX_LINE:
        raise UserError(f"That line has more than {MAX_LINE} characters; put the command alone on a line.")
    if not line or line == "?":
        return Help()
    verb, _, rest = line.partition(" ")
    return _PARSERS[_verb(verb, rest.strip())](rest.strip(), now.date())


def starts_with_verb(text: str) -> bool:
    """Whether the text begins with one of our verbs, and so is meant for us."""
    words = text.split(maxsplit=1)
    return bool(words) and words[0].lower() in USAGE


def render(command: Command) -> str:
    """The text that `parse` reads as this command."""
    match command:
        case Claim(ref, until):
            return f"claim {quote(ref)}" + (f" {render_until(until)}" if until is not None else "")
        case Disclaim(ref) | Show(ref) | Watch(ref) | Unwatch(ref) | Agree(ref) | Disagree(ref):
            return f"{type(command).__name__.lower()} {quote(ref)}"
        case Next(count):
            return f"next {count}"
        case Mine() | Login():
            return type(command).__name__.lower()
        case Help(verb):
            return f"help {verb}" if verb else "help"


def quote(ref: str) -> str:
    """The reference between as many backticks as it needs to be read back whole."""
    longest = max((len(run) for run in re.findall("`+", ref)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if ref.startswith("`") or ref.endswith("`") else ""
    return f"{fence}{pad}{ref}{pad}{fence}"


def _verb(word: str, rest: str) -> str:
    verb = word.lower().rstrip(":,")
    if verb in USAGE:
        return verb
    near = _SYNONYMS.get(verb) or _nearest(verb)
    if near is None:
        raise UserError("I do not know that command; `help` lists those I know.")
    try_this = quote(f"{near} {rest}") if rest and USAGE[near].form != near else f"`{near}`"
    raise UserError(f"I do not know {quote(word)}; did you mean {try_this}?")


def _nearest(verb: str) -> str | None:
    limit = 1 if len(verb) < 5 else 2
    found = process.extractOne(verb, list(USAGE), scorer=OSA.distance, score_cutoff=limit)
    return found[0] if found else None


def _claim(rest: str, today: date) -> Command:
    ref, tail = _split("claim", rest)
    if not tail:
        return Claim(ref)
    match = _TIME.fullmatch(tail)
    if match is None:
        raise UserError(f"I cannot read the time after the task; write it as {EXAMPLES}.")
    return Claim(ref, parse_until(match["length"] or match["date"] or match["other"] or "", today))


def _split(verb: str, rest: str) -> tuple[str, str]:
    """The reference and what follows it: what stands in backticks, or all up to a time at the end."""
    quoted = _QUOTED.match(rest)
    if quoted:
        return _ref(verb, quoted["ref"]), rest[quoted.end() :].strip()
    time = _TIME.search(rest) if verb == "claim" else None
    cut = time.start() if time else len(rest)
    return _ref(verb, rest[:cut]), rest[cut:].strip()


def _ref(verb: str, text: str) -> str:
    if not text.strip("` "):
        raise UserError(f"`{verb}` what? Write `{verb} lem:main`, or `{verb} #12`.")
    return text.strip(" ")


def _one_ref(make: Callable[[str], Command]) -> Callable[[str, date], Command]:
    """A parser for the verbs that take a reference and nothing else."""
    verb = make.__name__.lower()

    def parse_ref(rest: str, today: date) -> Command:
        ref, tail = _split(verb, rest)
        if tail:
            raise UserError(f"`{verb}` takes one node and nothing after it; write `{verb} lem:main`.")
        return make(ref)

    return parse_ref


def _next(rest: str, today: date) -> Command:
    if not rest:
        return Next()
    if not re.fullmatch("[0-9]{1,3}", rest) or not 1 <= int(rest) <= MAX_NEXT:
        raise UserError(f"`next` takes a number from 1 to {MAX_NEXT}; write `next` or `next 5`.")
    return Next(int(rest))


def _alone(make: Callable[[], Command]) -> Callable[[str, date], Command]:
    """A parser for the verbs that take nothing."""
    verb = make.__name__.lower()

    def parse_nothing(rest: str, today: date) -> Command:
        if rest:
            raise UserError(f"`{verb}` stands alone; write just `{verb}`.")
        return make()

    return parse_nothing


def _help(rest: str, today: date) -> Command:
    return Help(_verb(rest.strip("`"), "")) if rest.strip("`") else Help()


_PARSERS: dict[str, Callable[[str, date], Command]] = {
    "claim": _claim,
    "disclaim": _one_ref(Disclaim),
    "show": _one_ref(Show),
    "next": _next,
    "mine": _alone(Mine),
    "watch": _one_ref(Watch),
    "unwatch": _one_ref(Unwatch),
    "agree": _one_ref(Agree),
    "disagree": _one_ref(Disagree),
    "login": _alone(Login),
    "help": _help,
}
