"""What the bot says unasked: notices, digests, the progress of a project. Pure, like `replies`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import tzinfo

from dashboards.progress import Tally
from dashboards.wording import count, join
from server.formulas import caption, sentence
from server.markup import code, escape
from server.records.mail import PostKind
from server.service.digests import Digest, Section
from server.service.letters import Called, Letter, Line
from server.service.people import zone_of
from server.service.posts import Day, Landed, Reached
from server.service.wording import until_words
from server.work.sentences import spoken

_MOST = 12  # of a list; the rest is counted


def letter(what: Letter) -> str:
    """One thing as a sentence, several as a list."""
    lines = [_line(line) for line in what.lines]
    if len(lines) == 1 and not what.more:
        return lines[0]
    more = [f"* And {count(what.more, 'thing')} more; your page has them."] if what.more else []
    return "\n".join((*(f"* {line}" for line in lines), *more))


def digest(what: Digest) -> str:
    zone = zone_of(what.person)
    return "\n\n".join(("**Your digest**", *(_section(section, zone) for section in what.sections)))


def day(what: Day) -> str:
    gained = [_landed(one) for one in what.landed if not one.lost]
    lost = [_landed(one) for one in what.landed if one.lost]
    lines = [
        *([f"**Verified on {what.date}** (UTC)", *_bounded(gained)] if gained else []),
        *([f"**Not verified any more**, since {what.date}", *_bounded(lost)] if lost else []),
    ]
    return "\n".join((*lines, "", _standing(what.tally)))


def milestone(what: Reached) -> str:
    name = caption(what.name)
    match what.kind:
        case PostKind.SHARE if what.name == "100":
            return f"Every node is verified: all {what.tally.total}."
        case PostKind.SHARE:
            return f"**{name} %** of the nodes are verified. {_standing(what.tally)}"
        case PostKind.GOAL:
            return f"A goal of the project is reached: **{name}** is verified."
        case PostKind.CHAPTER:
            return f"Every node of the chapter **{name}** is verified."
        case _:
            return f"A first contribution of {escape(what.name)} is verified. Welcome, and thank you!"


def _line(line: Line) -> str:
    called = ", ".join(_mention(one) for one in line.called)
    return f"{called}: {sentence(line.text)}" if called else sentence(line.text)


def _mention(one: Called) -> str:
    """By the number alone, for a name may be anything; silent unless they must act."""
    return f"@{'' if one.alert else '_'}**|{int(one.zulip_id)}**"


def _section(what: Section, zone: tzinfo) -> str:
    standing = f": {_standing(what.tally)}" if what.tally else ""
    lines = [
        f"**{caption(what.title)}**{standing}",
        *_bounded([sentence(spoken(notice.text)) for notice in what.told]),
        *_bounded([sentence(spoken(event.text)) for event in what.news]),
        *_bounded([f"You hold {sentence(one.task)}{until_words(one.ends, zone)}." for one in what.endings]),
    ]
    return "\n".join(lines)


def _landed(one: Landed) -> str:
    by = f": {join([escape(name) for name in _few(one.people)])}" if one.people and not one.lost else ""
    return f"{caption(one.caption)} ({code(one.node)}){by}"


def _few(names: Sequence[str]) -> list[str]:
    more = len(names) - _MOST
    return [*names[:_MOST], *([f"{more} more"] if more > 0 else [])]


def _bounded(lines: Sequence[str]) -> Iterable[str]:
    yield from (f"* {line}" for line in lines[:_MOST])
    if len(lines) > _MOST:
        yield f"* and {len(lines) - _MOST} more."


def _standing(tally: Tally) -> str:
    return f"{tally.verified} of {count(tally.total, 'node')} verified ({tally.share} %)."
